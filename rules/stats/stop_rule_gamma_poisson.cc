#include "rules/stats/stop_rule_gamma_poisson.h"

#include <algorithm>

#include "rules/base/ensure.h"
#include "rules/stats/bisect.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {
namespace {

EventLimits limits_at(const GammaPoissonRule& rule, double threshold) {
    return limits_until(rule.expected, [&](std::size_t n) {
        return gamma_poisson_limit(threshold, rule.shape, static_cast<std::int64_t>(n));
    });
}

}  // namespace

double gamma_poisson_limit(double threshold, double shape, std::int64_t event) {
    return std::max(0.0, special::gamma_upper_quantile(shape + static_cast<double>(event), threshold) - shape);
}

CalibratedGammaPoissonRule calibrate(const GammaPoissonRule& rule) {
    ensure(rule.expected > 0 && rule.shape > 0, "events are expected, and the prior has a shape");
    ensure(rule.alpha > 0 && rule.alpha < 1, "alpha lies between 0 and 1");
    const Horizon horizon{.expected = rule.expected};
    const auto is_allowed = [&](double threshold) {
        return behaviour(limits_at(rule, threshold), horizon, 1).alarm_probability <= rule.alpha;
    };
    CalibratedGammaPoissonRule result;
    result.threshold = last_holding(1, 0, 60, is_allowed);
    result.limits = limits_at(rule, result.threshold);
    result.alpha_actual = behaviour(result.limits, horizon, 1).alarm_probability;
    return result;
}

}  // namespace cellvigil
