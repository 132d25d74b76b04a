// The CTCAE terms Fever, Hypotension and Hypoxia by the whole core: facts in, statements out.
#include "rules/grade/ctcae_signs.h"

#include <ostream>

#include <gtest/gtest.h>

#include "tests/rules/grade/legacy_ward.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using namespace legacy_ward;
using F = Flag;

struct FeverLimit {
    const char* name;
    double celsius;
    milliseconds above_40_for;
    Grade grade;
};
void PrintTo(const FeverLimit& c, std::ostream* out) { *out << c.name; }
class CtcaeFever : public testing::TestWithParam<FeverLimit> {};
TEST_P(CtcaeFever, limit) {
    EXPECT_EQ(ctcae_fever(amount(GetParam().celsius), GetParam().above_40_for), GetParam().grade);
}
const FeverLimit kFeverLimits[] = {
    {"below_38", 37.99, hours(0), 0},
    {"at_38", 38.0, hours(0), 1},
    {"at_39", 39.0, hours(0), 1},
    {"above_39", 39.01, hours(0), 2},
    {"at_40", 40.0, hours(30), 2},
    {"above_40", 40.01, hours(0), 3},
    {"above_40_for_24_h", 40.01, hours(24), 3},
    {"above_40_for_longer", 40.01, hours(24) + milliseconds(1), 4},
};
INSTANTIATE_TEST_SUITE_P(Limits, CtcaeFever, testing::ValuesIn(kFeverLimits), CaseName{});

struct SignCase {
    const char* name;
    void (*tell)(Story&);
    Instant asked;
    Term term;
    const char* version_5;
    const char* version_6;
    Flags flags;  // of version 5
};
void PrintTo(const SignCase& c, std::ostream* out) { *out << c.name; }

class CtcaeSigns : public testing::TestWithParam<SignCase> {};
TEST_P(CtcaeSigns, grade) {
    const SignCase& c = GetParam();
    Story told;
    c.tell(told);
    const Assessment five = said_of(told, c.asked, Scale::ctcae_5_0, c.term);
    EXPECT_EQ(range_of(five), c.version_5);
    EXPECT_EQ(names(five.flags), names(c.flags));
    EXPECT_EQ(range_of(said_of(told, c.asked, Scale::ctcae_6_0, c.term)), c.version_6);
}

Story& adult(Story& s) { return s.adult().infused(); }
void very_high(Story& s, std::initializer_list<int> hours_after_ten) {
    adult(s);
    for (const int hour : hours_after_ten) s.temperature(d(3, 10 + hour), 40.2);
}
Story& inpatient(Story& s) {
    return course(adult(s), d(0, 9), InterventionKind::hospital_stay, InterventionPhase::start);
}
Story& outpatient(Story& s) {
    return course(adult(s), d(2, 9), InterventionKind::hospital_stay, InterventionPhase::stop);
}
Intervention ventilation(Indication why) {
    Intervention given;
    given.kind = InterventionKind::oxygen;
    given.phase = InterventionPhase::start;
    given.device = OxygenDevice::invasive_ventilation;
    given.indication = why;
    return given;
}
Observation saturation(int percent, int lower_limit) {
    Observation told;
    told.analyte = Analyte::spo2;
    told.status = ResultStatus::final;
    told.value = whole(percent);
    told.reference_low = whole(lower_limit);
    return told;
}

const Instant noon = d(3, 12);
constexpr Term fever = Term::fever;
constexpr Term hypotension = Term::hypotension;
constexpr Term hypoxia = Term::hypoxia;

