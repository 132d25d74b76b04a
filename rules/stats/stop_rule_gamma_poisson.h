// The default rule on person-time: alarm when P(rate > limit | data) under a Gamma prior with mean at the limit reaches
// a threshold that is calibrated, so that the exact probability of a false alarm over the planned follow-up is alpha.
// An uncalibrated 0.95 raises 4 to 42 % (docs/statistics/person-time.md). Pure; tens of milliseconds: callers keep the
// result.
//
// Event n alarms while mu <= G(1 - threshold; shape + n) - shape, G the quantile of the Gamma distribution with that
// shape.
#pragma once

#include "rules/stats/event_limits.h"

namespace cellvigil {

struct GammaPoissonRule {
    double expected = 0;  // T: events expected at the limit over the planned follow-up, above 0
    double shape = 2;     // prior events, above 0
    double alpha = 0.05;
};

struct CalibratedGammaPoissonRule {
    double threshold = 0;
    EventLimits limits;  // up to T
    double alpha_actual =
        0;  // alpha, except when T is so small that any event is rarer than alpha: then every event alarms
};
CalibratedGammaPoissonRule calibrate(const GammaPoissonRule& rule);

// The limit of the n-th event, n >= 1, not cut off at T; 0: it cannot alarm.
double gamma_poisson_limit(double threshold, double shape, std::int64_t event);

}  // namespace cellvigil
