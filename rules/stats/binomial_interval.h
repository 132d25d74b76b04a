// Intervals of a proportion other than Wilson's: Clopper-Pearson where a protocol says "exact", Jeffreys for
// comparison. None is a stopping rule: repeated at every patient they raise 7 to 28 % false alarms
// (docs/statistics/binary.md). Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "rules/stats/interval.h"

namespace cellvigil {

// Clopper and Pearson 1934: Beta quantiles (x, n - x + 1) and (x + 1, n - x). 0 at x = 0, 1 at x = n. nullopt: n is 0.
std::optional<Interval> clopper_pearson(std::int64_t events, std::int64_t subjects, Confidence confidence);

// Equal tails of Beta(x + 1/2, n - x + 1/2), with Brown, Cai and DasGupta's convention: 0 at x = 0, 1 at x = n.
std::optional<Interval> jeffreys(std::int64_t events, std::int64_t subjects, Confidence confidence);

}  // namespace cellvigil
