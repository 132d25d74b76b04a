// The only place that reads the wall clock: append times of the embedded log, lag gauges and pacing. Nothing clinical
// uses it.
#pragma once

#include <chrono>

#include "rules/base/time.h"

namespace cellvigil {

inline Instant wall_clock() { return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now()); }

}  // namespace cellvigil
