// IEC-HS: both sides of every limit of the machine rule, its time, confirmation and the ladder, and the hook effect.
#include "rules/grade/iec_hs.h"

#include <functional>
#include <ostream>

#include <gtest/gtest.h>

#include "tests/rules/grade/report_story.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using namespace report_story;

constexpr Grade kNone = kNotGradable;
constexpr Scale kScale = Scale::iec_hs_2023;

Story& value(Story& s, Instant at, Analyte analyte, double amount, std::optional<double> low = std::nullopt,
             std::optional<double> high = std::nullopt, Comparator comparator = Comparator::unspecified) {
    Observation said;
    said.analyte = analyte;
    said.status = ResultStatus::final;
    said.value = *quantity_of(amount);
    said.comparator = comparator;
    if (low) said.reference_low = *quantity_of(*low);
    if (high) said.reference_high = *quantity_of(*high);
    return s.tell(at, said);
}
Story& ferritin(Story& s, Instant at, double amount, std::optional<double> high = 300) {
    return value(s, at, Analyte::ferritin, amount, std::nullopt, high);
}
Story& alt(Story& s, Instant at, double amount, std::optional<double> high = 40) {
    return value(s, at, Analyte::alt, amount, std::nullopt, high);
}
Story& fibrinogen(Story& s, Instant at, double amount, std::optional<double> low = std::nullopt) {
    return value(s, at, Analyte::fibrinogen, amount, low);
}
Story& platelets(Story& s, Instant at, double amount) { return value(s, at, Analyte::platelets, amount); }
// Two common items on day 8, at 08:00 and 09:00.
Story& two_common(Story& s) { return fibrinogen(alt(s, d(8, 8), 400), d(8, 9), 1.2); }

enum class Raised : std::uint8_t { no, yes, cannot_tell };
struct RuleCase {
    const char* name;
    std::function<void(Story&)> tell;
    Raised expected;
    Flags beside = {};
};
void PrintTo(const RuleCase& c, std::ostream* out) { *out << c.name; }

