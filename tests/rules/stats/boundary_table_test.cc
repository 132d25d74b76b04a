// Published boundaries: every family at three limits, the default rule at others, the continuous rules on person-time.
//
// "3@10 4@21" reads: an alarm when the third event is there with at most 10 patients, the fourth with at most 21.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "rules/stats/cmaxsprt.h"
#include "rules/stats/maxsprt_binomial.h"
#include "rules/stats/maxsprt_poisson.h"
#include "rules/stats/poisson_rate.h"
#include "rules/stats/stop_rule_bin.h"
#include "rules/stats/stop_rule_gamma_poisson.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

std::string alarm_points(const BinaryBoundary& boundary) {
    std::string text;
    for (std::size_t i = 0; i < boundary.at.size(); ++i) {
        const bool is_last_of_step = i + 1 == boundary.at.size() || boundary.at[i + 1] != boundary.at[i];
        if (boundary.at[i] == 0 || !is_last_of_step) continue;
        text += (text.empty() ? "" : " ") + std::to_string(boundary.at[i]) + "@" + std::to_string(i + 1);
    }
    return text;
}

struct FamilyCase {
    const char* name;
    double p0;
    BinaryFamily family;
    double constant;
    double alpha_actual;
    const char* points;
    double power;  // at the rate to be found: .15, .25, .30
};

double rate_to_be_found(double p0) { return p0 < 0.07 ? 0.15 : p0 < 0.12 ? 0.25 : 0.30; }

class BinaryFamilies : public testing::TestWithParam<FamilyCase> {};
// N = 48, alpha 0.05, a look at every patient. Reproduces R's stoppingrule 0.5.2.
TEST_P(BinaryFamilies, boundary_error_and_power) {
    const FamilyCase& row = GetParam();
    BinaryRule rule = default_binary_rule(48, row.p0, 0.05);
    rule.family = row.family;
    rule.p1 = rate_to_be_found(row.p0);
    const CalibratedBinaryRule calibrated = calibrate(rule);
    EXPECT_EQ(alarm_points(calibrated.boundary), row.points);
    EXPECT_NEAR(calibrated.alpha_actual, row.alpha_actual, 5.1e-6);
    EXPECT_NEAR(reject_probability(calibrated.boundary, rule.p1), row.power, 5.1e-4);
    EXPECT_NEAR(calibrated.constant, row.constant, 1e-5);  // R searches its root loosely
}
constexpr auto kFamilyRows = std::to_array<FamilyCase>({
    {"p05_pocock", .05, BinaryFamily::pocock, 0.018880, 0.04888, "2@4 3@11 4@20 5@31 6@42 7@48", .711},
    {"p05_obf", .05, BinaryFamily::obrien_fleming, 2.053025, 0.04918, "4@17 5@37 6@48", .779},
    {"p05_wt", .05, BinaryFamily::wang_tsiatis, 2.436460, 0.04941, "2@3 3@10 4@20 5@32 6@46 7@48", .746},
    {"p05_bb", .05, BinaryFamily::beta_binomial, 0.964411, 0.04895, "3@10 4@21 5@34 6@46 7@48", .751},
    {"p05_sprt", .05, BinaryFamily::sprt, 2.294806, 0.04802, "3@11 4@22 5@33 6@44 7@48", .732},
    {"p05_maxsprt", .05, BinaryFamily::maxsprt, 2.9957323, 0.03935, "2@4 3@10 4@18 5@28 6@38 7@48", .675},
    {"p10_pocock", .10, BinaryFamily::pocock, 0.014445, 0.05000, "2@2 3@5 4@10 5@15 6@20 7@26 8@33 9@39 10@46 11@48",
     .808},
    {"p10_obf", .10, BinaryFamily::obrien_fleming, 2.068838, 0.04518, "5@6 6@16 7@26 8@36 9@46 10@48", .862},
    {"p10_wt", .10, BinaryFamily::wang_tsiatis, 2.266572, 0.04941, "3@4 4@8 5@14 6@21 7@28 8@36 9@43 10@48", .849},
    {"p10_bb", .10, BinaryFamily::beta_binomial, 0.968487, 0.04944, "3@3 4@9 5@15 6@22 7@28 8@35 9@42 10@48", .845},
    {"p10_sprt", .10, BinaryFamily::sprt, 2.412327, 0.04990, "3@4 4@10 5@16 6@22 7@28 8@34 9@40 10@47 11@48", .827},
    {"p10_maxsprt", .10, BinaryFamily::maxsprt, 2.975149, 0.04939, "2@2 3@6 4@10 5@15 6@20 7@25 8@31 9@38 10@44 11@48",
     .787},
    {"p15_pocock", .15, BinaryFamily::pocock, 0.013708, 0.04989,
     "3@4 4@7 5@10 6@14 7@18 8@22 9@26 10@31 11@35 12@40 13@45 14@48", .720},
    {"p15_obf", .15, BinaryFamily::obrien_fleming, 2.000919, 0.04859, "6@6 7@13 8@20 9@26 10@33 11@40 12@46 13@48",
     .797},
    {"p15_wt", .15, BinaryFamily::wang_tsiatis, 2.221186, 0.04926,
     "4@5 5@9 6@13 7@17 8@22 9@27 10@33 11@38 12@44 13@48", .780},
    {"p15_bb", .15, BinaryFamily::beta_binomial, 0.972378, 0.04917,
     "4@5 5@9 6@14 7@18 8@23 9@28 10@32 11@37 12@42 13@48", .772},
    {"p15_sprt", .15, BinaryFamily::sprt, 2.438681, 0.04964,
     "4@5 5@10 6@14 7@19 8@23 9@28 10@33 11@37 12@42 13@46 14@48", .748},
    {"p15_maxsprt", .15, BinaryFamily::maxsprt, 3.366731, 0.04927,
     "2@2 3@4 4@6 5@9 6@13 7@17 8@20 9@24 10@29 11@33 12@37 13@42 14@46 15@48", .651},
});
INSTANTIATE_TEST_SUITE_P(Limits, BinaryFamilies, testing::ValuesIn(kFamilyRows), CaseName{});

