#include "rules/stats/multiplicity.h"

#include <algorithm>
#include <numeric>

#include "rules/base/ensure.h"

namespace cellvigil {
namespace {

std::vector<std::size_t> ascending(std::span<const double> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t one, std::size_t other) { return values[one] < values[other]; });
    return order;
}

// From the largest p downwards: the smallest of factor n / rank x p so far.
std::vector<double> step_up(std::span<const double> p, double factor) {
    const std::vector<std::size_t> order = ascending(p);
    const auto n = static_cast<double>(p.size());
    std::vector<double> adjusted(p.size());
    double least = 1;
    for (std::size_t rank = p.size(); rank > 0; --rank) {
        const std::size_t at = order[rank - 1];
        least = std::min(least, factor * n / static_cast<double>(rank) * p[at]);
        adjusted[at] = least;
    }
    return adjusted;
}

}  // namespace

std::vector<double> adjust_holm(std::span<const double> p) {
    const std::vector<std::size_t> order = ascending(p);
    std::vector<double> adjusted(p.size());
    double most = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
        most = std::max(most, std::min(1.0, static_cast<double>(p.size() - i) * p[order[i]]));
        adjusted[order[i]] = most;
    }
    return adjusted;
}

std::vector<double> adjust_benjamini_hochberg(std::span<const double> p) { return step_up(p, 1); }

std::vector<double> adjust_benjamini_yekutieli(std::span<const double> p) {
    double harmonic = 0;
    for (std::size_t i = 1; i <= p.size(); ++i) harmonic += 1 / static_cast<double>(i);
    return step_up(p, harmonic);
}

std::vector<bool> e_benjamini_hochberg(std::span<const double> e, double alpha) {
    ensure(alpha > 0 && alpha < 1, "alpha lies between 0 and 1");
    const std::vector<std::size_t> order = ascending(e);
    std::vector<bool> rejected(e.size(), false);
    // From the largest downwards; the last rank that passes takes all above it along.
    std::size_t passing = 0;
    for (std::size_t k = 1; k <= e.size(); ++k) {
        const double value = e[order[e.size() - k]];
        if (value * alpha * static_cast<double>(k) >= static_cast<double>(e.size())) passing = k;
    }
    for (std::size_t k = 1; k <= passing; ++k) rejected[order[e.size() - k]] = true;
    return rejected;
}

}  // namespace cellvigil
