// How the default monitors behave: by simulation with fixed seeds (the empirical rate of false alarms is the exact
// alpha within Monte Carlo error), and by exact computation (the table of docs/statistics/binary.md).
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>
#include <vector>

#include "rules/stats/binomial_interval.h"
#include "rules/stats/cmaxsprt.h"
#include "rules/stats/evalue.h"
#include "rules/stats/maxsprt_poisson.h"
#include "rules/stats/prefix_rule.h"
#include "rules/stats/special_functions.h"
#include "rules/stats/stop_rule_bin.h"
#include "rules/stats/stop_rule_gamma_poisson.h"
#include "rules/stats/wilson.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

// Three and a half standard errors of a share p of n trials: with fixed seeds a failure is a change, not bad luck.
double monte_carlo_error(double p, int n) { return 3.5 * std::sqrt(p * (1 - p) / n); }

constexpr int kTrials = 40'000;

struct Patient {
    int infused = 0;
    int shown = 0;  // day on which the event becomes known; 0: none
};

// Patients come three a week; an event shows after 1 to 10 days, the window closes after 28.
std::vector<Patient> some_patients(std::mt19937_64& random) {
    std::bernoulli_distribution has_event(0.10);
    std::uniform_int_distribution<int> onset(1, 10);
    std::vector<Patient> patients(48);
    for (std::size_t i = 0; i < patients.size(); ++i) {
        patients[i].infused = static_cast<int>(i) * 7 / 3;
        if (has_event(random)) patients[i].shown = patients[i].infused + onset(random);
    }
    return patients;
}
constexpr int kLastLook = 48 * 7 / 3 + 28;

bool prefix_alarms(const std::vector<Patient>& patients, const BinaryBoundary& boundary) {
    for (int today = 0; today <= kLastLook; ++today) {
        std::vector<InfusionDayCount> table;
        for (const Patient& patient : patients) {
            if (patient.infused > today) break;
            table.push_back({patient.infused, 1, patient.shown != 0 && patient.shown <= today ? 1 : 0});
        }
        if (prefix_rule(table, boundary)) return true;
    }
    return false;
}

// The mistake that the prefix rule avoids: an event counts when it shows, a patient without one only when the window
// has closed.
bool alarms_with_events_first(const std::vector<Patient>& patients, const BinaryBoundary& boundary) {
    for (int today = 0; today <= kLastLook; ++today) {
        std::size_t judged = 0;
        std::int32_t events = 0;
        for (const Patient& patient : patients) {
            const bool is_known = patient.shown != 0 && patient.shown <= today;
            events += is_known ? 1 : 0;
            judged += is_known || today >= patient.infused + 28 ? 1U : 0U;
        }
        const std::int32_t limit = judged == 0 ? 0 : boundary.at[judged - 1];
        if (limit > 0 && events >= limit) return true;
    }
    return false;
}

// Every day is a look.
TEST(DefaultBinaryMonitor, false_alarms_of_the_prefix_rule_while_outcomes_are_pending) {
    const CalibratedBinaryRule rule = calibrate(default_binary_rule(48, 0.10, 0.05));
    std::mt19937_64 random(20'240'611);
    constexpr int trials = 4000;
    int alarms = 0;
    int mistaken_alarms = 0;
    for (int trial = 0; trial < trials; ++trial) {
        const std::vector<Patient> patients = some_patients(random);
        alarms += prefix_alarms(patients, rule.boundary) ? 1 : 0;
        mistaken_alarms += alarms_with_events_first(patients, rule.boundary) ? 1 : 0;
    }
    EXPECT_NEAR(alarms / double{trials}, rule.alpha_actual, monte_carlo_error(rule.alpha_actual, trials));
    EXPECT_GT(mistaken_alarms / double{trials}, 2.5 * rule.alpha_actual);
}

