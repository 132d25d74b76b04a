#include "rules/monitor/boundary.h"

#include <algorithm>
#include <cmath>

#include "rules/stats/cmaxsprt.h"
#include "rules/stats/cusum_run_length.h"
#include "rules/stats/evalue.h"
#include "rules/stats/maxsprt_poisson.h"
#include "rules/stats/poisson_cusum.h"
#include "rules/stats/stop_rule_bin.h"
#include "rules/stats/stop_rule_gamma_poisson.h"

namespace cellvigil {
namespace {

constexpr double kMillion = 1e6;
constexpr double kDaysPerYear = 365.25;
constexpr double kDefaultPriorSize = 10;
constexpr double kDefaultShape = 2;
constexpr double kChenChalonerNu = 0.35;

double limit_of(const MonitorSpec& monitor) { return static_cast<double>(monitor.limit_millionths) / kMillion; }
double alpha_of(const MonitorSpec& monitor) { return static_cast<double>(monitor.alpha_millionths) / kMillion; }
double prior_of(const MonitorSpec& monitor, double otherwise) {
    return monitor.prior_thousandths ? static_cast<double>(*monitor.prior_thousandths) / 1000.0 : otherwise;
}

BinaryFamily family_of(MonitorMethod method) {
    switch (method) {
        case MonitorMethod::pocock:
            return BinaryFamily::pocock;
        case MonitorMethod::obrien_fleming:
            return BinaryFamily::obrien_fleming;
        case MonitorMethod::wang_tsiatis:
            return BinaryFamily::wang_tsiatis;
        case MonitorMethod::chen_chaloner:
            return BinaryFamily::chen_chaloner;
        case MonitorMethod::sprt:
            return BinaryFamily::sprt;
        case MonitorMethod::maxsprt_binomial:
            return BinaryFamily::maxsprt;
        case MonitorMethod::beta_binomial:
        case MonitorMethod::bernoulli_cusum:
        case MonitorMethod::evalue_binomial:
        case MonitorMethod::gamma_poisson:
        case MonitorMethod::maxsprt_poisson:
        case MonitorMethod::conditional_maxsprt:
        case MonitorMethod::poisson_cusum:
        case MonitorMethod::evalue_poisson:
            return BinaryFamily::beta_binomial;
    }
    return BinaryFamily::beta_binomial;
}

Result<Boundary> binary_boundary(const MonitorSpec& monitor) {
    BinaryRule rule;
    rule.family = family_of(monitor.method);
    if (monitor.planned_subjects < 1 || monitor.planned_subjects > BinaryRule::kMostPatients) {
        return fail(Errc::invalid,
                    "planned_subjects: 1 to " + std::to_string(BinaryRule::kMostPatients) + " are expected");
    }
    rule.patients = static_cast<std::int32_t>(monitor.planned_subjects);
    rule.p0 = limit_of(monitor);
    rule.alpha = alpha_of(monitor);
    if (!(rule.p0 > 0 && rule.p0 < 1)) return fail(Errc::invalid, "limit: a probability between 0 and 1 is expected");
    const double size = prior_of(monitor, kDefaultPriorSize);
    rule.prior = {size * rule.p0, size * (1 - rule.p0)};
    rule.fewest_events = static_cast<std::int32_t>(monitor.least_events);
    rule.nu = kChenChalonerNu;
    if (rule.family == BinaryFamily::sprt || rule.family == BinaryFamily::chen_chaloner) {
        rule.p1 = monitor.alternative_millionths ? static_cast<double>(*monitor.alternative_millionths) / kMillion : 0;
        if (!(rule.p1 > rule.p0 && rule.p1 < 1))
            return fail(Errc::invalid, "alternative: a probability between the limit and 1 is expected");
    }
    const CalibratedBinaryRule calibrated = calibrate(rule);
    Boundary boundary;
    boundary.binary = calibrated.boundary;
    boundary.constant = calibrated.constant;
    boundary.alpha_actual = calibrated.alpha_actual;
    const auto& at = calibrated.boundary.at;
    if (std::all_of(at.begin(), at.end(), [](std::int32_t events) { return events == 0; })) {
        boundary.cannot_signal =
            "no number of events among " + std::to_string(rule.patients) + " subjects is rarer than alpha";
    }
    return boundary;
}

Result<double> planned_expectation(const MonitorSpec& monitor) {
    if (monitor.planned_person_days < 1) return fail(Errc::invalid, "planned_person_days: missing");
    if (monitor.limit_millionths < 1) return fail(Errc::invalid, "limit_per_100_person_years: above 0 is expected");
    return limit_of(monitor) * static_cast<double>(monitor.planned_person_days) / kDaysPerYear;
}

Result<Boundary> gamma_poisson_boundary(const MonitorSpec& monitor) {
    const auto expected = planned_expectation(monitor);
    if (!expected) return fail(expected.error());
    const auto calibrated = calibrate(GammaPoissonRule{*expected, prior_of(monitor, kDefaultShape), alpha_of(monitor)});
    Boundary boundary;
    boundary.limits = calibrated.limits;
    for (std::size_t i = 0; i < boundary.limits.at.size() && static_cast<std::int64_t>(i) + 1 < monitor.least_events;
         ++i)
        boundary.limits.at[i] = 0;
    boundary.horizon = {*expected, 0};
    boundary.unit_per_person_day = limit_of(monitor) / kDaysPerYear;
    boundary.constant = calibrated.threshold;
    boundary.alpha_actual = behaviour(boundary.limits, boundary.horizon, 1).alarm_probability;
    return boundary;
}

Result<Boundary> maxsprt_boundary(const MonitorSpec& monitor) {
    const auto expected = planned_expectation(monitor);
    if (!expected) return fail(expected.error());
    const auto fewest = static_cast<std::int32_t>(std::max<std::int64_t>(monitor.least_events, 3));
    Boundary boundary;
    boundary.horizon = {*expected, 0};
    boundary.unit_per_person_day = limit_of(monitor) / kDaysPerYear;
    const auto critical = maxsprt_poisson_critical_value({boundary.horizon, fewest, alpha_of(monitor)});
    if (!critical) {
        boundary.cannot_signal = std::to_string(fewest) + " events within the planned person-time are rarer than alpha";
        return boundary;
    }
    boundary.constant = *critical;
    boundary.limits = maxsprt_poisson_limits(*critical, fewest, *expected);
    boundary.alpha_actual = behaviour(boundary.limits, boundary.horizon, 1).alarm_probability;
    return boundary;
}

Result<Boundary> conditional_boundary(const MonitorSpec& monitor, const History& history) {
    if (monitor.planned_person_days < 1) return fail(Errc::invalid, "planned_person_days: missing");
    if (history.events < 1 || !(history.person_years > 0))
        return fail(Errc::invalid, "comparator: events and person-years of a history are needed");
    ConditionalMaxsprt design;
    design.history_events = history.events;
    design.fewest_events = static_cast<std::int32_t>(std::max<std::int64_t>(monitor.least_events, 1));
    design.most_tau = static_cast<double>(monitor.planned_person_days) / kDaysPerYear / history.person_years;
    design.alpha = alpha_of(monitor);
    Boundary boundary;
    boundary.horizon = {*design.most_tau, 0};
    boundary.unit_per_person_day = 1 / (kDaysPerYear * history.person_years);
    const auto critical = cmaxsprt_critical_value(design);
    if (!critical) {
        boundary.cannot_signal =
            std::to_string(design.fewest_events) + " events within the planned person-time are rarer than alpha";
        return boundary;
    }
    boundary.constant = *critical;
    boundary.limits = cmaxsprt_limits(*critical, design);
    boundary.alpha_actual = cmaxsprt_alarm_probability(boundary.limits, design);
    return boundary;
}

// The smallest h whose chart alarms with probability at most alpha within the plan, to a thousandth.
double calibrated_bernoulli_h(double p0, double p1, std::int32_t patients, double alpha) {
    std::int64_t low = 0;  // thousandths; alarms too often
    std::int64_t high = 20'000;
    while (high - low > 1) {
        const std::int64_t middle = (low + high) / 2;
        const bool rare = alarm_probability({p0, p1, static_cast<double>(middle) / 1000.0}, patients, p0) <= alpha;
        (rare ? high : low) = middle;
    }
    return static_cast<double>(high) / 1000.0;
}

Result<Boundary> cusum_boundary(const MonitorSpec& monitor) {
    const double limit = limit_of(monitor);
    const double alternative =
        monitor.alternative_millionths ? static_cast<double>(*monitor.alternative_millionths) / kMillion : 0;
    Boundary boundary;
    if (monitor.threshold_thousandths) boundary.constant = static_cast<double>(*monitor.threshold_thousandths) / 1000.0;
    if (monitor.method == MonitorMethod::poisson_cusum) {
        if (!(alternative > 1)) return fail(Errc::invalid, "alternative: a rate ratio above 1 is expected");
        const auto expected = planned_expectation(monitor);
        if (!expected) return fail(expected.error());
        if (!monitor.threshold_thousandths) boundary.constant = calibrated_h(alternative, *expected, alpha_of(monitor));
        boundary.unit_per_person_day = limit / kDaysPerYear;
        boundary.horizon = {*expected, 0};
        boundary.alpha_actual = alarm_probability(PoissonCusum{alternative, boundary.constant}, *expected, 1);
        return boundary;
    }
    if (!(limit > 0 && alternative > limit && alternative < 1))
        return fail(Errc::invalid, "alternative: a probability between the limit and 1 is expected");
    if (monitor.planned_subjects < 1 || monitor.planned_subjects > BinaryRule::kMostPatients) {
        return fail(Errc::invalid,
                    "planned_subjects: 1 to " + std::to_string(BinaryRule::kMostPatients) + " are expected");
    }
    const auto patients = static_cast<std::int32_t>(monitor.planned_subjects);
    if (!monitor.threshold_thousandths)
        boundary.constant = calibrated_bernoulli_h(limit, alternative, patients, alpha_of(monitor));
    boundary.alpha_actual = alarm_probability({limit, alternative, boundary.constant}, patients, limit);
    return boundary;
}

// The smallest number of events with E >= 1 / alpha among the first n, for every n of the plan; it never falls with n.
BinaryBoundary evalue_events(double limit, double alpha, std::int64_t planned) {
    BinaryBoundary boundary;
    std::int64_t events = 1;
    for (std::int64_t n = 1; n <= planned; ++n) {
        while (events <= n && log_evalue_binomial(kBinomialEvaluePrior, {events, n}, limit) < std::log(1 / alpha))
            ++events;
        boundary.at.push_back(events <= n ? static_cast<std::int32_t>(events) : 0);
    }
    return boundary;
}

// The largest mu at which the n-th event still gives E >= 1 / alpha; 0: none.
double evalue_limit(std::int64_t event, double alpha) {
    const auto enough = [&](double mu) {
        return log_evalue_poisson(kPoissonEvaluePrior, event, mu) >= std::log(1 / alpha);
    };
    if (!enough(0)) return 0;
    double low = 0;
    double high = static_cast<double>(event);  // as many as expected: no evidence
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (enough(middle) ? low : high) = middle;
    }
    return low;
}

// E is compared with 1 / alpha, at any time. Within the plan that is a boundary like any other, whose alpha is exact;
// past it the evidence goes on and the alpha asked for stays a bound.
Result<Boundary> evalue_boundary(const MonitorSpec& monitor) {
    const double limit = limit_of(monitor);
    const double alpha = alpha_of(monitor);
    Boundary boundary;
    boundary.constant = 1 / alpha;
    if (monitor.method == MonitorMethod::evalue_binomial) {
        if (!(limit > 0 && limit < 1)) return fail(Errc::invalid, "limit: out of range");
        if (monitor.planned_subjects < 1 || monitor.planned_subjects > BinaryRule::kMostPatients) {
            return fail(Errc::invalid,
                        "planned_subjects: 1 to " + std::to_string(BinaryRule::kMostPatients) + " are expected");
        }
        boundary.binary = evalue_events(limit, alpha, monitor.planned_subjects);
        boundary.alpha_actual = reject_probability(boundary.binary, limit);
        return boundary;
    }
    const auto expected = planned_expectation(monitor);
    if (!expected) return fail(expected.error());
    boundary.limits =
        limits_until(*expected, [&](std::size_t n) { return evalue_limit(static_cast<std::int64_t>(n), alpha); });
    boundary.horizon = {*expected, 0};
    boundary.unit_per_person_day = limit / kDaysPerYear;
    boundary.alpha_actual = behaviour(boundary.limits, boundary.horizon, 1).alarm_probability;
    return boundary;
}

}  // namespace

