// When a day is over: both sides of lateness, grace and activity, and who counts.
#include "rules/monitor/day_clock.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cellvigil {
namespace {

const Instant kMidnight = Instant(std::chrono::sys_days(std::chrono::year(2026) / 3 / 11));
const CalendarDay kYesterday = utc_day(kMidnight) - 1;
const DayCloseRules kRules{.lateness_h = 6, .grace_h = 2, .activity_h = 48};  // so a day is over 8 h after midnight

struct Said {
    const char* site;
    hours recorded;  // after midnight
    hours appended;
};
struct ClockCase {
    const char* name;
    std::vector<Said> said;
    std::optional<CalendarDay> over;
};

class DayIsOver : public testing::TestWithParam<ClockCase> {};

TEST_P(DayIsOver, by_the_slowest_active_site) {
    DayClock clock;
    for (const Said& one : GetParam().said)
        clock.see("S", one.site, kMidnight + one.recorded, kMidnight + one.appended);
    EXPECT_EQ(clock.over(kRules), GetParam().over);
}

INSTANTIATE_TEST_SUITE_P(
    Limits, DayIsOver,
    testing::Values(
        ClockCase{"nobody", {}, std::nullopt},
        ClockCase{"an_hour_short_of_lateness_and_grace", {{"a", hours(7), hours(7)}}, kYesterday - 1},
        ClockCase{"at_lateness_and_grace", {{"a", hours(8), hours(8)}}, kYesterday},
        ClockCase{"written_after_it_was_taken_counts_as_taken", {{"a", hours(90), hours(7)}}, kYesterday - 1},
        ClockCase{"the_slower_site_decides", {{"a", hours(40), hours(40)}, {"b", hours(8), hours(40)}}, kYesterday},
        ClockCase{"at_the_limit_of_activity_it_still_holds",
                  {{"a", hours(55), hours(55)}, {"b", hours(7), hours(55)}},
                  kYesterday - 1},
        ClockCase{"beyond_activity_it_holds_nothing",
                  {{"a", hours(56), hours(56)}, {"b", hours(7), hours(56)}},
                  kYesterday + 2},
        ClockCase{
            "silent_in_the_log_beyond_activity", {{"a", hours(20), hours(56)}, {"b", hours(7), hours(7)}}, kYesterday},
        ClockCase{"a_clock_never_goes_back", {{"a", hours(8), hours(8)}, {"a", hours(2), hours(9)}}, kYesterday}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(DayClock, minutes_below_the_hour_do_not_count) {
    DayClock clock;
    EXPECT_TRUE(clock.see("S", "a", kMidnight + hours(7) + minutes(59), kMidnight + hours(7) + minutes(59)));
    EXPECT_EQ(clock.over(kRules), kYesterday - 1);
    EXPECT_FALSE(clock.see("S", "a", kMidnight + hours(7) + minutes(59), kMidnight + hours(7) + minutes(59)));
    EXPECT_TRUE(clock.see("S", "a", kMidnight + hours(8), kMidnight + hours(8)));
    EXPECT_EQ(clock.over(kRules), kYesterday);
}

TEST(DayClock, a_tick_decides_only_where_no_site_is_active) {
    DayClock alone;
    EXPECT_TRUE(alone.tick(kYesterday, kMidnight + hours(20), kRules));
    EXPECT_EQ(alone.over(kRules), kYesterday);
    EXPECT_FALSE(alone.has_active_site(kRules));
    EXPECT_FALSE(alone.tick(kYesterday, kMidnight + hours(20), kRules));

    DayClock held;
    held.see("S", "a", kMidnight + hours(1), kMidnight + hours(1));
    held.tick(kYesterday, kMidnight + hours(20), kRules);
    EXPECT_TRUE(held.has_active_site(kRules));
    EXPECT_EQ(held.over(kRules), kYesterday - 1);

    DayClock left_behind;
    left_behind.see("S", "a", kMidnight - hours(60), kMidnight - hours(60));
    left_behind.tick(kYesterday, kMidnight + hours(20), kRules);
    EXPECT_EQ(left_behind.over(kRules), kYesterday);
}

TEST(DayClock, goes_on_from_what_was_kept) {
    DayClock clock;
    clock.see("S", "a", kMidnight + hours(30), kMidnight + hours(31));
    clock.see("T", "a", kMidnight + hours(9), kMidnight + hours(31));
    clock.tick(kYesterday, kMidnight, kRules);
    DayClock again;
    for (const SiteClock& one : clock.clocks()) again.restore(one);
    EXPECT_EQ(again.clocks(), clock.clocks());
    EXPECT_EQ(again.over(kRules), clock.over(kRules));
}

}  // namespace
}  // namespace cellvigil
