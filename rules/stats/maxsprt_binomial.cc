#include "rules/stats/maxsprt_binomial.h"

#include <algorithm>
#include <cmath>

#include "rules/base/ensure.h"
#include "rules/stats/bisect.h"

namespace cellvigil {
namespace {

constexpr double kTie = 1e-12;

double log_ratio_term(double count, double expected) { return count == 0 ? 0 : count * std::log(count / expected); }

BinaryBoundary boundary_at(const BinomialMaxsprt& design, double critical_value) {
    BinaryBoundary boundary;
    boundary.at.resize(static_cast<std::size_t>(design.events), 0);
    std::int32_t cases = std::max(1, design.fewest_cases);
    for (std::int32_t n = 1; n <= design.events; ++n) {
        // A ratio of 0 means the share is not above the null's: no evidence, whatever the critical value.
        const auto is_reached = [&] {
            const double llr = maxsprt_binomial_llr(cases, n, design.ratio);
            return llr > 0 && llr >= critical_value - kTie;
        };
        while (cases <= n && !is_reached()) ++cases;
        if (cases <= n) boundary.at[static_cast<std::size_t>(n - 1)] = cases;
    }
    return boundary;
}

}  // namespace

double maxsprt_binomial_llr(std::int64_t cases, std::int64_t events, double ratio) {
    ensure(cases >= 0 && cases <= events, "an event is the exposed's or the comparator's");
    ensure(ratio > 0, "the comparator has a share");
    const auto c = static_cast<double>(cases);
    const auto n = static_cast<double>(events);
    const double expected = n / (1 + ratio);
    if (c <= expected) return 0;
    return log_ratio_term(c, expected) + log_ratio_term(n - c, n - expected);
}

CalibratedBinomialMaxsprt calibrate(const BinomialMaxsprt& design) {
    ensure(design.events >= 1 && design.events <= 2000, "a design plans 1 to 2000 events");
    ensure(design.alpha > 0 && design.alpha < 1, "alpha lies between 0 and 1");
    const double p0 = 1 / (1 + design.ratio);
    const auto is_allowed = [&](double critical_value) {
        return reject_probability(boundary_at(design, critical_value), p0) <= design.alpha;
    };
    // No ratio of n events exceeds n log(1 + z).
    const double never = design.events * std::log1p(design.ratio) + 1;
    CalibratedBinomialMaxsprt result;
    result.critical_value = is_allowed(0) ? 0 : last_holding(never, 0, 80, is_allowed);
    result.boundary = boundary_at(design, result.critical_value);
    result.alpha_actual = reject_probability(result.boundary, p0);
    return result;
}

}  // namespace cellvigil