class IecHsRule : public testing::TestWithParam<RuleCase> {};
TEST_P(IecHsRule, raises) {
    const RuleCase& c = GetParam();
    Story told;
    told.adult();
    c.tell(told);
    const Assessment said = standing(told, d(9), kScale, Term::iec_hs);
    EXPECT_EQ(said.under_surveillance, c.expected != Raised::no);
    EXPECT_EQ(said.flags.has(Flag::suspicion), c.expected == Raised::yes);
    EXPECT_EQ(said.flags.has(Flag::required_item_missing), c.expected == Raised::cannot_tell);
    EXPECT_EQ(said.episode_open, c.expected == Raised::yes);
    // Never a diagnosis, never 0.
    EXPECT_EQ(said.grade, kNone);
    EXPECT_EQ(said.grade_upper, kNone);
    Flags flags = c.beside;
    if (c.expected == Raised::yes) flags.add(Flag::suspicion);
    if (c.expected == Raised::cannot_tell) flags.add(Flag::required_item_missing);
    EXPECT_EQ(said.flags, flags);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Limits, IecHsRule, testing::Values(
    RuleCase{"required_and_two", [](Story& s) { two_common(ferritin(s.infused(), d(8, 7), 5000)); }, Raised::yes},
    // Ferritin
    RuleCase{"ferritin_at_twice_the_upper_limit", [](Story& s) { two_common(ferritin(s.infused(), d(8, 7), 600)); }, Raised::no},
    RuleCase{"ferritin_above_twice_the_upper_limit", [](Story& s) { two_common(ferritin(s.infused(), d(8, 7), 600.001)); }, Raised::yes},
    RuleCase{"nine_thousand_is_enough", [](Story& s) { two_common(ferritin(s.infused(), d(8, 7), 9000)); }, Raised::yes},
    RuleCase{"twelve_thousand_at_baseline_is_not_rising", [](Story& s) { two_common(ferritin(ferritin(s, d(-1), 12000, 6000).infused(), d(8, 7), 12000, 6000)); }, Raised::no},
    RuleCase{"ferritin_at_twice_the_baseline", [](Story& s) { two_common(ferritin(ferritin(s, d(-1), 800, {}).infused(), d(8, 7), 1600, {})); }, Raised::no},
    RuleCase{"ferritin_above_twice_the_baseline", [](Story& s) { two_common(ferritin(ferritin(s, d(-1), 800, {}).infused(), d(8, 7), 1601, {})); }, Raised::yes},
    RuleCase{"ferritin_doubled_within_two_days", [](Story& s) { two_common(ferritin(ferritin(s.infused(), d(6, 7), 700, {}), d(8, 7), 1401, {})); }, Raised::yes},
    RuleCase{"ferritin_exactly_doubled", [](Story& s) { two_common(ferritin(ferritin(s.infused(), d(6, 7), 700, {}), d(8, 7), 1400, {})); }, Raised::cannot_tell},
    RuleCase{"ferritin_doubled_in_more_than_two_days", [](Story& s) { two_common(ferritin(ferritin(s.infused(), d(6, 6, 59), 700, {}), d(8, 7), 1401, {})); }, Raised::cannot_tell},
    RuleCase{"ferritin_doubled_to_little", [](Story& s) { two_common(ferritin(ferritin(s.infused(), d(6, 7), 100, {}), d(8, 7), 499, {})); }, Raised::cannot_tell},
    RuleCase{"ferritin_doubled_to_the_floor", [](Story& s) { two_common(ferritin(ferritin(s.infused(), d(6, 7), 100, {}), d(8, 7), 500, {})); }, Raised::yes},
    RuleCase{"ferritin_above_what_was_measured", [](Story& s) { two_common(value(s.infused(), d(8, 7), Analyte::ferritin, 600, {}, 300, Comparator::greater)); }, Raised::yes},
    RuleCase{"ferritin_below_what_was_measured", [](Story& s) { two_common(value(s.infused(), d(8, 7), Analyte::ferritin, 5000, {}, 300, Comparator::less)); }, Raised::cannot_tell},
    // Missing is never 0 and never "no".
    RuleCase{"ferritin_never_measured", [](Story& s) { two_common(s.infused()); }, Raised::cannot_tell},
    RuleCase{"ferritin_without_range_or_baseline", [](Story& s) { two_common(ferritin(s.infused(), d(8, 7), 50000, {})); }, Raised::cannot_tell},
    RuleCase{"ferritin_measured_too_long_ago", [](Story& s) { two_common(ferritin(s.infused(), d(5, 7), 100)); }, Raised::cannot_tell},
    RuleCase{"alt_without_a_range_is_no_item", [](Story& s) { fibrinogen(alt(ferritin(s.infused(), d(8, 7), 5000), d(8, 8), 4000, {}), d(8, 9), 1.2); }, Raised::no},
    // Common items
    RuleCase{"one_common_item", [](Story& s) { alt(ferritin(s.infused(), d(8, 7), 5000), d(8, 8), 400); }, Raised::no},
    RuleCase{"alt_and_ast_are_one_item", [](Story& s) { value(alt(ferritin(s.infused(), d(8, 7), 5000), d(8, 8), 400), d(8, 9), Analyte::ast, 400, {}, 40); }, Raised::no},
    RuleCase{"two_cell_lines_are_one_item", [](Story& s) { value(platelets(ferritin(s.infused(), d(8, 7), 5000), d(8, 8), 10), d(8, 9), Analyte::neutrophils, 0.1); }, Raised::no},
    RuleCase{"alt_at_5_times", [](Story& s) { fibrinogen(alt(ferritin(s.infused(), d(8, 7), 5000), d(8, 8), 200), d(8, 9), 1.2); }, Raised::no},
    RuleCase{"alt_above_5_times", [](Story& s) { fibrinogen(alt(ferritin(s.infused(), d(8, 7), 5000), d(8, 8), 201), d(8, 9), 1.2); }, Raised::yes},
    RuleCase{"alt_above_5_times_the_limit_but_not_the_abnormal_baseline", [](Story& s) { fibrinogen(alt(ferritin(alt(s, d(-1), 80).infused(), d(8, 7), 5000), d(8, 8), 400), d(8, 9), 1.2); }, Raised::no},
    RuleCase{"alt_above_5_times_the_abnormal_baseline", [](Story& s) { fibrinogen(alt(ferritin(alt(s, d(-1), 80).infused(), d(8, 7), 5000), d(8, 8), 401), d(8, 9), 1.2); }, Raised::yes, {Flag::baseline_abnormal}},
    RuleCase{"fibrinogen_at_150_mg_dL", [](Story& s) { fibrinogen(alt(ferritin(s.infused(), d(8, 7), 5000), d(8, 8), 400), d(8, 9), 1.5); }, Raised::no},
    RuleCase{"fibrinogen_below_150_mg_dL", [](Story& s) { fibrinogen(alt(ferritin(s.infused(), d(8, 7), 5000), d(8, 8), 400), d(8, 9), 1.499); }, Raised::yes},
    RuleCase{"fibrinogen_at_its_lower_limit", [](Story& s) { fibrinogen(alt(ferritin(s.infused(), d(8, 7), 5000), d(8, 8), 400), d(8, 9), 1.8, 1.8); }, Raised::no},
    RuleCase{"fibrinogen_below_its_lower_limit", [](Story& s) { fibrinogen(alt(ferritin(s.infused(), d(8, 7), 5000), d(8, 8), 400), d(8, 9), 1.79, 1.8); }, Raised::yes},
    RuleCase{"platelets_at_25", [](Story& s) { platelets(alt(ferritin(s.infused(), d(8, 7), 5000), d(8, 8), 400), d(8, 9), 25); }, Raised::no},
    RuleCase{"platelets_below_25", [](Story& s) { platelets(alt(ferritin(s.infused(), d(8, 7), 5000), d(8, 8), 400), d(8, 9), 24.9); }, Raised::yes},
    RuleCase{"neutrophils_at_500", [](Story& s) { value(alt(ferritin(s.infused(), d(8, 7), 5000), d(8, 8), 400), d(8, 9), Analyte::neutrophils, 0.5); }, Raised::no},
    RuleCase{"neutrophils_below_500", [](Story& s) { value(alt(ferritin(s.infused(), d(8, 7), 5000), d(8, 8), 400), d(8, 9), Analyte::neutrophils, 0.499); }, Raised::yes},
    // Time
    RuleCase{"within_72_hours", [](Story& s) { fibrinogen(alt(ferritin(s.infused(), d(5, 9), 5000), d(8, 8), 400), d(8, 9), 1.2); }, Raised::yes},
    RuleCase{"a_minute_more", [](Story& s) { fibrinogen(alt(ferritin(s.infused(), d(5, 8, 59), 5000), d(8, 8), 400), d(8, 9), 1.2); }, Raised::cannot_tell},
    RuleCase{"before_the_infusion", [](Story& s) { two_common(ferritin(s.infused(d(12)), d(8, 7), 5000)); }, Raised::no},
    RuleCase{"on_day_0", [](Story& s) { two_common(ferritin(s.infused(d(8, 6)), d(8, 7), 5000)); }, Raised::yes},
    // Circumstances
    RuleCase{"an_infection_about_then", [](Story& s) { two_common(ferritin(s.infused().tell(d(3), infection_by(Organism::cmv)), d(8, 7), 5000)); }, Raised::yes, {Flag::alt_cause_suspected}},
    RuleCase{"progression", [](Story& s) { two_common(ferritin(s.infused().tell(d(3), DiseaseStatus{Response::progressive, {}, {}}), d(8, 7), 5000)); }, Raised::yes, {Flag::relapse_possible}}),
    CaseName{});
