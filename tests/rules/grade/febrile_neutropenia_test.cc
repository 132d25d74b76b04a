// Febrile neutropenia: both sides of every limit of temperature, time and neutrophils; T-rows are vectors of the
// specification.
#include "rules/grade/febrile_neutropenia.h"

#include <ostream>

#include <gtest/gtest.h>

#include "rules/grade/panel.h"
#include "tests/support/case_name.h"
#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;
using story::Story;

constexpr Grade NA = kNotGradable;

struct FeverCase {
    const char* name;
    void (*tell)(Story&);
    Instant asked;
    Grade grade;
    Grade upper;
};
void PrintTo(const FeverCase& c, std::ostream* out) { *out << c.name; }

Assessment said_at(const Story& told, Instant at) { return told.at(at, Scale::ctcae_5_0, Term::febrile_neutropenia); }

class FebrileNeutropenia : public testing::TestWithParam<FeverCase> {};
TEST_P(FebrileNeutropenia, grade) {
    Story told;
    told.adult().infused();
    GetParam().tell(told);
    const Assessment said = said_at(told, GetParam().asked);
    EXPECT_TRUE(said.under_surveillance);
    EXPECT_EQ(int{said.grade}, int{GetParam().grade});
    EXPECT_EQ(int{said.grade_upper}, int{GetParam().upper});
}
const FeverCase kCases[] = {
    {"T17_38_3_once", [](Story& s) { s.lab(d(5, 8), Analyte::neutrophils, 0.8).temperature(d(5, 10), 38.3); }, d(5, 11),
     0, 0},
    {"38_31_once", [](Story& s) { s.lab(d(5, 8), Analyte::neutrophils, 0.8).temperature(d(5, 10), 38.31); }, d(5, 11),
     3, 3},
    {"38_304_rounds_to_38_3", [](Story& s) { s.lab(d(5, 8), Analyte::neutrophils, 0.8).temperature(d(5, 10), 38.304); },
     d(5, 11), 0, 0},
    {"T19_38_1_for_65_minutes",
     [](Story& s) {
         s.lab(d(5, 8), Analyte::neutrophils, 0.99).temperature(d(5, 10), 38.1).temperature(d(5, 11, 5), 38.1);
     },
     d(5, 12), 3, 3},
    {"38_1_for_60_minutes",
     [](Story& s) {
         s.lab(d(5, 8), Analyte::neutrophils, 0.99).temperature(d(5, 10), 38.1).temperature(d(5, 11), 38.1);
     },
     d(5, 12), 0, 0},
    {"38_1_for_61_minutes",
     [](Story& s) {
         s.lab(d(5, 8), Analyte::neutrophils, 0.99).temperature(d(5, 10), 38.1).temperature(d(5, 11, 1), 38.0);
     },
     d(5, 12), 3, 3},
    {"a_reading_below_38_between_parts",
     [](Story& s) {
         s.lab(d(5, 8), Analyte::neutrophils, 0.99).temperature(d(5, 10), 38.1).temperature(d(5, 10, 30), 37.9);
         s.temperature(d(5, 11, 5), 38.1);
     },
     d(5, 12), 0, 0},
    {"neutrophils_at_1_0", [](Story& s) { s.lab(d(5, 8), Analyte::neutrophils, 1.0).temperature(d(5, 10), 39); },
     d(5, 11), 0, 0},
    {"neutrophils_0_999", [](Story& s) { s.lab(d(5, 8), Analyte::neutrophils, 0.999).temperature(d(5, 10), 39); },
     d(5, 11), 3, 3},
    {"neutrophils_of_48_hours_ago",
     [](Story& s) { s.lab(d(3, 10), Analyte::neutrophils, 0.5).temperature(d(5, 10), 39); }, d(5, 10), 3, 3},
    {"neutrophils_of_longer_ago",
     [](Story& s) { s.lab(d(3, 9, 59), Analyte::neutrophils, 0.5).temperature(d(5, 10), 39); }, d(5, 10), NA, 3},
    {"neutrophils_unknown", [](Story& s) { s.temperature(d(5, 10), 39); }, d(5, 11), NA, 3},
    {"neutrophils_learnt_after_the_fever",
     [](Story& s) { s.temperature(d(5, 10), 39).lab(d(5, 11), Analyte::neutrophils, 0.2); }, d(5, 12), 3, 3},
};
INSTANTIATE_TEST_SUITE_P(Limits, FebrileNeutropenia, testing::ValuesIn(kCases), CaseName{});