// clang-format off
const SignCase kFever[] = {
    {"afebrile", [](Story& s) { adult(s).temperature(d(3, 11), 36.9); }, noon, fever, "0", "0", {}},
    {"grade_1", [](Story& s) { adult(s).temperature(d(3, 11), 38.0); }, noon, fever, "1", "1", {}},
    {"grade_2", [](Story& s) { adult(s).temperature(d(3, 11), 39.1); }, noon, fever, "2", "2", {}},
    {"falls_again", [](Story& s) { adult(s).temperature(d(3, 9), 40.2).temperature(d(3, 11), 37.0); }, noon, fever, "0", "0", {}},
    {"T21_for_24_hours", [](Story& s) { very_high(s, {0, 6, 12, 18, 24}); }, d(4, 10), fever, "3", "3", {}},
    {"T21_for_24_and_a_half_hours", [](Story& s) { very_high(s, {0, 6, 12, 18, 24}); }, d(4, 10, 30), fever, "4", "4", {}},
    {"turns_4_without_a_new_reading", [](Story& s) { very_high(s, {0, 6, 12, 18, 22}); }, d(4, 10, 30), fever, "4", "4", {}},
    {"a_reading_of_40_begins_it_anew", [](Story& s) { very_high(s, {0, 6, 12}); s.temperature(d(3, 24), 40.0).temperature(d(4, 4), 40.2).temperature(d(4, 10), 40.2); }, d(4, 10, 30), fever, "3", "3", {}},
    {"a_gap_in_the_readings_leaves_it_open", [](Story& s) { very_high(s, {0, 6, 20, 24}); }, d(4, 10, 30), fever, "3-4", "3-4", {F::stale_input}},
    {"unknown_after_fever", [](Story& s) { adult(s).temperature(d(3, 2), 39.5); }, noon, fever, "NA-2", "NA-2", {F::stale_input}},
    {"unknown_after_none", [](Story& s) { adult(s).temperature(d(3, 2), 37); }, noon, fever, "-", "-", {}},
    {"before_the_infusion", [](Story& s) { adult(s).temperature(d(0, 9), 39); }, d(0, 11), fever, "-", "-", {}},
    {"whatever_its_cause", [](Story& s) { adult(s).temperature(d(3, 9), 38.6).signed_other(d(3, 10), Scale::astct_crs_2019, Component::fever); }, noon, fever, "1", "1", {}},
    {"late_fever", [](Story& s) { adult(s).temperature(d(60, 9), 38.6); }, d(60, 10), fever, "1", "1", {}},
};

const SignCase kHypotension[] = {
    {"normal", [](Story& s) { adult(s).systolic(d(3, 11), 95); }, noon, hypotension, "0", "0", {}},
    {"one_low_reading", [](Story& s) { adult(s).systolic(d(3, 11), 89); }, noon, hypotension, "0-1", "0-1", {F::unconfirmed_hypotension}},
    {"at_the_limit", [](Story& s) { adult(s).systolic(d(3, 11), 90).systolic(d(3, 11, 10), 90); }, noon, hypotension, "0", "0", {}},
    {"low_and_untreated", [](Story& s) { low_pressure(adult(s), d(3, 11)); }, noon, hypotension, "1-2", "1-2", {F::ambiguous_scale}},
    {"fluids_out_of_hospital", [](Story& s) { low_pressure(outpatient(s), d(3, 11)).bolus(d(3, 11, 20), 500); }, noon, hypotension, "2", "2", {}},
    {"fluids_in_hospital", [](Story& s) { low_pressure(inpatient(s), d(3, 11)).bolus(d(3, 11, 20), 500); }, noon, hypotension, "2-3", "2-3", {F::ambiguous_scale}},
    {"fluids_who_knows_where", [](Story& s) { low_pressure(adult(s), d(3, 11)).bolus(d(3, 11, 20), 500); }, noon, hypotension, "2-3", "2-3", {F::admission_unknown}},
    {"one_vasopressor", [](Story& s) { adult(s).starts(d(3, 11), Agent::norepinephrine); }, noon, hypotension, "3-4", "3-4", {F::ambiguous_scale}},
    {"two_vasopressors", [](Story& s) { adult(s).starts(d(3, 11), Agent::norepinephrine).starts(d(3, 11), Agent::epinephrine); }, noon, hypotension, "4", "4", {}},
    {"push_dose", [](Story& s) { low_pressure(adult(s), d(3, 11)).gives(d(3, 11, 20), Agent::phenylephrine); }, noon, hypotension, "2-3", "2-3", {F::nonstandard_pressor}},
    {"pressure_unknown_after_low", [](Story& s) { low_pressure(adult(s), d(3, 6)); }, noon, hypotension, "NA-2", "NA-2", {F::stale_input}},
    {"nothing_known", [](Story& s) { adult(s).temperature(d(3, 11), 36.8); }, noon, hypotension, "-", "-", {}},
};

