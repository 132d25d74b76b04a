// Empirical Bayes scores of product-event pairs: the Multi-item Gamma Poisson Shrinker (DuMouchel 1999). The ratio of a
// count to its expectation has a prior of two gamma distributions; EBGM is the geometric mean of its posterior, EB05
// and EB95 its 5 % and 95 % points. EB05 >= 2 escalates. Pure.
#pragma once

#include <cstdint>

namespace cellvigil {

struct MgpsPrior {
    double alpha1 = 0.2;  // DuMouchel's starting values: the fixed prior while there is too little to fit
    double beta1 = 0.1;
    double alpha2 = 2;
    double beta2 = 4;
    double p = 1.0 / 3;  // weight of the first component, 0 to 1
};

struct MgpsScore {
    double weight = 0;  // Q: the first component's share of the posterior
    double ebgm = 0;
    double eb05 = 0;
    double eb95 = 0;
};

// `count` >= 0 reports of the pair, `expected` > 0 from the margins. The parameters of the prior are positive.
MgpsScore mgps_score(const MgpsPrior& prior, std::int64_t count, double expected);

// The log probability of a count under one component: negative binomial, size alpha, probability beta / (beta +
// expected).
double log_component(double alpha, double beta, double count, double expected);

// The same prior with its components swapped when alpha1 / beta1 is below alpha2 / beta2: labels that stay put between
// fits.
MgpsPrior ordered(const MgpsPrior& prior);

}  // namespace cellvigil
