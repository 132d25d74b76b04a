// A stopping boundary for a yes/no event in patients taken one after another, and exactly how it behaves. Integers,
// computed once and stored: the hot path compares counts. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace cellvigil {

// at[n - 1]: with this many events or more among the first n patients the rule alarms; 0: at n it cannot.
struct BinaryBoundary {
    std::vector<std::int32_t> at;
    bool operator==(const BinaryBoundary&) const = default;
};

// Exact, by convolving patient after patient (all terms positive, no simulation). O(N x boundary).
struct BinaryBehaviour {
    double reject_probability = 0;
    double expected_events = 0;                           // until the alarm or the last patient
    double expected_patients = 0;                         // the same
    std::optional<double> expected_patients_given_alarm;  // nullopt: it never alarms
};
// When each patient has the event with probability p, 0 <= p <= 1. At the limit p0 reject_probability is the exact
// alpha.
BinaryBehaviour behaviour(const BinaryBoundary& boundary, double p);

// The probability of an alarm alone.
double reject_probability(const BinaryBoundary& boundary, double p);

}  // namespace cellvigil
