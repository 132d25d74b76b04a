#include "rules/stats/cusum.h"

#include <algorithm>
#include <cmath>

#include "rules/base/ensure.h"

namespace cellvigil {

std::vector<double> cusum_bernoulli(const std::vector<bool>& events, double p0, double p1) {
    ensure(p0 > 0 && p0 < 1 && p1 > 0 && p1 < 1, "both probabilities lie between 0 and 1");
    const double with = std::log(p1 / p0);
    const double without = std::log1p(-p1) - std::log1p(-p0);
    std::vector<double> path;
    path.reserve(events.size());
    double c = 0;
    for (const bool event : events) {
        c = std::max(0.0, c + (event ? with : without));
        path.push_back(c);
    }
    return path;
}

std::vector<double> cusum_risk_adjusted(const std::vector<PredictedOutcome>& outcomes, double null_ratio,
                                        double ratio) {
    ensure(null_ratio > 0 && ratio > 0, "odds ratios are positive");
    std::vector<double> path;
    path.reserve(outcomes.size());
    double c = 0;
    for (const auto& [p, event] : outcomes) {
        ensure(p >= 0 && p <= 1, "a probability lies between 0 and 1");
        const double without = std::log((1 - p + null_ratio * p) / (1 - p + ratio * p));
        c = std::max(0.0, c + without + (event ? std::log(ratio / null_ratio) : 0));
        path.push_back(c);
    }
    return path;
}

std::vector<double> cusum_poisson(const std::vector<ExpectedPoint>& points, double rho) {
    ensure(rho > 0, "a rate ratio is positive");
    std::vector<double> path;
    path.reserve(points.size());
    double c = 0;
    double before = 0;
    for (const auto& [expected, events] : points) {
        ensure(expected >= before && events >= 0, "expectation and events only grow");
        c = std::max(0.0, c - (rho - 1) * (expected - before));
        c += static_cast<double>(events) * std::log(rho);
        before = expected;
        path.push_back(c);
    }
    return path;
}

}  // namespace cellvigil
