// CTCAE laboratory terms as statements of a subject, and episodes of cytopenia.
#include "rules/grade/lab_terms.h"

#include <algorithm>
#include <ostream>

#include <gtest/gtest.h>

#include "tests/support/case_name.h"
#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;
using story::Story;

constexpr Grade NA = kNotGradable;
constexpr auto kAnc = Term::neutrophil_count_decreased;
constexpr auto kPlt = Term::platelet_count_decreased;
constexpr auto kHb = Term::anaemia;

RuleSet both_versions() {
    RuleSet rules;
    rules.scales.add(Scale::ctcae_6_0);
    return rules;
}

Observation result(Analyte analyte, double value, std::optional<double> low = {},
                   Comparator comparator = Comparator::unspecified) {
    Observation said;
    said.analyte = analyte;
    said.status = ResultStatus::final;
    said.value = *quantity_of(value);
    said.comparator = comparator;
    if (low) said.reference_low = *quantity_of(*low);
    return said;
}
Story infused() {
    Story told;
    told.adult().infused();
    return told;
}

struct ResultCase {
    const char* name;
    Observation result;
    Scale scale;
    Term term;
    Grade grade;
    Grade upper;
    Flags flags{};
};
void PrintTo(const ResultCase& c, std::ostream* out) { *out << c.name; }
class LabStatement : public testing::TestWithParam<ResultCase> {};
TEST_P(LabStatement, says) {
    const ResultCase& c = GetParam();
    Story told = infused();
    told.tell(d(5), c.result);
    const Assessment said = told.at(d(5, 11), c.scale, c.term, both_versions());
    EXPECT_TRUE(said.under_surveillance);
    EXPECT_EQ(int{said.grade}, int{c.grade});
    EXPECT_EQ(int{said.grade_upper}, int{c.upper});
    EXPECT_EQ(said.flags, c.flags);
    EXPECT_EQ(said.deciding.empty(), c.upper < 1);
    EXPECT_TRUE(said.evidence[0].known());
}
Observation mmol(double as_sent) {
    Observation said = result(Analyte::haemoglobin, as_sent * 16.114, 130);
    said.in_mmol_per_litre = true;
    said.value_as_sent = *quantity_of(as_sent);
    return said;
}
constexpr auto k5 = Scale::ctcae_5_0;
constexpr auto k6 = Scale::ctcae_6_0;
const Flags kNoRange{Flag::reference_range_missing};
const ResultCase kResults[] = {
    {"T09_v5", result(Analyte::neutrophils, 0.5), k5, kAnc, 3, 3},
    {"T09_v6", result(Analyte::neutrophils, 0.5), k6, kAnc, 2, 2},
    {"T11_v5", result(Analyte::platelets, 20), k5, kPlt, 4, 4},
    {"T11_v6", result(Analyte::platelets, 20), k6, kPlt, 3, 3},
    {"T15", result(Analyte::neutrophils, 1.4, 1.2), k5, kAnc, 2, 2, Flags{Flag::normal_by_local_range}},
    {"T16_missing_range_is_not_normal", result(Analyte::neutrophils, 3.0), k5, kAnc, NA, 1, kNoRange},
    {"version_6_needs_no_range", result(Analyte::neutrophils, 3.0), k6, kAnc, 0, 0},
    {"T23", result(Analyte::neutrophils, 1.9, 1.8), k5, kAnc, 0, 0},
    {"grade_1_ends_below_1_5", result(Analyte::neutrophils, 1.5, 1.8), k5, kAnc, 1, 1},
    {"below_0_2_is_4", result(Analyte::neutrophils, 0.2, {}, Comparator::less), k5, kAnc, 4, 4},
    {"below_0_5_is_4", result(Analyte::neutrophils, 0.5, {}, Comparator::less), k5, kAnc, 4, 4},
    {"at_most_0_5_is_3_or_4", result(Analyte::neutrophils, 0.5, {}, Comparator::less_or_equal), k5, kAnc, 3, 4},
    {"below_0_6_is_3_or_4", result(Analyte::neutrophils, 0.6, {}, Comparator::less), k5, kAnc, 3, 4},
    {"below_3_says_nothing", result(Analyte::neutrophils, 3, 1.8, Comparator::less), k5, kAnc, NA, 4},
    {"above_2_is_normal", result(Analyte::neutrophils, 2, 1.8, Comparator::greater), k5, kAnc, 0, 0},
    {"above_0_6_may_be_3", result(Analyte::neutrophils, 0.6, 1.8, Comparator::greater), k5, kAnc, NA, 3},
    {"haemoglobin_by_mmol_2", mmol(4.93), k5, kHb, 2, 2},
    {"haemoglobin_by_mmol_at_4_9", mmol(4.9), k5, kHb, 2, 2},
    {"haemoglobin_by_mmol_3", mmol(4.89), k5, kHb, 3, 3},
    {"haemoglobin_by_mmol_within_the_range", mmol(8.5), k5, kHb, 0, 0},
    {"haemoglobin_by_mmol_below_the_range", mmol(8.0), k5, kHb, 1, 1},
    {"haemoglobin_never_4", result(Analyte::haemoglobin, 35), k5, kHb, 3, 3},
    {"cd4", result(Analyte::cd4, 0.199), k5, Term::cd4_decreased, 3, 3},
    {"leukocytes", result(Analyte::leukocytes, 0.99), k5, Term::white_blood_cell_decreased, 4, 4},
    {"leukocytosis", result(Analyte::leukocytes, 100.1), k5, Term::leukocytosis, 3, 3},
    {"no_leukocytosis", result(Analyte::leukocytes, 100), k5, Term::leukocytosis, 0, 0},
    {"lymphocytes_increased", result(Analyte::lymphocytes, 4.1), k5, Term::lymphocyte_count_increased, 2, 2},
    {"lymphocytes_v5", result(Analyte::lymphocytes, 0.1), k5, Term::lymphocyte_count_decreased, 4, 4},
    {"lymphopenia_v6_is_only_present", result(Analyte::lymphocytes, 0.1, 1.0), k6, Term::lymphocyte_count_decreased, 1,
     1},
};
INSTANTIATE_TEST_SUITE_P(Vectors, LabStatement, testing::ValuesIn(kResults), CaseName{});