struct DefaultCase {
    const char* name;
    double alpha;
    double p0;
    double threshold;
    const char* points;
    double alpha_actual;
    double power_2p0;
    double power_3p0;
};
class DefaultRule : public testing::TestWithParam<DefaultCase> {};
TEST_P(DefaultRule, boundary_error_and_power) {
    const DefaultCase& row = GetParam();
    const BinaryRule rule = default_binary_rule(48, row.p0, row.alpha);
    const CalibratedBinaryRule calibrated = calibrate(rule);
    EXPECT_EQ(alarm_points(calibrated.boundary), row.points);
    EXPECT_NEAR(calibrated.alpha_actual, row.alpha_actual, 5.1e-5);
    EXPECT_NEAR(calibrated.constant, row.threshold, 5.1e-6);
    EXPECT_NEAR(reject_probability(calibrated.boundary, 2 * row.p0), row.power_2p0, 5.1e-4);
    EXPECT_NEAR(reject_probability(calibrated.boundary, 3 * row.p0), row.power_3p0, 5.1e-4);
}
constexpr auto kDefaultRows = std::to_array<DefaultCase>({
    {"a05_p02", .05, .02, 0.95471, "2@12 3@35 4@48", 0.0498, 0.216, 0.438},
    {"a05_p03", .05, .03, 0.95893, "2@5 3@21 4@40 5@48", 0.0495, 0.271, 0.561},
    {"a05_p08", .05, .08, 0.96809, "3@5 4@12 5@19 6@28 7@36 8@44 9@48", 0.0488, 0.499, 0.903},
    {"a05_p20", .05, .20, 0.97334, "5@6 6@10 7@13 8@17 9@21 10@24 11@28 12@32 13@36 14@40 15@44 16@48", 0.0499, 0.896,
     1.000},
    {"a05_p30", .05, .30, 0.97433,
     "6@6 7@9 8@11 9@14 10@17 11@19 12@22 13@24 14@27 15@30 16@32 17@35 18@38 19@41 20@43 21@46 22@48", 0.0500, 0.990,
     1.000},
    {"a01_p02", .01, .02, 0.98972, "3@17 4@37 5@48", 0.0097, 0.080, 0.231},
    {"a01_p03", .01, .03, 0.99086, "3@9 4@23 5@38 6@48", 0.0099, 0.110, 0.335},
    {"a01_p05", .01, .05, 0.99194, "3@3 4@11 5@21 6@32 7@43 8@48", 0.0098, 0.173, 0.536},
    {"a01_p10", .01, .10, 0.99272, "4@4 5@9 6@14 7@20 8@26 9@32 10@39 11@45 12@48", 0.0097, 0.346, 0.873},
    {"a01_p15", .01, .15, 0.99356, "5@5 6@9 7@13 8@17 9@21 10@25 11@30 12@35 13@39 14@44 15@48", 0.0098, 0.550, 0.986},
    {"a01_p20", .01, .20, 0.99386, "6@6 7@9 8@12 9@16 10@19 11@23 12@26 13@30 14@33 15@37 16@40 17@44 18@48", 0.0098,
     0.736, 1.000},
});
INSTANTIATE_TEST_SUITE_P(Limits, DefaultRule, testing::ValuesIn(kDefaultRows), CaseName{});

