#include "rules/monitor/alarm_course.h"

#include <gtest/gtest.h>

#include <array>

#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

struct FurtherCase {
    const char* name;
    std::int64_t told;
    RefireRules rules;
    std::int64_t needed;
};
class FurtherEvents : public testing::TestWithParam<FurtherCase> {};
TEST_P(FurtherEvents, needed_to_fire_again) {
    const auto& [name, told, rules, needed] = GetParam();
    EXPECT_EQ(further_needed(told, rules), needed);
    AlarmCourse course{true, told};
    EXPECT_EQ(tell(course, true, told + needed - 1, rules), Telling::nothing);
    EXPECT_EQ(course.told, told);
    EXPECT_EQ(tell(course, true, told + needed, rules), Telling::further);
    EXPECT_EQ(course.told, told + needed);
}
INSTANTIATE_TEST_SUITE_P(Limits, FurtherEvents,
                         testing::ValuesIn(std::to_array<FurtherCase>({
                             {"first_event", 1, {}, 1},
                             {"nineteen", 19, {}, 1},
                             {"twenty", 20, {}, 2},
                             {"twenty_nine", 29, {}, 2},
                             {"a_hundred", 100, {}, 10},
                             {"each_further_one", 100, {.events = 1, .percent = 0}, 1},
                             {"three_at_least", 20, {.events = 3, .percent = 10}, 3},
                             {"twice_as_many", 7, {.events = 1, .percent = 100}, 7},
                         })),
                         CaseName{});

TEST(AlarmCourseTold, a_crossing_after_an_end_fires_with_whatever_number) {
    AlarmCourse course;
    EXPECT_EQ(tell(course, false, 9, {}), Telling::nothing);
    EXPECT_EQ(tell(course, true, 9, {}), Telling::crossed);
    EXPECT_EQ(tell(course, false, 8, {}), Telling::ended);
    EXPECT_EQ(course, AlarmCourse{});
    EXPECT_EQ(tell(course, true, 4, {}), Telling::crossed);
    EXPECT_EQ(course.told, 4);
}

TEST(AlarmCourseTold, what_goes_and_comes_back_is_not_further) {
    AlarmCourse course{true, 5};
    EXPECT_EQ(tell(course, true, 4, {}), Telling::nothing);
    EXPECT_EQ(tell(course, true, 5, {}), Telling::nothing);
    EXPECT_EQ(tell(course, true, 6, {}), Telling::further);
}

TEST(AlarmCourseTold, of_an_alarm_told_before_this_was_kept_the_next_look_says_the_number) {
    AlarmCourse course{true, std::nullopt};
    EXPECT_EQ(tell(course, true, 12, {}), Telling::nothing);
    EXPECT_EQ(course.told, 12);
    EXPECT_EQ(tell(course, true, 13, {}), Telling::further);
}

}  // namespace
}  // namespace cellvigil
