#include "rules/stats/kaplan_meier.h"

#include <algorithm>
#include <cmath>

#include "rules/base/ensure.h"
#include "rules/stats/log_log_interval.h"

namespace cellvigil {
namespace {

constexpr double kTie = 1e-9;

// A descending step function: what it is at a point of the curve, nullopt where it is not defined.
using Height = std::optional<double> (*)(const SurvivalPoint&);

std::optional<double> survival_of(const SurvivalPoint& point) { return point.survival; }
std::optional<double> lower_of(const SurvivalPoint& point) {
    return point.interval ? std::optional(point.interval->lower) : std::nullopt;
}
std::optional<double> upper_of(const SurvivalPoint& point) {
    return point.interval ? std::optional(point.interval->upper) : std::nullopt;
}

std::optional<double> first_day_at_most(const SurvivalCurve& curve, double height, Height of) {
    const auto& points = curve.points;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const std::optional<double> here = of(points[i]);
        if (!here || *here > height + kTie) continue;
        if (*here < height - kTie) return points[i].day;
        double end = points.back().day;
        for (std::size_t next = i + 1; next < points.size(); ++next) {
            const std::optional<double> there = of(points[next]);
            if (!there || std::fabs(*there - *here) <= kTie) continue;
            end = points[next].day;
            break;
        }
        return (points[i].day + end) / 2;
    }
    return std::nullopt;
}

}  // namespace

SurvivalCurve kaplan_meier(const RiskTable& table, Confidence confidence) {
    SurvivalCurve curve;
    curve.points.reserve(table.days().size());
    SurvivalPoint point;
    double greenwood = 0;
    for (const RiskDay& day : table.days()) {
        const auto n = static_cast<double>(day.at_risk);
        const auto d = static_cast<double>(day.events);
        point.day = day.day;
        point.at_risk = day.at_risk;
        if (day.events > 0) {
            point.hazard += d / n;
            point.hazard_variance += d / (n * n);
            point.survival *= (n - d) / n;
            greenwood += d / (n * (n - d));
            point.se = point.survival > 0 ? std::optional(point.survival * std::sqrt(greenwood)) : std::nullopt;
            point.interval = point.se ? log_log_interval(point.survival, *point.se, confidence) : std::nullopt;
        }
        curve.points.push_back(point);
    }
    return curve;
}

SurvivalPoint survival_on(const SurvivalCurve& curve, std::int32_t day) {
    const auto after = std::upper_bound(curve.points.begin(), curve.points.end(), day,
                                        [](std::int32_t d, const SurvivalPoint& point) { return d < point.day; });
    if (after == curve.points.begin()) return SurvivalPoint{.day = day};
    return *std::prev(after);
}

SurvivalQuantile survival_quantile(const SurvivalCurve& curve, double p) {
    ensure(p > 0 && p < 1, "a quantile lies between 0 and 1");
    return {.day = first_day_at_most(curve, 1 - p, survival_of),
            .lower = first_day_at_most(curve, 1 - p, lower_of),
            .upper = first_day_at_most(curve, 1 - p, upper_of)};
}

}  // namespace cellvigil