struct GammaPoissonCase {
    const char* name;
    double expected;
    double threshold;
    std::size_t first_event;
    std::array<double, 5> limits;
    double power_2;
    double power_3;
    double power_5;
    double threshold_01;
};
class GammaPoisson : public testing::TestWithParam<GammaPoissonCase> {};
// Shape 2, alpha 0.05; the last column alpha 0.01.
TEST_P(GammaPoisson, threshold_limits_and_power) {
    const GammaPoissonCase& row = GetParam();
    const CalibratedGammaPoissonRule rule = calibrate(GammaPoissonRule{.expected = row.expected});
    EXPECT_NEAR(rule.threshold, row.threshold, 5.1e-6);
    EXPECT_NEAR(rule.alpha_actual, 0.05, 1e-9);
    for (std::size_t n = 1; n < row.first_event; ++n) EXPECT_EQ(rule.limits.at[n - 1], 0.0) << n;
    for (std::size_t i = 0; i < row.limits.size(); ++i) {
        const auto n = static_cast<std::int64_t>(row.first_event + i);
        EXPECT_NEAR(gamma_poisson_limit(rule.threshold, 2, n), row.limits[i], 5.1e-4) << n;
    }
    const auto power = [&](double ratio) {
        return behaviour(rule.limits, {.expected = row.expected}, ratio).alarm_probability;
    };
    EXPECT_NEAR(power(2), row.power_2, 1.01e-3);
    EXPECT_NEAR(power(3), row.power_3, 1.01e-3);
    EXPECT_NEAR(power(5), row.power_5, 5.1e-3);
    const CalibratedGammaPoissonRule strict = calibrate(GammaPoissonRule{.expected = row.expected, .alpha = 0.01});
    EXPECT_NEAR(strict.threshold, row.threshold_01, 5.1e-6);
}
constexpr auto kGammaPoissonRows = std::to_array<GammaPoissonCase>({
    {"t1", 1, 0.84880, 2, {.046, .793, 1.566, 2.358, 3.165}, .234, .465, .805, 0.93514},
    {"t2", 2, 0.90799, 3, {.369, 1.078, 1.812, 2.565, 3.333}, .337, .673, .960, 0.96698},
    {"t3", 3, 0.93375, 3, {.141, .813, 1.512, 2.233, 2.972}, .433, .812, .993, 0.97857},
    {"t4", 4, 0.94466, 3, {.029, .683, 1.364, 2.069, 2.792}, .502, .885, .999, 0.98433},
    {"t5", 5, 0.95380, 4, {.561, 1.226, 1.914, 2.622, 3.346}, .569, .932, 1.00, 0.98783},
    {"t8", 8, 0.96710, 4, {.353, .988, 1.649, 2.330, 3.029}, .723, .988, 1.00, 0.99221},
    {"t10", 10, 0.97186, 4, {.265, .887, 1.536, 2.206, 2.894}, .795, .996, 1.00, 0.99367},
    {"t20", 20, 0.98221, 4, {.033, .619, 1.234, 1.872, 2.530}, .961, 1.00, 1.00, 0.99642},
    {"t40", 40, 0.98797, 5, {.418, 1.006, 1.619, 2.252, 2.904}, .999, 1.00, 1.00, 0.99779},
});
INSTANTIATE_TEST_SUITE_P(Horizons, GammaPoisson, testing::ValuesIn(kGammaPoissonRows), CaseName{});

