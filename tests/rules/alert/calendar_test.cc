#include "rules/alert/calendar.h"

#include <gtest/gtest.h>

namespace cellvigil {
namespace {

Instant utc(const char* text) { return *parse_rfc3339(text); }
SiteDate date(int year, unsigned month, unsigned day) {
    return SiteDate(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day));
}

// Central Europe in 2026: summer time from 29 March to 25 October.
TeamCalendar central_europe() {
    TeamCalendar calendar;
    calendar.offsets = {
        {kAlways, hours(1)}, {utc("2026-03-29T01:00:00Z"), hours(2)}, {utc("2026-10-25T01:00:00Z"), hours(1)}};
    calendar.holidays = {date(2026, 12, 25)};
    return calendar;
}

struct TimeCase {
    const char* name;
    const char* at;
    bool working;
    const char* next;
};
class WorkingTime : public testing::TestWithParam<TimeCase> {};
TEST_P(WorkingTime, by_the_team_s_clock) {
    const TeamCalendar calendar = central_europe();
    EXPECT_EQ(is_working_time(calendar, utc(GetParam().at)), GetParam().working);
    EXPECT_EQ(to_rfc3339(next_working_time(calendar, utc(GetParam().at))), GetParam().next);
}
INSTANTIATE_TEST_SUITE_P(Times, WorkingTime,
                         testing::ValuesIn(std::to_array<TimeCase>({
                             {"opens_in_winter", "2026-03-27T07:00:00Z", true, "2026-03-27T07:00:00Z"},
                             {"a_minute_before", "2026-03-27T06:59:00Z", false, "2026-03-27T07:00:00Z"},
                             {"last_minute", "2026-03-27T15:59:00Z", true, "2026-03-27T15:59:00Z"},
                             {"closed_on_friday_opens_on_monday_in_summer", "2026-03-27T16:00:00Z", false,
                              "2026-03-30T06:00:00Z"},
                             {"opens_in_summer", "2026-07-01T06:00:00Z", true, "2026-07-01T06:00:00Z"},
                             {"christmas_is_no_working_day", "2026-12-25T10:00:00Z", false, "2026-12-28T07:00:00Z"},
                         })),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(Calendar, working_days_skip_weekends_and_holidays) {
    const TeamCalendar calendar = central_europe();
    EXPECT_EQ(add_working_days(calendar, date(2026, 12, 23), 1), date(2026, 12, 24));
    EXPECT_EQ(add_working_days(calendar, date(2026, 12, 23), 2), date(2026, 12, 28));
    EXPECT_EQ(add_working_days(calendar, date(2026, 12, 23), 3), date(2026, 12, 29));
    EXPECT_EQ(add_working_days(calendar, date(2026, 12, 26), 0), date(2026, 12, 28));
}

TEST(Calendar, a_team_that_never_works_is_never_reached) {
    TeamCalendar calendar;
    calendar.working_days = 0;
    EXPECT_EQ(next_working_time(calendar, utc("2026-01-01T00:00:00Z")), kNever);
}

}  // namespace
}  // namespace cellvigil