TEST(FebrileNeutropeniaState, is_said_in_addition_to_crs) {
    Story told;
    told.adult().infused().lab(d(5, 8), Analyte::neutrophils, 0.2).temperature(d(5, 10), 39);
    EXPECT_EQ(told.at(d(5, 11), Scale::astct_crs_2019).grade, 1);
    EXPECT_EQ(said_at(told, d(5, 11)).grade, 3);
}

TEST(FebrileNeutropeniaState, stays_until_absence_is_observed) {
    Story told;
    told.adult().infused().lab(d(5, 8), Analyte::neutrophils, 0.2).temperature(d(5, 10), 39);
    const Assessment silent = said_at(told, d(6, 10));
    EXPECT_EQ(silent.grade, 3);
    EXPECT_TRUE(silent.flags.has(Flag::stale_input));
    told.temperature(d(6, 12), 37.2);
    EXPECT_EQ(said_at(told, d(6, 13)).grade, 0);
}

TEST(FebrileNeutropeniaState, ends_when_neutrophils_are_back) {
    Story told;
    told.adult().infused().lab(d(5, 8), Analyte::neutrophils, 0.2).temperature(d(5, 10), 39);
    told.lab(d(5, 12), Analyte::neutrophils, 1.0);
    EXPECT_EQ(said_at(told, d(5, 13)).grade, 0);
}

TEST(FebrileNeutropeniaState, fever_before_the_infusion_does_not_count) {
    Story told;
    told.adult().lab(d(0, 6), Analyte::neutrophils, 0.2).temperature(d(0, 8), 39).infused();
    EXPECT_FALSE(said_at(told, d(0, 12)).under_surveillance);
}

std::vector<Episode> episodes(const Story& told, Instant as_of = kAlways) {
    std::vector<Episode> found;
    for (const Episode& episode : told.timeline().derived({}, as_of).episodes) {
        if (episode.term == Term::febrile_neutropenia) found.push_back(episode);
    }
    return found;
}

TEST(FebrileNeutropeniaEpisode, ends_after_a_day_without) {
    Story told;
    told.adult().infused().lab(d(5, 8), Analyte::neutrophils, 0.2).temperature(d(5, 10), 39).temperature(d(5, 14), 37);
    auto found = episodes(told, d(6, 9));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_FALSE(found[0].resolved.has_value());
    found = episodes(told, d(6, 11));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].onset, d(5, 10));
    EXPECT_EQ(found[0].resolved, d(5, 10)) << "the last sign";
    EXPECT_EQ(found[0].max_grade, 3);
}

TEST(FebrileNeutropeniaEpisode, fever_again_within_the_day_is_the_same) {
    Story told;
    told.adult().infused().lab(d(5, 8), Analyte::neutrophils, 0.2).temperature(d(5, 10), 39).temperature(d(5, 14), 37);
    told.temperature(d(6, 9), 38.9).temperature(d(6, 12), 37);
    auto found = episodes(told, d(8));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].resolved, d(6, 9));
    told.lab(d(9, 8), Analyte::neutrophils, 0.4).temperature(d(9, 9), 39);
    found = episodes(told, d(9, 10));
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[1].ordinal, 2);
}

// The hot path: an unremarkable temperature is told to a grader only while a fever is on.
TEST(FebrileNeutropeniaCost, unremarkable_temperatures_concern_nobody_without_fever) {
    PanelState panel;
    Fact fact;
    fact.analyte = Analyte::temperature;
    fact.has_value = true;
    fact.value = *quantity_of(37.9);
    EXPECT_EQ(panel_concerned(panel, fact), 0U);
    panel.awaiting_vitals = mask_of(PanelGrader::febrile);
    EXPECT_EQ(panel_concerned(panel, fact), mask_of(PanelGrader::febrile));
    fact.value = whole(38);
    panel.awaiting_vitals = 0;
    EXPECT_EQ(panel_concerned(panel, fact), mask_of(PanelGrader::febrile));
}

}  // namespace
}  // namespace cellvigil
