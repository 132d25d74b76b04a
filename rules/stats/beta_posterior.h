// What a Beta(a, b) prior makes of x events among n patients: for display ("P(p > limit) = 0.93") and for a warning
// that a boundary will probably be crossed. A posterior probability is never the only trigger of an alarm. Pure.
#pragma once

#include <cstdint>

namespace cellvigil {

struct BetaPrior {
    double a = 0.5;  // events, above 0
    double b = 0.5;  // patients without, above 0
};

struct Proportion {
    std::int64_t events = 0;  // 0 to subjects
    std::int64_t subjects = 0;
};

// P(p > limit | x, n): the upper tail of Beta(a + x, b + n - x). 0 <= limit <= 1.
double posterior_above(BetaPrior prior, Proportion seen, double limit);

// The probability that p is at most the result is q, 0 < q < 1.
double posterior_quantile(BetaPrior prior, Proportion seen, double q);

// The probability of `events` or more among the next `subjects` patients (beta-binomial). For "the boundary of 48 will
// be crossed": events = boundary(48) - x, subjects = 48 - n. 1 when events <= 0, 0 when events > subjects.
double predictive_at_least(BetaPrior prior, Proportion seen, Proportion next);

}  // namespace cellvigil