Result<Boundary> boundary_of(const MonitorSpec& monitor, const History& history) {
    if (monitor.alpha_millionths < 1 || monitor.alpha_millionths > 500'000)
        return fail(Errc::invalid, "alpha: above 0 and at most 0.5 is expected");
    switch (monitor.method) {
        case MonitorMethod::beta_binomial:
        case MonitorMethod::pocock:
        case MonitorMethod::obrien_fleming:
        case MonitorMethod::wang_tsiatis:
        case MonitorMethod::chen_chaloner:
        case MonitorMethod::sprt:
        case MonitorMethod::maxsprt_binomial:
            return binary_boundary(monitor);
        case MonitorMethod::gamma_poisson:
            return gamma_poisson_boundary(monitor);
        case MonitorMethod::maxsprt_poisson:
            return maxsprt_boundary(monitor);
        case MonitorMethod::conditional_maxsprt:
            return conditional_boundary(monitor, history);
        case MonitorMethod::bernoulli_cusum:
        case MonitorMethod::poisson_cusum:
            return cusum_boundary(monitor);
        case MonitorMethod::evalue_binomial:
        case MonitorMethod::evalue_poisson:
            return evalue_boundary(monitor);
    }
    return fail(Errc::invalid, "method: unknown");
}

std::string alarm_points(const BinaryBoundary& boundary) {
    std::string text;
    for (std::size_t n = 0; n < boundary.at.size(); ++n) {
        const std::int32_t events = boundary.at[n];
        const bool last = n + 1 == boundary.at.size() || boundary.at[n + 1] != events;
        if (events > 0 && last)
            text += (text.empty() ? "" : " ") + std::to_string(events) + "@" + std::to_string(n + 1);
    }
    return text;
}

std::optional<double> power(const MonitorSpec& monitor, const Boundary& boundary, double ratio) {
    if (!boundary.can_signal()) return 0.0;
    const double rate = ratio * limit_of(monitor);
    if (monitor.method == MonitorMethod::bernoulli_cusum && rate < 1) {
        return alarm_probability(
            {limit_of(monitor), static_cast<double>(*monitor.alternative_millionths) / kMillion, boundary.constant},
            static_cast<std::int32_t>(monitor.planned_subjects), rate);
    }
    if (monitor.method == MonitorMethod::poisson_cusum)
        return alarm_probability(
            PoissonCusum{static_cast<double>(*monitor.alternative_millionths) / kMillion, boundary.constant},
            boundary.horizon.expected, ratio);
    if (!boundary.binary.at.empty()) {
        return rate < 1 ? std::optional(reject_probability(boundary.binary, rate)) : std::nullopt;
    }
    if (boundary.limits.at.empty() || monitor.method == MonitorMethod::conditional_maxsprt) return std::nullopt;
    return behaviour(boundary.limits, boundary.horizon, ratio).alarm_probability;
}

}  // namespace cellvigil
