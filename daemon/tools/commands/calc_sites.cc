// Sites against each other: funnels, empirical Bayes rates, under-reporting.
#include <array>

#include "daemon/tools/commands/calc_functions.h"
#include "rules/stats/funnel.h"
#include "rules/stats/site_gamma.h"
#include "rules/stats/site_underreport.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;

CalcResult funnel_binom_limits(CalcArguments& in) {
    const std::int64_t n = in.integer("n", {0, 10'000'000});
    const double target = in.number("target", kInside);
    const std::vector<double> p = in.numbers("p", kInside);
    if (in.fault()) return fail(*in.fault());
    json::array limits;
    for (const double at : p) limits.push_back(json_of(funnel_limit_proportion(n, target, at)));
    return limits;
}

CalcResult funnel_poisson_limits(CalcArguments& in) {
    const double e = in.number("e", {0, 1e8, true});
    const std::vector<double> p = in.numbers("p", kInside);
    if (in.fault()) return fail(*in.fault());
    json::array limits;
    for (const double at : p) limits.emplace_back(funnel_limit_ratio(e, at));
    return limits;
}

CalcResult funnel_overdispersion(CalcArguments& in) {
    const std::vector<double> o = in.numbers("o", kNotNegative);
    const std::vector<double> e = in.numbers("e", kPositive);
    const double trim = in.number("trim", {0, 0.4999});
    in.require(o.size() == e.size(), "e", "must be as long as o");
    if (in.fault()) return fail(*in.fault());
    std::vector<SiteCount> sites;
    for (std::size_t i = 0; i < o.size(); ++i) sites.push_back({.observed = o[i], .expected = e[i]});
    const auto result = over_dispersion(sites, trim);
    if (!result) return json::value(nullptr);
    return json::object{{"z", json_list(result->z)}, {"phi", result->phi}, {"tau2", result->tau2}};
}

std::vector<SiteEvents> sites_of(CalcArguments& in) {
    const std::vector<std::int64_t> x = in.integers("x", kCount);
    const std::vector<double> exposure = in.numbers("exposure", kPositive);
    in.require(x.size() == exposure.size(), "exposure", "must be as long as x");
    std::vector<SiteEvents> sites;
    for (std::size_t i = 0; i < x.size() && !in.fault(); ++i)
        sites.push_back({.events = x[i], .exposure = exposure[i]});
    return sites;
}

SiteGamma gamma(CalcArguments& in) {
    return {.shape = in.number("shape", kPositive), .rate = in.number("rate", kPositive)};
}

CalcResult site_gamma_negll(CalcArguments& in) {
    const std::vector<SiteEvents> sites = sites_of(in);
    const SiteGamma between = gamma(in);
    if (in.fault()) return fail(*in.fault());
    return site_negative_log_likelihood(between, sites);
}

CalcResult site_gamma_posterior(CalcArguments& in) {
    const std::vector<SiteEvents> sites = sites_of(in);
    const SiteGamma between = gamma(in);
    const double ratio = in.number("ratio", kPositive);
    if (in.fault()) return fail(*in.fault());
    json::array mean;
    json::array below;
    json::array above;
    for (const SiteEvents& site : sites) {
        const SitePosterior posterior = site_posterior(between, site, ratio);
        mean.emplace_back(posterior.mean);
        below.emplace_back(posterior.p_below);
        above.emplace_back(posterior.p_above);
    }
    return json::object{{"mean", mean}, {"p_below", below}, {"p_above2", above}};
}

CalcResult site_gamma_fit(CalcArguments& in) {
    const std::vector<SiteEvents> sites = sites_of(in);
    if (in.fault()) return fail(*in.fault());
    const auto fit = fit_site_gamma(sites);
    if (!fit) return json::object{{"shape", nullptr}, {"rate", nullptr}, {"nll_min", nullptr}};
    return json::object{
        {"shape", fit->gamma.shape}, {"rate", fit->gamma.rate}, {"nll_min", fit->negative_log_likelihood}};
}

CalcResult site_underreport_prob(CalcArguments& in) {
    const std::vector<std::int64_t> pool = in.integers("pool", {0, 1'000'000});
    const std::int64_t n = in.integer("n", {0, 10'000});
    const std::int64_t observed = in.integer("observed_total", {0, 100'000});
    in.require(!pool.empty(), "pool", "must not be empty");
    in.require(n * observed <= 10'000'000, "observed_total", "times n must be at most 10000000");
    if (in.fault()) return fail(*in.fault());
    return site_underreport_probability(pool, n, observed);
}

constexpr auto kFunctions = std::to_array<CalcFunction>({
    {"funnel_binom_limits", "n target p", funnel_binom_limits},
    {"funnel_poisson_limits", "e p", funnel_poisson_limits},
    {"funnel_overdispersion", "o e trim", funnel_overdispersion},
    {"site_gamma_negll", "x exposure shape rate", site_gamma_negll},
    {"site_gamma_posterior", "x exposure shape rate ratio", site_gamma_posterior},
    {"site_gamma_fit", "x exposure", site_gamma_fit},
    {"site_underreport_prob", "pool n observed_total", site_underreport_prob},
});

}  // namespace

std::span<const CalcFunction> site_functions() { return kFunctions; }

}  // namespace cellvigil::tools
