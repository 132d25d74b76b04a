#include "rules/stats/borrowed_posterior.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "rules/base/ensure.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {
namespace {

Result<void> check_weight(double weight) {
    if (!(weight >= 0 && weight <= 1))
        return fail(Errc::invalid, "the weight of the reference must be from 0 (nothing borrowed) to 1 (pooled)");
    return {};
}

Result<void> check_counts(Proportion counts, const char* whose) {
    if (counts.events < 0 || counts.events > counts.subjects)
        return fail(Errc::invalid, std::string(whose) + ": events must be from 0 to the number of subjects");
    return {};
}

Result<void> check_counts(Rate counts, const char* whose) {
    if (counts.events < 0) return fail(Errc::invalid, std::string(whose) + ": events must not be negative");
    if (!(counts.person_time >= 0 && std::isfinite(counts.person_time)))
        return fail(Errc::invalid, std::string(whose) + ": person-time must be a number, not negative");
    if (counts.person_time == 0 && counts.events > 0)
        return fail(Errc::invalid, std::string(whose) + ": events need person-time in which they came");
    return {};
}

template <typename Counts>
Result<void> check(Counts seen, Counts reference, double weight) {
    if (auto good = check_weight(weight); !good) return good;
    if (auto good = check_counts(seen, "the cohort"); !good) return good;
    return check_counts(reference, "the reference");
}

double spread_of(BetaPrior of) { return std::sqrt(1 / of.a + 1 / of.b); }

// P(first > second), `first` the narrower: the mean of the second's lower tail over the first. Over the log odds t both
// are analytic within pi of the real axis and fall exponentially, where equal steps converge faster than any power. The
// density is taken relative to its mode and divided by its own sum.
double mean_lower_tail(BetaPrior first, BetaPrior second) {
    constexpr double kNegligible = -42;  // e^-42 = 6e-19 of the mode
    const double step = std::min(spread_of(first) / 4, 0.25);
    const double mode = first.a / (first.a + first.b);
    const double rest = first.b / (first.a + first.b);
    const double odds = first.a / first.b;
    const double second_total = second.a + second.b;
    double weights = 0;
    double sum = 0;
    const auto take = [&](double t) {
        const double log_density =
            -first.a * std::log1p(rest * std::expm1(-t)) - first.b * std::log1p(mode * std::expm1(t));
        const double weight = std::exp(log_density);
        const double ratio = odds * std::exp(t);
        const double x = 1 / (1 + 1 / ratio);
        // The tail that keeps its digits near 1.
        const bool low = x * second_total <= second.a;
        const double tail =
            low ? special::beta_lower(second.a, second.b, x) : special::beta_upper(second.b, second.a, 1 / (1 + ratio));
        weights += weight;
        sum += weight * tail;
        return log_density > kNegligible;
    };
    take(0);
    for (int i = 1; take(i * step); ++i) {
    }
    for (int i = 1; take(-i * step); ++i) {
    }
    return std::clamp(sum / weights, 0.0, 1.0);
}

}  // namespace

Result<BetaPrior> borrowed_beta(BetaPrior initial, Proportion seen, Proportion reference, double weight) {
    if (auto good = check(seen, reference, weight); !good) return fail(good.error());
    if (!(initial.a > 0 && initial.b > 0 && std::isfinite(initial.a) && std::isfinite(initial.b)))
        return fail(Errc::invalid, "a Beta prior has positive parameters");
    return BetaPrior{.a = initial.a + weight * static_cast<double>(reference.events) + static_cast<double>(seen.events),
                     .b = initial.b + weight * static_cast<double>(reference.subjects - reference.events) +
                          static_cast<double>(seen.subjects - seen.events)};
}

Result<GammaPrior> borrowed_gamma(GammaPrior initial, Rate seen, Rate reference, double weight) {
    if (auto good = check(seen, reference, weight); !good) return fail(good.error());
    if (!(initial.shape > 0 && initial.rate >= 0 && std::isfinite(initial.shape) && std::isfinite(initial.rate)))
        return fail(Errc::invalid, "a Gamma prior has a positive shape and a rate that is not negative");
    const GammaPrior posterior{
        .shape = initial.shape + weight * static_cast<double>(reference.events) + static_cast<double>(seen.events),
        .rate = initial.rate + weight * reference.person_time + seen.person_time};
    if (!(posterior.rate > 0))
        return fail(Errc::invalid, "without person-time, in the cohort or borrowed, nothing is known of the rate");
    return posterior;
}

Posterior summary_of(BetaPrior posterior, Confidence confidence) {
    const double tail = (1 - confidence.level) / 2;
    return {.mean = posterior.a / (posterior.a + posterior.b),
            .interval = {.lower = special::beta_lower_quantile(posterior.a, posterior.b, tail),
                         .upper = special::beta_upper_quantile(posterior.a, posterior.b, tail)}};
}

Posterior summary_of(GammaPrior posterior, Confidence confidence) {
    const double tail = (1 - confidence.level) / 2;
    return {.mean = posterior.shape / posterior.rate,
            .interval = {.lower = special::gamma_lower_quantile(posterior.shape, tail) / posterior.rate,
                         .upper = special::gamma_upper_quantile(posterior.shape, tail) / posterior.rate}};
}

double exceedance(BetaPrior posterior, double limit) { return special::beta_upper(posterior.a, posterior.b, limit); }

double exceedance(GammaPrior posterior, double limit) {
    return special::gamma_upper(posterior.shape, posterior.rate * limit);
}

double probability_greater(BetaPrior first, BetaPrior second) {
    for (const double parameter : {first.a, first.b, second.a, second.b})
        ensure(parameter >= kLeastShape && parameter <= kGreatestShape,
               "a Beta posterior has parameters from 0.1 to 1e7");
    if (spread_of(first) <= spread_of(second)) return mean_lower_tail(first, second);
    // first > second when 1 - second > 1 - first.
    return mean_lower_tail({second.b, second.a}, {first.b, first.a});
}

double probability_greater(GammaPrior first, GammaPrior second) {
    ensure(first.shape > 0 && first.rate > 0 && second.shape > 0 && second.rate > 0,
           "a Gamma posterior has positive parameters");
    return special::beta_lower(second.shape, first.shape, second.rate / (first.rate + second.rate));
}

}  // namespace cellvigil
