#include "rules/monitor/calendar_table.h"

#include <gmock/gmock.h>

namespace cellvigil {
namespace {

using testing::ElementsAre;

TEST(CalendarTable, person_days_count_both_ends_and_stop_with_the_look) {
    CalendarTable table;
    table.add(PersonTimeShare{10, 19, false});
    EXPECT_EQ(exposure(table, 9).person_days, 0);
    EXPECT_EQ(exposure(table, 10).person_days, 1);
    EXPECT_EQ(exposure(table, 15).person_days, 6);
    EXPECT_EQ(exposure(table, 19).person_days, 10);
    EXPECT_EQ(exposure(table, 400).person_days, 10);
}

TEST(CalendarTable, an_event_comes_after_the_person_days_of_its_day) {
    CalendarTable table;
    table.add(PersonTimeShare{0, 99, false});
    table.add(PersonTimeShare{0, 49, true});
    table.add(PersonTimeShare{40, 49, true});
    EXPECT_THAT(exposure(table, 99).arrivals, ElementsAre(110, 110));
    EXPECT_EQ(exposure(table, 99).person_days, 160);
    EXPECT_EQ(exposure(table, 48).events, 0);
    EXPECT_EQ(exposure(table, 49).events, 2);
}

TEST(CalendarTable, one_day_at_risk) {
    CalendarTable table;
    table.add(PersonTimeShare{7, 7, true});
    EXPECT_EQ(exposure(table, 7).person_days, 1);
    EXPECT_THAT(exposure(table, 7).arrivals, ElementsAre(1));
    table.subtract(PersonTimeShare{7, 7, true});
    EXPECT_EQ(table, CalendarTable{});
}

TEST(CalendarTable, who_was_lost_in_the_window_without_the_event_is_replaced) {
    CalendarTable table;
    table.add(BinaryShare{3, false, true, {}});
    table.add(BinaryShare{3, true, true, 5});
    table.add(BinaryShare{5, false, false, {}});
    const auto days = infusion_days(table, 10);
    ASSERT_EQ(days.size(), 2U);
    EXPECT_EQ(days[0].patients, 1);
    EXPECT_EQ(days[0].known_events, 1);
    EXPECT_EQ(days[1].patients, 1);
    EXPECT_EQ(infusion_days(table, 4).size(), 1U);
}

}  // namespace
}  // namespace cellvigil
