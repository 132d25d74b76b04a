#include "rules/stats/cmaxsprt.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rules/base/ensure.h"
#include "rules/stats/bisect.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {
namespace {

double llr(double k, double c, double tau) {
    return c * std::log(c * (1 + tau) / (c + k)) + k * std::log(k * (1 + tau) / (tau * (c + k)));
}

double end_of(const ConditionalMaxsprt& design) {
    return design.most_tau.value_or(std::numeric_limits<double>::infinity());
}

void ensure_valid(const ConditionalMaxsprt& design) {
    ensure(design.history_events >= 1 && design.fewest_events >= 1, "counts are at least 1");
    ensure(design.most_events.has_value() || design.most_tau.has_value(), "the watch ends");
    ensure(design.alpha > 0 && design.alpha < 1, "alpha lies between 0 and 1");
    ensure(static_cast<double>(design.history_events) + design.shape_offset > 0,
           "the comparator's rate has a distribution");
}

}  // namespace

std::optional<double> cmaxsprt_llr(std::int64_t events, std::int64_t history_events, double tau) {
    ensure(events >= 0 && history_events >= 1 && tau >= 0, "counts are not negative");
    const auto k = static_cast<double>(events);
    const auto c = static_cast<double>(history_events);
    if (k <= c * tau) return 0;
    if (tau == 0) return std::nullopt;
    return llr(k, c, tau);
}

double cmaxsprt_limit(double critical_value, std::int64_t event, std::int64_t history_events) {
    ensure(event >= 1 && history_events >= 1, "counts are at least 1");
    const auto k = static_cast<double>(event);
    const auto c = static_cast<double>(history_events);
    // The ratio falls in tau from infinity to 0 at k / c: halve the logarithm.
    const double log_end = std::log(k / c);
    const double most = critical_value / k + 1 + std::log1p(k / c);  // the ratio is at least k (s - log(1 + k / c) - 1)
    const double span =
        last_holding(0, most, 200, [&](double s) { return llr(k, c, std::exp(log_end - s)) < critical_value; });
    return std::exp(log_end - span);
}

EventLimits cmaxsprt_limits(double critical_value, const ConditionalMaxsprt& design) {
    ensure_valid(design);
    const auto fewest = static_cast<std::size_t>(design.fewest_events);
    const std::size_t most = design.most_events ? static_cast<std::size_t>(*design.most_events) : kMostEvents;
    EventLimits limits;
    while (limits.at.size() < most && (limits.at.empty() || limits.at.back() < end_of(design))) {
        const std::size_t n = limits.at.size() + 1;
        limits.at.push_back(
            n < fewest ? 0 : cmaxsprt_limit(critical_value, static_cast<std::int64_t>(n), design.history_events));
    }
    return limits;
}

double cmaxsprt_alarm_probability(const EventLimits& limits, const ConditionalMaxsprt& design) {
    const double shape = static_cast<double>(design.history_events) + design.shape_offset;
    std::vector<double> state{1.0};
    double alarm = 0;
    double t = 0;
    for (std::size_t n = 1; n <= limits.at.size() && t < end_of(design); ++n) {
        const double until = std::min(limits.at[n - 1], end_of(design));
        if (until <= t) continue;
        // From i events at t the number until `until` is negative binomial of size shape + i.
        const double log_stay = std::log1p(t) - std::log1p(until);
        const double leave = (until - t) / (1 + until);
        std::vector<double> next(n, 0);
        for (std::size_t i = 0; i < state.size(); ++i) {
            if (state[i] == 0) continue;
            const double size = shape + static_cast<double>(i);
            alarm += state[i] * special::beta_lower(static_cast<double>(n - i), size, leave);
            double mass = state[i] * std::exp(size * log_stay);
            for (std::size_t j = i; j < n; ++j) {
                next[j] += mass;
                const auto k = static_cast<double>(j - i);
                mass *= (size + k) / (k + 1) * leave;
            }
        }
        state = std::move(next);
        t = until;
    }
    return alarm;
}

std::optional<double> cmaxsprt_critical_value(const ConditionalMaxsprt& design) {
    const auto is_allowed = [&design](double critical_value) {
        return cmaxsprt_alarm_probability(cmaxsprt_limits(critical_value, design), design) <= design.alpha;
    };
    if (is_allowed(0)) return std::nullopt;
    double cautious = 8;
    while (!is_allowed(cautious)) cautious *= 2;
    return last_holding(cautious, 0, 60, is_allowed);
}

}  // namespace cellvigil
