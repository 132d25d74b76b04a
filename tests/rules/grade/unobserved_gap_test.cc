// Silence ends no episode, and a long silence is said: every scale with episodes, both sides of the limit, and what the
// two readings (the episode went on; it ended unseen) leave of the grade.
#include <algorithm>
#include <functional>
#include <ostream>

#include <gtest/gtest.h>

#include "rules/grade/legacy_crs.h"
#include "rules/grade/render.h"
#include "tests/rules/grade/report_story.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using namespace report_story;
using F = Flag;

constexpr Grade NA = kNotGradable;

RuleSet every_scale() {
    RuleSet rules;
    rules.scales = kComputedScales;
    return rules;
}
const RuleSet kRules = every_scale();

std::string names(const Flags& flags) {
    std::string text;
    for (int i = 0; i < kFlags; ++i) {
        if (flags.has(static_cast<Flag>(i))) text += std::string(name_of(static_cast<Flag>(i))) + " ";
    }
    return text;
}

Adjudication signed_due(Scale scale, Component component) {
    Adjudication verdict;
    verdict.scale = scale;
    verdict.component = component;
    verdict.verdict = Verdict::due_to_therapy;
    verdict.clinician = "clinician-1";
    verdict.reason = "the same course";
    return verdict;
}

Story febrile() {
    Story s = treated();
    s.temperature(d(2, 8), 38.9);
    return s;
}

struct GapCase {
    const char* name;
    std::function<void(Story&)> tell;  // after a fever of 38.9 at 08:00 on day 2
    Instant asked;
    Grade grade;
    Grade upper;
    Flags flags;
};
void PrintTo(const GapCase& c, std::ostream* out) { *out << c.name; }

class CrsGap : public testing::TestWithParam<GapCase> {};
TEST_P(CrsGap, range_and_remarks) {
    const GapCase& c = GetParam();
    Story told = febrile();
    c.tell(told);
    const Assessment said = told.at(c.asked, Scale::astct_crs_2019, kRules);
    EXPECT_EQ(int{said.grade}, int{c.grade});
    EXPECT_EQ(int{said.grade_upper}, int{c.upper});
    EXPECT_EQ(names(said.flags), names(c.flags));
}

