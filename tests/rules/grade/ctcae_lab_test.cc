// CTCAE 5.0 and 6.0 laboratory terms: a row on each side of every limit, T-rows are vectors of the specification.
#include "rules/grade/ctcae_lab.h"

#include <ostream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

constexpr auto kAnc = LabTerm::neutrophil_count_decreased;
constexpr auto kWbc = LabTerm::white_blood_cell_decreased;
constexpr auto kAlc = LabTerm::lymphocyte_count_decreased;
constexpr auto kPlt = LabTerm::platelet_count_decreased;
constexpr auto kHb = LabTerm::anaemia;
constexpr auto kCd4 = LabTerm::cd4_decreased;
constexpr auto k5 = CtcaeVersion::v5_0;
constexpr auto k6 = CtcaeVersion::v6_0;
constexpr Grade NA = kNotGradable;
constexpr double kNoLimit = -1;

struct LabCase {
    const char* name;
    LabTerm term;
    CtcaeVersion version;
    double value;
    double lln;  // kNoLimit: none
    Grade grade;
    Grade upper;
    bool local_range = false;
};
void PrintTo(const LabCase& c, std::ostream* out) { *out << c.name; }

class CtcaeLab : public testing::TestWithParam<LabCase> {};
TEST_P(CtcaeLab, grade) {
    const LabCase& c = GetParam();
    LabValue lab;
    lab.value = *quantity_of(c.value);
    if (c.lln >= 0) lab.reference_low = *quantity_of(c.lln);
    const LabGrade graded = grade_lab(c.term, c.version, lab);
    EXPECT_EQ(int{graded.grade}, int{c.grade});
    EXPECT_EQ(int{graded.upper}, int{c.upper});
    EXPECT_EQ(graded.flags.has(Flag::normal_by_local_range), c.local_range);
}
const LabCase kRows[] = {
    {"anc_5_at_1500", kAnc, k5, 1.5, 1.8, 1, 1},
    {"anc_5_below_1500", kAnc, k5, 1.499, 1.8, 2, 2},
    {"anc_5_at_1000", kAnc, k5, 1.0, 1.8, 2, 2},
    {"anc_5_below_1000", kAnc, k5, 0.999, 1.8, 3, 3},
    {"T09_anc_5_at_500", kAnc, k5, 0.5, 1.8, 3, 3},
    {"anc_5_0_4999_is_not_rounded", kAnc, k5, 0.4999, 1.8, 4, 4},
    {"T23_anc_5_normal_by_its_own_limit", kAnc, k5, 1.9, 1.8, 0, 0},
    {"anc_5_at_its_own_limit", kAnc, k5, 1.8, 1.8, 0, 0},
    {"anc_5_below_its_own_limit", kAnc, k5, 1.79, 1.8, 1, 1},
    {"T15_anc_5_low_local_range", kAnc, k5, 1.4, 1.2, 2, 2, true},
    {"T16_anc_5_no_limit_is_not_normal", kAnc, k5, 3.0, kNoLimit, NA, 1},
    {"anc_5_no_limit_still_graded", kAnc, k5, 0.9, kNoLimit, 3, 3},
    {"anc_6_at_1500", kAnc, k6, 1.5, kNoLimit, 0, 0},
    {"anc_6_below_1500", kAnc, k6, 1.499, kNoLimit, 1, 1},
    {"anc_6_at_1000", kAnc, k6, 1.0, kNoLimit, 1, 1},
    {"anc_6_below_1000", kAnc, k6, 0.999, kNoLimit, 2, 2},
    {"T09_anc_6_at_500", kAnc, k6, 0.5, kNoLimit, 2, 2},
    {"anc_6_below_500", kAnc, k6, 0.499, kNoLimit, 3, 3},
    {"anc_6_at_100", kAnc, k6, 0.1, kNoLimit, 3, 3},
    {"anc_6_below_100", kAnc, k6, 0.099, kNoLimit, 4, 4},
    {"wbc_at_3000", kWbc, k5, 3.0, 4.0, 1, 1},
    {"wbc_below_3000", kWbc, k5, 2.999, 4.0, 2, 2},
    {"wbc_at_2000", kWbc, k5, 2.0, 4.0, 2, 2},
    {"wbc_below_2000", kWbc, k5, 1.999, 4.0, 3, 3},
    {"wbc_at_1000", kWbc, k5, 1.0, 4.0, 3, 3},
    {"wbc_below_1000", kWbc, k5, 0.999, 4.0, 4, 4},
    {"alc_5_at_800", kAlc, k5, 0.8, 1.0, 1, 1},
    {"alc_5_below_800", kAlc, k5, 0.799, 1.0, 2, 2},
    {"alc_5_at_500", kAlc, k5, 0.5, 1.0, 2, 2},
    {"alc_5_below_500", kAlc, k5, 0.499, 1.0, 3, 3},
    {"alc_5_at_200", kAlc, k5, 0.2, 1.0, 3, 3},
    {"alc_5_below_200", kAlc, k5, 0.199, 1.0, 4, 4},
    {"alc_6_is_only_present", kAlc, k6, 0.1, 1.0, 1, 1},
    {"alc_6_absent", kAlc, k6, 1.1, 1.0, 0, 0},
    {"plt_5_at_75", kPlt, k5, 75, 150, 1, 1},
    {"plt_5_below_75", kPlt, k5, 74.9, 150, 2, 2},
    {"plt_5_at_50", kPlt, k5, 50, 150, 2, 2},
    {"plt_5_below_50", kPlt, k5, 49.9, 150, 3, 3},
    {"plt_5_at_25", kPlt, k5, 25, 150, 3, 3},
    {"plt_5_below_25", kPlt, k5, 24.9, 150, 4, 4},
    {"T11_plt_5_at_20", kPlt, k5, 20, 150, 4, 4},
    {"T11_plt_6_at_20", kPlt, k6, 20, 150, 3, 3},
    {"plt_6_at_10", kPlt, k6, 10, 150, 3, 3},
    {"plt_6_below_10", kPlt, k6, 9.9, 150, 4, 4},
    {"hb_at_100", kHb, k5, 100, 130, 1, 1},
    {"hb_below_100", kHb, k5, 99.9, 130, 2, 2},
    {"T13_hb_at_80", kHb, k5, 80, 130, 2, 2},
    {"T13_hb_at_79", kHb, k5, 79, 130, 3, 3},
    {"hb_never_4_by_number", kHb, k5, 20, 130, 3, 3},
    {"cd4_at_500", kCd4, k5, 0.5, 0.6, 1, 1},
    {"cd4_below_500", kCd4, k5, 0.499, 0.6, 2, 2},
    {"cd4_at_200", kCd4, k5, 0.2, 0.6, 2, 2},
    {"cd4_below_200", kCd4, k5, 0.199, 0.6, 3, 3},
    {"cd4_at_50", kCd4, k5, 0.05, 0.6, 3, 3},
    {"cd4_below_50", kCd4, k5, 0.049, 0.6, 4, 4},
    {"lymphocytes_at_4", LabTerm::lymphocyte_count_increased, k5, 4, kNoLimit, 0, 0},
    {"lymphocytes_above_4", LabTerm::lymphocyte_count_increased, k5, 4.1, kNoLimit, 2, 2},
    {"lymphocytes_at_20", LabTerm::lymphocyte_count_increased, k5, 20, kNoLimit, 2, 2},
    {"lymphocytes_above_20", LabTerm::lymphocyte_count_increased, k5, 20.1, kNoLimit, 3, 3},
    {"anc_5_no_limit_at_1500", kAnc, k5, 1.5, kNoLimit, NA, 1},
    {"anc_5_no_limit_below_1500", kAnc, k5, 1.499, kNoLimit, 2, 2},
    {"wbc_at_its_own_limit", kWbc, k5, 4.0, 4.0, 0, 0},
    {"wbc_below_its_own_limit", kWbc, k5, 3.999, 4.0, 1, 1},
    {"wbc_no_limit", kWbc, k5, 3.0, kNoLimit, NA, 1},
    {"wbc_no_limit_still_graded", kWbc, k5, 2.999, kNoLimit, 2, 2},
    {"alc_5_at_its_own_limit", kAlc, k5, 1.0, 1.0, 0, 0},
    {"alc_5_below_its_own_limit", kAlc, k5, 0.999, 1.0, 1, 1},
    {"alc_5_no_limit", kAlc, k5, 0.8, kNoLimit, NA, 1},
    {"alc_6_at_its_own_limit", kAlc, k6, 1.0, 1.0, 0, 0},
    {"alc_6_below_its_own_limit", kAlc, k6, 0.999, 1.0, 1, 1},
    {"alc_6_no_limit", kAlc, k6, 0.9, kNoLimit, NA, 1},
    {"plt_5_at_its_own_limit", kPlt, k5, 150, 150, 0, 0},
    {"plt_5_below_its_own_limit", kPlt, k5, 149.9, 150, 1, 1},
    {"plt_5_no_limit", kPlt, k5, 75, kNoLimit, NA, 1},
    {"plt_6_at_its_own_limit", kPlt, k6, 150, 150, 0, 0},
    {"plt_6_below_its_own_limit", kPlt, k6, 149.9, 150, 1, 1},
    {"plt_6_at_75", kPlt, k6, 75, 150, 1, 1},
    {"plt_6_below_75", kPlt, k6, 74.9, 150, 2, 2},
    {"plt_6_at_50", kPlt, k6, 50, 150, 2, 2},
    {"plt_6_below_50", kPlt, k6, 49.9, 150, 3, 3},
    {"hb_at_its_own_limit", kHb, k5, 130, 130, 0, 0},
    {"hb_below_its_own_limit", kHb, k5, 129.9, 130, 1, 1},
    {"hb_no_limit", kHb, k5, 100, kNoLimit, NA, 1},
    {"cd4_at_its_own_limit", kCd4, k5, 0.6, 0.6, 0, 0},
    {"cd4_below_its_own_limit", kCd4, k5, 0.599, 0.6, 1, 1},
    {"cd4_no_limit", kCd4, k5, 0.5, kNoLimit, NA, 1},
    // Version 6 leaves the numbers of these as they were
    {"wbc_6_at_3000", kWbc, k6, 3.0, 4.0, 1, 1},
    {"wbc_6_below_3000", kWbc, k6, 2.999, 4.0, 2, 2},
    {"wbc_6_at_1000", kWbc, k6, 1.0, 4.0, 3, 3},
    {"wbc_6_below_1000", kWbc, k6, 0.999, 4.0, 4, 4},
    {"hb_6_at_80", kHb, k6, 80, 130, 2, 2},
    {"hb_6_below_80", kHb, k6, 79.9, 130, 3, 3},
    {"cd4_6_at_50", kCd4, k6, 0.05, 0.6, 3, 3},
    {"cd4_6_below_50", kCd4, k6, 0.049, 0.6, 4, 4},
    {"leukocytes_at_100", LabTerm::leukocytosis, k5, 100, kNoLimit, 0, 0},
    {"leukocytes_above_100", LabTerm::leukocytosis, k5, 100.1, kNoLimit, 3, 3},
};
INSTANTIATE_TEST_SUITE_P(Limits, CtcaeLab, testing::ValuesIn(kRows), CaseName{});

