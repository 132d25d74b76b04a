// A two-sided interval of an estimate, and the confidence it is asked for.
#pragma once

namespace cellvigil {

struct Interval {
    double lower = 0;
    double upper = 1;
    bool operator==(const Interval&) const = default;
};

// Between 0 and 1, both excluded: 0.95 leaves 0.025 on each side.
struct Confidence {
    double level = 0.95;
};

}  // namespace cellvigil