constexpr double kCannotSignal = -1;
struct MaxsprtCase {
    const char* name;
    double expected;
    std::array<double, 5> critical_values;  // M = 1, 2, 3, 4, 6; 0: not in the table
};
class PoissonMaxsprtTable : public testing::TestWithParam<MaxsprtCase> {};
// Kulldorff 2011 and Kulldorff and Silva 2015, alpha 0.05.
TEST_P(PoissonMaxsprtTable, critical_value) {
    constexpr std::array<std::int32_t, 5> fewest{1, 2, 3, 4, 6};
    for (std::size_t i = 0; i < fewest.size(); ++i) {
        const auto value = maxsprt_poisson_critical_value(
            {.horizon = {.expected = GetParam().expected}, .fewest_events = fewest[i], .alpha = 0.05});
        if (GetParam().critical_values[i] == kCannotSignal) {
            EXPECT_EQ(value, std::nullopt) << fewest[i];
        } else {
            ASSERT_TRUE(value.has_value()) << fewest[i];
            EXPECT_NEAR(*value, GetParam().critical_values[i], 1.01e-6) << fewest[i];
        }
    }
}
constexpr auto kMaxsprtRows = std::to_array<MaxsprtCase>({
    {"t1", 1, {2.853937, 2.366638, 1.774218, kCannotSignal, kCannotSignal}},
    {"t1_5", 1.5, {2.964971, 2.576390, 2.150707, 1.683209, kCannotSignal}},
    {"t2", 2, {3.046977, 2.689354, 2.349680, 2.000158, kCannotSignal}},
    {"t2_5", 2.5, {3.110419, 2.777483, 2.474873, 2.187328, kCannotSignal}},
    {"t3", 3, {3.162106, 2.849327, 2.565320, 2.317139, 1.766485}},
    {"t4", 4, {3.245004, 2.937410, 2.699182, 2.498892, 2.089473}},
    {"t5", 5, {3.297183, 3.012909, 2.803955, 2.623668, 2.267595}},
    {"t6", 6, {3.342729, 3.082099, 2.873904, 2.699350, 2.406810}},
    {"t8", 8, {3.413782, 3.170062, 2.985560, 2.829259, 2.572627}},
    {"t10", 10, {3.467952, 3.238009, 3.064248, 2.921561, 2.690586}},
    {"t12", 12, {3.511749, 3.290551, 3.125253, 2.993106, 2.781435}},
    {"t15", 15, {3.562591, 3.353265, 3.199953, 3.075613, 2.877939}},
    {"t20", 20, {3.628123, 3.430141, 3.288216, 3.176370, 2.997792}},
    {"t30", 30, {3.715764, 3.534150, 3.406715, 3.307135, 3.147801}},
    {"t50", 50, {3.819903, 3.657142, 3.544826, 3.455521, 3.317955}},
    {"t100", 100, {3.952321, 3.810141, 3.711993, 3.636508, 3.520081}},
});
INSTANTIATE_TEST_SUITE_P(Horizons, PoissonMaxsprtTable, testing::ValuesIn(kMaxsprtRows), CaseName{});