struct LimitCase {
    const char* name;
    double p0;
};
class DefaultBinaryLimits : public testing::TestWithParam<LimitCase> {};
TEST_P(DefaultBinaryLimits, false_alarms_equal_the_exact_alpha) {
    const CalibratedBinaryRule rule = calibrate(default_binary_rule(48, GetParam().p0, 0.05));
    std::mt19937_64 random(7);
    std::bernoulli_distribution has_event(GetParam().p0);
    int alarms = 0;
    for (int trial = 0; trial < kTrials; ++trial) {
        std::int32_t events = 0;
        for (const std::int32_t limit : rule.boundary.at) {
            events += has_event(random) ? 1 : 0;
            if (limit == 0 || events < limit) continue;
            ++alarms;
            break;
        }
    }
    EXPECT_NEAR(alarms / double{kTrials}, rule.alpha_actual, monte_carlo_error(rule.alpha_actual, kTrials));
}
INSTANTIATE_TEST_SUITE_P(
    Limits, DefaultBinaryLimits,
    testing::ValuesIn(std::to_array<LimitCase>({{"p02", .02}, {"p05", .05}, {"p10", .10}, {"p20", .20}})), CaseName{});

std::vector<double> arrivals(std::mt19937_64& random, double ratio, double until) {
    std::exponential_distribution<double> gap(ratio);
    std::vector<double> times;
    double t = gap(random);
    while (t <= until) {
        times.push_back(t);
        t += gap(random);
    }
    return times;
}

TEST(DefaultPersonTimeMonitor, false_alarms_and_power_equal_the_exact_ones) {
    constexpr double expected = 4.19;  // 48 patients, 84 person-years past day 90, limit 5 per 100
    const CalibratedGammaPoissonRule rule = calibrate(GammaPoissonRule{.expected = expected});
    std::mt19937_64 random(11);
    for (const double ratio : {1.0, 2.0, 3.0}) {
        const EventLimitBehaviour exact = behaviour(rule.limits, {.expected = expected}, ratio);
        int alarms = 0;
        double time = 0;
        for (int trial = 0; trial < kTrials; ++trial) {
            const auto alarm = first_alarm(rule.limits, {.expected = expected}, arrivals(random, ratio, expected));
            if (!alarm) continue;
            ++alarms;
            time += alarm->expected;
        }
        const double rate = alarms / double{kTrials};
        EXPECT_NEAR(rate, exact.alarm_probability, monte_carlo_error(exact.alarm_probability, kTrials)) << ratio;
        EXPECT_NEAR(time / alarms, exact.alarm_time / exact.alarm_probability, 0.12) << ratio;
    }
}

TEST(PoissonMaxsprtMonitor, false_alarms_equal_alpha_with_a_delayed_first_look) {
    struct Row {
        PoissonMaxsprt design;
        double false_alarms;
    };
    // At T 10 and D 8 alpha lies inside a step of the error.
    for (const Row& row : {Row{{{5, 0}, 2, 0.05}, 0.05}, Row{{{5, 1.5}, 2, 0.05}, 0.05}, Row{{{10, 3}, 4, 0.05}, 0.05},
                           Row{{{5, 1}, 3, 0.05}, 0.0458737}, Row{{{10, 8}, 1, 0.05}, 0.0437275}}) {
        const Horizon horizon = row.design.horizon;
        const double cv = maxsprt_poisson_critical_value(row.design).value();
        const EventLimits limits = maxsprt_poisson_limits(cv, row.design.fewest_events, horizon.expected);
        EXPECT_NEAR(behaviour(limits, horizon, 1).alarm_probability, row.false_alarms, 1e-6) << horizon.first_look;
        std::mt19937_64 random(13);
        int alarms = 0;
        for (int trial = 0; trial < kTrials; ++trial) {
            if (first_alarm(limits, horizon, arrivals(random, 1, horizon.expected))) ++alarms;
        }
        EXPECT_NEAR(alarms / double{kTrials}, row.false_alarms, monte_carlo_error(row.false_alarms, kTrials))
            << horizon.first_look;
    }
}