const SignCase kHypoxia[] = {
    {"normal", [](Story& s) { adult(s).spo2(d(3, 11), 97); }, noon, hypoxia, "0", "0", {}},
    {"at_88", [](Story& s) { adult(s).spo2(d(3, 11), 88); }, noon, hypoxia, "0", "1", {}},
    {"below_88", [](Story& s) { adult(s).spo2(d(3, 11), 87); }, noon, hypoxia, "3", "3", {}},
    {"at_95", [](Story& s) { adult(s).spo2(d(3, 11), 95); }, noon, hypoxia, "0", "0", {}},
    {"below_95", [](Story& s) { adult(s).spo2(d(3, 11), 94); }, noon, hypoxia, "0", "1", {}},
    {"by_the_limit_sent", [](Story& s) { adult(s).tell(d(3, 11), saturation(93, 92)); }, noon, hypoxia, "0", "0", {}},
    {"below_the_limit_sent", [](Story& s) { adult(s).tell(d(3, 11), saturation(91, 92)); }, noon, hypoxia, "0", "1", {}},
    {"pao2_55", [](Story& s) { adult(s).lab(d(3, 11), Analyte::pao2, 55); }, noon, hypoxia, "3", "3", {}},
    {"pao2_above_55", [](Story& s) { adult(s).lab(d(3, 11), Analyte::pao2, 55.1); }, noon, hypoxia, "0", "0", {}},
    {"cannula", [](Story& s) { oxygen(adult(s), d(3, 11), OxygenDevice::nasal_cannula, 2); }, noon, hypoxia, "2-3", "2-3", {F::ambiguous_scale}},
    {"cannula_and_below_88", [](Story& s) { oxygen(adult(s), d(3, 11), OxygenDevice::nasal_cannula, 2).spo2(d(3, 11, 30), 86); }, noon, hypoxia, "3", "3", {}},
    {"cannula_and_well_again", [](Story& s) { oxygen(adult(s), d(3, 11), OxygenDevice::nasal_cannula, 2).spo2(d(3, 11, 30), 86).spo2(d(3, 11, 40), 96); }, noon, hypoxia, "2-3", "2-3", {F::ambiguous_scale}},
    {"mask_is_continuous", [](Story& s) { oxygen(adult(s), d(3, 11), OxygenDevice::face_mask, 6); }, noon, hypoxia, "2-3", "3", {F::ambiguous_scale}},
    {"bipap", [](Story& s) { oxygen(adult(s), d(3, 11), OxygenDevice::bipap, std::nullopt); }, noon, hypoxia, "3-4", "3-4", {F::ambiguous_scale}},
    {"intubated", [](Story& s) { adult(s).tell(d(3, 11), ventilation(Indication::hypoxia)); }, noon, hypoxia, "4", "4", {}},
    {"intubated_for_the_airway", [](Story& s) { adult(s).spo2(d(3, 10), 97).tell(d(3, 11), ventilation(Indication::airway)); }, noon, hypoxia, "0-4", "0-4", {F::airway_reason}},
    {"comfort", [](Story& s) { oxygen(adult(s).spo2(d(3, 10), 97), d(3, 11), OxygenDevice::nasal_cannula, 2, std::nullopt, Indication::comfort); }, noon, hypoxia, "0", "0", {F::comfort_o2}},
    {"unknown_after_low", [](Story& s) { adult(s).spo2(d(3, 7), 86); }, noon, hypoxia, "NA-3", "NA-3", {F::stale_input}},
    {"unknown_after_normal", [](Story& s) { adult(s).spo2(d(3, 7), 98); }, noon, hypoxia, "-", "-", {}},
    {"known_again", [](Story& s) { adult(s).spo2(d(2, 7), 98).spo2(d(3, 11), 98); }, noon, hypoxia, "0", "0", {}},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Fever, CtcaeSigns, testing::ValuesIn(kFever), CaseName{});
INSTANTIATE_TEST_SUITE_P(Hypotension, CtcaeSigns, testing::ValuesIn(kHypotension), CaseName{});
INSTANTIATE_TEST_SUITE_P(Hypoxia, CtcaeSigns, testing::ValuesIn(kHypoxia), CaseName{});

TEST(CtcaeSignsChoice, version_5_alone_by_default) {
    Story told;
    adult(told).temperature(d(3, 11), 39.5);
    EXPECT_EQ(range_of(said_of(told, noon, Scale::ctcae_5_0, Term::fever, {})), "2");
    EXPECT_EQ(range_of(said_of(told, noon, Scale::ctcae_6_0, Term::fever, {})), "-");
}

// Support whose end was stated with it, beside other support for which CRS says the same before and after.
Intervention pressor(Agent agent) { return infusion_of(agent, std::nullopt); }
Intervention device(OxygenDevice which) {
    Intervention given;
    given.kind = InterventionKind::oxygen;
    given.phase = InterventionPhase::start;
    given.device = which;
    return given;
}
Intervention ecmo() {
    Intervention given = device(OxygenDevice::unspecified);
    given.kind = InterventionKind::ecmo;
    return given;
}
Story& two_pressors(Story& s) {
    return adult(s).tell(d(3, 6), pressor(Agent::norepinephrine)).tell(d(3, 6), pressor(Agent::epinephrine));
}
bool crs_says_the_same(const Story& told, Instant end) {
    return said_of(told, end - milliseconds(1), Scale::astct_crs_2019).says_same(
        said_of(told, end, Scale::astct_crs_2019));
}

