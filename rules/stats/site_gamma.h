// Event rates of sites as draws from one gamma distribution (empirical Bayes): shrunken rates for ranking, and the
// probability that a site's true rate is far below the others' (severe under-reporting when P(rate < 0.7 mean) >=
// 0.95). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace cellvigil {

struct SiteEvents {
    std::int64_t events = 0;  // >= 0
    double exposure = 0;      // above 0: visits, patient-months
};

struct SiteGamma {
    double shape = 0;  // above 0
    double rate = 0;   // above 0; the mean rate is shape / rate
};

// Minus the log likelihood: events are negative binomial, size `shape`, probability rate / (rate + exposure).
double site_negative_log_likelihood(SiteGamma gamma, std::span<const SiteEvents> sites);

struct SitePosterior {
    double mean = 0;     // of Gamma(shape + events, rate + exposure)
    double p_below = 0;  // P(rate < ratio x mean of all)
    double p_above = 0;  // P(rate > mean of all / ratio)
};
// 0 < ratio <= 1.
SitePosterior site_posterior(SiteGamma gamma, SiteEvents site, double ratio);

struct SiteGammaFit {
    SiteGamma gamma;
    double negative_log_likelihood = 0;
};
// Maximum likelihood. nullopt: fewer than two sites, no event at all, or sites that differ by no more than Poisson
// chance (the shape has no finite maximum): there is nothing to shrink by.
std::optional<SiteGammaFit> fit_site_gamma(std::span<const SiteEvents> sites);

}  // namespace cellvigil
