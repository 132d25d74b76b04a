// Wilson's score interval of a proportion: what people are shown beside n/N. Not a stopping rule. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "rules/stats/interval.h"

namespace cellvigil {

// nullopt: N is 0, nothing can be said. 0 <= events <= subjects; the lower end is exactly 0 at no event, the upper
// exactly 1 when every subject has one.
std::optional<Interval> wilson(std::int64_t events, std::int64_t subjects, Confidence confidence);
std::optional<Interval> wilson_95(std::int64_t events, std::int64_t subjects);

}  // namespace cellvigil