TEST(CtcaeSignsStatedEnd, of_one_of_two_vasopressors_beside_an_inotrope) {
    Story told;
    adult(told).starts(d(3, 7), Agent::dobutamine).tell(d(3, 8), pressor(Agent::norepinephrine));
    told.tell_until(d(3, 9), d(4, 9), pressor(Agent::epinephrine));
    ASSERT_TRUE(crs_says_the_same(told, d(4, 9)));
    EXPECT_EQ(range_of(said_of(told, d(4, 8, 59), Scale::ctcae_5_0, hypotension)), "4");
    EXPECT_EQ(range_of(said_of(told, d(4, 9), Scale::ctcae_5_0, hypotension)), "3-4");
}

TEST(CtcaeSignsStatedEnd, of_oxygen_beside_two_vasopressors) {
    Story told;
    two_pressors(told).tell_until(d(3, 9), d(3, 12), device(OxygenDevice::face_mask)).spo2(d(3, 11), 97);
    ASSERT_TRUE(crs_says_the_same(told, d(3, 12)));
    EXPECT_EQ(range_of(said_of(told, d(3, 11, 59), Scale::ctcae_6_0, hypoxia)), "3");
    EXPECT_EQ(range_of(said_of(told, d(3, 12), Scale::ctcae_6_0, hypoxia)), "0");
}

TEST(CtcaeSignsStatedEnd, of_oxygen_for_comfort) {
    Story told;
    Intervention comfort = device(OxygenDevice::nasal_cannula);
    comfort.indication = Indication::comfort;
    two_pressors(told).tell_until(d(3, 9), d(3, 12), comfort).spo2(d(3, 11), 97);
    EXPECT_EQ(names(said_of(told, d(3, 11, 59), Scale::ctcae_5_0, hypoxia).flags), "comfort_o2 ");
    EXPECT_EQ(names(said_of(told, d(3, 12), Scale::ctcae_5_0, hypoxia).flags), "");
}

TEST(CtcaeSignsStatedEnd, of_ecmo_beside_bipap) {
    Story told;
    two_pressors(told).tell(d(3, 8), device(OxygenDevice::bipap)).tell_until(d(3, 9), d(3, 12), ecmo());
    ASSERT_TRUE(crs_says_the_same(told, d(3, 12)));
    EXPECT_EQ(range_of(said_of(told, d(3, 11, 59), Scale::ctcae_5_0, hypoxia)), "4");
    EXPECT_EQ(range_of(said_of(told, d(3, 12), Scale::ctcae_5_0, hypoxia)), "3-4");
}

// Long after the window of CRS, which is then quiet about both readings.
TEST(CtcaeSignsAfterTheWindow, a_healthy_temperature_ends_a_fever_of_which_nothing_was_known_for_a_while) {
    Story told;
    adult(told).temperature(d(200, 10), 38.5);
    ASSERT_EQ(range_of(said_of(told, d(203), Scale::ctcae_5_0, Term::fever)), "NA-1");
    told.temperature(d(203, 10), 36.8);
    EXPECT_EQ(range_of(said_of(told, d(203, 11), Scale::ctcae_5_0, Term::fever)), "0");
    told.temperature(d(204, 10), 36.8);  // absent for 24 h
    EXPECT_FALSE(said_of(told, d(204, 11), Scale::ctcae_5_0, Term::fever).episode_open);
}

TEST(CtcaeSignsAfterTheWindow, a_healthy_pressure_ends_a_hypotension_of_which_nothing_was_known_for_a_while) {
    Story told;
    adult(told).systolic(d(200, 10), 80).systolic(d(200, 10, 30), 80);
    ASSERT_TRUE(said_of(told, d(203), Scale::ctcae_5_0, Term::hypotension).episode_open);
    told.systolic(d(203, 10), 120);
    EXPECT_EQ(range_of(said_of(told, d(203, 10, 30), Scale::ctcae_5_0, Term::hypotension)), "0");
    told.systolic(d(204, 10), 120);  // absent for 24 h
    EXPECT_FALSE(said_of(told, d(204, 11), Scale::ctcae_5_0, Term::hypotension).episode_open);
}

}  // namespace
}  // namespace cellvigil
