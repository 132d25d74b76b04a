// Prolonged B-cell aplasia and low IgG: both sides of every limit.
#include "rules/grade/immunity.h"

#include <ostream>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/case_name.h"
#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;
using story::Story;

constexpr Grade NA = kNotGradable;

struct Count {
    int day;
    double value;
    Comparator comparator = Comparator::unspecified;
};
Story told_of(Analyte analyte, const std::vector<Count>& values) {
    Story told;
    told.adult().infused();
    for (const Count& count : values) {
        Observation said;
        said.analyte = analyte;
        said.status = ResultStatus::final;
        said.value = *quantity_of(count.value);
        said.comparator = count.comparator;
        told.tell(d(count.day), said);
    }
    return told;
}
Assessment said_of(const Story& told, Term term) { return told.at(d(400), Scale::unspecified, term); }

struct BCellCase {
    const char* name;
    std::vector<Count> values;
    Grade grade;  // NA: nothing is said
};
void PrintTo(const BCellCase& c, std::ostream* out) { *out << c.name; }
class BCellAplasia : public testing::TestWithParam<BCellCase> {};
TEST_P(BCellAplasia, grade) {
    const Assessment said = said_of(told_of(Analyte::cd19, GetParam().values), Term::prolonged_b_cell_aplasia);
    EXPECT_EQ(said.under_surveillance, GetParam().grade != NA);
    if (GetParam().grade == NA) return;
    EXPECT_EQ(int{said.grade}, int{GetParam().grade});
    EXPECT_EQ(said.flags.has(Flag::suspicion), said.grade_upper > 0);
}
constexpr auto kLess = Comparator::less;
INSTANTIATE_TEST_SUITE_P(
    Limits, BCellAplasia,
    testing::Values(BCellCase{"two_low_28_days_apart", {{190, 0.01}, {218, 0.01}}, 1},
                    BCellCase{"two_low_27_days_apart", {{190, 0.01}, {217, 0.01}}, 0},
                    BCellCase{"day_181", {{181, 0.01}, {209, 0.01}}, 1},
                    BCellCase{"day_180_does_not_count", {{180, 0.01}, {208, 0.01}}, 0},
                    BCellCase{"at_the_limit_is_not_low", {{190, 0.02}, {218, 0.02}}, NA},
                    BCellCase{"just_below_the_limit", {{190, 0.019999}, {218, 0.019999}}, 1},
                    BCellCase{"normal_between_starts_anew", {{190, 0.01}, {200, 0.05}, {218, 0.01}}, 0},
                    BCellCase{"below_the_assay_at_the_limit", {{190, 0.02, kLess}, {218, 0.02, kLess}}, 1},
                    BCellCase{"below_an_assay_that_does_not_reach", {{190, 0.05, kLess}, {218, 0.05, kLess}}, NA},
                    BCellCase{"back_to_normal", {{190, 0.01}, {218, 0.01}, {250, 0.1}}, 0},
                    BCellCase{"one_low", {{190, 0.01}}, 0}, BCellCase{"before_day_180", {{60, 0.0}, {120, 0.0}}, NA}),
    CaseName{});

TEST(BCellAplasiaUpper, one_low_count_leaves_it_possible) {
    const Assessment said = said_of(told_of(Analyte::cd19, {{190, 0.01}}), Term::prolonged_b_cell_aplasia);
    EXPECT_EQ(said.grade_upper, 1);
    EXPECT_TRUE(said.flags.has(Flag::single_value));
}

struct IggCase {
    const char* name;
    Count value;
    Grade grade;
    Grade upper;
};
void PrintTo(const IggCase& c, std::ostream* out) { *out << c.name; }
class LowIgg : public testing::TestWithParam<IggCase> {};
TEST_P(LowIgg, step) {
    const Assessment said = said_of(told_of(Analyte::igg, {GetParam().value}), Term::low_igg);
    EXPECT_EQ(int{said.grade}, int{GetParam().grade});
    EXPECT_EQ(int{said.grade_upper}, int{GetParam().upper});
    EXPECT_EQ(said.flags.has(Flag::suspicion), said.grade_upper > 0);
}
INSTANTIATE_TEST_SUITE_P(Limits, LowIgg,
                         testing::Values(IggCase{"above_6", {60, 6.01}, 0, 0}, IggCase{"at_6", {60, 6}, 1, 1},
                                         IggCase{"above_4", {60, 4.01}, 1, 1}, IggCase{"at_4", {60, 4}, 2, 2},
                                         IggCase{"below_4", {60, 3.99}, 2, 2},
                                         IggCase{"below_3_by_the_assay", {60, 3, kLess}, 2, 2},
                                         IggCase{"below_5_by_the_assay", {60, 5, kLess}, 1, 2},
                                         IggCase{"below_7_by_the_assay", {60, 7, kLess}, NA, 2},
                                         IggCase{"above_7", {60, 7, Comparator::greater}, 0, 0}),
                         CaseName{});

TEST(LowIggReplacement, is_flagged_within_its_days) {
    Story told = told_of(Analyte::igg, {{87, 7}, {88, 7}});
    told.gives(d(60), Agent::immunoglobulin_iv);
    EXPECT_TRUE(told.at(d(87, 12), Scale::unspecified, Term::low_igg).flags.has(Flag::support_confounds));
    EXPECT_FALSE(told.at(d(88, 12), Scale::unspecified, Term::low_igg).flags.has(Flag::support_confounds));
}

}  // namespace
}  // namespace cellvigil