// clang-format off
const GapCase kCrsGaps[] = {
    {"fever_five_months_later", [](Story& s) { s.temperature(d(153, 8), 38.4); }, d(153, 9), NA, 1, {F::unobserved_gap, F::outside_window}},
    {"fever_after_exactly_14_days", [](Story& s) { s.temperature(d(16, 8), 38.4); }, d(16, 9), 1, 1, {}},
    {"fever_a_minute_later_begins_another_in_the_window", [](Story& s) { s.temperature(d(16, 8, 1), 38.4); }, d(16, 9), 1, 1, {F::unobserved_gap}},
    {"fever_on_the_last_day_of_the_window", [](Story& s) { s.temperature(d(21, 23, 59), 38.4); }, d(21, 23, 59), 1, 1, {F::unobserved_gap}},
    {"fever_on_the_first_day_after_the_window", [](Story& s) { s.temperature(d(22, 0), 38.4); }, d(22, 1), NA, 1, {F::unobserved_gap, F::outside_window}},
    {"fever_and_norepinephrine_five_months_later", [](Story& s) { s.temperature(d(153, 8), 38.4).starts(d(153, 9), Agent::norepinephrine); }, d(153, 10), NA, 3, {F::unobserved_gap, F::outside_window}},
    {"norepinephrine_and_fever_waived_five_months_ago", [](Story& s) { s.gives(d(2, 9), Agent::tocilizumab).temperature(d(153, 8), 36.8).starts(d(153, 7), Agent::norepinephrine); }, d(153, 10), NA, 3, {F::unobserved_gap}},
    {"norepinephrine_without_fever_or_waiver", [](Story& s) { s.temperature(d(153, 8), 36.8).starts(d(153, 7), Agent::norepinephrine); }, d(153, 10), 0, 3, {F::unobserved_gap, F::no_fever_gate}},
    {"silence_of_14_days", [](Story&) {}, d(16, 8), NA, 1, {F::temp_unknown}},
    {"silence_of_a_minute_more", [](Story&) {}, d(16, 8, 1), NA, 1, {F::temp_unknown, F::unobserved_gap}},
    {"silence_goes_on", [](Story&) {}, d(100), NA, 1, {F::temp_unknown, F::unobserved_gap}},
    {"a_pressor_that_nobody_charts_runs_on", [](Story& s) { s.gives(d(2, 9), Agent::tocilizumab).starts(d(2, 10), Agent::norepinephrine); }, d(100), 3, 3, {F::stale_input, F::unobserved_gap}},
    {"fever_while_it_runs", [](Story& s) { s.gives(d(2, 9), Agent::tocilizumab).starts(d(2, 10), Agent::norepinephrine).temperature(d(100, 8), 38.4); }, d(100), 3, 3, {F::stale_input, F::unobserved_gap}},
    {"fever_long_after_the_pressor_stopped", [](Story& s) { s.gives(d(2, 9), Agent::tocilizumab).starts(d(2, 10), Agent::norepinephrine).stops(d(5), Agent::norepinephrine).temperature(d(153, 8), 38.4); }, d(153, 9), NA, 1, {F::unobserved_gap, F::outside_window}},
    {"normal_pressures_do_not_tell_of_fever", [](Story& s) { for (int day = 3; day <= 152; ++day) s.systolic(d(day), 120); s.temperature(d(153, 8), 38.4); }, d(153, 9), NA, 1, {F::unobserved_gap, F::outside_window}},
    {"a_fever_that_is_seen_every_8_days_goes_on", [](Story& s) { for (int day = 10; day <= 50; day += 8) s.temperature(d(day, 8), 38.2); }, d(50, 9), 1, 1, {}},
    {"one_afebrile_reading_was_seen_before", [](Story& s) { s.temperature(d(2, 14), 36.9).temperature(d(153, 8), 38.4); }, d(153, 9), 0, 1, {F::outside_window}},
    {"signed_as_due_to_the_therapy", [](Story& s) { s.temperature(d(153, 8), 38.4).tell(d(153, 9), signed_due(Scale::astct_crs_2019, Component::fever)); }, d(153, 10), 1, 1, {}},
    {"signed_before_the_silence_settles_nothing", [](Story& s) { s.tell(d(2, 9), signed_due(Scale::astct_crs_2019, Component::fever)).temperature(d(153, 8), 38.4); }, d(153, 10), NA, 1, {F::unobserved_gap, F::outside_window}},
    {"signed_as_something_else", [](Story& s) { s.temperature(d(153, 8), 38.4).signed_other(d(153, 9), Scale::astct_crs_2019, Component::fever, "pneumonia"); }, d(153, 10), 0, 1, {F::unobserved_gap, F::outside_window, F::alt_cause_confirmed}},
};
// clang-format on
INSTANTIATE_TEST_SUITE_P(Rows, CrsGap, testing::ValuesIn(kCrsGaps), CaseName{});

TEST(CrsGapEpisode, an_afebrile_reading_ends_it_with_its_last_sign_and_the_remark) {
    Story told = febrile();
    told.temperature(d(153, 8), 36.8);
    const auto episodes = episodes_of(told, Scale::astct_crs_2019, Term::none, kRules);
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_EQ(episodes[0].resolved, d(2, 8));
    EXPECT_TRUE(episodes[0].flags.has(F::unobserved_gap));
}

TEST(CrsGapEpisode, the_later_fever_does_not_raise_the_literal_maximum) {
    Story told = febrile();
    told.temperature(d(153, 8), 38.4).starts(d(153, 9), Agent::norepinephrine);
    const auto episodes = episodes_of(told, Scale::astct_crs_2019, Term::none, kRules);
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_FALSE(episodes[0].resolved.has_value());
    EXPECT_EQ(int{episodes[0].max_grade}, 1);
    EXPECT_EQ(int{episodes[0].max_upper}, 3);
    EXPECT_TRUE(episodes[0].flags.has(F::unobserved_gap));
}

