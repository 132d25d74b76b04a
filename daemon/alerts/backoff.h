// How long to wait before the next try. Pure.
#pragma once

#include <cstdint>

#include "rules/base/time.h"

namespace cellvigil::alerts {

// first * 2^(failures - 1), at most `longest`, then a share of it: jitter 0..1 takes it from one half to the whole.
// failures >= 1.
milliseconds wait_before(std::uint32_t failures, milliseconds first, milliseconds longest, double jitter);

}  // namespace cellvigil::alerts
