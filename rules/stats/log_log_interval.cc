#include "rules/stats/log_log_interval.h"

#include <cmath>

#include "rules/stats/special_functions.h"

namespace cellvigil {

std::optional<Interval> log_log_interval(double p, double se, Confidence confidence) {
    // A sum of shares that amounts to 1 may miss it by rounding.
    if (!(p > 0 && p < 1 - 1e-12)) return std::nullopt;
    const double z = special::normal_upper_quantile((1 - confidence.level) / 2);
    const double theta = z * se / (p * std::fabs(std::log(p)));
    return Interval{.lower = std::pow(p, std::exp(theta)), .upper = std::pow(p, std::exp(-theta))};
}

}  // namespace cellvigil