// The comparator's rate is drawn as its Gamma posterior says: 12 events seen.
TEST(ConditionalMaxsprtMonitor, false_alarms_equal_alpha_over_comparators) {
    ConditionalMaxsprt design;
    design.history_events = 12;
    design.fewest_events = 1;
    design.most_events = 10;
    const EventLimits limits = cmaxsprt_limits(cmaxsprt_critical_value(design).value(), design);
    std::mt19937_64 random(17);
    std::gamma_distribution<double> comparator(12.5, 1.0);
    int alarms = 0;
    for (int trial = 0; trial < kTrials; ++trial) {
        std::exponential_distribution<double> gap(comparator(random));
        double tau = 0;
        for (const double limit : limits.at) {
            tau += gap(random);
            if (tau > limit) continue;
            ++alarms;
            break;
        }
    }
    EXPECT_NEAR(alarms / double{kTrials}, 0.05, monte_carlo_error(0.05, kTrials));
}

TEST(EValues, average_at_most_one_however_one_stops_and_rarely_reach_20) {
    std::mt19937_64 random(19);
    std::bernoulli_distribution has_event(0.05);
    constexpr int trials = 20'000;
    double sum = 0;
    double squares = 0;
    int reached = 0;
    for (int trial = 0; trial < trials; ++trial) {
        double e = 1;
        std::int64_t events = 0;
        // Stop greedily: at the first value above 5, else at the end.
        for (std::int64_t n = 1; n <= 48 && e < 5; ++n) {
            events += has_event(random) ? 1 : 0;
            e = std::exp(log_evalue_binomial({.a = 0.5, .b = 4.5}, {events, n}, 0.05));
        }
        sum += e;
        squares += e * e;
        reached += e >= 20 ? 1 : 0;
    }
    const double mean = sum / trials;
    const double se = std::sqrt((squares / trials - mean * mean) / trials);
    EXPECT_LE(mean, 1 + 3 * se);
    EXPECT_LE(reached / double{trials}, 0.05);
    double person_time = 0;
    double person_time_squares = 0;
    for (int trial = 0; trial < trials; ++trial) {
        const std::vector<double> times = arrivals(random, 1, 6);
        double e = std::exp(log_evalue_poisson({}, static_cast<std::int64_t>(times.size()), 6));
        for (std::size_t i = 0; i < times.size(); ++i) {
            const double then = std::exp(log_evalue_poisson({}, static_cast<std::int64_t>(i + 1), times[i]));
            if (then < 4) continue;
            e = then;
            break;
        }
        person_time += e;
        person_time_squares += e * e;
    }
    const double average = person_time / trials;
    EXPECT_LE(average, 1 + 3 * std::sqrt((person_time_squares / trials - average * average) / trials));
}

// 84 person-years are watched while the true rate, 5 per 100, is known from a history only. Taken as known, the
// estimate raises false alarms; conditional MaxSPRT keeps its error. Exact, averaged over what the history may show.
struct HistoryCase {
    const char* name;
    double years;
    double false_if_taken_as_known;
    double false_conditional;
    double power_if_taken_as_known;  // at twice the rate
    double power_conditional;
};
class EstimatedLimit : public testing::TestWithParam<HistoryCase> {};
TEST_P(EstimatedLimit, error_and_power) {
    constexpr double rate = 0.05;
    constexpr double watched = 84;
    const double years = GetParam().years;
    std::array<double, 4> sums{};
    double weight = 0;
    for (std::int64_t c = 1; c < 400; ++c) {
        const double mass = special::poisson_mass(static_cast<double>(c), rate * years);
        if (mass < 1e-6) continue;
        weight += mass;
        const double limit = static_cast<double>(c) / years;
        const double expected = limit * watched;
        if (const auto cv = maxsprt_poisson_critical_value({{.expected = expected}, 3, 0.05})) {
            const EventLimits limits = maxsprt_poisson_limits(*cv, 3, expected);
            sums[0] += mass * behaviour(limits, {.expected = expected}, rate / limit).alarm_probability;
            sums[2] += mass * behaviour(limits, {.expected = expected}, 2 * rate / limit).alarm_probability;
        }
        ConditionalMaxsprt design;
        design.history_events = c;
        design.most_tau = watched / years;
        if (const auto cv = cmaxsprt_critical_value(design)) {
            EventLimits limits = cmaxsprt_limits(*cv, design);
            for (double& at : limits.at) at *= rate * years;  // from tau to events expected at the true rate
            sums[1] += mass * behaviour(limits, {.expected = rate * watched}, 1).alarm_probability;
            sums[3] += mass * behaviour(limits, {.expected = rate * watched}, 2).alarm_probability;
        }
    }
    EXPECT_NEAR(sums[0] / weight, GetParam().false_if_taken_as_known, 1.1e-3);
    EXPECT_NEAR(sums[1] / weight, GetParam().false_conditional, 1.1e-3);
    EXPECT_NEAR(sums[2] / weight, GetParam().power_if_taken_as_known, 1.6e-3);
    EXPECT_NEAR(sums[3] / weight, GetParam().power_conditional, 1.6e-3);
}
INSTANTIATE_TEST_SUITE_P(Histories, EstimatedLimit,
                         testing::ValuesIn(std::to_array<HistoryCase>({
                             {"years_100", 100, .130, .052, .497, .296},
                             {"years_240", 240, .085, .053, .481, .370},
                             {"years_600", 600, .063, .051, .469, .417},
                             {"years_2400", 2400, .053, .050, .462, .448},
                         })),
                         CaseName{});