TEST(LabStatements, are_made_for_chosen_versions_only) {
    Story told = infused();
    told.lab(d(5), Analyte::neutrophils, 0.4);
    EXPECT_TRUE(told.at(d(6), k5, kAnc).under_surveillance);
    EXPECT_FALSE(told.at(d(6), k6, kAnc).under_surveillance);
}

TEST(LabStatements, begin_with_the_infusion) {
    Story told;
    told.adult().lab(d(-3), Analyte::neutrophils, 0.4).infused();
    EXPECT_FALSE(told.at(d(1), k5, kAnc).under_surveillance);
}

std::int32_t baseline_of(const Assessment& said) {
    for (const Reported& figure : said.figures) {
        if (figure.what == Figure::baseline_grade) return figure.value;
    }
    return NA;
}

TEST(LabBaseline, stands_beside_the_grade_and_does_not_change_it) {
    Story told;
    told.adult().lab(d(-7), Analyte::neutrophils, 1.2).infused().lab(d(5), Analyte::neutrophils, 0.9);
    const Assessment said = told.at(d(5, 11), k5, kAnc);
    EXPECT_EQ(said.grade, 3);
    EXPECT_EQ(baseline_of(said), 2);
    EXPECT_TRUE(said.flags.has(Flag::baseline_abnormal));
}

TEST(LabBaseline, is_the_value_before_lymphodepletion) {
    Story told;
    told.adult().tell(d(-7), result(Analyte::neutrophils, 3, 1.8)).starts(d(-5), Agent::fludarabine);
    told.lab(d(-1), Analyte::neutrophils, 0.4).infused().lab(d(5), Analyte::neutrophils, 0.9);
    const Assessment said = told.at(d(5, 11), k5, kAnc);
    EXPECT_EQ(baseline_of(said), 0);
    EXPECT_FALSE(said.flags.has(Flag::baseline_abnormal));
}

TEST(LabBaseline, without_an_earlier_value_is_the_last_before_the_infusion) {
    Story told;
    told.adult().starts(d(-5), Agent::fludarabine).lab(d(-1), Analyte::neutrophils, 0.4).infused();
    told.lab(d(5), Analyte::neutrophils, 0.9);
    EXPECT_EQ(baseline_of(told.at(d(5, 11), k5, kAnc)), 4);
}

