// ASTCT CRS at the limits that the table leaves to a clinician: ages, boluses, times between readings, drugs on board,
// home oxygen. A row on each side of each limit; the vectors are in crs_vectors_test.cc.
#include <functional>
#include <ostream>

#include <gtest/gtest.h>

#include "tests/support/case_name.h"
#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;
using story::Story;

struct LimitCase {
    const char* name;
    std::function<void(Story&)> tell;
    Instant asked;
    Grade grade;
    Grade upper;
};
void PrintTo(const LimitCase& c, std::ostream* out) { *out << c.name; }

class CrsLimits : public testing::TestWithParam<LimitCase> {};
TEST_P(CrsLimits, grade) {
    Story told;
    GetParam().tell(told);
    const Assessment said = told.at(GetParam().asked, Scale::astct_crs_2019);
    EXPECT_EQ(int{said.grade}, int{GetParam().grade});
    EXPECT_EQ(int{said.grade_upper}, int{GetParam().upper});
}

const Instant noon = d(3, 12);
Story& fever(Story& s) { return s.temperature(d(3, 11), 38.5); }
Story& adult(Story& s) { return fever(s.adult().infused()); }
Story& years(Story& s, std::uint32_t age) { return fever(s.aged_years(age).infused()); }
Story& aged(Story& s, std::uint32_t days_old) { return fever(s.aged_days(days_old).infused()); }
void twice(Story& s, int mmhg) { s.systolic(d(3, 11), mmhg).systolic(d(3, 11, 10), mmhg); }

void bolus(Story& s, Instant at, int ml, int over_minutes) {
    Intervention given;
    given.kind = InterventionKind::fluid_bolus;
    given.phase = InterventionPhase::single;
    given.volume_ml = whole(ml);
    given.duration_min = whole(over_minutes);
    s.tell(at, given);
}
void child_of_20_kg(Story& s) {
    Enrollment enrollment;
    enrollment.age_years = 6;
    enrollment.weight_kg = whole(20);
    fever(s.enrolled(enrollment).infused());
}
// No fever, something that hides it, and a pressor.
void hidden_by(Story& s, Agent agent, Instant at) {
    s.adult().infused().gives(at, agent).temperature(d(3, 11), 36.9).starts(d(3, 11), Agent::norepinephrine);
}
// An episode that is over by day 5, a drug, and a pressor without fever at noon on day 19.
void again_after(Story& s, Agent agent, Instant at) {
    s.adult().infused().temperature(d(2, 8), 38.9);
    for (int day = 3; day <= 18; ++day) s.temperature(d(day, 10), 36.8);
    s.gives(at, agent).temperature(d(19, 11), 36.8).starts(d(19, 11), Agent::norepinephrine);
}
void home_oxygen(Story& s, double before, double now) {
    s.adult().oxygen(d(-3), OxygenDevice::nasal_cannula, before, Indication::baseline).infused();
    fever(s).oxygen(d(3, 11), OxygenDevice::nasal_cannula, now);
}

