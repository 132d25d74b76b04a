// Where a distribution's tail has a wanted probability: the root behind every quantile. Pure.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace cellvigil {

struct Tail {
    double probability;
    double slope;  // its derivative by log x
};

enum class TailSide : std::uint8_t { lower, upper };  // lower tails grow with x

// x between 0 and `at_most` at which tail_at(x) has the probability `wanted` (0 to 1, both excluded). Newton's method
// on the logarithms of both: near the ends a tail is a power of x, so the curve is nearly straight. The bracket is kept
// in the bits of x (doubles above 0 are ordered as their bit patterns are): where a Newton step leaves it, it is halved
// instead, which ends within 64 steps and is as exact at 1e-300 as at 1. Boost's own inverses throw there, and drag
// streams into the core.
template <typename TailAt>
double tail_root(TailSide side, double wanted, double start, double at_most, const TailAt& tail_at) {
    std::uint64_t low = 0;
    auto high = std::bit_cast<std::uint64_t>(at_most);
    double x = start;
    for (int step = 0; step < 200 && high - low > 1; ++step) {
        auto bits = std::bit_cast<std::uint64_t>(x);
        if (!(x > 0) || bits <= low || bits >= high) {
            bits = low + (high - low) / 2;
            x = std::bit_cast<double>(bits);
        }
        const Tail tail = tail_at(x);
        const double miss = std::log(tail.probability) - std::log(wanted);
        if (miss == 0) return x;
        if ((miss < 0) == (side == TailSide::lower)) {
            low = bits;
        } else {
            high = bits;
        }
        const double next = x * std::exp(-miss * tail.probability / tail.slope);
        if (std::fabs(next - x) <= 2e-16 * x) return next;
        x = next;
    }
    return std::bit_cast<double>(high);
}

}  // namespace cellvigil
