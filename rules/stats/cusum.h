// Cumulative sums of log likelihood ratios for processes without a planned end (lots, sites, years): C never below 0,
// an alarm at C >= h. Reset to 0 after a reviewed alarm, and keep a copy that is not reset for reports. Paths only; how
// long a chart runs is in cusum_run_length.h. Pure.
#pragma once

#include <cstdint>
#include <vector>

namespace cellvigil {

// Bernoulli: + log(p1 / p0) at an event, + log((1 - p1) / (1 - p0)) otherwise. C after each patient. 0 < p0, p1 < 1.
std::vector<double> cusum_bernoulli(const std::vector<bool>& events, double p0, double p1);

// Risk-adjusted (Steiner et al. 2000): patient i has the event with predicted probability p_i at odds ratio 1; the
// chart looks for a change of the odds ratio from `null_ratio` to `ratio`, both above 0.
struct PredictedOutcome {
    double probability = 0;  // 0 to 1
    bool event = false;
};
std::vector<double> cusum_risk_adjusted(const std::vector<PredictedOutcome>& outcomes, double null_ratio, double ratio);

// Person-time, for a rate ratio rho > 0, not 1: between points C falls by (rho - 1) times the events expected, at a
// point it rises by log rho for every event. The expectation may come from a risk model. C after each point.
struct ExpectedPoint {
    double expected = 0;      // events expected at the limit since the beginning: never falls
    std::int64_t events = 0;  // at this point
};
std::vector<double> cusum_poisson(const std::vector<ExpectedPoint>& points, double rho);

}  // namespace cellvigil
