// Survival without an event by Kaplan and Meier, and the cumulative hazard by Nelson and Aalen, with late entries.
// Descriptions, never detectors: an alarm is a stopping rule's (docs/statistics/time-to-event.md).
//
// S = product of (1 - d / n) over the days up to t; variance by Greenwood, S^2 sum d / (n (n - d)); interval on the
// log(-log S) scale (Kalbfleisch and Prentice). H = sum d / n, variance sum d / n^2. All causes of the table count as
// one event. Checked against R's survival 3.5.
//
// Deaths censored, this overstates how often an adverse event happens: show aalen_johansen.h beside it. With late
// entries the first risk sets are small and can drive S to 0 for ever: show the number at risk, and no curve when fewer
// than kFewestAtLandmark subjects are at risk at its beginning.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rules/stats/interval.h"
#include "rules/stats/risk_table.h"

namespace cellvigil {

constexpr std::int64_t kFewestAtLandmark = 5;

struct SurvivalPoint {
    std::int32_t day = 0;
    std::int64_t at_risk = 0;
    double survival = 1;
    std::optional<double> se = 0;                     // nullopt: survival is 0
    std::optional<Interval> interval = std::nullopt;  // nullopt: survival is 0 or 1, nothing can be said on this scale
    double hazard = 0;                                // Nelson-Aalen's cumulative hazard
    double hazard_variance = 0;
};

// What holds from each day of the table until the next.
struct SurvivalCurve {
    std::vector<SurvivalPoint> points;
};

SurvivalCurve kaplan_meier(const RiskTable& table, Confidence confidence);

// What holds at the end of `day`; before the first day: survival 1. at_risk is the curve's last point's, use
// RiskTable::at_risk_on for the number at risk on a day between.
SurvivalPoint survival_on(const SurvivalCurve& curve, std::int32_t day);

// The first day on which at most 1 - p are without an event, 0 < p < 1. When survival equals 1 - p (within 1e-9) it is
// the middle between that day and the next drop, as for the median of uncensored data; without a next drop, between
// that day and the last day of the table. The interval's ends are the same function of the lower and the upper curve.
// nullopt: not reached.
struct SurvivalQuantile {
    std::optional<double> day;
    std::optional<double> lower;
    std::optional<double> upper;
};
SurvivalQuantile survival_quantile(const SurvivalCurve& curve, double p);

}  // namespace cellvigil