// clang-format on

TEST(IecHsEpisode, ends_by_observed_absence_only) {
    Story told = treated();
    two_common(ferritin(told, d(8, 7), 5000));
    EXPECT_TRUE(standing(told, d(30), kScale, Term::iec_hs).episode_open) << "silence ends nothing";
    alt(told, d(12), 60);
    fibrinogen(told, d(12), 2.5);
    EXPECT_FALSE(standing(told, d(12, 11), kScale, Term::iec_hs).episode_open);
    const auto episodes = episodes_of(told, kScale, Term::iec_hs);
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_EQ(episodes[0].onset, d(8, 9));
    ASSERT_TRUE(episodes[0].resolved);
}

TEST(IecHsVerdict, a_signed_other_cause_takes_the_suspicion_away) {
    Story told = treated();
    two_common(ferritin(told, d(8, 7), 5000)).signed_other(d(8, 12), kScale, Component::whole, "sepsis");
    const Assessment said = standing(told, d(9), kScale, Term::iec_hs);
    EXPECT_TRUE(said.under_surveillance);
    EXPECT_FALSE(said.flags.has(Flag::suspicion));
    EXPECT_TRUE(said.flags.has(Flag::alt_cause_confirmed));
    EXPECT_EQ(said.grade, kNone);
}

