#include "rules/stats/site_underreport.h"

#include <algorithm>
#include <map>

#include "rules/base/ensure.h"

namespace cellvigil {

double site_underreport_probability(std::span<const std::int64_t> pool, std::int64_t patients, std::int64_t observed) {
    ensure(!pool.empty() && patients >= 0 && observed >= 0, "other sites have patients");
    std::map<std::int64_t, double> share;
    for (const std::int64_t events : pool) {
        ensure(events >= 0, "a count is not negative");
        share[events] += 1 / static_cast<double>(pool.size());
    }
    // Totals above the observed one never come back down: they need not be kept.
    const auto size = static_cast<std::size_t>(observed) + 1;
    std::vector<double> total(size, 0);
    total[0] = 1;
    std::size_t reached = 1;
    for (std::int64_t i = 0; i < patients; ++i) {
        std::vector<double> next(size, 0);
        for (const auto& [events, weight] : share) {
            const auto step = static_cast<std::size_t>(events);
            for (std::size_t t = 0; t < reached && t + step < size; ++t) next[t + step] += total[t] * weight;
        }
        total = std::move(next);
        reached = std::min(size, reached + static_cast<std::size_t>(share.rbegin()->first));
    }
    double sum = 0;
    for (const double mass : total) sum += mass;
    return std::min(sum, 1.0);
}

}  // namespace cellvigil