// clang-format off
const LimitCase kRows[] = {
    // Children by PALS: 0 to 28 days 60, to a year 70, 1 to 10 years 70 + 2 x age, older 90
    {"day_28_at_60", [](Story& s) { twice(aged(s, 25), 60); }, noon, 1, 1},
    {"day_28_below_60", [](Story& s) { twice(aged(s, 25), 59); }, noon, 2, 2},
    {"day_29_at_70", [](Story& s) { twice(aged(s, 26), 70); }, noon, 1, 1},
    {"day_29_below_70", [](Story& s) { twice(aged(s, 26), 69); }, noon, 2, 2},
    {"eleven_months_at_70", [](Story& s) { twice(aged(s, 340), 70); }, noon, 1, 1},
    {"eleven_months_below_70", [](Story& s) { twice(aged(s, 340), 69); }, noon, 2, 2},
    {"one_year_at_72", [](Story& s) { twice(years(s, 1), 72); }, noon, 1, 1},
    {"one_year_below_72", [](Story& s) { twice(years(s, 1), 71); }, noon, 2, 2},
    {"ten_years_at_90", [](Story& s) { twice(years(s, 10), 90); }, noon, 1, 1},
    {"ten_years_below_90", [](Story& s) { twice(years(s, 10), 89); }, noon, 2, 2},
    {"eleven_years_at_90", [](Story& s) { twice(years(s, 11), 90); }, noon, 1, 1},
    {"eleven_years_below_90", [](Story& s) { twice(years(s, 11), 89); }, noon, 2, 2},
    {"twelve_years_at_the_centile_of_89", [](Story& s) { twice(years(s, 12), 90); }, noon, 1, 1},
    {"seventeen_years_at_the_centile_of_99", [](Story& s) { twice(years(s, 17), 99); }, noon, 1, 1},
    {"seventeen_years_below_the_centile", [](Story& s) { twice(years(s, 17), 98); }, noon, 1, 2},
    {"eighteen_years_are_adult", [](Story& s) { twice(years(s, 18), 98); }, noon, 1, 1},
    {"eighteen_years_below_90", [](Story& s) { twice(years(s, 18), 89); }, noon, 2, 2},
    // Two readings
    {"two_low_4_hours_apart", [](Story& s) { adult(s).systolic(d(3, 8), 89).systolic(d(3, 12), 89); }, noon, 2, 2},
    {"two_low_more_than_4_hours_apart", [](Story& s) { adult(s).systolic(d(3, 7, 59), 89).systolic(d(3, 12), 89); }, noon, 1, 2},
    {"a_normal_one_between", [](Story& s) { adult(s).systolic(d(3, 11), 89).systolic(d(3, 11, 10), 90).systolic(d(3, 11, 20), 89); }, noon, 1, 2},
    // A bolus: volume by weight in children, at most 60 minutes, within 2 hours of a low reading, for 4 hours
    {"child_bolus_of_9_95_ml_per_kg", [](Story& s) { child_of_20_kg(s); s.systolic(d(3, 11), 81); bolus(s, d(3, 11, 10), 199, 30); }, noon, 1, 2},
    {"child_bolus_of_10_ml_per_kg", [](Story& s) { child_of_20_kg(s); s.systolic(d(3, 11), 81); bolus(s, d(3, 11, 10), 200, 30); }, noon, 2, 2},
    {"bolus_over_60_minutes", [](Story& s) { adult(s).systolic(d(3, 11), 88); bolus(s, d(3, 11, 10), 500, 60); }, noon, 2, 2},
    {"bolus_over_61_minutes", [](Story& s) { adult(s).systolic(d(3, 11), 88); bolus(s, d(3, 11, 10), 500, 61); }, noon, 1, 2},
    {"low_2_hours_before", [](Story& s) { adult(s).systolic(d(3, 9, 30), 88).systolic(d(3, 10), 100); bolus(s, d(3, 11, 30), 500, 30); }, noon, 2, 2},
    {"low_more_than_2_hours_before", [](Story& s) { adult(s).systolic(d(3, 9, 29), 88).systolic(d(3, 10), 100); bolus(s, d(3, 11, 30), 500, 30); }, noon, 1, 2},
    {"bolus_4_hours_ago", [](Story& s) { adult(s).systolic(d(3, 7, 55), 88).systolic(d(3, 9), 110); bolus(s, d(3, 8), 500, 30); }, noon, 2, 2},
    {"bolus_more_than_4_hours_ago", [](Story& s) { adult(s).systolic(d(3, 7, 55), 88).systolic(d(3, 9), 110); bolus(s, d(3, 7, 59), 500, 30); }, noon, 1, 1},
    // Untreated hypoxia
    {"saturation_89_once", [](Story& s) { adult(s).spo2(d(3, 11), 89); }, noon, 1, 2},
    {"saturation_89_twice_4_min_apart", [](Story& s) { adult(s).spo2(d(3, 11), 89).spo2(d(3, 11, 4), 89); }, noon, 1, 2},
    {"saturation_89_twice_5_min_apart", [](Story& s) { adult(s).spo2(d(3, 11), 89).spo2(d(3, 11, 5), 89); }, noon, 2, 2},
    // Devices of the rows that the vectors leave out
    {"partial_rebreather", [](Story& s) { adult(s).oxygen(d(3, 11), OxygenDevice::partial_rebreather, 8.0); }, noon, 3, 3},
    {"bipap", [](Story& s) { adult(s).oxygen(d(3, 11), OxygenDevice::bipap); }, noon, 4, 4},
    {"home_oxygen_less_than_1_litre_more", [](Story& s) { home_oxygen(s, 2, 2.9); }, noon, 1, 1},
    {"home_oxygen_1_litre_more", [](Story& s) { home_oxygen(s, 2, 3); }, noon, 2, 2},
    // Fever of the last day keeps the gate open; what is on board hides the next
    {"fever_24_hours_ago", [](Story& s) { s.adult().infused().temperature(d(2, 12), 38.5).temperature(d(3, 11), 37.2).oxygen(d(3, 11), OxygenDevice::nasal_cannula, 3.0); }, noon, 2, 2},
    {"ibuprofen_8_hours_ago", [](Story& s) { hidden_by(s, Agent::ibuprofen, d(3, 4)); }, noon, 0, 3},
    {"ibuprofen_longer_ago", [](Story& s) { hidden_by(s, Agent::ibuprofen, d(3, 3, 59)); }, noon, 0, 0},
    {"metamizole_8_hours_ago", [](Story& s) { hidden_by(s, Agent::metamizole, d(3, 4)); }, noon, 0, 3},
    {"metamizole_longer_ago", [](Story& s) { hidden_by(s, Agent::metamizole, d(3, 3, 59)); }, noon, 0, 0},
    {"naproxen_12_hours_ago", [](Story& s) { hidden_by(s, Agent::naproxen, d(3, 0)); }, noon, 0, 3},
    {"naproxen_longer_ago", [](Story& s) { hidden_by(s, Agent::naproxen, d(2, 23, 59)); }, noon, 0, 0},
    {"paracetamol_6_hours_ago", [](Story& s) { hidden_by(s, Agent::paracetamol, d(3, 6)); }, noon, 0, 3},
    {"paracetamol_longer_ago", [](Story& s) { hidden_by(s, Agent::paracetamol, d(3, 5, 59)); }, noon, 0, 0},
    {"aspirin_6_hours_ago", [](Story& s) { hidden_by(s, Agent::aspirin, d(3, 6)); }, noon, 0, 3},
    {"aspirin_longer_ago", [](Story& s) { hidden_by(s, Agent::aspirin, d(3, 5, 59)); }, noon, 0, 0},
    {"tocilizumab_14_days_ago_masks_a_recurrence", [](Story& s) { again_after(s, Agent::tocilizumab, d(5, 12)); }, d(19, 12), 3, 3},
    {"tocilizumab_longer_ago_masks_none", [](Story& s) { again_after(s, Agent::tocilizumab, d(5, 10, 59)); }, d(19, 12), 0, 3},
    {"dexamethasone_48_hours_ago_masks_a_recurrence", [](Story& s) { again_after(s, Agent::dexamethasone, d(17, 12)); }, d(19, 12), 3, 3},
    {"dexamethasone_longer_ago_masks_none", [](Story& s) { again_after(s, Agent::dexamethasone, d(17, 10, 59)); }, d(19, 12), 0, 3},
};
// clang-format on
INSTANTIATE_TEST_SUITE_P(Rows, CrsLimits, testing::ValuesIn(kRows), CaseName{});

