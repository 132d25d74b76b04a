// The prior of the Multi-item Gamma Poisson Shrinker by maximum likelihood. Pure; tens of milliseconds for thousands of
// pairs.
//
// Two likelihoods exist and give very different priors on the same data. Use the one over all pairs, those without a
// report included: only its mixing weight is a prior weight. The other, over the pairs that were reported with each
// component cut off at 0 (R's openEBGM), is here for comparison.
//
// Pairs that share count and expectation are one row with a weight. Without strata an expectation depends on the two
// totals only, so millions of pairs without a report become a few thousand rows, without loss and without "data
// squashing".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "rules/stats/mgps_score.h"

namespace cellvigil {

// Sparse counts. The totals are of reports; they need not be sums of the counts.
struct PairCounts {
    struct Cell {
        std::uint32_t product = 0;
        std::uint32_t event = 0;
        std::int64_t count = 0;  // above 0, each pair once
        bool operator==(const Cell&) const = default;
    };
    std::vector<std::int64_t> product_totals;  // by product, 0 to 2e9
    std::vector<std::int64_t> event_totals;    // by event, 0 to 2e9
    std::int64_t total = 0;                    // above 0
    std::vector<Cell> cells;
    bool operator==(const PairCounts&) const = default;
};

struct WeightedPair {
    double count = 0;
    double expected = 0;
    double weight = 0;  // how many pairs
};

enum class ZeroCounts : std::uint8_t { included, cut_off };

// Ascending in count and expectation, so that sums are the same whatever the order of the cells. Pairs with a total of
// 0 expect nothing and say nothing.
std::vector<WeightedPair> weighted_pairs(const PairCounts& counts, ZeroCounts zeros);

// Minus the log likelihood.
double mgps_negative_log_likelihood(const MgpsPrior& prior, std::span<const WeightedPair> pairs, ZeroCounts zeros);

// By log alpha1, log beta1, log alpha2, log beta2, logit p, in this order, into `gradient` (5 numbers); the value as
// above.
double mgps_negative_log_likelihood(const MgpsPrior& prior, std::span<const WeightedPair> pairs, ZeroCounts zeros,
                                    std::span<double> gradient);

// Too little to fit: use the default MgpsPrior as it is.
constexpr std::size_t kFewestProductsToFit = 30;
constexpr std::size_t kFewestCellsToFit = 300;

struct MgpsFit {
    MgpsPrior prior;  // ordered
    double negative_log_likelihood = 0;
    int evaluations = 0;
};
// The best of a dozen starts; with `warm`, the last fit of nearly the same pairs, of that and one other. Parameters
// stay between exp(-9) and exp(9): without a box the search finds better values that are rounding errors of log gamma
// at 1e16. nullopt: no pair, or no start converged.
std::optional<MgpsFit> fit_mgps(std::span<const WeightedPair> pairs, ZeroCounts zeros,
                                std::optional<MgpsPrior> warm = std::nullopt);

}  // namespace cellvigil
