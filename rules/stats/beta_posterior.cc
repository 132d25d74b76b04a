#include "rules/stats/beta_posterior.h"

#include <algorithm>
#include <cmath>

#include "rules/base/ensure.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {
namespace {

BetaPrior posterior(BetaPrior prior, Proportion seen) {
    ensure(prior.a > 0 && prior.b > 0, "a Beta prior has positive parameters");
    ensure(seen.events >= 0 && seen.events <= seen.subjects, "a subject has the event or not");
    return {.a = prior.a + static_cast<double>(seen.events),
            .b = prior.b + static_cast<double>(seen.subjects - seen.events)};
}

}  // namespace

double posterior_above(BetaPrior prior, Proportion seen, double limit) {
    const auto [a, b] = posterior(prior, seen);
    return special::beta_upper(a, b, limit);
}

double posterior_quantile(BetaPrior prior, Proportion seen, double q) {
    const auto [a, b] = posterior(prior, seen);
    return special::beta_lower_quantile(a, b, q);
}

double predictive_at_least(BetaPrior prior, Proportion seen, Proportion next) {
    const auto [a, b] = posterior(prior, seen);
    if (next.events <= 0) return 1;
    const auto m = static_cast<double>(next.subjects);
    const double base = special::log_beta(a, b);
    double sum = 0;
    for (std::int64_t j = next.events; j <= next.subjects; ++j) {
        const auto k = static_cast<double>(j);
        // log of m over k: -log(m + 1) - log B(k + 1, m - k + 1).
        const double log_choose = -std::log1p(m) - special::log_beta(k + 1, m - k + 1);
        sum += std::exp(log_choose + special::log_beta(a + k, b + m - k) - base);
    }
    return std::min(sum, 1.0);
}

}  // namespace cellvigil
