#include "rules/stats/mgps_score.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "rules/base/ensure.h"
#include "rules/stats/special_functions.h"
#include "rules/stats/tail_root.h"

namespace cellvigil {
namespace {

struct Component {
    double share;
    double shape;
    double rate;
};

double mixture_quantile(const Component& first, const Component& second, double p) {
    const double one = special::gamma_lower_quantile(first.shape, p) / first.rate;
    const double other = special::gamma_lower_quantile(second.shape, p) / second.rate;
    const double start = first.share * one + second.share * other;
    return tail_root(TailSide::lower, p, start, std::numeric_limits<double>::infinity(), [&](double x) {
        Tail tail{0, 0};
        for (const Component& part : {first, second}) {
            tail.probability += part.share * special::gamma_lower(part.shape, part.rate * x);
            tail.slope += part.share * part.rate * x * special::gamma_density(part.shape, part.rate * x);
        }
        return tail;
    });
}

}  // namespace

double log_component(double alpha, double beta, double count, double expected) {
    const double none = -alpha * std::log1p(expected / beta);
    if (count == 0) return none;
    // log Gamma(alpha + n) - log Gamma(alpha) - log n! without their cancellation: -log n - log B(alpha, n).
    return none - std::log(count) - special::log_beta(alpha, count) - count * std::log1p(beta / expected);
}

MgpsScore mgps_score(const MgpsPrior& prior, std::int64_t count, double expected) {
    ensure(prior.alpha1 > 0 && prior.beta1 > 0 && prior.alpha2 > 0 && prior.beta2 > 0,
           "gamma priors have positive parameters");
    ensure(prior.p >= 0 && prior.p <= 1 && count >= 0 && expected > 0, "a pair is expected");
    const auto n = static_cast<double>(count);
    const double log_first = std::log(prior.p) + log_component(prior.alpha1, prior.beta1, n, expected);
    const double log_second = std::log1p(-prior.p) + log_component(prior.alpha2, prior.beta2, n, expected);
    const double second_share = 1 / (1 + std::exp(log_first - log_second));
    const double first_share = 1 / (1 + std::exp(log_second - log_first));
    const Component first{first_share, prior.alpha1 + n, prior.beta1 + expected};
    const Component second{second_share, prior.alpha2 + n, prior.beta2 + expected};
    MgpsScore score;
    score.weight = first_share;
    score.ebgm = std::exp(first.share * (special::digamma(first.shape) - std::log(first.rate)) +
                          second.share * (special::digamma(second.shape) - std::log(second.rate)));
    score.eb05 = mixture_quantile(first, second, 0.05);
    score.eb95 = mixture_quantile(first, second, 0.95);
    return score;
}

MgpsPrior ordered(const MgpsPrior& prior) {
    if (prior.alpha1 / prior.beta1 >= prior.alpha2 / prior.beta2) return prior;
    return {
        .alpha1 = prior.alpha2, .beta1 = prior.beta2, .alpha2 = prior.alpha1, .beta2 = prior.beta1, .p = 1 - prior.p};
}

}  // namespace cellvigil