TEST(LabTransfusion, of_red_cells_at_a_milder_value_is_grade_3_until_the_next_value) {
    Story told = infused();
    told.lab(d(5, 8), Analyte::haemoglobin, 82).transfuses(d(5, 12), BloodProduct::red_cells);
    told.lab(d(6, 8), Analyte::haemoglobin, 95);
    EXPECT_EQ(told.at(d(5, 9), k5, kHb).grade, 2);
    const Assessment said = told.at(d(5, 13), k5, kHb);
    EXPECT_EQ(said.grade, 3);
    EXPECT_TRUE(said.flags.has(Flag::transfusion_indicated));
    const Assessment after = told.at(d(6, 9), k5, kHb);
    EXPECT_EQ(after.grade, 2);
    EXPECT_FALSE(after.flags.has(Flag::transfusion_indicated));
    EXPECT_TRUE(after.flags.has(Flag::support_confounds)) << "carried by the transfusion of the day before";
}

TEST(LabTransfusion, below_80_needs_no_flag) {
    Story told = infused();
    told.lab(d(5, 8), Analyte::haemoglobin, 79).transfuses(d(5, 12), BloodProduct::red_cells);
    const Assessment said = told.at(d(5, 13), k5, kHb);
    EXPECT_EQ(said.grade, 3);
    EXPECT_FALSE(said.flags.has(Flag::transfusion_indicated));
}

TEST(LabTransfusion, of_platelets_says_nothing_of_haemoglobin) {
    Story told = infused();
    told.lab(d(5, 8), Analyte::haemoglobin, 82).transfuses(d(5, 12), BloodProduct::platelets);
    EXPECT_EQ(told.at(d(5, 13), k5, kHb).grade, 2);
}

TEST(LabSupport, flags_a_milder_count_within_its_days) {
    Story told = infused();
    told.gives(d(5), Agent::filgrastim).lab(d(11), Analyte::neutrophils, 1.2).lab(d(12), Analyte::neutrophils, 1.3);
    EXPECT_TRUE(told.at(d(11, 11), k5, kAnc).flags.has(Flag::support_confounds)) << "six days after";
    EXPECT_FALSE(told.at(d(12, 11), k5, kAnc).flags.has(Flag::support_confounds)) << "seven days after";
}

TEST(LabSupport, does_not_excuse_a_severe_count) {
    Story told = infused();
    told.gives(d(5), Agent::pegfilgrastim).lab(d(6), Analyte::neutrophils, 0.3);
    const Assessment said = told.at(d(6, 11), k5, kAnc);
    EXPECT_EQ(said.grade, 4);
    EXPECT_FALSE(said.flags.has(Flag::support_confounds));
}

// Episodes

std::vector<Episode> episodes(const Story& told, Term term, const RuleSet& rules = {}) {
    std::vector<Episode> found;
    for (const Episode& episode : told.timeline(rules).derived(rules, kAlways).episodes) {
        if (episode.scale == k5 && episode.term == term) found.push_back(episode);
    }
    return found;
}
Story counts(std::initializer_list<std::pair<int, double>> values, Analyte analyte = Analyte::neutrophils) {
    Story told = infused();
    for (const auto& [day, value] : values) told.lab(d(day), analyte, value);
    return told;
}

TEST(CytopeniaEpisode, has_onset_maximum_and_resolution) {
    const auto found =
        episodes(counts({{2, 1.2}, {3, 0.9}, {5, 0.2}, {8, 0.7}, {10, 1.1}, {11, 1.4}, {12, 1.6}}), kAnc);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].onset, d(3));
    EXPECT_EQ(found[0].max_grade, 4);
    EXPECT_EQ(found[0].max_at, d(5));
    EXPECT_EQ(found[0].resolved, d(10)) << "the first of three values on different days";
}

TEST(CytopeniaEpisode, opens_at_grade_3_not_at_2) {
    EXPECT_TRUE(episodes(counts({{3, 1.0}}), kAnc).empty());
    EXPECT_EQ(episodes(counts({{3, 0.999}}), kAnc).size(), 1U);
}

TEST(CytopeniaEpisode, two_values_or_three_on_two_days_do_not_end_it) {
    EXPECT_FALSE(episodes(counts({{3, 0.4}, {10, 1.1}, {11, 1.4}}), kAnc)[0].resolved.has_value());
    Story same_day = counts({{3, 0.4}, {10, 1.1}, {11, 1.4}});
    same_day.lab(d(11, 18), Analyte::neutrophils, 1.5);
    EXPECT_FALSE(episodes(same_day, kAnc)[0].resolved.has_value());
}

