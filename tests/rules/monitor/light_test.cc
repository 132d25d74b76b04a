// The traffic light does not flicker, and its weeks are what the table held then.
#include "rules/monitor/light.h"

#include <gtest/gtest.h>

#include "rules/monitor/look.h"

namespace cellvigil {
namespace {

struct LightCase {
    const char* name;
    std::vector<double> scores;
    Light expected;
};
class Lights : public testing::TestWithParam<LightCase> {};
TEST_P(Lights, colour) { EXPECT_EQ(light_of({}, GetParam().scores), GetParam().expected); }
INSTANTIATE_TEST_SUITE_P(Rules, Lights,
                         testing::ValuesIn(std::vector<LightCase>{
                             {"quiet", {0.1, 0.2, 0.3}, Light::green},
                             {"one_week_is_not_enough", {0.1, 0.1, 0.99}, Light::green},
                             {"two_weeks_at_the_limit", {0.1, 0.95, 0.95}, Light::red},
                             {"just_below_red", {0.1, 0.949, 0.949}, Light::amber},
                             {"stays_red_above_where_it_clears", {0.95, 0.95, 0.80, 0.80}, Light::red},
                             {"clears_to_amber_after_two_weeks_below", {0.95, 0.95, 0.79, 0.79}, Light::amber},
                             {"one_week_below_clears_nothing", {0.95, 0.95, 0.1}, Light::red},
                             {"clears_to_green", {0.95, 0.95, 0.1, 0.1}, Light::green},
                         }),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(LightWeeks, are_the_table_as_of_each_end_of_week) {
    CalendarTable table;
    table.add(PersonTimeShare{100, 200, true});
    table.add(PersonTimeShare{110, 170, false});
    table.add(PersonTimeShare{150, 260, true});
    for (const CalendarDay through : {99, 100, 130, 170, 199, 200, 205, 300}) {
        const std::vector<WeekTotals> weeks = week_totals(table, through, kLightWeeks);
        ASSERT_EQ(weeks.size(), static_cast<std::size_t>(kLightWeeks));
        for (int i = 0; i < kLightWeeks; ++i) {
            const CalendarDay end = through - 7 * (kLightWeeks - 1 - i);
            const Exposure then = exposure(table, end);
            EXPECT_EQ(weeks[static_cast<std::size_t>(i)].events, then.events) << through << " " << end;
            EXPECT_EQ(weeks[static_cast<std::size_t>(i)].person_days, then.person_days) << through << " " << end;
        }
    }
}

TEST(LightWeeks, of_subjects_are_those_infused_by_then) {
    CalendarTable table;
    table.add(BinaryShare{100, true, false, {}});
    table.add(BinaryShare{107, false, false, {}});
    const std::vector<WeekTotals> weeks = week_totals(table, 107, 3);
    EXPECT_EQ(weeks, (std::vector<WeekTotals>{{0, 0, 0}, {1, 1, 0}, {1, 2, 0}}));
}

}  // namespace
}  // namespace cellvigil
