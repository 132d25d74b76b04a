// How likely a Poisson CUSUM alarms within a planned person-time. Pure; milliseconds.
#pragma once

namespace cellvigil {

// The chart against `ratio` times the limit rate (above 1): an event adds log(ratio), one expected event takes ratio -
// 1 away, never below 0; it alarms at C >= h, looked at after every event.
struct PoissonCusum {
    double ratio = 2;
    double h = 0;  // above 0
};

// Within `expected` > 0 events expected at the limit, when events come at `true_ratio` >= 0 times the limit rate. By a
// Markov chain on a lattice on which an event is 400 steps (Brook and Evans 1972): within 0.001 of the truth.
double alarm_probability(const PoissonCusum& chart, double expected, double true_ratio);

// The smallest h, in thousandths, whose chart alarms with probability at most alpha within `expected` when the rate is
// at the limit; at most 20.
double calibrated_h(double ratio, double expected, double alpha);

}  // namespace cellvigil
