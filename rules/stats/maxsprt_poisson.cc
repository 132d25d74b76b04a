#include "rules/stats/maxsprt_poisson.h"

#include <cmath>

#include "rules/base/ensure.h"
#include "rules/stats/bisect.h"

namespace cellvigil {
namespace {

// With a delayed first look the error has steps, and the root may be the very ratio of n events at that look: a last
// digit lost in print would turn the alarm of those n events back on.
constexpr double kBeyondAStep = 1e-12;

// u >= 0 with u + exp(-u) - 1 = k, k >= 0: Newton's method from above the root of a convex function, which never
// overshoots.
double excess_root(double k) {
    if (k <= 0) return 0;
    double u = std::sqrt(2 * k) + k;
    for (int i = 0; i < 100; ++i) {
        const double next = u - (u + std::expm1(-u) - k) / -std::expm1(-u);
        if (std::fabs(next - u) <= 1e-16 * u) return next;
        u = next;
    }
    return u;
}

}  // namespace

std::optional<double> maxsprt_poisson_llr(std::int64_t events, double expected) {
    ensure(events >= 0 && expected >= 0, "counts are not negative");
    const auto c = static_cast<double>(events);
    if (c <= expected) return 0;
    if (expected == 0) return std::nullopt;
    return (expected - c) + c * std::log(c / expected);
}

double maxsprt_poisson_limit(double critical_value, std::int64_t event) {
    // With mu = n exp(-u) the ratio is n (u + exp(-u) - 1).
    const auto n = static_cast<double>(event);
    return n * std::exp(-excess_root(critical_value / n));
}

EventLimits maxsprt_poisson_limits(double critical_value, std::int32_t fewest_events, double expected) {
    ensure(critical_value >= 0 && fewest_events >= 1, "a critical value is not negative");
    const auto fewest = static_cast<std::size_t>(fewest_events);
    return limits_until(expected, [&](std::size_t n) {
        return n < fewest ? 0.0 : maxsprt_poisson_limit(critical_value, static_cast<std::int64_t>(n));
    });
}

std::optional<double> maxsprt_poisson_critical_value(const PoissonMaxsprt& design) {
    ensure(design.alpha > 0 && design.alpha < 1, "alpha lies between 0 and 1");
    const auto is_allowed = [&design](double critical_value) {
        const EventLimits limits =
            maxsprt_poisson_limits(critical_value, design.fewest_events, design.horizon.expected);
        return behaviour(limits, design.horizon, 1).alarm_probability <= design.alpha;
    };
    if (is_allowed(0)) return std::nullopt;
    double cautious = 8;
    while (!is_allowed(cautious)) cautious *= 2;
    return last_holding(cautious, 0, 60, is_allowed) * (1 + kBeyondAStep);
}

}  // namespace cellvigil
