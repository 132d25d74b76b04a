// A traffic light that does not flicker: raised after k scores in a row at or above `raise`, cleared after k in a row
// below `clear`. For colours only: a formal alarm is latched until a named person closes it. Pure.
#pragma once

#include <cstdint>

namespace cellvigil {

struct HysteresisRule {
    double raise = 0.95;
    double clear = 0.8;         // at most raise
    std::int32_t in_a_row = 2;  // k >= 1
};

struct HysteresisState {
    bool is_raised = false;
    std::int32_t run = 0;  // scores in a row that would change it
    bool operator==(const HysteresisState&) const = default;
};

// The state after one more score; a NaN score changes nothing but ends the run.
HysteresisState after(const HysteresisRule& rule, HysteresisState state, double score);

}  // namespace cellvigil