// Exact, over a fixed number of expected events: what an uncalibrated rule does when it is looked at at every event.
struct UncalibratedCase {
    const char* name;
    double expected;
    double jeffreys_95;
    double gamma_2_95;
    double garwood_lower_end;
};
class UncalibratedPersonTime : public testing::TestWithParam<UncalibratedCase> {};
TEST_P(UncalibratedPersonTime, false_alarms) {
    const double expected = GetParam().expected;
    const auto false_alarms = [expected](const EventLimits& limits) {
        return behaviour(limits, {.expected = expected}, 1).alarm_probability;
    };
    const auto jeffreys_limit = [](std::size_t n) {
        return special::gamma_upper_quantile(0.5 + static_cast<double>(n), 0.95);
    };
    EXPECT_NEAR(false_alarms(limits_until(expected, jeffreys_limit)), GetParam().jeffreys_95, 1e-3);
    EXPECT_NEAR(
        false_alarms(limits_until(
            expected, [](std::size_t n) { return gamma_poisson_limit(0.95, 2, static_cast<std::int64_t>(n)); })),
        GetParam().gamma_2_95, 1e-3);
    EXPECT_NEAR(
        false_alarms(limits_until(
            expected, [](std::size_t n) { return special::gamma_lower_quantile(static_cast<double>(n), 0.025); })),
        GetParam().garwood_lower_end, 1e-3);
}
INSTANTIATE_TEST_SUITE_P(Horizons, UncalibratedPersonTime,
                         testing::ValuesIn(std::to_array<UncalibratedCase>({
                             {"t4_19", 4.19, .306, .048, .106},
                             {"t20_9", 20.9, .386, .138, .160},
                             {"t41_8", 41.8, .419, .183, .185},
                         })),
                         CaseName{});

// Exact, N = 48, limit 5 %: false alarms at true 2.1 % and 5 %, detection of 15 % and 25 %, mean patient at a true
// alarm of 15 %.
struct BehaviourCase {
    const char* name;
    BinaryBoundary boundary;
    double at_021;
    double at_05;
    double at_15;
    double mean_patient;
    double at_25;
};

BinaryBoundary lower_end_above(double limit, bool is_wilson) {
    BinaryBoundary boundary;
    for (std::int64_t n = 1; n <= 48; ++n) {
        std::int32_t events = 0;
        for (std::int32_t x = 1; x <= n && events == 0; ++x) {
            const auto interval = is_wilson ? wilson(x, n, {0.95}) : clopper_pearson(x, n, {0.95});
            if (interval->lower > limit) events = x;
        }
        boundary.at.push_back(events);
    }
    return boundary;
}

BinaryRule rule_with(BinaryFamily family, double size) {
    BinaryRule rule = default_binary_rule(48, 0.05, 0.05);
    rule.family = family;
    rule.p1 = 0.15;
    rule.prior = {.a = size * 0.05, .b = size * 0.95};
    return rule;
}

