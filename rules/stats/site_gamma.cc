#include "rules/stats/site_gamma.h"

#include <cmath>
#include <limits>

#include "rules/base/ensure.h"
#include "rules/stats/mgps_score.h"
#include "rules/stats/minimise.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {
namespace {

// By log mean and log shape: nearly independent, so the search is short.
SiteGamma gamma_of(double log_mean, double log_shape) {
    const double shape = std::exp(log_shape);
    return {.shape = shape, .rate = shape / std::exp(log_mean)};
}

// A larger shape is Poisson for every practical purpose: rates differ by less than a hundredth of their mean.
constexpr double kMostLogShape = 9.2;

}  // namespace

double site_negative_log_likelihood(SiteGamma gamma, std::span<const SiteEvents> sites) {
    ensure(gamma.shape > 0 && gamma.rate > 0, "a gamma distribution has positive parameters");
    double value = 0;
    for (const SiteEvents& site : sites) {
        ensure(site.events >= 0 && site.exposure > 0, "a site was observed");
        value -= log_component(gamma.shape, gamma.rate, static_cast<double>(site.events), site.exposure);
    }
    return value;
}

SitePosterior site_posterior(SiteGamma gamma, SiteEvents site, double ratio) {
    ensure(gamma.shape > 0 && gamma.rate > 0, "a gamma distribution has positive parameters");
    ensure(ratio > 0 && site.events >= 0 && site.exposure >= 0, "a ratio is positive");
    const double shape = gamma.shape + static_cast<double>(site.events);
    const double rate = gamma.rate + site.exposure;
    const double mean = gamma.shape / gamma.rate;
    return {.mean = shape / rate,
            .p_below = special::gamma_lower(shape, rate * ratio * mean),
            .p_above = special::gamma_upper(shape, rate * mean / ratio)};
}

std::optional<SiteGammaFit> fit_site_gamma(std::span<const SiteEvents> sites) {
    double events = 0;
    double exposure = 0;
    for (const SiteEvents& site : sites) {
        ensure(site.events >= 0 && site.exposure > 0, "a site was observed");
        events += static_cast<double>(site.events);
        exposure += site.exposure;
    }
    if (sites.size() < 2 || events == 0) return std::nullopt;
    const Smooth likelihood = [sites](std::span<const double> x, std::span<double> gradient) {
        const SiteGamma gamma = gamma_of(x[0], x[1]);
        // A step far out, where the exponentials leave the doubles: not a place to stay.
        const bool is_possible =
            gamma.shape > 0 && gamma.rate > 0 && std::isfinite(gamma.shape) && std::isfinite(gamma.rate);
        if (!is_possible) return std::numeric_limits<double>::infinity();
        double by_shape = 0;
        double by_rate = 0;
        for (const SiteEvents& site : sites) {
            const auto n = static_cast<double>(site.events);
            by_shape -= special::digamma(gamma.shape + n) - special::digamma(gamma.shape) -
                        std::log1p(site.exposure / gamma.rate);
            by_rate -= gamma.shape * site.exposure / (gamma.rate * (gamma.rate + site.exposure)) -
                       n / (gamma.rate + site.exposure);
        }
        gradient[0] = -by_rate * gamma.rate;
        gradient[1] = by_shape * gamma.shape + by_rate * gamma.rate;
        return site_negative_log_likelihood(gamma, sites);
    };
    std::optional<SiteGammaFit> best;
    for (const double log_shape : {1.0, 0.0, 3.0, -2.0}) {
        const Minimum minimum = minimise(likelihood, {std::log(events / exposure), log_shape});
        if (!minimum.is_converged || minimum.x[1] > kMostLogShape) continue;
        if (best && best->negative_log_likelihood <= minimum.value) continue;
        best = SiteGammaFit{.gamma = gamma_of(minimum.x[0], minimum.x[1]), .negative_log_likelihood = minimum.value};
    }
    return best;
}

}  // namespace cellvigil