TEST(CrsLimitsInfusionReaction, flags_fever_before_24_hours_and_not_after) {
    Story early;
    early.adult().infused().temperature(d(1, 9, 59), 38.4);
    EXPECT_TRUE(early.at(d(1, 10), Scale::astct_crs_2019).flags.has(Flag::infusion_reaction_window));
    Story later;
    later.adult().infused().temperature(d(1, 10), 38.4);
    EXPECT_FALSE(later.at(d(1, 10, 1), Scale::astct_crs_2019).flags.has(Flag::infusion_reaction_window));
}

TEST(CrsLimitsCharting, oxygen_is_stale_after_12_hours) {
    const auto said = [](Instant charted) {
        Story s;
        s.adult().infused().oxygen(charted, OxygenDevice::nasal_cannula, 3.0).temperature(d(3, 11), 38.5);
        return s.at(d(3, 12), Scale::astct_crs_2019);
    };
    EXPECT_FALSE(said(d(3, 0)).flags.has(Flag::stale_input));
    EXPECT_TRUE(said(d(2, 23, 59)).flags.has(Flag::stale_input));
    EXPECT_EQ(int{said(d(2, 23, 59)).grade}, 2);
}

// 24 hours without a sign end the episode, a minute less does not.
TEST(CrsLimitsEpisode, a_fever_a_day_after_the_last_sign_is_another_episode) {
    const auto episode = [](Instant again) {
        Story s;
        s.adult().infused().temperature(d(3, 8), 38.9).temperature(d(3, 20), 36.8).temperature(again, 38.3);
        return s.at(d(4, 9), Scale::astct_crs_2019).episode;
    };
    EXPECT_EQ(episode(d(4, 7, 59)), 1);
    EXPECT_EQ(episode(d(4, 8)), 2);
}

}  // namespace
}  // namespace cellvigil
