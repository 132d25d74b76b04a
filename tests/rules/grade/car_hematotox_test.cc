// CAR-HEMATOTOX: points on each side of every limit, T-rows are vectors of the specification, and which values count.
#include "rules/grade/car_hematotox.h"

#include <ostream>

#include <gtest/gtest.h>

#include "tests/support/case_name.h"
#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;
using story::Story;

constexpr Grade NA = kNotGradable;
constexpr double kMissing = -1;

struct ScoreCase {
    const char* name;
    double platelets;    // 10*9/L
    double neutrophils;  // per microlitre
    double haemoglobin;  // g/dL
    double crp;          // mg/dL
    double ferritin;     // ng/mL
    Grade score;
    Grade upper;
    bool boundary = false;
};
void PrintTo(const ScoreCase& c, std::ostream* out) { *out << c.name; }
class HematotoxPoints : public testing::TestWithParam<ScoreCase> {};
TEST_P(HematotoxPoints, sum) {
    const ScoreCase& c = GetParam();
    const auto item = [](double value, double factor) {
        return value == kMissing ? std::optional<ItemValue>() : ItemValue{*quantity_of(value * factor)};
    };
    const HematotoxScore score = car_hematotox({item(c.platelets, 1), item(c.neutrophils, 0.001),
                                                item(c.haemoglobin, 10), item(c.crp, 10), item(c.ferritin, 1)});
    EXPECT_EQ(int{score.grade}, int{c.score});
    EXPECT_EQ(int{score.upper}, int{c.upper});
    EXPECT_EQ(score.flags.has(Flag::boundary), c.boundary);
}
const ScoreCase kScores[] = {
    {"T01_none", 220, 3400, 12.4, 0.8, 180, 0, 0},
    {"T03", 110, 950, 10.1, 4.2, 540, 3, 3},
    {"T05_all_of_seven", 40, 400, 7.8, 9.5, 3200, 7, 7},
    {"T07_ranges_include_both_ends", 175, 3400, 12.4, 0.8, 650, 2, 2},
    {"platelets_176", 176, 3400, 12.4, 0.8, 180, 0, 0},
    {"platelets_75", 75, 3400, 12.4, 0.8, 180, 1, 1},
    {"platelets_74", 74, 3400, 12.4, 0.8, 180, 2, 2},
    {"neutrophils_1201", 220, 1201, 12.4, 0.8, 180, 0, 0},
    {"neutrophils_1200", 220, 1200, 12.4, 0.8, 180, 1, 1, true},
    {"neutrophils_1199", 220, 1199, 12.4, 0.8, 180, 1, 1},
    {"haemoglobin_9_1", 220, 3400, 9.1, 0.8, 180, 0, 0},
    {"haemoglobin_9_0", 220, 3400, 9.0, 0.8, 180, 1, 1, true},
    {"haemoglobin_8_9", 220, 3400, 8.9, 0.8, 180, 1, 1},
    {"crp_2_9_mg_per_dl", 220, 3400, 12.4, 2.9, 180, 0, 0},
    {"crp_3_0_mg_per_dl", 220, 3400, 12.4, 3.0, 180, 1, 1, true},
    {"crp_3_1_mg_per_dl", 220, 3400, 12.4, 3.1, 180, 1, 1},
    {"ferritin_649", 220, 3400, 12.4, 0.8, 649, 0, 0},
    {"ferritin_2000", 220, 3400, 12.4, 0.8, 2000, 1, 1},
    {"ferritin_2001", 220, 3400, 12.4, 0.8, 2001, 2, 2},
    {"ferritin_missing", 110, 950, 10.1, 4.2, kMissing, NA, 5},
    {"crp_missing", 220, 3400, 12.4, kMissing, 180, NA, 1},
    {"all_missing", kMissing, kMissing, kMissing, kMissing, kMissing, NA, 7},
};
INSTANTIATE_TEST_SUITE_P(Limits, HematotoxPoints, testing::ValuesIn(kScores), CaseName{});

TEST(Hematotox, is_high_from_two_and_never_above_seven) {
    EXPECT_FALSE(is_high_risk(1));
    EXPECT_TRUE(is_high_risk(2));
    std::int32_t most = 0;
    for (std::size_t i = 0; i < kHematotoxItems; ++i)
        most += points_of(static_cast<HematotoxItem>(i), std::nullopt).most;
    EXPECT_EQ(most, 7) << "a public dashboard shows 0 to 10";
}

