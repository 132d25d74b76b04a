// E-values: evidence against "the rate is at most the limit" that may be looked at any time, without a planned number.
// P(ever E >= 1 / alpha) <= alpha when the limit holds, whatever the stopping (Wang and Ramdas 2022). They cost power
// (54 % where a calibrated boundary has 75 %) and are what e-BH needs. Natural logarithms: E itself overflows. Pure.
#pragma once

#include <cstdint>

#include "rules/stats/beta_posterior.h"

namespace cellvigil {

// Mixture over p > p0 with the prior Beta(a, b) cut off below p0: a supermartingale for every p <= p0. 0 < p0 < 1.
double log_evalue_binomial(BetaPrior prior, Proportion seen, double p0);

struct GammaPrior {
    double shape = 2;
    double rate = 1;
};
// Mixture over rate ratios above 1 with the prior Gamma(shape, rate) cut off below 1. `expected`: the events expected
// at the limit so far, at least 0. The tail is taken on the log scale where it underflows (expected far above the
// events): a floor there would turn E into exp(expected), a constant false alarm.
double log_evalue_poisson(GammaPrior prior, std::int64_t events, double expected);

}  // namespace cellvigil