TEST(CrsGapAlert, goes_by_the_upper_grade) {
    Story told = febrile();
    told.temperature(d(153, 8), 38.4).starts(d(153, 9), Agent::norepinephrine);
    const auto alerts = told.timeline(kRules).derived(kRules, d(154)).alerts;
    const auto alert = std::find_if(alerts.begin(), alerts.end(),
                                    [](const SubjectAlert& one) { return one.rule == SubjectRule::crs_grade_3; });
    ASSERT_NE(alert, alerts.end());
    EXPECT_EQ(int{alert->grade}, int{NA});
    EXPECT_EQ(int{alert->grade_upper}, 3);
    EXPECT_TRUE(alert->flags.has(F::unobserved_gap));
}

TEST(CrsGapRule, the_pack_sets_the_limit) {
    Story told = febrile();
    told.temperature(d(20, 8), 38.4);
    RuleSet rules = kRules;
    EXPECT_TRUE(told.at(d(20, 9), Scale::astct_crs_2019, rules).flags.has(F::unobserved_gap));
    rules.episode.unobserved = days(18);
    EXPECT_FALSE(told.at(d(20, 9), Scale::astct_crs_2019, rules).flags.has(F::unobserved_gap));
}

TEST(CrsGapSentence, says_it_in_words_with_both_records) {
    Story told = febrile();
    told.temperature(d(153, 8), 38.4);
    const SubjectTimeline timeline = told.timeline(kRules);
    const auto facts = timeline.facts();
    const auto fact_of = [&](RecordRef record) {
        const auto found =
            std::find_if(facts.begin(), facts.end(), [&](const Fact& fact) { return fact.record == record; });
        return found == facts.end() ? nullptr : &*found;
    };
    const Assessment said = told.at(d(153, 9), Scale::astct_crs_2019, kRules);
    EXPECT_EQ(
        render_sentence(said, fact_of, story::kOffset, kRules),
        "CRS cannot be graded, could be as high as 1 since 08:00 on day 153: fever; temperature 38.4 °C at 08:00; "
        "temperature "
        "38.9 °C at 08:00 on day 2; 151 days without an observation of the episode; outside the window in which an "
        "episode "
        "opens; the episode went unobserved for longer than the limit: it may have ended unseen (needs adjudication)");
}

// ---- The scales that follow CRS

class FollowingGap : public testing::TestWithParam<ScaleTerm> {};
TEST_P(FollowingGap, like_crs) {
    const auto& [scale, term] = GetParam();
    Story late = febrile();
    late.temperature(d(153, 8), 38.4);
    const Assessment far = standing(late, d(153, 9), scale, term, kRules);
    EXPECT_EQ(int{far.grade}, int{NA});
    EXPECT_GE(int{far.grade_upper}, 1);
    EXPECT_TRUE(far.flags.has(F::unobserved_gap));
    EXPECT_TRUE(far.flags.has(F::outside_window));
    Story near = febrile();
    near.temperature(d(16, 8, 1), 38.4);
    const Assessment again = standing(near, d(16, 9), scale, term, kRules);
    EXPECT_EQ(int{again.grade}, 1);
    EXPECT_TRUE(again.flags.has(F::unobserved_gap));
    Story seen = febrile();
    seen.temperature(d(16, 8), 38.4);
    EXPECT_FALSE(standing(seen, d(16, 9), scale, term, kRules).flags.has(F::unobserved_gap));
    const auto episodes = episodes_of(late, scale, term, kRules);
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_TRUE(episodes[0].flags.has(F::unobserved_gap));
}
INSTANTIATE_TEST_SUITE_P(Scales, FollowingGap, testing::ValuesIn(kLegacyCrsScales));