TEST(Hematotox, a_bound_counts_where_it_tells) {
    const auto points = [](HematotoxItem item, std::int64_t value, Comparator comparator) {
        return points_of(item, ItemValue{whole(value), comparator});
    };
    EXPECT_EQ(points(HematotoxItem::platelets, 10, Comparator::less).least, 2);
    EXPECT_EQ(points(HematotoxItem::ferritin, 100'000, Comparator::greater).least, 2);
    EXPECT_EQ(points(HematotoxItem::crp, 5, Comparator::less).most, 0);
    const ItemPoints open = points(HematotoxItem::ferritin, 1000, Comparator::greater);
    EXPECT_EQ(open.least, 1);
    EXPECT_EQ(open.most, 2);
}

// T01's values on a day, in the units of the wire's canon (CRP in mg/L).
Story& values(Story& told, int day, double ferritin = 180) {
    return told.lab(d(day), Analyte::platelets, 220)
        .lab(d(day), Analyte::neutrophils, 3.4)
        .lab(d(day), Analyte::haemoglobin, 124)
        .lab(d(day), Analyte::crp, 8)
        .lab(d(day), Analyte::ferritin, ferritin);
}
Story lymphoma(const char* code = "LBCL") {
    Story told;
    Enrollment enrollment;
    enrollment.indication = {"urn:cellvigil:indication", code, ""};
    told.enrolled(enrollment);
    return told;
}
Assessment score_of(const Story& told) { return told.at(d(1), Scale::car_hematotox); }

TEST(HematotoxWindow, values_before_the_infusion_count) {
    Story told = lymphoma();
    values(told, -6).infused();
    const Assessment said = score_of(told);
    EXPECT_TRUE(said.under_surveillance);
    EXPECT_EQ(said.grade, 0);
    EXPECT_TRUE(said.flags.empty());
    EXPECT_EQ(said.day, 0);
}

TEST(HematotoxWindow, crp_of_30_mg_per_litre_is_the_limit_not_3) {
    Story told = lymphoma();
    values(told, -6).lab(d(-6, 11), Analyte::crp, 29).infused();
    EXPECT_EQ(score_of(told).grade, 0);
    Story over = lymphoma();
    values(over, -6).lab(d(-6, 11), Analyte::crp, 31).infused();
    EXPECT_EQ(score_of(over).grade, 1);
}

TEST(HematotoxWindow, begins_fourteen_days_before) {
    Story first = lymphoma();
    values(first, -14).infused();
    EXPECT_EQ(score_of(first).grade, 0);
    Story before = lymphoma();
    values(before, -15).infused();
    EXPECT_FALSE(score_of(before).under_surveillance) << "no value in the window, nothing to say";
}

TEST(HematotoxWindow, the_closest_before_lymphodepletion_counts) {
    Story told = lymphoma();
    values(values(told, -8, 3000), -6, 700).starts(d(-5), Agent::fludarabine);
    values(told, -2, 5000).infused();
    EXPECT_EQ(score_of(told).grade, 1) << "ferritin 700 of day -6";
    EXPECT_TRUE(score_of(told).flags.empty());
}

TEST(HematotoxWindow, the_stated_start_of_lymphodepletion_comes_first) {
    Story told = lymphoma();
    values(values(told, -8, 3000), -6, 700);
    Infusion infusion;
    infusion.lymphodepletion_start = EffectiveTime{d(-7, 0), d(-6, 0), story::kOffset, TimePrecision::day};
    told.tell(d(0), infusion);
    EXPECT_EQ(score_of(told).grade, 2) << "ferritin 3000 of day -8";
}

TEST(HematotoxWindow, a_value_after_lymphodepletion_began_serves_for_want_of_an_earlier_one) {
    Story told = lymphoma();
    values(told.starts(d(-5), Agent::fludarabine), -3).infused();
    EXPECT_EQ(score_of(told).grade, 0);
    EXPECT_TRUE(score_of(told).flags.has(Flag::after_lymphodepletion));
}

TEST(HematotoxWindow, a_missing_item_leaves_it_not_gradable) {
    Story told = lymphoma();
    told.lab(d(-6), Analyte::platelets, 110).infused();
    EXPECT_EQ(score_of(told).grade, NA);
    EXPECT_EQ(score_of(told).grade_upper, 6);
}

TEST(HematotoxWindow, another_disease_is_outside_of_the_validation) {
    Story told = lymphoma("MM");
    values(told, -6).infused();
    EXPECT_TRUE(score_of(told).flags.has(Flag::outside_validation));
}

TEST(HematotoxDisease, knows_large_b_cell_lymphoma) {
    EXPECT_TRUE(is_large_b_cell_lymphoma({"", "C83.3", ""}));
    EXPECT_TRUE(is_large_b_cell_lymphoma({"", "C85.20", ""}));
    EXPECT_TRUE(is_large_b_cell_lymphoma({"", "x", "Diffuse Large B-Cell Lymphoma"}));
    EXPECT_FALSE(is_large_b_cell_lymphoma({"", "C83.1", "Mantle cell lymphoma"}));
    EXPECT_FALSE(is_large_b_cell_lymphoma({"", "C82.0", ""}));
}

}  // namespace
}  // namespace cellvigil
