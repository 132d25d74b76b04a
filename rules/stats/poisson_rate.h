// Rates of events per person-time: exact intervals, comparisons with an expectation, with another cohort, with a prior.
// None is a stopping rule. Person-time is in one unit throughout (usually years = person-days / 365.25). Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "rules/stats/evalue.h"
#include "rules/stats/interval.h"

namespace cellvigil {

struct Rate {
    std::int64_t events = 0;
    double person_time = 0;
};

// Garwood 1936, of the expected number behind `events`: 0 to ... at no event. Divide by person-time for a rate, by an
// expectation for observed / expected. Never negative, unlike a normal approximation.
Interval garwood(std::int64_t events, Confidence confidence);

// Two cohorts, by the binomial distribution of the first's events given all.
struct RateRatio {
    std::optional<double> ratio;  // nullopt: the second has no event
    double lower = 0;
    std::optional<double> upper;  // nullopt: unbounded, the second has no event
    double p_greater = 1;         // one-sided p of "the first's rate is not above the second's"
};
// Both person-times above 0. Interval: Clopper and Pearson's, mapped by the odds.
RateRatio rate_ratio(Rate first, Rate second, Confidence confidence);

// P(X >= events) for a Poisson count with mean `expected` >= 0.
double poisson_at_least(std::int64_t events, double expected);

// P(rate > limit | events) under a Gamma(shape, rate) prior: the upper tail of Gamma(shape + x, rate + person-time).
double rate_posterior_above(GammaPrior prior, Rate seen, double limit);

// P(X >= events) in `seen.person_time` when the rate is known from a history only: Gamma(history events + prior_shape,
// history person-time) makes X negative binomial. prior_shape 1/2 is Jeffreys'.
double rate_predictive_at_least(double prior_shape, Rate history, Rate seen);

}  // namespace cellvigil
