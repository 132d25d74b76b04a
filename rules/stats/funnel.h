// Funnel plots: where a site's proportion or observed / expected would lie by chance, and how far sites differ by more
// than chance. For display and for ranking; plain Poisson limits raise several false accusations a study. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace cellvigil {

// The limit of a proportion at probability p (0.001, 0.025, 0.975, 0.999), interpolated between counts (Spiegelhalter
// 2005): (r - (F(r) - p) / f(r)) / n, r the p-quantile of the count. Below 0 is legal: clip on the screen only.
// nullopt: n is 0. 0 < target < 1, 0 < p < 1.
std::optional<double> funnel_limit_proportion(std::int64_t subjects, double target, double p);

// The same for observed / expected, `expected` > 0.
double funnel_limit_ratio(double expected, double p);

struct SiteCount {
    double observed = 0;
    double expected = 0;  // above 0
};

struct OverDispersion {
    std::vector<double> z;  // per site: (sqrt(O/E) - 1) 2 sqrt(E), not winsorised
    double phi = 0;         // the mean of z^2 after winsorising
    double tau2 = 0;        // variance between sites; 0 when they differ by no more than chance
};
// The square-root method of the Care Quality Commission: z is winsorised at the `trim` and 1 - `trim` quantiles (type
// 7), tau2 by moments with weights 4 E. Limits then are target +- z sqrt(1 / (4 E) + tau2). 0 <= trim < 1/2. nullopt:
// no site.
std::optional<OverDispersion> over_dispersion(std::span<const SiteCount> sites, double trim);

}  // namespace cellvigil