// ---- Neurology: a finding grades whichever episode it belongs to

Story confused() {
    Story s = treated();
    s.ice(d(5), 5);
    return s;
}

TEST(IcansGap, exactly_14_days_and_a_minute_more) {
    Story seen = confused();
    seen.ice(d(19), 5);
    EXPECT_EQ(names(seen.at(d(19, 11), Scale::astct_icans_2019, kRules).flags), "");
    Story late = confused();
    late.ice(d(19, 10, 1), 5);
    const Assessment said = late.at(d(19, 11), Scale::astct_icans_2019, kRules);
    EXPECT_EQ(int{said.grade}, 2);
    EXPECT_EQ(int{said.grade_upper}, 2);
    EXPECT_EQ(names(said.flags), names({F::unobserved_gap}));
}

TEST(IcansGap, months_later_it_may_be_delayed_neurotoxicity) {
    Story told = confused();
    told.ice(d(60), 5);
    for (const auto& [scale, term] :
         {ScaleTerm{Scale::astct_icans_2019, Term::none}, ScaleTerm{Scale::ctcae_6_0, Term::icans},
          ScaleTerm{Scale::cartox_cres, Term::none}}) {
        const Assessment said = standing(told, d(60, 11), scale, term, kRules);
        EXPECT_GE(int{said.grade_upper}, 2) << name_of(scale);
        EXPECT_TRUE(said.flags.has(F::unobserved_gap)) << name_of(scale);
        EXPECT_TRUE(said.flags.has(F::delayed_neurotoxicity)) << name_of(scale);
    }
}

TEST(IcansGap, silence_is_said_while_it_lasts) {
    const Story told = confused();
    EXPECT_FALSE(told.at(d(19, 10), Scale::astct_icans_2019, kRules).flags.has(F::unobserved_gap));
    const Assessment said = told.at(d(19, 10, 1), Scale::astct_icans_2019, kRules);
    EXPECT_EQ(int{said.grade}, int{NA});
    EXPECT_TRUE(said.flags.has(F::unobserved_gap));
}

TEST(IcansGap, a_signature_settles_it) {
    Story told = confused();
    told.ice(d(60), 5).tell(d(60, 11), signed_due(Scale::astct_icans_2019, Component::ice));
    const Assessment said = told.at(d(60, 12), Scale::astct_icans_2019, kRules);
    EXPECT_EQ(int{said.grade}, 2);
    EXPECT_EQ(names(said.flags), "");
}

// ---- Febrile neutropenia

Story neutropenic() {
    Story s = treated();
    s.lab(d(5), Analyte::neutrophils, 0.3).temperature(d(5), 38.5);
    return s;
}
Assessment febrile_neutropenia(const Story& told, Instant asked) {
    return standing(told, asked, Scale::ctcae_5_0, Term::febrile_neutropenia, kRules);
}

TEST(FebrileNeutropeniaGap, what_was_met_long_ago_no_longer_grades_a_fever_that_does_not_meet_it) {
    Story told = neutropenic();
    told.lab(d(60), Analyte::neutrophils, 0.3).temperature(d(60), 38.1);
    const Assessment said = febrile_neutropenia(told, d(60, 11));
    EXPECT_EQ(int{said.grade}, int{NA});
    EXPECT_EQ(int{said.grade_upper}, 3);
    EXPECT_EQ(names(said.flags), names({F::unobserved_gap}));
}

TEST(FebrileNeutropeniaGap, a_fever_that_meets_it_by_itself_grades) {
    Story told = neutropenic();
    told.lab(d(60), Analyte::neutrophils, 0.3).temperature(d(60), 38.5);
    const Assessment said = febrile_neutropenia(told, d(60, 11));
    EXPECT_EQ(int{said.grade}, 3);
    EXPECT_EQ(int{said.grade_upper}, 3);
    EXPECT_EQ(names(said.flags), names({F::unobserved_gap}));
}

