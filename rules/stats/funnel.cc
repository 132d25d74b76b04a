#include "rules/stats/funnel.h"

#include <algorithm>
#include <cmath>

#include "rules/base/ensure.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {
namespace {

// The smallest count whose distribution function reaches p, and the interpolated count there. `above(k)` is P(X > k).
template <typename Above, typename Mass>
double interpolated_quantile(double start, double most, double p, const Above& above, const Mass& mass) {
    const auto reaches = [&](double k) { return 1 - above(k) >= p; };
    double r = std::clamp(std::floor(start), 0.0, most);
    while (r > 0 && reaches(r - 1)) r -= 1;
    while (r < most && !reaches(r)) r += 1;
    return r - (1 - above(r) - p) / mass(r);
}

// R's quantile of type 7.
double quantile_of(std::vector<double> sorted, double p) {
    const double at = p * static_cast<double>(sorted.size() - 1);
    const auto low = static_cast<std::size_t>(at);
    const std::size_t high = std::min(low + 1, sorted.size() - 1);
    return sorted[low] + (at - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

}  // namespace

std::optional<double> funnel_limit_proportion(std::int64_t subjects, double target, double p) {
    ensure(subjects >= 0 && target > 0 && target < 1, "a target lies between 0 and 1");
    ensure(p > 0 && p < 1, "a probability lies between 0 and 1");
    if (subjects == 0) return std::nullopt;
    const auto n = static_cast<double>(subjects);
    const double z = -special::normal_upper_quantile(p);
    const double start = n * target + z * std::sqrt(n * target * (1 - target));
    return interpolated_quantile(
               start, n, p, [&](double k) { return special::binomial_upper(k + 1, n, target); },
               [&](double k) { return special::binomial_mass(k, n, target); }) /
           n;
}

double funnel_limit_ratio(double expected, double p) {
    ensure(expected > 0 && p > 0 && p < 1, "something is expected");
    const double start = expected - special::normal_upper_quantile(p) * std::sqrt(expected);
    return interpolated_quantile(
               start, 1e15, p, [&](double k) { return special::poisson_upper(k + 1, expected); },
               [&](double k) { return special::poisson_mass(k, expected); }) /
           expected;
}

std::optional<OverDispersion> over_dispersion(std::span<const SiteCount> sites, double trim) {
    ensure(trim >= 0 && trim < 0.5, "less than half is trimmed on each side");
    if (sites.empty()) return std::nullopt;
    OverDispersion result;
    double weights = 0;
    double squares = 0;
    for (const SiteCount& site : sites) {
        ensure(site.observed >= 0 && site.expected > 0, "something is expected of a site");
        result.z.push_back((std::sqrt(site.observed / site.expected) - 1) * 2 * std::sqrt(site.expected));
        const double weight = 4 * site.expected;
        weights += weight;
        squares += weight * weight;
    }
    std::vector<double> sorted = result.z;
    std::sort(sorted.begin(), sorted.end());
    const double low = quantile_of(sorted, trim);
    const double high = quantile_of(sorted, 1 - trim);
    for (const double z : result.z) {
        const double kept = std::clamp(z, low, high);
        result.phi += kept * kept;
    }
    const auto n = static_cast<double>(sites.size());
    result.phi /= n;
    const double excess = n * result.phi - (n - 1);
    const double scale = weights - squares / weights;
    if (excess > 0 && scale > 0) result.tau2 = excess / scale;
    return result;
}

}  // namespace cellvigil
