// The boundaries that are published or were computed elsewhere, through the monitors of a pack.
#include "rules/monitor/boundary.h"

#include <gmock/gmock.h>

#include <cmath>

namespace cellvigil {
namespace {

using testing::HasSubstr;

MonitorSpec binary(MonitorMethod method, std::int64_t limit_percent, std::int64_t subjects = 48) {
    MonitorSpec monitor;
    monitor.method = method;
    monitor.limit_millionths = limit_percent * 10'000;
    monitor.planned_subjects = subjects;
    return monitor;
}

struct BinaryCase {
    const char* name;
    MonitorMethod method;
    std::int64_t limit_percent;
    const char* points;
    double alpha;
};
class BinaryTable : public testing::TestWithParam<BinaryCase> {};
TEST_P(BinaryTable, alarm_points_and_exact_alpha) {
    MonitorSpec monitor = binary(GetParam().method, GetParam().limit_percent);
    if (GetParam().method == MonitorMethod::sprt) monitor.alternative_millionths = 150'000;
    const auto boundary = boundary_of(monitor, {});
    ASSERT_TRUE(boundary) << boundary.error().detail;
    EXPECT_EQ(alarm_points(boundary->binary), GetParam().points);
    EXPECT_NEAR(boundary->alpha_actual, GetParam().alpha, 5e-6 + 5e-5);
}
INSTANTIATE_TEST_SUITE_P(
    Rules, BinaryTable,
    testing::ValuesIn(std::vector<BinaryCase>{
        {"geller_5", MonitorMethod::beta_binomial, 5, "3@10 4@21 5@34 6@46 7@48", 0.04895},
        {"geller_10", MonitorMethod::beta_binomial, 10, "3@3 4@9 5@15 6@22 7@28 8@35 9@42 10@48", 0.04944},
        {"pocock_5", MonitorMethod::pocock, 5, "2@4 3@11 4@20 5@31 6@42 7@48", 0.04888},
        {"obrien_fleming_5", MonitorMethod::obrien_fleming, 5, "4@17 5@37 6@48", 0.04918},
        {"wang_tsiatis_5", MonitorMethod::wang_tsiatis, 5, "2@3 3@10 4@20 5@32 6@46 7@48", 0.04941},
        {"sprt_5", MonitorMethod::sprt, 5, "3@11 4@22 5@33 6@44 7@48", 0.04802},
    }),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Boundary, power_is_told_beside_no_signal) {
    const MonitorSpec monitor = binary(MonitorMethod::beta_binomial, 5);
    const auto boundary = boundary_of(monitor, {});
    EXPECT_NEAR(*power(monitor, *boundary, 3), 0.751, 0.0005);
    EXPECT_NEAR(*power(monitor, *boundary, 1), boundary->alpha_actual, 1e-12);
    EXPECT_EQ(power(monitor, *boundary, 20), std::nullopt);  // a probability of 1
}

// 48 subjects, about 84 person-years past day 90, limit 5 per 100: T = 4.
TEST(Boundary, gamma_poisson_limits_per_event) {
    MonitorSpec monitor;
    monitor.method = MonitorMethod::gamma_poisson;
    monitor.limit_millionths = 50'000;
    monitor.planned_person_days = 29'220;  // 80 person-years: 4 expected
    monitor.prior_thousandths = 2000;
    const auto boundary = boundary_of(monitor, {});
    ASSERT_TRUE(boundary);
    EXPECT_NEAR(boundary->constant, 0.94466, 5e-6);
    EXPECT_NEAR(boundary->limits.at[2], 0.029, 5e-4);
    EXPECT_NEAR(boundary->limits.at[3], 0.683, 5e-4);
    EXPECT_LE(boundary->limits.at[1], 0);
    EXPECT_NEAR(boundary->alpha_actual, 0.05, 1e-9);
    EXPECT_NEAR(*power(monitor, *boundary, 2), 0.502, 5e-4);
}

TEST(Boundary, maxsprt_that_needs_more_events_than_the_plan_can_bring_cannot_signal) {
    MonitorSpec monitor;
    monitor.method = MonitorMethod::maxsprt_poisson;
    monitor.limit_millionths = 50'000;
    monitor.planned_person_days = 7'305;  // 1 expected
    monitor.least_events = 4;
    const auto boundary = boundary_of(monitor, {});
    ASSERT_TRUE(boundary);
    EXPECT_FALSE(boundary->can_signal());
    EXPECT_THAT(boundary->cannot_signal, HasSubstr("rarer than alpha"));
    EXPECT_EQ(power(monitor, *boundary, 5), 0.0);
    monitor.least_events = 3;
    EXPECT_NEAR(boundary_of(monitor, {})->constant, 1.774218, 1e-6);
}

TEST(Boundary, the_conditional_method_needs_a_history_and_uses_it) {
    MonitorSpec monitor;
    monitor.method = MonitorMethod::conditional_maxsprt;
    monitor.limit_millionths = 50'000;
    monitor.planned_person_days = 30'681;
    EXPECT_THAT(boundary_of(monitor, {}).error().detail, HasSubstr("comparator"));
    const auto boundary = boundary_of(monitor, {12, 240});
    ASSERT_TRUE(boundary);
    EXPECT_NEAR(boundary->alpha_actual, 0.05, 1e-6);
    EXPECT_NEAR(boundary->horizon.expected, 84.0 / 240.0, 1e-6);
}

TEST(Boundary, a_cusum_is_calibrated_on_its_plan) {
    MonitorSpec monitor = binary(MonitorMethod::bernoulli_cusum, 5);
    EXPECT_FALSE(boundary_of(monitor, {}));
    monitor.alternative_millionths = 150'000;
    const auto boundary = boundary_of(monitor, {});
    ASSERT_TRUE(boundary);
    EXPECT_NEAR(boundary->constant, 3.18, 0.02);
    EXPECT_LE(boundary->alpha_actual, 0.05);
    EXPECT_NEAR(*power(monitor, *boundary, 3), 0.732, 0.01);
}

TEST(Boundary, what_is_no_specification_is_refused_by_field) {
    EXPECT_THAT(boundary_of(binary(MonitorMethod::beta_binomial, 0), {}).error().detail, HasSubstr("limit"));
    EXPECT_THAT(boundary_of(binary(MonitorMethod::beta_binomial, 5, 0), {}).error().detail,
                HasSubstr("planned_subjects"));
    EXPECT_THAT(boundary_of(binary(MonitorMethod::sprt, 5), {}).error().detail, HasSubstr("alternative"));
    MonitorSpec monitor = binary(MonitorMethod::beta_binomial, 5);
    monitor.alpha_millionths = 0;
    EXPECT_THAT(boundary_of(monitor, {}).error().detail, HasSubstr("alpha"));
    monitor = {};
    monitor.method = MonitorMethod::gamma_poisson;
    EXPECT_THAT(boundary_of(monitor, {}).error().detail, HasSubstr("planned_person_days"));
}

}  // namespace
}  // namespace cellvigil
