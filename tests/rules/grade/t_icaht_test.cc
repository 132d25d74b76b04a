// T-ICAHT: cumulative days of low platelets, a row on each side of every limit.
#include "rules/grade/t_icaht.h"

#include <ostream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

constexpr Grade NA = kNotGradable;

struct Stretch {
    std::int32_t platelets;  // 10*9/L
    std::int32_t first;
    std::int32_t last;
};
DayLows course(std::int32_t otherwise, std::int32_t from, std::int32_t to, std::initializer_list<Stretch> stretches) {
    DayLows lows;
    for (std::int32_t day = from; day <= to; ++day) lows.note(day, whole(otherwise));
    for (const Stretch& stretch : stretches) {
        for (std::int32_t day = stretch.first; day <= stretch.last; ++day) {
            lows.micro[static_cast<std::size_t>(day)] = whole(stretch.platelets).micro;
        }
    }
    return lows;
}
DayLows early(std::initializer_list<Stretch> stretches) { return course(150, 0, 30, stretches); }

struct EarlyCase {
    const char* name;
    DayLows lows;
    Grade expected;
};
void PrintTo(const EarlyCase& c, std::ostream* out) { *out << c.name; }
class EarlyTIcaht : public testing::TestWithParam<EarlyCase> {};
TEST_P(EarlyTIcaht, grade) {
    const PlateletDays found = low_platelet_days(GetParam().lows, {0, 30});
    EXPECT_EQ(grade_early_t_icaht(found.known, found.any_value), GetParam().expected)
        << found.known.below_50 << " " << found.known.below_20;
}
INSTANTIATE_TEST_SUITE_P(
    Limits, EarlyTIcaht,
    testing::Values(EarlyCase{"never_low", early({}), 0}, EarlyCase{"at_50", early({{50, 5, 20}}), 0},
                    EarlyCase{"one_day_below_50", early({{49, 5, 5}}), 1},
                    EarlyCase{"six_days_below_50", early({{49, 5, 10}}), 1},
                    EarlyCase{"seven_days_below_50", early({{49, 5, 11}}), 2},
                    EarlyCase{"thirty_one_days_below_50", early({{49, 0, 30}}), 2},
                    EarlyCase{"at_20", early({{20, 5, 11}}), 2}, EarlyCase{"one_day_below_20", early({{19, 5, 5}}), 3},
                    EarlyCase{"thirteen_days_below_20", early({{19, 5, 17}}), 3},
                    EarlyCase{"fourteen_days_below_20", early({{19, 5, 18}}), 4},
                    EarlyCase{"days_are_cumulative", early({{30, 2, 5}, {30, 15, 17}}), 2},
                    EarlyCase{"six_cumulative_days", early({{30, 2, 4}, {30, 15, 17}}), 1},
                    EarlyCase{"two_days_of_recovery_count", early({{30, 2, 4}, {30, 7, 8}}), 2},
                    EarlyCase{"three_days_of_recovery_do_not", early({{30, 2, 4}, {30, 8, 9}}), 1},
                    EarlyCase{"two_days_above_20_count", early({{10, 2, 8}, {30, 9, 10}, {10, 11, 15}}), 4},
                    EarlyCase{"three_days_above_20_do_not", early({{10, 2, 7}, {30, 8, 10}, {10, 11, 15}}), 3}),
    CaseName{});

TEST(EarlyTIcahtData, missing_days_bound_from_above) {
    const PlateletDays found = low_platelet_days(course(150, 0, 10, {}), {0, 30});
    EXPECT_TRUE(found.data_gap);
    EXPECT_EQ(grade_early_t_icaht(found.known, found.any_value), Grade{0});
    EXPECT_EQ(grade_early_t_icaht(found.worst, found.any_value), Grade{4});
    EXPECT_EQ(grade_early_t_icaht({}, false), std::nullopt);
}

struct LateCase {
    const char* name;
    DayLows lows;
    Grade grade;
    Grade upper;
};
void PrintTo(const LateCase& c, std::ostream* out) { *out << c.name; }
class LateTIcahtGrade : public testing::TestWithParam<LateCase> {};
TEST_P(LateTIcahtGrade, grade) {
    const LateTIcaht late = grade_late_t_icaht(GetParam().lows, 100);
    EXPECT_EQ(int{late.grade}, int{GetParam().grade});
    EXPECT_EQ(int{late.upper}, int{GetParam().upper});
}
DayLows late(std::initializer_list<Stretch> stretches) { return course(150, 31, 100, stretches); }
DayLows two(std::int32_t first, std::int32_t second) {
    DayLows lows;
    lows.note(40, whole(first));
    lows.note(46, whole(second));
    return lows;
}
INSTANTIATE_TEST_SUITE_P(Limits, LateTIcahtGrade,
                         testing::Values(LateCase{"at_100", two(100, 100), 0, 0},
                                         LateCase{"below_100", two(99, 99), 1, 1}, LateCase{"at_50", two(50, 60), 1, 1},
                                         LateCase{"below_50", two(49, 60), 2, 2}, LateCase{"at_20", two(20, 60), 2, 2},
                                         LateCase{"one_low_value_is_transient", two(10, 100), 0, 0},
                                         LateCase{"below_20", late({{19, 40, 41}}), 3, 3},
                                         LateCase{"thirteen_days_below_20", late({{19, 40, 52}}), 3, 3},
                                         LateCase{"fourteen_days_below_20", late({{19, 40, 53}}), 4, 4},
                                         LateCase{"days_add_up", late({{19, 40, 46}, {19, 60, 66}}), 4, 4},
                                         LateCase{"day_30_is_early", course(10, 30, 30, {}), NA, NA},
                                         LateCase{"day_31_alone_is_a_single_value", course(60, 31, 31, {}), NA, 1}),
                         CaseName{});

RC_GTEST_PROP(TIcahtLaw, a_lower_count_never_has_a_milder_grade, ()) {
    DayLows lows;
    for (std::int32_t day = 0; day <= 30; ++day) lows.note(day, whole(*rc::gen::inRange(1, 120)));
    const auto grade = [&] {
        const PlateletDays found = low_platelet_days(lows, {0, 30});
        return *grade_early_t_icaht(found.known, found.any_value);
    };
    const Grade before = grade();
    lows.note(*rc::gen::inRange(0, 31), whole(*rc::gen::inRange(1, 60)));
    RC_ASSERT(grade() >= before);
}

}  // namespace
}  // namespace cellvigil