TEST(FebrileNeutropeniaGap, silence_beyond_the_limit_leaves_the_grade_open) {
    const Story told = neutropenic();
    EXPECT_EQ(int{febrile_neutropenia(told, d(19, 10)).grade}, 3);
    const Assessment said = febrile_neutropenia(told, d(19, 10, 1));
    EXPECT_EQ(int{said.grade}, int{NA});
    EXPECT_EQ(int{said.grade_upper}, 3);
    EXPECT_TRUE(said.flags.has(F::unobserved_gap));
}

// ---- What is followed by single values

TEST(CytopeniaGap, forty_two_days_and_one_more) {
    const auto said = [](Instant second) {
        Story s = treated();
        s.lab(d(10), Analyte::platelets, 20).lab(second, Analyte::platelets, 20);
        return standing(s, d(60), Scale::ctcae_5_0, Term::platelet_count_decreased, kRules);
    };
    EXPECT_EQ(int{said(d(52)).grade}, 4);
    EXPECT_FALSE(said(d(52)).flags.has(F::unobserved_gap));
    EXPECT_EQ(int{said(d(52, 10, 1)).grade}, 4);
    EXPECT_TRUE(said(d(52, 10, 1)).flags.has(F::unobserved_gap));
    Story s = treated();
    s.lab(d(10), Analyte::platelets, 20).lab(d(53), Analyte::platelets, 20);
    const auto episodes = episodes_of(s, Scale::ctcae_5_0, Term::platelet_count_decreased, kRules);
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_TRUE(episodes[0].flags.has(F::unobserved_gap));
}

TEST(CytopeniaGap, silence_is_said_while_it_lasts_and_leaves_the_grade_of_the_value) {
    Story s = treated();
    s.lab(d(10), Analyte::platelets, 20).lab(d(40), Analyte::neutrophils, 3);
    const auto said = [&](Instant asked) {
        return standing(s, asked, Scale::ctcae_5_0, Term::platelet_count_decreased, kRules);
    };
    EXPECT_FALSE(said(d(52)).flags.has(F::unobserved_gap));
    EXPECT_EQ(said(d(52)).at, d(10));
    const Assessment silent = said(d(52, 10, 1));
    EXPECT_EQ(int{silent.grade}, 4);
    EXPECT_TRUE(silent.episode_open);
    EXPECT_TRUE(silent.flags.has(F::unobserved_gap));
    EXPECT_EQ(silent.at, d(52) + milliseconds(1));
    EXPECT_EQ(said(d(300)).at, silent.at) << "it is said once";
    const auto episodes = episodes_of(s, Scale::ctcae_5_0, Term::platelet_count_decreased, kRules);
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_TRUE(episodes[0].flags.has(F::unobserved_gap));
    EXPECT_FALSE(episodes[0].resolved.has_value());
}

TEST(CytopeniaGap, each_line_by_its_own_values_and_only_while_severe) {
    Story s = treated();
    s.lab(d(10), Analyte::platelets, 20).lab(d(15), Analyte::neutrophils, 0.3).lab(d(12), Analyte::haemoglobin, 95);
    const auto gap = [&](Term term, Instant asked) {
        return standing(s, asked, Scale::ctcae_5_0, term, kRules).flags.has(F::unobserved_gap);
    };
    EXPECT_TRUE(gap(Term::platelet_count_decreased, d(53)));
    EXPECT_FALSE(gap(Term::neutrophil_count_decreased, d(53)));
    EXPECT_TRUE(gap(Term::neutrophil_count_decreased, d(58)));
    EXPECT_FALSE(gap(Term::anaemia, d(300))) << "grade 2 is no episode";
}

