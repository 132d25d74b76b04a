#include "rules/event/plausibility.h"

#include <gtest/gtest.h>

#include <set>

#include "rules/event/units.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

constexpr auto usual = Plausibility::usual;
constexpr auto unusual = Plausibility::unusual;
constexpr auto implausible = Plausibility::implausible;

struct ValueCase {
    const char* name;
    Analyte analyte;
    std::int64_t thousandth;
    Plausibility expected;
};
class Values : public testing::TestWithParam<ValueCase> {};

TEST_P(Values, are_placed_within_the_limits) {
    EXPECT_EQ(plausibility_of(GetParam().analyte, thousandths(GetParam().thousandth)), GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(Limits, Values,
                         testing::ValuesIn(std::to_array<ValueCase>({
                             {"temperature_24_999", Analyte::temperature, 24'999, implausible},
                             {"temperature_25", Analyte::temperature, 25'000, unusual},
                             {"temperature_32_999", Analyte::temperature, 32'999, unusual},
                             {"temperature_33", Analyte::temperature, 33'000, usual},
                             {"temperature_42", Analyte::temperature, 42'000, usual},
                             {"temperature_42_001", Analyte::temperature, 42'001, unusual},
                             {"temperature_45", Analyte::temperature, 45'000, unusual},
                             {"temperature_45_001", Analyte::temperature, 45'001, implausible},
                             {"systolic_19", Analyte::systolic, 19'999, implausible},
                             {"systolic_20", Analyte::systolic, 20'000, unusual},
                             {"systolic_50", Analyte::systolic, 50'000, usual},
                             {"systolic_220", Analyte::systolic, 220'000, usual},
                             {"systolic_300", Analyte::systolic, 300'000, unusual},
                             {"systolic_above_300", Analyte::systolic, 300'001, implausible},
                             {"saturation_19", Analyte::spo2, 19'999, implausible},
                             {"saturation_59", Analyte::spo2, 59'999, unusual},
                             {"saturation_60", Analyte::spo2, 60'000, usual},
                             {"saturation_100", Analyte::spo2, 100'000, usual},
                             {"saturation_above_100", Analyte::spo2, 100'001, implausible},
                             {"fio2_0_209", Analyte::fio2, 209, implausible},
                             {"fio2_0_21", Analyte::fio2, 210, usual},
                             {"fio2_1", Analyte::fio2, 1000, usual},
                             {"fio2_above_1", Analyte::fio2, 1001, implausible},
                             {"fio2_40", Analyte::fio2, 40'000, implausible},
                             {"gcs_2", Analyte::gcs, 2000, implausible},
                             {"gcs_3", Analyte::gcs, 3000, usual},
                             {"gcs_not_whole", Analyte::gcs, 3500, implausible},
                             {"rass_minus_5", Analyte::rass, -5000, usual},
                             {"rass_minus_6", Analyte::rass, -6000, implausible},
                             {"rass_5", Analyte::rass, 5000, implausible},
                             {"neutrophils_negative", Analyte::neutrophils, -1, implausible},
                             {"neutrophils_0", Analyte::neutrophils, 0, usual},
                             {"neutrophils_500", Analyte::neutrophils, 500'000, unusual},
                             {"neutrophils_above_500", Analyte::neutrophils, 500'001, implausible},
                             {"leukocytes_200", Analyte::leukocytes, 200'000, usual},
                             {"leukocytes_201", Analyte::leukocytes, 201'000, unusual},
                             {"platelets_1500", Analyte::platelets, 1'500'000, usual},
                             {"platelets_5001", Analyte::platelets, 5'001'000, implausible},
                             {"haemoglobin_9", Analyte::haemoglobin, 9'999, implausible},
                             {"haemoglobin_10", Analyte::haemoglobin, 10'000, unusual},
                             {"haemoglobin_30", Analyte::haemoglobin, 30'000, usual},
                             {"ferritin_100000", Analyte::ferritin, 100'000'000, usual},
                             {"ferritin_100001", Analyte::ferritin, 100'001'000, unusual},
                             {"ferritin_above_a_million", Analyte::ferritin, 1'000'000'001, implausible},
                             {"igg_40", Analyte::igg, 40'000, usual},
                             {"igg_41", Analyte::igg, 41'000, unusual},
                             {"igg_151", Analyte::igg, 151'000, implausible},
                             {"cd4_20", Analyte::cd4, 20'000, unusual},
                             {"cd4_above_20", Analyte::cd4, 20'001, implausible},
                             {"other_has_no_limits", Analyte::other, -1'000'000, usual},
                         })),
                         CaseName{});

// Every measurement that the specification limits: at each limit and one millionth (for scores: one point) beyond it.
struct LimitCase {
    const char* name;
    Analyte analyte;
    std::int64_t hard_first, hard_last;  // thousandths
    std::int64_t soft_first, soft_last;
    bool whole_numbers = false;
};
class LimitSides : public testing::TestWithParam<LimitCase> {};

TEST_P(LimitSides, belong_to_the_range_and_what_is_beyond_does_not) {
    const LimitCase& c = GetParam();
    const Quantity step = c.whole_numbers ? whole(1) : Quantity{1};
    const auto at = [&](std::int64_t limit, int beyond) {
        return plausibility_of(c.analyte, Quantity{thousandths(limit).micro + beyond * step.micro});
    };
    const Plausibility first_side = c.hard_first == c.soft_first ? usual : unusual;
    const Plausibility last_side = c.hard_last == c.soft_last ? usual : unusual;
    EXPECT_EQ(at(c.hard_first, -1), implausible);
    EXPECT_EQ(at(c.hard_first, 0), first_side);
    EXPECT_EQ(at(c.soft_first, -1), c.hard_first == c.soft_first ? implausible : unusual);
    EXPECT_EQ(at(c.soft_first, 0), usual);
    EXPECT_EQ(at(c.soft_last, 0), usual);
    EXPECT_EQ(at(c.soft_last, 1), c.hard_last == c.soft_last ? implausible : unusual);
    EXPECT_EQ(at(c.hard_last, 0), last_side);
    EXPECT_EQ(at(c.hard_last, 1), implausible);
}
INSTANTIATE_TEST_SUITE_P(Specified, LimitSides,
                         testing::ValuesIn(std::to_array<LimitCase>({
                             {"temperature", Analyte::temperature, 25'000, 45'000, 33'000, 42'000},
                             {"systolic", Analyte::systolic, 20'000, 300'000, 50'000, 220'000},
                             {"diastolic", Analyte::diastolic, 5'000, 200'000, 5'000, 200'000},
                             {"mean", Analyte::mean_arterial, 10'000, 250'000, 10'000, 250'000},
                             {"heart_rate", Analyte::heart_rate, 10'000, 350'000, 30'000, 220'000},
                             {"respiration", Analyte::respiratory_rate, 1'000, 120'000, 6'000, 60'000},
                             {"saturation", Analyte::spo2, 20'000, 100'000, 60'000, 100'000},
                             {"inspired_fraction", Analyte::fio2, 210, 1'000, 210, 1'000},
                             {"oxygen_flow", Analyte::oxygen_flow, 0, 80'000, 0, 80'000},
                             {"leukocytes", Analyte::leukocytes, 0, 1'000'000, 0, 200'000},
                             {"neutrophils", Analyte::neutrophils, 0, 500'000, 0, 200'000},
                             {"lymphocytes", Analyte::lymphocytes, 0, 900'000, 0, 200'000},
                             {"platelets", Analyte::platelets, 0, 5'000'000, 0, 1'500'000},
                             {"haemoglobin", Analyte::haemoglobin, 10'000, 260'000, 30'000, 220'000},
                             {"ferritin", Analyte::ferritin, 0, 1'000'000'000, 0, 100'000'000},
                             {"crp", Analyte::crp, 0, 1'000'000, 0, 500'000},
                             {"il6", Analyte::il6, 0, 5'000'000'000, 0, 5'000'000'000},
                             {"igg", Analyte::igg, 0, 150'000, 0, 40'000},
                             {"fibrinogen", Analyte::fibrinogen, 0, 20'000, 0, 10'000},
                             {"cd4", Analyte::cd4, 0, 20'000, 0, 10'000},
                             {"cd19", Analyte::cd19, 0, 900'000, 0, 100'000},
                             {"gcs", Analyte::gcs, 3'000, 15'000, 3'000, 15'000, true},
                             {"rass", Analyte::rass, -5'000, 4'000, -5'000, 4'000, true},
                         })),
                         CaseName{});

TEST(ValueLimits, exist_for_every_analyte_with_a_unit_and_soft_lies_in_hard) {
    std::set<Analyte> seen;
    for (const ValueLimits& limits : value_limits()) {
        EXPECT_TRUE(seen.insert(limits.analyte).second);
        EXPECT_LE(limits.hard.first, limits.soft.first);
        EXPECT_LE(limits.soft.first, limits.soft.last);
        EXPECT_LE(limits.soft.last, limits.hard.last);
    }
    for (const UnitRule& rule : unit_rules()) EXPECT_TRUE(seen.contains(rule.analyte)) << rule.unit;
}

TEST(OxygenFlow, has_a_lower_limit_on_a_cannula) {
    EXPECT_EQ(oxygen_flow_plausibility(OxygenDevice::nasal_cannula, whole(15)), usual);
    EXPECT_EQ(oxygen_flow_plausibility(OxygenDevice::nasal_cannula, whole(16)), implausible);
    EXPECT_EQ(oxygen_flow_plausibility(OxygenDevice::high_flow_nasal, whole(60)), usual);
    EXPECT_EQ(oxygen_flow_plausibility(OxygenDevice::high_flow_nasal, whole(81)), implausible);
    EXPECT_EQ(oxygen_flow_plausibility(OxygenDevice::face_mask, whole(5)), usual);
    EXPECT_EQ(oxygen_flow_plausibility(OxygenDevice::face_mask, whole(4)), unusual);
    EXPECT_EQ(oxygen_flow_plausibility(OxygenDevice::face_mask, whole(15)), usual);
    EXPECT_EQ(oxygen_flow_plausibility(OxygenDevice::non_rebreather, whole(16)), unusual);
    EXPECT_EQ(oxygen_flow_plausibility(OxygenDevice::nasal_cannula, thousandths(15'001)), implausible);
    EXPECT_EQ(oxygen_flow_plausibility(OxygenDevice::high_flow_nasal, whole(80)), usual);
}

TEST(Pressors, have_limits_where_their_unit_is_known) {
    EXPECT_EQ(pressor_plausibility(Agent::norepinephrine, whole(2), "ug/kg/min"), usual);
    EXPECT_EQ(pressor_plausibility(Agent::norepinephrine, thousandths(2001), "ug/kg/min"), unusual);
    EXPECT_EQ(pressor_plausibility(Agent::norepinephrine, thousandths(10'001), "ug/kg/min"), implausible);
    EXPECT_EQ(pressor_plausibility(Agent::norepinephrine, whole(10), "ug/kg/min"), unusual);
    EXPECT_EQ(pressor_plausibility(Agent::vasopressin, thousandths(61), "[iU]/min"), unusual);
    EXPECT_EQ(pressor_plausibility(Agent::norepinephrine, whole(20), "ug/min"), usual);
    EXPECT_EQ(pressor_plausibility(Agent::vasopressin, hundredths(6), "[iU]/min"), usual);
    EXPECT_EQ(pressor_plausibility(Agent::vasopressin, hundredths(20), "[iU]/min"), unusual);
    EXPECT_EQ(pressor_plausibility(Agent::vasopressin, hundredths(21), "[iU]/min"), implausible);
    EXPECT_EQ(pressor_plausibility(Agent::dopamine, whole(-1), "ug/kg/min"), implausible);
    EXPECT_EQ(pressor_plausibility(Agent::dopamine, whole(0), "ug/kg/min"), usual);
}

struct ScoreCase {
    const char* name;
    void (*state)(IceAssessment&);
    bool plausible;
};
class IceScores : public testing::TestWithParam<ScoreCase> {};

TEST_P(IceScores, are_plausible_within_their_ranges) {
    IceAssessment assessment;
    GetParam().state(assessment);
    EXPECT_EQ(is_plausible(assessment), GetParam().plausible);
}
INSTANTIATE_TEST_SUITE_P(Limits, IceScores,
                         testing::ValuesIn(std::to_array<ScoreCase>({
                             {"nothing_stated", [](IceAssessment&) {}, true},
                             {"orientation_4", [](IceAssessment& a) { a.orientation = 4; }, true},
                             {"orientation_5", [](IceAssessment& a) { a.orientation = 5; }, false},
                             {"naming_3", [](IceAssessment& a) { a.naming = 3; }, true},
                             {"naming_4", [](IceAssessment& a) { a.naming = 4; }, false},
                             {"commands_1", [](IceAssessment& a) { a.commands = 1; }, true},
                             {"commands_2", [](IceAssessment& a) { a.commands = 2; }, false},
                             {"writing_2", [](IceAssessment& a) { a.writing = 2; }, false},
                             {"attention_2", [](IceAssessment& a) { a.attention = 2; }, false},
                             {"total_10", [](IceAssessment& a) { a.total = 10; }, true},
                             {"total_11", [](IceAssessment& a) { a.total = 11; }, false},
                             {"capd_32", [](IceAssessment& a) { a.capd_total = 32; }, true},
                             {"capd_33", [](IceAssessment& a) { a.capd_total = 33; }, false},
                             {"capd_items_8", [](IceAssessment& a) { a.capd_items_answered = 8; }, true},
                             {"capd_items_9", [](IceAssessment& a) { a.capd_items_answered = 9; }, false},
                             {"rass_minus_5", [](IceAssessment& a) { a.rass = -5; }, true},
                             {"rass_minus_6", [](IceAssessment& a) { a.rass = -6; }, false},
                             {"rass_4", [](IceAssessment& a) { a.rass = 4; }, true},
                             {"rass_5", [](IceAssessment& a) { a.rass = 5; }, false},
                             {"head_of_government_2", [](IceAssessment& a) { a.head_of_government = 2; }, false},
                         })),
                         CaseName{});

}  // namespace
}  // namespace cellvigil
