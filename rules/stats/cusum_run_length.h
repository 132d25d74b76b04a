// How long a Bernoulli CUSUM runs before it alarms, exactly. Pure.
#pragma once

#include <cstdint>

namespace cellvigil {

// The integer form: an event adds step - 1, anything else takes 1 away, never below 0; the chart alarms at `limit` or
// above. step ~ 1 / the mean of p0 and p1, limit >= 1, step >= 2, step x limit <= kMostCells.
struct IntegerCusum {
    static constexpr std::int64_t kMostCells = 20'000'000;
    std::int32_t step = 2;
    std::int32_t limit = 1;
};
// The average number of patients until the alarm, from 0, when each has the event with probability p, 0 < p <= 1.
// Solved exactly by eliminating states without a subtraction, so that it keeps its digits when runs are long.
double average_run_length(const IntegerCusum& chart, double p);

// The probability that the chart for p0 against p1 reaches h within n patients whose events have probability p. An
// alarm is at C >= h; equality within 1e-12 counts. Exact: every state is a number of events and of patients since C
// was last 0.
struct BernoulliCusum {
    double p0 = 0;
    double p1 = 0;  // above p0
    double h = 0;   // above 0
};
double alarm_probability(const BernoulliCusum& chart, std::int32_t patients, double p);

}  // namespace cellvigil
