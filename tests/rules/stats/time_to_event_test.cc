// Day tables and their estimators: merging, the checks of a risk table, and survival of the ovarian data of R's
// survival (26 women, 12 deaths) with the values of survfit(conf.type = "log-log") 3.5-3.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "rules/stats/aalen_johansen.h"
#include "rules/stats/day_table.h"
#include "rules/stats/kaplan_meier.h"
#include "rules/stats/risk_table.h"

namespace cellvigil {
namespace {

constexpr Confidence k95{0.95};

DayTable ovarian() {
    DayTable table;
    table.enter(0, 26);
    for (const int day : {59, 115, 156, 268, 329, 353, 365, 431, 464, 475, 563, 638}) table.have_event(day);
    for (const int day : {377, 421, 448, 477, 744, 769, 770, 803, 855, 1040, 1106, 1129, 1206, 1227}) table.censor(day);
    return table;
}

TEST(DayTable, a_subject_taken_back_leaves_no_trace) {
    DayTable table = ovarian();
    table.enter(90);
    table.have_event(200);
    DayTable subject;
    subject.enter(90);
    subject.have_event(200);
    table.subtract(subject);
    EXPECT_EQ(table, ovarian());
    table.subtract(ovarian());
    EXPECT_TRUE(table.empty());
    EXPECT_EQ(table, DayTable());
}

TEST(DayTable, single_retractions_leave_no_trace) {
    DayTable table(2);
    table.enter(-1);
    table.have_event(0, 1);
    table.have_event(0, 1, -1);
    table.censor(3);
    ASSERT_EQ(table.size(), 2U);
    EXPECT_EQ(table.row(0).day, -1);
    EXPECT_EQ(table.row(0).entries, 1);
    EXPECT_EQ(table.row(1).day, 3);
    EXPECT_EQ(table.row(1).censored, 1);
    EXPECT_EQ(table.row(1).events[1], 0);
}

struct FaultCase {
    const char* name;
    void (*fill)(DayTable&);
    const char* detail;
};
class RiskTableFault : public testing::TestWithParam<FaultCase> {};
TEST_P(RiskTableFault, is_named_with_its_day) {
    DayTable table;
    GetParam().fill(table);
    const auto result = risk_table(table);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, Errc::invalid);
    EXPECT_EQ(result.error().detail, GetParam().detail);
}
INSTANTIATE_TEST_SUITE_P(
    Faults, RiskTableFault,
    testing::ValuesIn(std::to_array<FaultCase>({
        {"nobody_entered", [](DayTable& table) { table.censor(4); }, "day 4: 1 subjects leave, 0 are at risk"},
        {"leaves_on_the_day_of_entry",
         [](DayTable& table) {
             table.enter(7);
             table.have_event(7);
         },
         "day 7: 1 subjects leave, 0 are at risk"},
        {"retracted_without_its_fact", [](DayTable& table) { table.enter(2, -1); }, "day 2 has a negative count"},
    })),
    [](const auto& row) { return row.param.name; });

TEST(RiskTable, an_entry_counts_from_the_next_day) {
    DayTable table;
    table.enter(90, 3);
    table.censor(91, 2);
    table.censor(100);
    const auto risk = risk_table(table);
    ASSERT_TRUE(risk.has_value());
    EXPECT_EQ(risk->at_risk_on(90), 0);
    EXPECT_EQ(risk->at_risk_on(91), 3);
    EXPECT_EQ(risk->at_risk_on(92), 1);
    EXPECT_EQ(risk->at_risk_on(101), 0);
    EXPECT_EQ(risk->person_days(), 12);
}

TEST(RiskTable, person_days_need_every_exit) {
    DayTable table;
    table.enter(0, 2);
    table.have_event(10);
    EXPECT_EQ(risk_table(table)->person_days(), std::nullopt);
    table.censor(30);
    EXPECT_EQ(risk_table(table)->person_days(), 40);
    EXPECT_EQ(risk_table(ovarian())->person_days(), 15588);
    EXPECT_EQ(risk_table(ovarian())->events(), 12);
}

TEST(KaplanMeier, ovarian) {
    const SurvivalCurve curve = kaplan_meier(*risk_table(ovarian()), k95);
    const SurvivalPoint point = survival_on(curve, 365);
    EXPECT_NEAR(point.survival, 0.730769231, 1e-9);
    EXPECT_NEAR(*point.se, 0.086989292, 1e-9);
    EXPECT_NEAR(point.interval->lower, 0.516885735, 1e-9);
    EXPECT_NEAR(point.interval->upper, 0.861502560, 1e-9);
    const SurvivalQuantile median = survival_quantile(curve, 0.5);
    EXPECT_EQ(median.day, 638);
    EXPECT_EQ(median.lower, 431);
    EXPECT_EQ(median.upper, std::nullopt);
    EXPECT_EQ(survival_on(curve, 58).survival, 1.0);
    EXPECT_EQ(survival_on(curve, 58).se, 0.0);
    EXPECT_EQ(survival_on(curve, 58).interval, std::nullopt);
}

TEST(KaplanMeier, median_follow_up_of_ovarian) {
    const SurvivalCurve curve = kaplan_meier(*risk_table(follow_up_table(ovarian())), k95);
    EXPECT_EQ(survival_quantile(curve, 0.5).day, 803);
}

TEST(KaplanMeier, nothing_is_said_about_the_error_of_zero) {
    DayTable table;
    table.enter(0, 2);
    table.have_event(5, 0, 2);
    const SurvivalPoint point = survival_on(kaplan_meier(*risk_table(table), k95), 5);
    EXPECT_EQ(point.survival, 0.0);
    EXPECT_EQ(point.se, std::nullopt);
    EXPECT_EQ(point.interval, std::nullopt);
}

// Uncensored data of even number: the usual median lies between the two middle values.
TEST(KaplanMeier, a_flat_piece_at_the_quantile_gives_its_middle) {
    DayTable table;
    table.enter(0, 4);
    for (const int day : {10, 20, 40, 50}) table.have_event(day);
    EXPECT_EQ(survival_quantile(kaplan_meier(*risk_table(table), k95), 0.5).day, 30);
}

// The formula's terms cancel there, but for the last digits: R says 3e-17, a naive sum 1e-9.
TEST(AalenJohansen, who_all_have_had_an_event_leave_no_error) {
    DayTable table(1);
    table.enter(0, 12);
    for (std::int32_t day = 30; day < 42; ++day) table.have_event(day, 0, 1);
    const auto risk = risk_table(table);
    ASSERT_TRUE(risk);
    const auto points = aalen_johansen(*risk, 0, {35, 41, 60}, {});
    EXPECT_GT(points[0].se, 0.1);
    EXPECT_EQ(points[1].se, 0);
    EXPECT_NEAR(points[2].incidence, 1, 1e-15);
    EXPECT_EQ(points[2].se, 0);
}

TEST(AalenJohansen, two_causes_by_hand) {
    DayTable table(2);
    table.enter(0, 4);
    table.have_event(1, 0);
    table.have_event(2, 1);
    table.censor(2);
    table.have_event(3, 0);
    const auto risk = risk_table(table);
    ASSERT_TRUE(risk.has_value());
    const auto first = aalen_johansen(*risk, 0, {0, 1, 2, 3}, k95);
    const auto second = aalen_johansen(*risk, 1, {0, 1, 2, 3}, k95);
    EXPECT_EQ(first[0].incidence, 0);
    EXPECT_EQ(first[0].interval, std::nullopt);
    EXPECT_DOUBLE_EQ(first[1].incidence, 0.25);
    EXPECT_DOUBLE_EQ(first[2].incidence, 0.25);
    EXPECT_DOUBLE_EQ(second[2].incidence, 0.25);
    EXPECT_DOUBLE_EQ(first[3].incidence, 0.75);
    EXPECT_DOUBLE_EQ(first[1].se, std::sqrt(0.25 * 0.75 / 4));
}

}  // namespace
}  // namespace cellvigil
