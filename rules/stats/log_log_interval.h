// The interval of a probability on the scale log(-log p), on which a survival curve stays between 0 and 1.
#pragma once

#include <optional>

#include "rules/stats/interval.h"

namespace cellvigil {

// p^exp(theta) to p^exp(-theta), theta = z se / (p |log p|). nullopt: p is 0 or 1.
std::optional<Interval> log_log_interval(double p, double se, Confidence confidence);

}  // namespace cellvigil
