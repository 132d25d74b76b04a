#include "daemon/simulate/antibacterial.h"

namespace cellvigil::simulate {

double days_to_antibacterial(Random& random) {
    constexpr double kHour = 1.0 / 24;
    constexpr double kMinute = kHour / 60;
    return random.chance(0.93) ? random.uniform({10, 50}) * kMinute : random.uniform({2, 5}) * kHour;
}

}  // namespace cellvigil::simulate
