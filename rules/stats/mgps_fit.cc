#include "rules/stats/mgps_fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "rules/base/ensure.h"
#include "rules/stats/minimise.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {
namespace {

// log Gamma(alpha + n) - log Gamma(alpha) and its derivative by alpha, as sums over n: no special function a pair, and
// no cancellation. Counts beyond the table are rare and taken one by one.
class RisingLog {
  public:
    RisingLog(double alpha, double most) : alpha_(alpha) {
        const auto size = static_cast<std::size_t>(std::min(most, 10'000.0)) + 1;
        value_.resize(size, 0);
        slope_.resize(size, 0);
        for (std::size_t n = 1; n < size; ++n) {
            const double factor = alpha + static_cast<double>(n - 1);
            value_[n] = value_[n - 1] + std::log(factor);
            slope_[n] = slope_[n - 1] + 1 / factor;
        }
    }
    double value(double n) const {
        const auto at = static_cast<std::size_t>(n);
        return at < value_.size() ? value_[at] : special::log_gamma(alpha_ + n) - special::log_gamma(alpha_);
    }
    double slope(double n) const {
        const auto at = static_cast<std::size_t>(n);
        return at < slope_.size() ? slope_[at] : special::digamma(alpha_ + n) - special::digamma(alpha_);
    }

  private:
    double alpha_;
    std::vector<double> value_;
    std::vector<double> slope_;
};

struct Part {
    double log_mass = 0;  // without log n!, which both components share
    double by_alpha = 0;
    double by_beta = 0;
};

Part part_of(const RisingLog& rising, double alpha, double beta, const WeightedPair& pair, ZeroCounts zeros) {
    const double n = pair.count;
    const double e = pair.expected;
    const double l = std::log1p(e / beta);
    const double l_by_beta = -e / (beta * (beta + e));
    Part part;
    part.log_mass = rising.value(n) - alpha * l + (n > 0 ? -n * std::log1p(beta / e) : 0);
    part.by_alpha = rising.slope(n) - l;
    part.by_beta = -alpha * l_by_beta - n / (beta + e);
    if (zeros == ZeroCounts::cut_off) {
        const double some = -std::expm1(-alpha * l);  // P(n > 0)
        const double odds_of_none = (1 - some) / some;
        part.log_mass -= std::log(some);
        part.by_alpha -= odds_of_none * l;
        part.by_beta -= odds_of_none * alpha * l_by_beta;
    }
    return part;
}

constexpr double kBox = 9;

MgpsPrior prior_of(std::span<const double> y) {
    return {.alpha1 = std::exp(y[0]),
            .beta1 = std::exp(y[1]),
            .alpha2 = std::exp(y[2]),
            .beta2 = std::exp(y[3]),
            .p = 1 / (1 + std::exp(-y[4]))};
}

std::array<double, 5> logs_of(const MgpsPrior& prior) {
    return {std::log(prior.alpha1), std::log(prior.beta1), std::log(prior.alpha2), std::log(prior.beta2),
            std::log(prior.p / (1 - prior.p))};
}

}  // namespace

std::vector<WeightedPair> weighted_pairs(const PairCounts& counts, ZeroCounts zeros) {
    ensure(counts.total > 0, "there are reports");
    // By count and by the product of the two totals, of which the expectation is a multiple.
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> weights;
    if (zeros == ZeroCounts::included) {
        std::map<std::int64_t, std::int64_t> products;
        std::map<std::int64_t, std::int64_t> events;
        for (const std::int64_t total : counts.product_totals) ++products[total];
        for (const std::int64_t total : counts.event_totals) ++events[total];
        for (const auto& [product_total, product_count] : products) {
            for (const auto& [event_total, event_count] : events)
                weights[{0, product_total * event_total}] += product_count * event_count;
        }
    }
    for (const PairCounts::Cell& cell : counts.cells) {
        ensure(cell.count > 0 && cell.product < counts.product_totals.size(), "a cell has reports of a product");
        ensure(cell.event < counts.event_totals.size(), "a cell has reports of an event");
        const std::int64_t totals = counts.product_totals[cell.product] * counts.event_totals[cell.event];
        ++weights[{cell.count, totals}];
        if (zeros == ZeroCounts::included) --weights[{0, totals}];
    }
    std::vector<WeightedPair> pairs;
    pairs.reserve(weights.size());
    for (const auto& [key, weight] : weights) {
        const auto& [count, totals] = key;
        if (weight == 0 || totals == 0) continue;
        ensure(weight > 0, "each pair is given once");
        pairs.push_back({.count = static_cast<double>(count),
                         .expected = static_cast<double>(totals) / static_cast<double>(counts.total),
                         .weight = static_cast<double>(weight)});
    }
    return pairs;
}

double mgps_negative_log_likelihood(const MgpsPrior& prior, std::span<const WeightedPair> pairs, ZeroCounts zeros,
                                    std::span<double> gradient) {
    double most = 0;
    for (const WeightedPair& pair : pairs) most = std::max(most, pair.count);
    const RisingLog rising1(prior.alpha1, most);
    const RisingLog rising2(prior.alpha2, most);
    const RisingLog factorial(1, most);
    const double log_p = std::log(prior.p);
    const double log_q = std::log1p(-prior.p);
    std::array<double, 5> slopes{};
    double value = 0;
    for (const WeightedPair& pair : pairs) {
        const Part one = part_of(rising1, prior.alpha1, prior.beta1, pair, zeros);
        const Part two = part_of(rising2, prior.alpha2, prior.beta2, pair, zeros);
        const double log_one = log_p + one.log_mass;
        const double log_two = log_q + two.log_mass;
        const double larger = std::max(log_one, log_two);
        const double log_mass = larger + std::log1p(std::exp(std::min(log_one, log_two) - larger));
        value -= pair.weight * (log_mass - factorial.value(pair.count));
        const double share1 = std::exp(log_one - log_mass);
        const double share2 = std::exp(log_two - log_mass);
        slopes[0] -= pair.weight * share1 * one.by_alpha * prior.alpha1;
        slopes[1] -= pair.weight * share1 * one.by_beta * prior.beta1;
        slopes[2] -= pair.weight * share2 * two.by_alpha * prior.alpha2;
        slopes[3] -= pair.weight * share2 * two.by_beta * prior.beta2;
        slopes[4] -= pair.weight * (share1 - prior.p);
    }
    std::copy(slopes.begin(), slopes.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(gradient.size(), 5)),
              gradient.begin());
    return value;
}

double mgps_negative_log_likelihood(const MgpsPrior& prior, std::span<const WeightedPair> pairs, ZeroCounts zeros) {
    return mgps_negative_log_likelihood(prior, pairs, zeros, {});
}

std::optional<MgpsFit> fit_mgps(std::span<const WeightedPair> pairs, ZeroCounts zeros, std::optional<MgpsPrior> warm) {
    if (pairs.empty()) return std::nullopt;
    // Local minima are common in small tables: components near and far apart, wide and narrow, rare and frequent.
    std::vector<MgpsPrior> starts;
    if (warm) {
        starts = {*warm, MgpsPrior{}};
    } else {
        starts = {MgpsPrior{},           {0.2, 0.06, 1.4, 1.8, 0.1}, {2, 4, 0.2, 0.1, 0.5},  {3, 0.5, 2, 2, 0.1},
                  {0.3, 0.3, 1, 1, 0.5}, {7, 4.5, 10, 20, 0.5},      {3, 2.5, 60, 100, 0.7}, {2, 1, 6, 12, 0.4},
                  {60, 100, 2, 2, 0.2},  {30, 15, 3, 4, 0.1},        {5, 2, 5, 8, 0.3},      {100, 20, 2, 2.5, 0.05}};
    }
    // The box: y = 9 tanh(u / 9) is u itself for moderate parameters and never leaves it.
    const Smooth likelihood = [&](std::span<const double> u, std::span<double> gradient) {
        std::array<double, 5> y{};
        for (std::size_t i = 0; i < 5; ++i) y[i] = kBox * std::tanh(u[i] / kBox);
        const double value = mgps_negative_log_likelihood(prior_of(y), pairs, zeros, gradient);
        for (std::size_t i = 0; i < 5; ++i) gradient[i] *= 1 - (y[i] / kBox) * (y[i] / kBox);
        return value;
    };
    std::optional<MgpsFit> best;
    int evaluations = 0;
    for (const MgpsPrior& start : starts) {
        std::vector<double> u;
        for (const double log : logs_of(start)) u.push_back(kBox * std::atanh(std::clamp(log / kBox, -0.999, 0.999)));
        const Minimum minimum = minimise(likelihood, std::move(u));
        evaluations += minimum.evaluations;
        if (!minimum.is_converged || (best && best->negative_log_likelihood <= minimum.value)) continue;
        std::array<double, 5> y{};
        for (std::size_t i = 0; i < 5; ++i) y[i] = kBox * std::tanh(minimum.x[i] / kBox);
        best = MgpsFit{.prior = ordered(prior_of(y)), .negative_log_likelihood = minimum.value};
    }
    if (best) best->evaluations = evaluations;
    return best;
}

}  // namespace cellvigil