TEST(IecHsVerdict, a_signed_diagnosis_opens_the_ladder) {
    Story told = treated();
    two_common(ferritin(told, d(8, 7), 5000));
    Adjudication verdict;
    verdict.scale = kScale;
    verdict.component = Component::whole;
    verdict.verdict = Verdict::due_to_therapy;
    told.tell(d(8, 12), verdict);
    const Assessment said = standing(told, d(9), kScale, Term::iec_hs);
    EXPECT_EQ(said.grade, kNone) << "a verdict says nothing of severity";
    EXPECT_EQ(said.grade_upper, 3);
    EXPECT_FALSE(said.flags.has(Flag::suspicion));
}

struct LadderCase {
    const char* name;
    std::function<void(AdverseEvent&, Story&)> tell;
    Grade grade;
    Grade upper;
};
void PrintTo(const LadderCase& c, std::ostream* out) { *out << c.name; }
class IecHsLadder : public testing::TestWithParam<LadderCase> {};
TEST_P(IecHsLadder, from_the_report) {
    Story told = treated();
    two_common(ferritin(told, d(8, 7), 5000));
    AdverseEvent report = event_of(AdverseEventCategory::iec_hs);
    GetParam().tell(report, told);
    told.tell(d(8, 12), report);
    const Assessment said = standing(told, d(9), kScale, Term::iec_hs);
    EXPECT_EQ(int{said.grade}, int{GetParam().grade});
    EXPECT_EQ(int{said.grade_upper}, int{GetParam().upper});
    EXPECT_FALSE(said.flags.has(Flag::suspicion));
}
Intervention for_iec_hs(InterventionKind kind, Agent agent = Agent::none) {
    Intervention given;
    given.kind = kind;
    given.phase = InterventionPhase::start;
    given.indication = Indication::iec_hs;
    given.agent = agent;
    return given;
}
INSTANTIATE_TEST_SUITE_P(
    Rungs, IecHsLadder,
    testing::Values(
        LadderCase{"nothing_said_of_treatment", [](AdverseEvent&, Story&) {}, 1, 2},
        LadderCase{
            "anakinra",
            [](AdverseEvent&, Story& s) { s.tell(d(8, 10), for_iec_hs(InterventionKind::drug, Agent::anakinra)); }, 2,
            2},
        LadderCase{"admitted", [](AdverseEvent& e, Story&) { e.seriousness.hospitalisation = true; }, 3, 3},
        LadderCase{"dialysis",
                   [](AdverseEvent&, Story& s) { s.tell(d(8, 10), for_iec_hs(InterventionKind::dialysis)); }, 4, 4},
        LadderCase{"life_threatening", [](AdverseEvent& e, Story&) { e.seriousness.life_threatening = true; }, 4, 4},
        LadderCase{"fatal", [](AdverseEvent& e, Story&) { e.outcome = Outcome::fatal; }, 5, 5}),
    CaseName{});

