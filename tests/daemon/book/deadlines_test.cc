#include "daemon/book/deadlines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cellvigil::book {
namespace {

using testing::Contains;
using testing::IsEmpty;

constexpr int kDay = 24 * 60;

store::ActionRow step(ActionKind kind, int day, std::uint32_t number) {
    store::ActionRow row;
    row.number = number;
    row.action.kind = kind;
    row.action.at = Instant(minutes(day * kDay + 60));
    return row;
}

const Reporting kEurope{{default_rule(Jurisdiction::eu_trial)}, UtcOffset{0}};
SiteDate date(int day) { return SiteDate(std::chrono::days(day)); }

TEST(AlertDeadlines, a_death_is_due_in_seven_days_from_when_it_was_known) {
    const std::vector history{step(ActionKind::raise, 10, 1)};
    const CaseClocks clocks = clocks_of_alert(history, "toxicity_death", {}, kNever, kEurope);
    const Deadline* due = next_due(clocks);
    ASSERT_NE(due, nullptr);
    EXPECT_EQ(due->kind, DeadlineKind::fatal);
    EXPECT_EQ(due->due, date(17));
    EXPECT_THAT(due->assumed, Contains("unexpected"));
}

TEST(AlertDeadlines, what_is_not_known_of_a_toxicity_is_taken_as_reportable_and_named) {
    const std::vector history{step(ActionKind::raise, 10, 1)};
    const CaseClocks clocks = clocks_of_alert(history, "crs_grade_3", {}, kNever, kEurope);
    const Deadline* due = next_due(clocks);
    ASSERT_NE(due, nullptr);
    EXPECT_LE(due->due, date(25));
    EXPECT_THAT(due->assumed, Contains("serious"));
}

TEST(AlertDeadlines, a_withdrawal_nullifies_the_case_and_a_new_cause_begins_a_new_one) {
    std::vector history{step(ActionKind::raise, 10, 1), step(ActionKind::withdraw, 12, 2)};
    EXPECT_EQ(next_due(clocks_of_alert(history, "toxicity_death", {}, kNever, kEurope)), nullptr);
    EXPECT_NE(next_due(clocks_of_alert(history, "toxicity_death", {}, history[0].action.at, kEurope)), nullptr)
        << "as of before the correction";
    history.push_back(step(ActionKind::raise, 20, 3));
    const Deadline* due = nullptr;
    const CaseClocks clocks = clocks_of_alert(history, "toxicity_death", {}, kNever, kEurope);
    due = next_due(clocks);
    ASSERT_NE(due, nullptr);
    EXPECT_EQ(due->due, date(27));
}

TEST(AlertDeadlines, what_people_do_and_what_clears_restarts_nothing) {
    const std::vector history{step(ActionKind::raise, 10, 1), step(ActionKind::acknowledge, 11, 2),
                              step(ActionKind::clear, 12, 3), step(ActionKind::propose_closure, 13, 4)};
    EXPECT_EQ(case_of(history, "crs_grade_3", {}, kNever).size(), 1U);
}

TEST(AlertDeadlines, a_deployment_without_jurisdictions_has_none) {
    const std::vector history{step(ActionKind::raise, 10, 1)};
    EXPECT_THAT(clocks_of_alert(history, "toxicity_death", {}, kNever, {}).deadlines, IsEmpty());
}

}  // namespace
}  // namespace cellvigil::book