BinaryBoundary e_value_boundary(BetaPrior prior) {
    BinaryBoundary boundary;
    for (std::int64_t n = 1; n <= 48; ++n) {
        std::int32_t events = 0;
        for (std::int32_t x = 1; x <= n && events == 0; ++x) {
            if (log_evalue_binomial(prior, {x, n}, 0.05) >= std::log(20)) events = x;
        }
        boundary.at.push_back(events);
    }
    return boundary;
}

std::vector<BehaviourCase> behaviour_cases() {
    BinaryRule jeffreys_rule = rule_with(BinaryFamily::beta_binomial, 10);
    jeffreys_rule.prior = {.a = 0.5, .b = 0.5};
    const auto calibrated = [](BinaryFamily family, double size) {
        return calibrate(rule_with(family, size)).boundary;
    };
    return {
        {"wilson_lower_end", lower_end_above(0.05, true), .076, .244, .886, 11.5, .996},
        {"jeffreys_posterior_95", boundary_at(jeffreys_rule, 0.95), .078, .262, .906, 11.7, .998},
        {"clopper_pearson_lower_end", lower_end_above(0.05, false), .0067, .0665, .753, 19.3, .988},
        {"posterior_95_uncalibrated", boundary_at(rule_with(BinaryFamily::beta_binomial, 10), 0.95), .0044, .071, .798,
         21.2, .993},
        {"posterior_975_uncalibrated", boundary_at(rule_with(BinaryFamily::beta_binomial, 10), 0.975), .0013, .034,
         .693, 23.4, .983},
        {"pocock", calibrated(BinaryFamily::pocock, 10), .0043, .049, .711, 20.5, .984},
        {"obrien_fleming", calibrated(BinaryFamily::obrien_fleming, 10), .0014, .049, .779, 26.1, .992},
        {"wang_tsiatis", calibrated(BinaryFamily::wang_tsiatis, 10), .0031, .049, .746, 22.4, .988},
        {"geller_size_5", calibrated(BinaryFamily::beta_binomial, 5), .0034, .049, .729, 21.2, .986},
        {"geller_size_10", calibrated(BinaryFamily::beta_binomial, 10), .0022, .049, .751, 22.7, .988},
        {"geller_size_20", calibrated(BinaryFamily::beta_binomial, 20), .0020, .049, .762, 23.5, .990},
        {"geller_size_48", calibrated(BinaryFamily::beta_binomial, 48), .0016, .049, .775, 25.0, .991},
        {"sprt", calibrated(BinaryFamily::sprt, 10), .0025, .048, .732, 21.6, .986},
        {"maxsprt", calibrated(BinaryFamily::maxsprt, 10), .0037, .039, .675, 21.3, .980},
        {"e_value_2_10", e_value_boundary({.a = 2, .b = 10}), .0008, .018, .565, 23.0, .962},
        {"e_value_half", e_value_boundary({.a = 0.5, .b = 4.5}), .0006, .014, .539, 23.7, .958},
    };
}

class BinaryBehaviourTable : public testing::TestWithParam<BehaviourCase> {};
TEST_P(BinaryBehaviourTable, exact) {
    const BehaviourCase& row = GetParam();
    EXPECT_NEAR(reject_probability(row.boundary, 0.021), row.at_021, row.at_021 < 0.01 ? 5.1e-5 : 5.1e-4);
    EXPECT_NEAR(reject_probability(row.boundary, 0.05), row.at_05, 5.1e-4);
    EXPECT_NEAR(reject_probability(row.boundary, 0.25), row.at_25, 5.1e-3);
    const BinaryBehaviour found = behaviour(row.boundary, 0.15);
    EXPECT_NEAR(found.reject_probability, row.at_15, 5.1e-4);
    EXPECT_NEAR(found.expected_patients_given_alarm.value(), row.mean_patient, 0.051);
}
INSTANTIATE_TEST_SUITE_P(Methods, BinaryBehaviourTable, testing::ValuesIn(behaviour_cases()), CaseName{});

}  // namespace
}  // namespace cellvigil
