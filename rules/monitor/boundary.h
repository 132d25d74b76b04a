// A monitor's boundary: integers, or limits for the time of each event, computed once from its specification and stored
// with every alarm that it raises. The hot path compares counts. "Cannot signal" is a value. Source: docs/statistics.
// Pure; milliseconds: callers keep the result.
#pragma once

#include <optional>
#include <string>

#include "rules/base/result.h"
#include "rules/pack/catalogue.h"
#include "rules/stats/binary_boundary.h"
#include "rules/stats/evalue.h"
#include "rules/stats/event_limits.h"

namespace cellvigil {

// Of the e-values, for the evidence and its boundary.
inline constexpr BetaPrior kBinomialEvaluePrior{0.5, 4.5};
inline constexpr GammaPrior kPoissonEvaluePrior{2, 1};

// The comparator of the conditional method.
struct History {
    std::int64_t events = 0;
    double person_years = 0;
    bool operator==(const History&) const = default;
};

struct Boundary {
    std::string cannot_signal;  // why; empty: it can
    BinaryBoundary binary;      // methods that count subjects
    EventLimits limits;         // person-time: in units of `unit`
    Horizon horizon;
    double unit_per_person_day =
        0;  // person-time: expected events at the limit (conditional: share of the history) per person-day
    double constant = 0;      // threshold, critical value or h
    double alpha_actual = 0;  // within the plan; of a Poisson CUSUM within 0.001, else exact
    bool can_signal() const { return cannot_signal.empty(); }
};

// `invalid`: the specification is not one; the detail names the field.
Result<Boundary> boundary_of(const MonitorSpec& monitor, const History& history);

// "3@10 4@21 5@34": an alarm when the third event is there among at most ten subjects, and so on.
std::string alarm_points(const BinaryBoundary& boundary);

// The probability that the rule alarms within its plan when the true rate is `ratio` times the limit; nullopt: not of
// this method.
std::optional<double> power(const MonitorSpec& monitor, const Boundary& boundary, double ratio);

}  // namespace cellvigil
