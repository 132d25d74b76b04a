#include "rules/stats/stop_rule_surv.h"

#include <algorithm>
#include <cmath>

#include "rules/base/ensure.h"
#include "rules/stats/bisect.h"
#include "rules/stats/maxsprt_poisson.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {
namespace {

double limit_rate(const FollowUpRule& rule) { return -std::log1p(-rule.p0) / rule.window; }

double expected_of(const FollowUpRule& rule) { return rule.patients * rule.p0; }

double wang_tsiatis_limit(double n, double scale, double delta) {
    const auto is_below = [&](double mu) { return mu + scale * std::pow(mu, delta) < n; };
    return is_below(0) ? last_holding(0, n, 200, is_below) : 0;
}

double limit_of(const FollowUpRule& rule, double c, std::int64_t event) {
    const auto n = static_cast<double>(event);
    const double t = expected_of(rule);
    switch (rule.family) {
        case FollowUpFamily::pocock: {
            // (sqrt(c^2 + 4n) - c) / 2, without the cancellation.
            const double root = 2 * n / (c + std::sqrt(c * c + 4 * n));
            return root * root;
        }
        case FollowUpFamily::obrien_fleming:
            return n - c * std::sqrt(t);
        case FollowUpFamily::wang_tsiatis:
            return wang_tsiatis_limit(n, c * std::pow(t, 0.5 - rule.delta), rule.delta);
        case FollowUpFamily::sprt: {
            const double ratio = std::log1p(-rule.p1) / std::log1p(-rule.p0);
            return (n * std::log(ratio) - c) / (ratio - 1);
        }
        case FollowUpFamily::maxsprt:
            return maxsprt_poisson_limit(c, event);
        case FollowUpFamily::gamma_poisson:
            return special::gamma_upper_quantile(rule.prior.shape + n, c) - rule.prior.rate * limit_rate(rule);
    }
    return 0;
}

EventLimits limits_at(const FollowUpRule& rule, double constant) {
    return limits_until(expected_of(rule), [&](std::size_t n) {
        return std::max(0.0, limit_of(rule, constant, static_cast<std::int64_t>(n)));
    });
}

}  // namespace

std::optional<CalibratedFollowUpRule> calibrate(const FollowUpRule& rule) {
    ensure(rule.patients >= 1 && rule.window > 0, "somebody is followed for some time");
    ensure(rule.p0 > 0 && rule.p0 < 1, "the limit lies between 0 and 1");
    ensure(rule.alpha > 0 && rule.alpha < 1, "alpha lies between 0 and 1");
    ensure(rule.family != FollowUpFamily::sprt || (rule.p1 > rule.p0 && rule.p1 < 1),
           "the rate to be found is above the limit");
    const Horizon horizon{.expected = expected_of(rule)};
    const auto is_allowed = [&](double constant) {
        return behaviour(limits_at(rule, constant), horizon, 1).alarm_probability <= rule.alpha;
    };
    if (is_allowed(0)) return std::nullopt;
    double cautious = rule.family == FollowUpFamily::gamma_poisson ? 1 : 20;
    while (rule.family != FollowUpFamily::gamma_poisson && !is_allowed(cautious)) cautious *= 2;
    CalibratedFollowUpRule result;
    result.constant = last_holding(cautious, 0, 70, is_allowed);
    result.expected = horizon.expected;
    result.limits = limits_at(rule, result.constant);
    result.alpha_actual = behaviour(result.limits, horizon, 1).alarm_probability;
    return result;
}

double follow_up_limit(const FollowUpRule& rule, double constant, std::int64_t event) {
    return limit_of(rule, constant, event) / limit_rate(rule);
}

}  // namespace cellvigil
