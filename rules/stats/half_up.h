// n/N as a percentage or another ratio of integers, rounded half up exactly: 3/48 is 6.3, where rounding a double to
// even gives 6.2. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cellvigil {

// scale x numerator / denominator with `decimals` digits after the point, half away from zero: half_up(3, 48, 100, 1)
// is "6.3". nullopt: the denominator is 0. denominator >= 0, scale above 0, decimals 0 to 9; in 128 bits.
std::optional<std::string> half_up(std::int64_t numerator, std::int64_t denominator, std::int64_t scale, int decimals);

// "6.3" for 3 of 48.
std::optional<std::string> percent(std::int64_t events, std::int64_t subjects, int decimals = 1);

// The denominators N up to `most` for which every percentage can be printed, rounded half up to whole per cent, with
// some count of N: what a report that gives percentages without N may have meant. Percentages 0 to 100.
std::vector<std::int64_t> denominators_of(const std::vector<std::int64_t>& percentages, std::int64_t most);

}  // namespace cellvigil