TEST(CytopeniaEpisode, a_severe_value_between_starts_the_count_anew) {
    const auto found =
        episodes(counts({{3, 0.4}, {10, 1.1}, {11, 1.4}, {12, 0.8}, {13, 1.4}, {14, 1.4}, {15, 1.4}}), kAnc);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].resolved, d(13));
}

TEST(CytopeniaEpisode, comes_again_under_the_next_number) {
    const auto found = episodes(counts({{3, 0.4}, {10, 2}, {11, 2}, {12, 2}, {30, 0.7}}), kAnc);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[1].ordinal, 2);
    EXPECT_EQ(found[1].onset, d(30));
    EXPECT_TRUE(found[1].flags.has(Flag::recurrence));
    EXPECT_FALSE(found[1].resolved.has_value());
}

TEST(CytopeniaEpisode, is_not_ended_by_a_growth_factor_alone) {
    Story told = counts({{3, 0.4}, {8, 3}, {9, 4}, {10, 3}});
    told.gives(d(7), Agent::filgrastim);
    auto found = episodes(told, kAnc);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_FALSE(found[0].resolved.has_value());
    EXPECT_TRUE(found[0].flags.has(Flag::support_confounds));
    told.lab(d(14), Analyte::neutrophils, 2).lab(d(15), Analyte::neutrophils, 2).lab(d(16), Analyte::neutrophils, 2);
    found = episodes(told, kAnc);
    EXPECT_EQ(found[0].resolved, d(14)) << "seven days after the last dose";
}

TEST(CytopeniaEpisode, of_platelets_is_not_ended_by_a_transfusion_and_not_held_by_filgrastim) {
    Story transfused = counts({{3, 20}, {8, 60}, {9, 60}, {10, 60}}, Analyte::platelets);
    Story stimulated = transfused;
    transfused.transfuses(d(7), BloodProduct::platelets);
    stimulated.gives(d(7), Agent::filgrastim);
    EXPECT_FALSE(episodes(transfused, kPlt)[0].resolved.has_value());
    EXPECT_EQ(episodes(stimulated, kPlt)[0].resolved, d(8));
}

TEST(CytopeniaEpisode, a_course_goes_on_until_it_is_stopped) {
    Story told = counts({{3, 20}, {40, 60}, {41, 60}, {42, 60}}, Analyte::platelets);
    told.starts(d(5), Agent::eltrombopag);
    EXPECT_FALSE(episodes(told, kPlt)[0].resolved.has_value());
    told.stops(d(26), Agent::eltrombopag);
    EXPECT_EQ(episodes(told, kPlt)[0].resolved, d(40)) << "fourteen days after";
    Story late = counts({{3, 20}, {40, 60}, {41, 60}, {42, 60}}, Analyte::platelets);
    late.starts(d(5), Agent::eltrombopag).stops(d(27), Agent::eltrombopag);
    EXPECT_FALSE(episodes(late, kPlt)[0].resolved.has_value()) << "thirteen days after, two values later";
}

TEST(CytopeniaEpisode, the_number_of_values_is_a_key) {
    RuleSet rules;
    rules.counts.resolve_values = 1;
    EXPECT_EQ(episodes(counts({{3, 0.4}, {10, 1.1}}), kAnc, rules)[0].resolved, d(10));
}

TEST(CytopeniaEpisode, of_an_earlier_infusion_stays_as_it_was) {
    Story told = counts({{3, 0.4}});
    told.infused(d(40), "lot-2").lab(d(43), Analyte::neutrophils, 0.3);
    const auto found = episodes(told, kAnc);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].infusion, 1);
    EXPECT_FALSE(found[0].resolved.has_value());
    EXPECT_EQ(found[1].infusion, 2);
    EXPECT_EQ(found[1].ordinal, 1);
}

TEST(CytopeniaEpisode, a_value_that_only_may_be_severe_changes_nothing) {
    Story told = infused();
    told.tell(d(5), result(Analyte::neutrophils, 3, 1.8, Comparator::less));
    EXPECT_TRUE(episodes(told, kAnc).empty());
}

}  // namespace
}  // namespace cellvigil
