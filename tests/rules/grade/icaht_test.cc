// ICAHT by its published algorithm. H-rows are the vectors of the specification; the others stand on a side of a limit.
#include "rules/grade/icaht.h"

#include <functional>
#include <ostream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

struct Course {
    DayLows lows;
    Course() {
        for (std::int32_t day = 0; day <= 30; ++day) lows.note(day, whole(2));
    }
    Course& per_microlitre(std::int32_t count, std::int32_t first, std::int32_t last) {
        for (std::int32_t day = first; day <= last; ++day) {
            lows.micro[static_cast<std::size_t>(day)] = thousandths(count).micro;
        }
        return *this;
    }
    Course& micro(std::int64_t count, std::int32_t first, std::int32_t last) {
        for (std::int32_t day = first; day <= last; ++day) lows.micro[static_cast<std::size_t>(day)] = count;
        return *this;
    }
};
Course sparse() {
    Course course;
    course.lows = DayLows{};
    return course;
}

struct EarlyCase {
    const char* name;
    Course course;
    std::int32_t last_day;
    bool closed;
    Grade expected;
    bool data_gap;
};
void PrintTo(const EarlyCase& c, std::ostream* out) { *out << c.name; }
class EarlyIcaht : public testing::TestWithParam<EarlyCase> {};
TEST_P(EarlyIcaht, grade) {
    const EarlyCase& c = GetParam();
    const LowRuns runs = low_runs(c.course.lows, c.last_day).known;
    EXPECT_EQ(grade_early_icaht(runs, c.closed), c.expected) << runs.at_most_500 << " " << runs.at_most_100;
    EXPECT_EQ(runs.data_gap, c.data_gap);
}
INSTANTIATE_TEST_SUITE_P(
    Vectors, EarlyIcaht,
    testing::Values(
        EarlyCase{"H01_all_normal", Course(), 30, true, 0, false},
        EarlyCase{"one_day", Course().per_microlitre(300, 5, 5), 30, true, 1, false},
        EarlyCase{"six_days", Course().per_microlitre(300, 5, 10), 30, true, 1, false},
        EarlyCase{"H03_seven_days", Course().per_microlitre(300, 5, 11), 30, true, 2, false},
        EarlyCase{"thirteen_days", Course().per_microlitre(300, 5, 17), 30, true, 2, false},
        EarlyCase{"H05_fourteen_days", Course().per_microlitre(300, 5, 18), 30, true, 3, false},
        EarlyCase{"H07_six_very_low", Course().per_microlitre(300, 5, 13).per_microlitre(80, 7, 12), 30, true, 2,
                  false},
        EarlyCase{"seven_very_low", Course().per_microlitre(80, 7, 13), 30, true, 3, false},
        EarlyCase{"thirteen_very_low", Course().per_microlitre(80, 7, 19), 30, true, 3, false},
        EarlyCase{"fourteen_very_low", Course().per_microlitre(80, 7, 20), 30, true, 4, false},
        EarlyCase{"H09_never_above", Course().per_microlitre(400, 0, 30), 30, true, 4, false},
        EarlyCase{"thirty_days", Course().per_microlitre(400, 0, 29), 30, true, 3, false},
        EarlyCase{"H11_three_days_of_recovery",
                  Course().per_microlitre(300, 5, 9).per_microlitre(800, 10, 12).per_microlitre(300, 13, 17), 30, true,
                  1, false},
        EarlyCase{"two_days_of_recovery_join",
                  Course().per_microlitre(300, 5, 9).per_microlitre(800, 10, 11).per_microlitre(300, 12, 17), 30, true,
                  2, false},
        EarlyCase{"H13_at_510", Course().per_microlitre(510, 5, 12), 30, true, 0, false},
        EarlyCase{"at_500", Course().per_microlitre(500, 5, 12), 30, true, 2, false},
        EarlyCase{"at_501", Course().per_microlitre(501, 5, 12), 30, true, 0, false},
        EarlyCase{"at_504_is_not_rounded_to_500", Course().per_microlitre(504, 5, 12), 30, true, 0, false},
        EarlyCase{"H15_eight_days_missing",
                  sparse()
                      .per_microlitre(2000, 0, 0)
                      .per_microlitre(300, 5, 5)
                      .per_microlitre(300, 14, 14)
                      .per_microlitre(2000, 20, 20)
                      .per_microlitre(2000, 28, 28),
                  30, true, 1, true},
        EarlyCase{"seven_days_missing_are_filled",
                  sparse()
                      .per_microlitre(300, 5, 5)
                      .per_microlitre(300, 13, 13)
                      .per_microlitre(2000, 20, 20)
                      .per_microlitre(2000, 28, 28),
                  30, true, 3, false},
        EarlyCase{"seven_days_missing_before_the_first", sparse().per_microlitre(300, 7, 7).per_microlitre(2000, 8, 30),
                  30, true, 2, false},
        EarlyCase{"eight_days_missing_before_the_first", sparse().per_microlitre(300, 8, 8).per_microlitre(2000, 9, 30),
                  30, true, 1, true},
        EarlyCase{"seven_days_missing_after_the_last", sparse().per_microlitre(2000, 0, 22).per_microlitre(300, 23, 23),
                  30, true, 2, false},
        EarlyCase{"eight_days_missing_after_the_last", sparse().per_microlitre(2000, 0, 21).per_microlitre(300, 22, 22),
                  30, true, 1, true},
        EarlyCase{"a_line_between_values_counts_where_it_is_low",
                  sparse()
                      .per_microlitre(2000, 0, 4)
                      .per_microlitre(400, 5, 5)
                      .per_microlitre(600, 9, 9)
                      .per_microlitre(2000, 10, 30),
                  30, true, 1, false},
        EarlyCase{"an_unknown_gap_ends_a_stretch",
                  sparse().per_microlitre(300, 0, 6).per_microlitre(300, 15, 21).per_microlitre(2000, 22, 30), 30, true,
                  2, true},
        EarlyCase{"two_days_above_join_at_100",
                  Course().per_microlitre(80, 5, 7).per_microlitre(300, 8, 9).per_microlitre(80, 10, 11), 30, true, 3,
                  false},
        EarlyCase{"three_days_above_part_at_100",
                  Course().per_microlitre(80, 5, 7).per_microlitre(300, 8, 10).per_microlitre(80, 11, 13), 30, true, 2,
                  false},
        EarlyCase{"at_100", Course().per_microlitre(100, 5, 11), 30, true, 3, false},
        EarlyCase{"at_101", Course().per_microlitre(101, 5, 11), 30, true, 2, false},
        EarlyCase{"at_450_and_a_half", Course().micro(450'500, 5, 18), 30, true, 3, false},
        EarlyCase{"at_500_and_a_millionth", Course().micro(500'001, 5, 18), 30, true, 0, false},
        EarlyCase{"death_on_day_16_low_from_day_3", Course().per_microlitre(300, 3, 16), 16, true, 4, false},
        EarlyCase{"death_on_day_16_low_from_day_4", Course().per_microlitre(300, 4, 16), 16, true, 2, false},
        EarlyCase{"death_on_day_0", Course().per_microlitre(300, 0, 0), 0, true, 4, false},
        EarlyCase{"recovered_on_the_last_day_but_one", Course().per_microlitre(300, 2, 14).per_microlitre(900, 15, 16),
                  16, true, 2, false},
        EarlyCase{"H17_never_recovered_until_death", Course().per_microlitre(900, 0, 1).per_microlitre(300, 2, 16), 16,
                  true, 4, false},
        EarlyCase{"never_recovered_while_open", Course().per_microlitre(900, 0, 1).per_microlitre(300, 2, 16), 16,
                  false, 3, false},
        EarlyCase{"low_from_day_4", Course().per_microlitre(300, 4, 30), 30, true, 3, false},
        EarlyCase{"low_from_day_3", Course().per_microlitre(300, 3, 30), 30, true, 4, false}),
    CaseName{});

TEST(EarlyIcahtData, without_any_value_there_is_no_grade) {
    EXPECT_EQ(grade_early_icaht(low_runs(DayLows{}, 30).known, true), std::nullopt);
}

TEST(EarlyIcahtData, days_without_values_bound_the_grade_from_above) {
    const EarlyRuns runs = low_runs(sparse()
                                        .per_microlitre(2000, 0, 0)
                                        .per_microlitre(300, 5, 5)
                                        .per_microlitre(300, 14, 14)
                                        .per_microlitre(2000, 20, 20)
                                        .per_microlitre(2000, 28, 28)
                                        .lows,
                                    30);
    EXPECT_EQ(grade_early_icaht(runs.known, true), Grade{1}) << "H15";
    EXPECT_EQ(runs.worst.at_most_100, 8) << "days 6 to 13 may have been at most 100";
    EXPECT_EQ(grade_early_icaht(runs.worst, true), Grade{3});
}

TEST(EarlyIcahtData, cumulative_days_are_counted_beside_the_longest_stretch) {
    const LowRuns runs =
        low_runs(Course().per_microlitre(300, 5, 9).per_microlitre(800, 10, 12).per_microlitre(300, 13, 17).lows, 30)
            .known;
    EXPECT_EQ(runs.at_most_500, 5);
    EXPECT_EQ(runs.cumulative_500, 10) << "H11";
    const LowRuns joined =
        low_runs(Course().per_microlitre(300, 5, 9).per_microlitre(800, 10, 11).per_microlitre(300, 12, 17).lows, 30)
            .known;
    EXPECT_EQ(joined.at_most_500, 13) << "joined days above count in the stretch";
    EXPECT_EQ(joined.cumulative_500, 11) << "and not among the days";
}

struct LateCase {
    const char* name;
    std::function<void(DayLows&)> values;
    Grade grade;
    Grade upper;
};
void PrintTo(const LateCase& c, std::ostream* out) { *out << c.name; }
class LateIcahtGrade : public testing::TestWithParam<LateCase> {};
TEST_P(LateIcahtGrade, grade) {
    DayLows lows;
    GetParam().values(lows);
    const LateIcaht late = grade_late_icaht(lows, 100);
    EXPECT_EQ(int{late.grade}, int{GetParam().grade});
    EXPECT_EQ(int{late.upper}, int{GetParam().upper});
}
LateCase two(const char* name, double first, double second, Grade grade) {
    return {name,
            [=](DayLows& lows) {
                lows.note(45, *quantity_of(first / 1000));
                lows.note(60, *quantity_of(second / 1000));
            },
            grade, grade};
}
INSTANTIATE_TEST_SUITE_P(
    Vectors, LateIcahtGrade,
    testing::Values(two("H19_900_and_1450", 900, 1450, 2), two("H21_90_and_200", 90, 200, 4),
                    two("H23_1501_twice", 1501, 1501, 0), two("at_1500", 1500, 1500, 1), two("at_1000", 1000, 1000, 2),
                    two("at_1001", 1001, 1001, 1), two("at_500", 500, 500, 3), two("at_501", 501, 501, 2),
                    two("at_100", 100, 100, 4), two("at_101", 101, 101, 3), two("second_above_1500", 90, 1501, 0),
                    two("fractions_do_not_fall_through", 450.5, 460, 3),
                    LateCase{"single_value_is_only_possible", [](DayLows& lows) { lows.note(45, thousandths(90)); },
                             kNotGradable, 4},
                    LateCase{"no_value", [](DayLows&) {}, kNotGradable, kNotGradable},
                    LateCase{"day_30_is_early",
                             [](DayLows& lows) {
                                 lows.note(30, thousandths(90));
                                 lows.note(29, thousandths(90));
                             },
                             kNotGradable, kNotGradable}),
    CaseName{});

RC_GTEST_PROP(EarlyIcahtLaw, more_low_days_never_lower_the_grade, ()) {
    DayLows lows;
    for (std::int32_t day = 0; day <= 30; ++day) {
        if (*rc::gen::inRange(0, 3) > 0) lows.note(day, thousandths(*rc::gen::inRange(0, 1500)));
    }
    const Grade before = grade_early_icaht(low_runs(lows, 30).known, true).value_or(0);
    lows.note(*rc::gen::inRange(0, 31), Quantity{0});
    const EarlyRuns runs = low_runs(lows, 30);
    const Grade known = *grade_early_icaht(runs.known, true);
    const Grade worst = *grade_early_icaht(runs.worst, true);
    RC_ASSERT(known >= before);
    RC_ASSERT(worst >= known);
}

RC_GTEST_PROP(EarlyIcahtLaw, a_lower_count_never_has_a_milder_grade, (std::uint32_t seed)) {
    DayLows lows;
    for (std::int32_t day = 0; day <= 30; ++day) {
        seed = seed * 1664525U + 1013904223U;
        lows.note(day, thousandths(static_cast<std::int64_t>(seed >> 20U)));
    }
    const Grade before = *grade_early_icaht(low_runs(lows, 30).known, true);
    const auto day = static_cast<std::int32_t>(seed % 31);
    lows.note(day, thousandths(50));
    RC_ASSERT(*grade_early_icaht(low_runs(lows, 30).known, true) >= before);
}

}  // namespace
}  // namespace cellvigil
