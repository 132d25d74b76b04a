#include "rules/stats/stop_rule_bin.h"

#include <algorithm>
#include <cmath>

#include "rules/base/ensure.h"
#include "rules/stats/bisect.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {
namespace {

constexpr double kTie = 1e-12;
constexpr int kHalvings = 60;

void ensure_valid(const BinaryRule& rule) {
    ensure(rule.patients >= 1 && rule.patients <= BinaryRule::kMostPatients,
           "a rule plans 1 to kMostPatients patients");
    ensure(rule.p0 > 0 && rule.p0 < 1, "the limit lies between 0 and 1");
    ensure(rule.alpha > 0 && rule.alpha < 1, "alpha lies between 0 and 1");
    ensure(rule.prior.a > 0 && rule.prior.b > 0, "a Beta prior has positive parameters");
    const bool has_p1 = rule.family == BinaryFamily::sprt || rule.family == BinaryFamily::chen_chaloner;
    ensure(!has_p1 || (rule.p1 > rule.p0 && rule.p1 < 1), "the rate to be found is above the limit");
}

double log_ratio_term(double count, double expected) { return count == 0 ? 0 : count * std::log(count / expected); }

// Is s events among k patients enough?
bool is_reached(const BinaryRule& rule, double c, std::int32_t events, std::int32_t patients) {
    const double p0 = rule.p0;
    const double q0 = 1 - p0;
    const auto s = static_cast<double>(events);
    const auto k = static_cast<double>(patients);
    const auto n = static_cast<double>(rule.patients);
    const Proportion seen{.events = events, .subjects = patients};
    switch (rule.family) {
        case BinaryFamily::pocock:
            return special::binomial_upper(s, k, p0) <= c;
        case BinaryFamily::obrien_fleming:
            return s >= c * std::sqrt(n * p0 * q0) + k * p0 - kTie;
        case BinaryFamily::wang_tsiatis:
            return s >= c * std::pow(k / n, rule.delta - 0.5) * std::sqrt(k * p0 * q0) + k * p0 - kTie;
        case BinaryFamily::beta_binomial:
            return posterior_above(rule.prior, seen, p0) >= c;
        case BinaryFamily::chen_chaloner:
            return posterior_above(rule.prior, seen, p0) > c && posterior_above(rule.prior, seen, rule.p1) > rule.nu;
        case BinaryFamily::sprt: {
            const double q1 = 1 - rule.p1;
            return s * std::log(rule.p1 * q0 / (q1 * p0)) + k * std::log(q1 / q0) >= c - kTie;
        }
        case BinaryFamily::maxsprt:
            return s > k * p0 && log_ratio_term(s, k * p0) + log_ratio_term(k - s, k * q0) >= c - kTie;
    }
    return false;
}

bool alarms_more_with_larger_constant(BinaryFamily family) { return family == BinaryFamily::pocock; }

bool is_probability_scale(BinaryFamily family) {
    return family == BinaryFamily::pocock || family == BinaryFamily::beta_binomial ||
           family == BinaryFamily::chen_chaloner;
}

}  // namespace

BinaryRule default_binary_rule(std::int32_t patients, double p0, double alpha) {
    return {.family = BinaryFamily::beta_binomial,
            .patients = patients,
            .p0 = p0,
            .alpha = alpha,
            .prior = {.a = 10 * p0, .b = 10 * (1 - p0)}};
}

BinaryBoundary boundary_at(const BinaryRule& rule, double constant) {
    ensure_valid(rule);
    BinaryBoundary boundary;
    boundary.at.resize(static_cast<std::size_t>(rule.patients), 0);
    // No criterion is reached with fewer events by more patients; wang_tsiatis below D = 0 is the exception.
    const bool is_monotone = rule.family != BinaryFamily::wang_tsiatis || rule.delta >= 0;
    std::int32_t s = std::max(1, rule.fewest_events);
    for (std::int32_t k = std::max(1, rule.from_patient); k <= rule.patients; ++k) {
        if (!is_monotone) s = std::max(1, rule.fewest_events);
        while (s <= k && !is_reached(rule, constant, s, k)) ++s;
        if (s <= k) boundary.at[static_cast<std::size_t>(k - 1)] = s;
    }
    return boundary;
}

CalibratedBinaryRule calibrate(const BinaryRule& rule) {
    ensure_valid(rule);
    const auto is_allowed = [&rule](double constant) {
        return reject_probability(boundary_at(rule, constant), rule.p0) <= rule.alpha;
    };
    double cautious = alarms_more_with_larger_constant(rule.family) ? 0 : (is_probability_scale(rule.family) ? 1 : 20);
    const double eager = alarms_more_with_larger_constant(rule.family) ? 1 : 0;
    for (int i = 0; i < 40 && !is_probability_scale(rule.family) && !is_allowed(cautious); ++i) cautious *= 2;
    CalibratedBinaryRule result;
    result.constant = is_allowed(eager) && !is_probability_scale(rule.family)
                          ? eager
                          : last_holding(cautious, eager, kHalvings, is_allowed);
    result.boundary = boundary_at(rule, result.constant);
    result.alpha_actual = reject_probability(result.boundary, rule.p0);
    return result;
}

}  // namespace cellvigil