struct DelayedCase {
    const char* name;
    double expected;
    std::array<double, 7> critical_values;  // D = 1, 2, 3, 4, 6, 8, 10; 0: not in the table
};
class DelayedMaxsprtTable : public testing::TestWithParam<DelayedCase> {};
// The table of the R package Sequential (CV.Poisson, D > 0, M = 1, alpha 0.05), six decimals. Where the error steps
// over alpha it prints the lowest value that keeps it.
TEST_P(DelayedMaxsprtTable, critical_value) {
    constexpr std::array<double, 7> first_looks{1, 2, 3, 4, 6, 8, 10};
    for (std::size_t i = 0; i < first_looks.size(); ++i) {
        const double printed = GetParam().critical_values[i];
        if (printed == 0) continue;
        const Horizon horizon{.expected = GetParam().expected, .first_look = first_looks[i]};
        const double value = maxsprt_poisson_critical_value({horizon, 1, 0.05}).value();
        const auto error_at = [&](double cv) {
            return behaviour(maxsprt_poisson_limits(cv, 1, horizon.expected), horizon, 1).alarm_probability;
        };
        EXPECT_LE(error_at(value), 0.05 + 1e-12) << first_looks[i];
        EXPECT_NEAR(error_at(value), error_at(printed + 1e-6), 2e-7) << first_looks[i];  // above its last digit
        // At T 2.5 and D 2 every value from 1.581454 on to the next step is the same rule.
        const bool other_number = printed == 1.600544;
        EXPECT_NEAR(value, other_number ? 1.581454 : printed, 1.5e-6) << first_looks[i];
    }
}
constexpr auto kDelayedRows = std::to_array<DelayedCase>({
    {"t1_5", 1.5, {1.683209, 0, 0, 0, 0, 0, 0}},
    {"t2", 2, {2.000158, 0, 0, 0, 0, 0, 0}},
    {"t2_5", 2.5, {2.187328, 1.600544, 0, 0, 0, 0, 0}},
    {"t3", 3, {2.317139, 1.766485, 0, 0, 0, 0, 0}},
    {"t4", 4, {2.498892, 2.089473, 1.84232, 0, 0, 0, 0}},
    {"t5", 5, {2.545178, 2.267595, 1.936447, 1.611553, 0, 0, 0}},
    {"t6", 6, {2.546307, 2.40681, 2.093835, 1.921859, 0, 0, 0}},
    {"t8", 8, {2.694074, 2.572627, 2.337771, 2.211199, 1.829011, 0, 0}},
    {"t10", 10, {2.799333, 2.591675, 2.484834, 2.298373, 2.087405, 1.834621, 0}},
    {"t12", 12, {2.88072, 2.683713, 2.589388, 2.415402, 2.254018, 1.96566, 1.755455}},
    {"t15", 15, {2.970411, 2.794546, 2.711996, 2.556634, 2.347591, 2.203782, 2.020681}},
    {"t20", 20, {3.082511, 2.918988, 2.846635, 2.717137, 2.542045, 2.425671, 2.260811}},
    {"t30", 30, {3.223172, 3.080629, 2.963485, 2.911222, 2.765594, 2.634068, 2.553373}},
    {"t50", 50, {3.381606, 3.261665, 3.162197, 3.117553, 2.99958, 2.897811, 2.802863}},
    {"t100", 100, {3.574091, 3.47261, 3.391376, 3.321971, 3.232345, 3.155596, 3.109251}},
});
INSTANTIATE_TEST_SUITE_P(Horizons, DelayedMaxsprtTable, testing::ValuesIn(kDelayedRows), CaseName{});

// Both sides of a step: five events expected by the end, the first look at one. Four events there have the ratio
// -3 + 4 log 4 = 2.545177; whether they alarm is 0.7 % of error. From a recursion of its own and four million paths.
TEST(DelayedMaxsprtTable, of_a_step_the_side_that_keeps_alpha) {
    const Horizon horizon{.expected = 5, .first_look = 1};
    const auto error_at = [&](double cv) {
        return behaviour(maxsprt_poisson_limits(cv, 1, 5), horizon, 1).alarm_probability;
    };
    const double value = maxsprt_poisson_critical_value({horizon, 1, 0.05}).value();
    EXPECT_NEAR(value, 4 * std::log(4) - 3, 1e-9);
    EXPECT_NEAR(error_at(value), 0.04587369972866, 1e-11);
    EXPECT_NEAR(error_at(value - 1e-9), 0.05323302731348, 1e-9);
    EXPECT_NEAR(error_at(value * (1 - 4e-13)), 0.04587369972866, 1e-11) << "a lost digit does not turn it on";
}

// M counts also with a delay: what M rules out at the first look anyway changes nothing.
TEST(DelayedMaxsprtTable, fewest_events) {
    struct Row {
        double expected;
        std::int32_t fewest;
        double first_look;
        double critical_value;
    };
    for (const Row& row : std::to_array<Row>({{5, 3, 1, 2.545177444480},
                                              {5, 3, 2, 2.267595060822},
                                              {10, 4, 3, 2.484834005637},
                                              {10, 3, 1, 2.799333424129},
                                              {20, 3, 2, 2.918987745953},
                                              {20, 1, 5, 2.657739339828},
                                              {6, 2, 2, 2.406809500825},
                                              {10, 1, 10, 1.081976621622}})) {
        const auto value = maxsprt_poisson_critical_value({{row.expected, row.first_look}, row.fewest, 0.05});
        EXPECT_NEAR(value.value(), row.critical_value, 1e-9) << row.expected << ' ' << row.first_look;
    }
}