TEST(IecHsReport, is_registered_without_a_suspicion) {
    Story told = treated();
    told.tell_until(d(8), d(20), event_of(AdverseEventCategory::iec_hs));
    EXPECT_EQ(standing(told, d(9), kScale, Term::iec_hs).grade, 1);
    EXPECT_FALSE(standing(told, d(21), kScale, Term::iec_hs).under_surveillance);
    const auto episodes = episodes_of(told, kScale, Term::iec_hs);
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_EQ(episodes[0].resolved, d(20));
}

struct HookCase {
    const char* name;
    std::function<void(Story&)> tell;
    bool expected;
};
void PrintTo(const HookCase& c, std::ostream* out) { *out << c.name; }
class FerritinHook : public testing::TestWithParam<HookCase> {};
TEST_P(FerritinHook, suspected) {
    Story told = treated();
    GetParam().tell(told);
    const Assessment said = standing(told, d(9), kScale, Term::ferritin_hook);
    EXPECT_EQ(said.under_surveillance, GetParam().expected);
    EXPECT_EQ(said.flags.has(Flag::hook_suspected), GetParam().expected);
}
// clang-format off
INSTANTIATE_TEST_SUITE_P(Limits, FerritinHook, testing::Values(
    HookCase{"fell_by_90_percent", [](Story& s) { ferritin(ferritin(s, d(8), 10000), d(8, 20), 1000); }, false},
    HookCase{"fell_by_more", [](Story& s) { ferritin(ferritin(s, d(8), 10000), d(8, 20), 999); }, true},
    HookCase{"within_24_hours", [](Story& s) { ferritin(ferritin(s, d(7, 10), 10000), d(8, 10), 900); }, true},
    HookCase{"a_minute_more", [](Story& s) { ferritin(ferritin(s, d(7, 9, 59), 10000), d(8, 10), 900); }, false},
    HookCase{"treated", [](Story& s) { ferritin(ferritin(s, d(8), 10000).gives(d(8, 12), Agent::anakinra), d(8, 20), 900); }, false},
    HookCase{"treated_72_hours_before", [](Story& s) { ferritin(ferritin(s.gives(d(5, 20), Agent::tocilizumab), d(8), 10000), d(8, 20), 900); }, false},
    HookCase{"treated_longer_ago", [](Story& s) { ferritin(ferritin(s.gives(d(5, 19, 59), Agent::tocilizumab), d(8), 10000), d(8, 20), 900); }, true},
    HookCase{"treatment_that_runs", [](Story& s) { ferritin(ferritin(s.starts(d(1), Agent::dexamethasone), d(8), 10000), d(8, 20), 900); }, false},
    HookCase{"high_again", [](Story& s) { ferritin(ferritin(ferritin(s, d(8), 10000), d(8, 20), 900), d(8, 22), 11000); }, false}),
    CaseName{});
// clang-format on

TEST(FerritinHookEffect, a_low_reading_that_is_not_believed_does_not_end_the_suspicion) {
    Story told = treated();
    two_common(ferritin(told, d(8, 7), 50000));
    ferritin(told, d(8, 20), 300);
    alt(told, d(12), 400);
    const Assessment said = standing(told, d(13), kScale, Term::iec_hs);
    EXPECT_TRUE(said.episode_open);
    EXPECT_TRUE(said.flags.has(Flag::hook_suspected));
}

TEST(IecHsScale, not_chosen_says_nothing) {
    Story told = treated();
    two_common(ferritin(told, d(8, 7), 5000));
    RuleSet rules;
    rules.scales.remove(kScale);
    EXPECT_FALSE(standing(told, d(9), kScale, Term::iec_hs, rules).under_surveillance);
}

}  // namespace
}  // namespace cellvigil