TEST(CtcaeHaemoglobin, in_mmol_per_litre_goes_by_its_own_printed_limits) {
    const auto grade = [](double mmol) {
        LabValue lab;
        lab.value = *quantity_of(mmol * 16.114);
        lab.mmol_per_litre = *quantity_of(mmol);
        return int{grade_lab(LabTerm::anaemia, CtcaeVersion::v5_0, lab).grade};
    };
    EXPECT_EQ(grade(4.93), 2) << "converted it would be 79.4 g/L and grade 3";
    EXPECT_EQ(grade(4.9), 2);
    EXPECT_EQ(grade(4.89), 3);
    EXPECT_EQ(grade(6.19), 2);
    EXPECT_EQ(grade(6.2), kNotGradable);
}

// Every value that a bound allows has a grade between the two that the bound is given.
RC_GTEST_PROP(CtcaeLabLaw, a_bound_holds_for_every_value_within_it, ()) {
    const auto term = static_cast<LabTerm>(*rc::gen::inRange(0, kLabTerms));
    const auto version = *rc::gen::element(CtcaeVersion::v5_0, CtcaeVersion::v6_0);
    const auto comparator = static_cast<Comparator>(*rc::gen::inRange(0, 5));
    LabValue lab;
    lab.value = Quantity{*rc::gen::inRange<std::int64_t>(2, 200) * *rc::gen::element<std::int64_t>(10'000, 1'000'000)};
    if (*rc::gen::arbitrary<bool>()) lab.reference_low = Quantity{*rc::gen::inRange<std::int64_t>(1, 200'000'000)};
    const LabGrade bounded = grade_lab(term, version, lab, comparator);
    const bool below = comparator == Comparator::less || comparator == Comparator::less_or_equal;
    const bool above = comparator == Comparator::greater || comparator == Comparator::greater_or_equal;
    LabValue within = lab;
    if (below) within.value.micro -= *rc::gen::inRange<std::int64_t>(1, lab.value.micro);
    if (above) within.value.micro += *rc::gen::inRange<std::int64_t>(1, 300'000'000);
    const LabGrade exact = grade_lab(term, version, within);
    RC_ASSERT(exact.upper <= bounded.upper);
    RC_ASSERT(bounded.grade <= exact.grade || (bounded.grade <= exact.upper && bounded.grade < 1));
}

RC_GTEST_PROP(CtcaeLabLaw, a_lower_count_never_has_a_milder_grade, ()) {
    const auto term = static_cast<LabTerm>(*rc::gen::inRange(0, 6));
    const auto version = *rc::gen::element(CtcaeVersion::v5_0, CtcaeVersion::v6_0);
    LabValue lab;
    lab.value = Quantity{*rc::gen::inRange<std::int64_t>(1, 200'000'000)};
    lab.reference_low = Quantity{*rc::gen::inRange<std::int64_t>(1, 200'000'000)};
    LabValue lower = lab;
    lower.value.micro -= *rc::gen::inRange<std::int64_t>(0, lab.value.micro);
    RC_ASSERT(grade_lab(term, version, lower).grade >= grade_lab(term, version, lab).grade);
}

}  // namespace
}  // namespace cellvigil