TEST(PoissonMaxsprtTable, alpha_of_one_per_cent) {
    struct Row {
        double expected;
        double critical_value;
    };
    for (const Row& row : std::to_array<Row>({{1, 4.670428},
                                              {2, 4.862223},
                                              {3, 4.971792},
                                              {5, 5.091907},
                                              {8, 5.206326},
                                              {10, 5.260513},
                                              {12, 5.302914},
                                              {15, 5.351279},
                                              {20, 5.414770}})) {
        const auto value =
            maxsprt_poisson_critical_value({.horizon = {.expected = row.expected}, .fewest_events = 1, .alpha = 0.01});
        EXPECT_NEAR(value.value(), row.critical_value, 1.01e-6) << row.expected;
    }
}

TEST(ConditionalMaxsprtTable, critical_values_by_shape) {
    struct Row {
        std::int32_t events;
        std::int64_t history;
        std::int32_t fewest;
        std::array<double, 3> critical_values;  // shape c, c + 1/2, c + 1
    };
    for (const Row& row : std::to_array<Row>({{10, 12, 1, {3.080786, 3.185304, 3.289687}},
                                              {10, 20, 2, {2.830167, 2.910301, 2.990092}},
                                              {20, 20, 2, {3.053029, 3.152559, 3.252705}}})) {
        for (std::size_t i = 0; i < 3; ++i) {
            const auto value = cmaxsprt_critical_value({.history_events = row.history,
                                                        .fewest_events = row.fewest,
                                                        .most_events = row.events,
                                                        .most_tau = std::nullopt,
                                                        .alpha = 0.05,
                                                        .shape_offset = 0.5 * static_cast<double>(i)});
            EXPECT_NEAR(value.value(), row.critical_values[i], 1.01e-6) << row.history << " " << i;
        }
    }
}

// One event more than fits into alpha is too many: the single-look counts of a zoster rate.
TEST(FixedLook, smallest_count_by_person_years) {
    const auto smallest = [](double expected, double alpha) {
        std::int64_t k = 1;
        while (poisson_at_least(k, expected) > alpha) ++k;
        return k;
    };
    struct Row {
        double per_100;
        double years;
        std::int64_t at_05;
        std::int64_t at_01;
    };
    for (const Row& row : std::to_array<Row>({{5.6, 25, 5, 6},
                                              {5.6, 50, 7, 8},
                                              {5.6, 100, 11, 13},
                                              {5.6, 200, 18, 21},
                                              {5.6, 400, 31, 35},
                                              {3.1, 100, 7, 9},
                                              {7.2, 100, 13, 15}})) {
        EXPECT_EQ(smallest(row.per_100 / 100 * row.years, 0.05), row.at_05) << row.per_100 << " " << row.years;
        EXPECT_EQ(smallest(row.per_100 / 100 * row.years, 0.01), row.at_01) << row.per_100 << " " << row.years;
    }
}

TEST(Garwood, published_limits) {
    const Confidence c95{0.95};
    EXPECT_EQ(garwood(0, c95).lower, 0.0);
    EXPECT_NEAR(garwood(0, c95).upper, 3.6889, 5e-5);
    EXPECT_NEAR(garwood(1, c95).lower, 0.0253, 5e-5);
    EXPECT_NEAR(garwood(1, c95).upper, 5.5716, 5e-5);
    EXPECT_NEAR(garwood(3, c95).lower, 0.6187, 5e-5);
    EXPECT_NEAR(garwood(3, c95).upper, 8.7673, 5e-5);
    EXPECT_NEAR(garwood(9, c95).lower, 4.1154, 5e-5);
    EXPECT_NEAR(garwood(9, c95).upper, 17.0848, 5e-5);
    // 1 event in 10.1 person-years: 0.25 to 55.2 per 100, where a normal approximation goes below 0.
    EXPECT_NEAR(garwood(1, c95).lower / 10.1 * 100, 0.25, 5e-3);
    EXPECT_NEAR(garwood(1, c95).upper / 10.1 * 100, 55.2, 5e-2);
}

}  // namespace
}  // namespace cellvigil
