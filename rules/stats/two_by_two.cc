#include "rules/stats/two_by_two.h"

#include <algorithm>
#include <cmath>

#include "rules/base/ensure.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {
namespace {

struct Cells {
    double a, b, c, d;
};

Cells cells_of(const TwoByTwo& table) {
    ensure(table.a >= 0 && table.b >= 0 && table.c >= 0 && table.d >= 0, "counts are not negative");
    return {static_cast<double>(table.a), static_cast<double>(table.b), static_cast<double>(table.c),
            static_cast<double>(table.d)};
}

// nullopt where the standard error of log ratio is not finite.
std::optional<Interval> log_normal(double ratio, double variance, Confidence confidence) {
    if (!(ratio > 0) || !std::isfinite(variance)) return std::nullopt;
    const double z = special::normal_upper_quantile((1 - confidence.level) / 2);
    const double reach = z * std::sqrt(std::max(variance, 0.0));
    return Interval{.lower = ratio * std::exp(-reach), .upper = ratio * std::exp(reach)};
}

}  // namespace

RatioEstimate proportional_reporting_ratio(const TwoByTwo& table, Confidence confidence) {
    const auto [a, b, c, d] = cells_of(table);
    RatioEstimate result;
    if (table.c == 0 || table.a + table.b == 0) return result;
    result.ratio = a / (a + b) / (c / (c + d));
    result.interval = log_normal(*result.ratio, 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d), confidence);
    return result;
}

RatioEstimate reporting_odds_ratio(const TwoByTwo& table, Confidence confidence) {
    const auto [a, b, c, d] = cells_of(table);
    RatioEstimate result;
    if (table.b == 0 || table.c == 0) return result;
    result.ratio = a * d / (b * c);
    result.interval = log_normal(*result.ratio, 1 / a + 1 / b + 1 / c + 1 / d, confidence);
    return result;
}

ChiSquared chi_squared(const TwoByTwo& table) {
    const auto [a, b, c, d] = cells_of(table);
    const double n = a + b + c + d;
    const double margins = (a + b) * (c + d) * (a + c) * (b + d);
    ChiSquared result;
    if (!(margins > 0)) return result;
    const double difference = std::fabs(a * d - b * c);
    const double corrected = std::max(0.0, difference - n / 2);
    result.pearson = n * difference * difference / margins;
    result.yates = n * corrected * corrected / margins;
    result.evans = table.a >= 3 && a * (c + d) >= 2 * c * (a + b) && *result.yates >= 4;
    return result;
}

double expected_reports(std::span<const Stratum> strata) {
    double sum = 0;
    for (const Stratum& stratum : strata) {
        ensure(stratum.product >= 0 && stratum.event >= 0 && stratum.all >= 0, "counts are not negative");
        if (stratum.all == 0) continue;
        sum += static_cast<double>(stratum.product) * static_cast<double>(stratum.event) /
               static_cast<double>(stratum.all);
    }
    return sum;
}

}  // namespace cellvigil