TEST(CytopeniaGap, cd4_cells_are_controlled_quarterly) {
    Story s = treated();
    for (const int day : {30, 121, 212, 332}) s.lab(d(day), Analyte::cd4, 0.15);
    const auto said = [&](Instant asked, const RuleSet& rules) {
        return standing(s, asked, Scale::ctcae_5_0, Term::cd4_decreased, rules);
    };
    EXPECT_EQ(int{said(d(300), kRules).grade}, 3);
    EXPECT_FALSE(said(d(300), kRules).flags.has(F::unobserved_gap)) << "91 days between visits";
    EXPECT_FALSE(said(d(452), kRules).flags.has(F::unobserved_gap)) << "120 days";
    EXPECT_TRUE(said(d(452, 10, 1), kRules).flags.has(F::unobserved_gap)) << "a minute more";
    const auto episodes = episodes_of(s, Scale::ctcae_5_0, Term::cd4_decreased, kRules);
    ASSERT_EQ(episodes.size(), 1U);
    s.lab(d(453), Analyte::cd4, 0.15);
    EXPECT_TRUE(episodes_of(s, Scale::ctcae_5_0, Term::cd4_decreased, kRules).at(0).flags.has(F::unobserved_gap));
    RuleSet monthly = kRules;
    monthly.episode.unobserved_cd4 = days(42);
    EXPECT_TRUE(said(d(300), monthly).flags.has(F::unobserved_gap));
}

TEST(CytopeniaGap, nobody_measures_after_death) {
    Story s = treated();
    s.lab(d(10), Analyte::platelets, 20).died(d(20), DeathCause::disease);
    EXPECT_EQ(standing(s, d(100), Scale::ctcae_5_0, Term::platelet_count_decreased, kRules).at, d(10));
}

TEST(EveryScale, nothing_runs_out_after_death) {
    Story s = treated();
    s.tell(d(-5), report_story::told(Analyte::hbsag, true)).tell(d(9), measured(Analyte::hbv_dna, 20'000));
    s.temperature(d(11), 39.5).ice(d(11), 5).lab(d(11), Analyte::neutrophils, 0.2).spo2(d(11), 86).systolic(d(11), 84);
    s.tell(d(11), event_of(AdverseEventCategory::iec_hs)).starts(d(11), Agent::norepinephrine);
    s.died(d(12), DeathCause::disease);
    for (const Assessment& said : s.timeline(kRules).derived(kRules, d(400)).assessments) {
        EXPECT_LE(said.at, d(12)) << name_of(said.scale) << " " << name_of(said.term) << " " << names(said.flags);
    }
}

TEST(HbvGap, said_when_the_virus_was_not_measured_for_more_than_six_weeks) {
    Story s = treated();
    s.tell(d(-5), report_story::told(Analyte::hbsag, true)).tell(d(30), measured(Analyte::hbv_dna, 20'000));
    const auto said = [&](Instant asked) {
        return standing(s, asked, Scale::ctcae_5_0, Term::hbv_reactivation_suspected, kRules);
    };
    ASSERT_TRUE(said(d(31)).episode_open);
    EXPECT_FALSE(said(d(72)).flags.has(F::unobserved_gap));
    EXPECT_TRUE(said(d(72, 10, 1)).flags.has(F::unobserved_gap));
    s.tell(d(90), measured(Analyte::hbv_dna, 30'000));
    EXPECT_TRUE(said(d(91)).flags.has(F::unobserved_gap));
    EXPECT_TRUE(said(d(91)).episode_open);
}

TEST(IecHsGap, said_when_nothing_was_measured_for_more_than_a_fortnight) {
    Story s = treated();
    s.tell(d(10), event_of(AdverseEventCategory::iec_hs));
    const auto said = [&](Instant asked) { return standing(s, asked, Scale::iec_hs_2023, Term::iec_hs, kRules); };
    ASSERT_TRUE(said(d(11)).episode_open);
    EXPECT_FALSE(said(d(24)).flags.has(F::unobserved_gap));
    EXPECT_TRUE(said(d(24, 10, 1)).flags.has(F::unobserved_gap));
    EXPECT_EQ(int{said(d(24, 10, 1)).grade}, 1);
}

}  // namespace
}  // namespace cellvigil
