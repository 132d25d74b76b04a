#include "rules/stats/poisson_rate.h"

#include "rules/base/ensure.h"
#include "rules/stats/binomial_interval.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {

Interval garwood(std::int64_t events, Confidence confidence) {
    ensure(events >= 0, "a count is not negative");
    const double tail = (1 - confidence.level) / 2;
    const auto x = static_cast<double>(events);
    return {.lower = events == 0 ? 0.0 : special::gamma_lower_quantile(x, tail),
            .upper = special::gamma_upper_quantile(x + 1, tail)};
}

RateRatio rate_ratio(Rate first, Rate second, Confidence confidence) {
    ensure(first.person_time > 0 && second.person_time > 0, "both were observed");
    ensure(first.events >= 0 && second.events >= 0, "a count is not negative");
    const double scale = second.person_time / first.person_time;
    const std::int64_t events = first.events + second.events;
    RateRatio result;
    if (events == 0) return result;
    const auto share = clopper_pearson(first.events, events, confidence);
    result.lower = share->lower / (1 - share->lower) * scale;
    if (second.events > 0) {
        result.ratio = static_cast<double>(first.events) / static_cast<double>(second.events) * scale;
        result.upper = share->upper / (1 - share->upper) * scale;
    }
    const double null_share = first.person_time / (first.person_time + second.person_time);
    result.p_greater =
        special::binomial_upper(static_cast<double>(first.events), static_cast<double>(events), null_share);
    return result;
}

double poisson_at_least(std::int64_t events, double expected) {
    return special::poisson_upper(static_cast<double>(events), expected);
}

double rate_posterior_above(GammaPrior prior, Rate seen, double limit) {
    ensure(prior.shape > 0 && prior.rate >= 0, "a Gamma prior has a positive shape");
    return special::gamma_upper(prior.shape + static_cast<double>(seen.events),
                                (prior.rate + seen.person_time) * limit);
}

double rate_predictive_at_least(double prior_shape, Rate history, Rate seen) {
    const double shape = prior_shape + static_cast<double>(history.events);
    ensure(shape > 0 && history.person_time > 0, "the history says something");
    if (seen.events <= 0) return 1;
    const double share = seen.person_time / (history.person_time + seen.person_time);
    return special::beta_lower(static_cast<double>(seen.events), shape, share);
}

}  // namespace cellvigil
