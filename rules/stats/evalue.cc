#include "rules/stats/evalue.h"

#include <cmath>

#include "rules/base/ensure.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {

double log_evalue_binomial(BetaPrior prior, Proportion seen, double p0) {
    ensure(prior.a > 0 && prior.b > 0, "a Beta prior has positive parameters");
    ensure(p0 > 0 && p0 < 1, "the limit lies between 0 and 1");
    ensure(seen.events >= 0 && seen.events <= seen.subjects, "a subject has the event or not");
    const auto x = static_cast<double>(seen.events);
    const auto rest = static_cast<double>(seen.subjects - seen.events);
    const double a = prior.a + x;
    const double b = prior.b + rest;
    const double alternative = special::log_beta(a, b) + special::log_beta_upper(a, b, p0);
    const double weight = special::log_beta(prior.a, prior.b) + special::log_beta_upper(prior.a, prior.b, p0);
    return alternative - weight - x * std::log(p0) - rest * std::log1p(-p0);
}

double log_evalue_poisson(GammaPrior prior, std::int64_t events, double expected) {
    ensure(prior.shape > 0 && prior.rate > 0, "a Gamma prior has positive parameters");
    ensure(events >= 0 && expected >= 0, "counts are not negative");
    const double a = prior.shape + static_cast<double>(events);
    const double b = prior.rate + expected;
    const double alternative = special::log_gamma(a) - a * std::log(b) + special::log_gamma_upper(a, b);
    const double weight = special::log_gamma(prior.shape) - prior.shape * std::log(prior.rate) +
                          special::log_gamma_upper(prior.shape, prior.rate);
    return expected + alternative - weight;
}

}  // namespace cellvigil
