#include "daemon/metrics/clinical.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/store/memory.h"

namespace cellvigil::metrics {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A subject's cells, as the pipeline adds them up.
void count(std::vector<store::CellSum>& cells, const std::string& cohort, const SubjectSummary& summary) {
    for (const CellKey& key : cells_of(summary)) cells.push_back({cohort, key.measure, key.x, 0, 1});
}

SubjectSummary infused(Grade crs, Grade crs_upper, Grade icans) {
    SubjectSummary summary;
    summary.state = SubjectState::infused;
    summary.infused = true;
    summary.crs_max = crs;
    summary.crs_max_upper = crs_upper;
    summary.icans_max = icans;
    summary.icans_max_upper = icans;
    return summary;
}

// Every measure that a summary counts in has a place here: a cell the rules add must not be lost silently.
TEST(CohortNumbersOfCells, every_cell_of_a_summary_has_its_place) {
    SubjectSummary summary = infused(3, 4, kNotGradable);
    summary.crs_now = 2;
    summary.icans_now = 1;
    summary.zoster_episodes = 1;
    summary.zoster_past_day_90 = 1;
    summary.grade_disagreements = 3;
    summary.grades_left_open = 2;
    summary.grades_not_computed = 1;
    summary.zoster_worst = ZosterClass::disseminated;
    summary.infections_past_day_90 = 1;
    std::vector<store::CellSum> cells;
    count(cells, "S/A", summary);
    const auto cohorts = cohort_numbers(cells);
    ASSERT_EQ(cohorts.size(), 1U);
    const CohortNumbers& cohort = cohorts[0];
    EXPECT_EQ(cohort.cohort, "S/A");
    EXPECT_THAT(cohort.subjects, ElementsAre(0, 1, 0, 0, 0, 0, 0, 0));
    EXPECT_EQ(cohort.infused, 1);
    EXPECT_THAT(cohort.endpoints[0].highest, ElementsAre(0, 0, 0, 1, 0, 0));
    EXPECT_THAT(cohort.endpoints[0].highest_upper, ElementsAre(0, 0, 0, 0, 1, 0));
    EXPECT_THAT(cohort.endpoints[0].active, ElementsAre(0, 0, 1, 0, 0, 0));
    EXPECT_EQ(cohort.endpoints[1].not_gradable, 1);
    EXPECT_THAT(cohort.endpoints[1].active, ElementsAre(0, 1, 0, 0, 0, 0));
    EXPECT_EQ(cohort.zoster[static_cast<std::size_t>(ZosterClass::disseminated)], 1);
    EXPECT_EQ(cohort.zoster_past_day_90[static_cast<std::size_t>(ZosterClass::disseminated)], 1);
    EXPECT_EQ(cohort.infection_past_day_90, 1);
    EXPECT_EQ(cohort.grade_items[static_cast<std::size_t>(DisagreementKind::differs)], 3);
    EXPECT_EQ(cohort.grade_items[static_cast<std::size_t>(DisagreementKind::left_open)], 2);
    EXPECT_EQ(cohort.grade_items[static_cast<std::size_t>(DisagreementKind::not_computed)], 1);
}

TEST(CohortNumbersOfCells, at_least_adds_from_the_grade_up) {
    std::vector<store::CellSum> cells;
    for (const int grade : {0, 1, 2, 3, 3, 5}) count(cells, "S/A", infused(static_cast<Grade>(grade), 5, 0));
    const auto cohort = cohort_numbers(cells).at(0);
    const EndpointNumbers& crs = cohort.endpoints[0];
    EXPECT_EQ(cohort.infused, 6);
    EXPECT_EQ(crs.at_least(1), 5);
    EXPECT_EQ(crs.at_least(3), 3);
    EXPECT_EQ(crs.at_least(4), 1);
    EXPECT_EQ(crs.at_least(5), 1);
    EXPECT_EQ(crs.at_least_upper(5), 6);
}

TEST(CohortNumbersOfCells, cells_of_others_and_impossible_ones_are_left_out) {
    const std::vector<store::CellSum> cells{{"-", "rules/0123", 0, 0, 1},
                                            {"S/A", "infused", 0, 0, 2},
                                            {"S/A", "crs_max", 6, 0, 1},
                                            {"S/A", "crs_max", -2, 0, 1},
                                            {"S/A", "zoster", 99, 0, 1}};
    const auto cohorts = cohort_numbers(cells);
    ASSERT_EQ(cohorts.size(), 1U);
    EXPECT_EQ(cohorts[0].infused, 2);
    EXPECT_EQ(cohorts[0].endpoints[0].at_least(1), 0);
}

TEST(CohortNumbersOfCells, cohorts_stand_in_order_and_partitions_add_up) {
    const std::vector<store::CellSum> cells{
        {"S/B", "infused", 0, 0, 1}, {"S/A", "infused", 0, 0, 2}, {"S/A", "infused", 0, 0, 3}};
    const auto cohorts = cohort_numbers(cells);
    ASSERT_EQ(cohorts.size(), 2U);
    EXPECT_EQ(cohorts[0].cohort, "S/A");
    EXPECT_EQ(cohorts[0].infused, 5);
}

TEST(CommittedState, of_an_empty_store_is_empty) {
    const auto session = store::open_memory();
    const auto committed = read_committed(*session);
    ASSERT_TRUE(committed.has_value());
    EXPECT_THAT(committed->cohorts, IsEmpty());
    EXPECT_THAT(committed->counts.held, IsEmpty());
}

}  // namespace
}  // namespace cellvigil::metrics
