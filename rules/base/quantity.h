// A measured amount as an integer: millionths of the canonical unit of its code (docs/wire.md has the units). Clinical
// limits are compared as integers, never in floating point. Pure.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "rules/base/result.h"

namespace cellvigil {

struct Quantity {
    std::int64_t micro = 0;
    auto operator<=>(const Quantity&) const = default;
};

constexpr Quantity whole(std::int64_t units) { return {units * 1'000'000}; }
constexpr Quantity hundredths(std::int64_t n) { return {n * 10'000}; }
constexpr Quantity thousandths(std::int64_t n) { return {n * 1'000}; }

// The shortest decimal that reads back as this double, taken to millionths; further digits round half away from zero.
// NaN, infinity and what does not fit are `invalid`.
Result<Quantity> quantity_of(double value);
// amount * numerator / denominator in 128 bits, half away from zero; `invalid` on overflow. denominator > 0.
Result<Quantity> scaled(Quantity amount, std::int64_t numerator, std::int64_t denominator);
// Half away from zero to a multiple of `step` (> 0): rounded_to(q, hundredths(1)).
Quantity rounded_to(Quantity amount, Quantity step);
// "38.6", "-0.004", "12": no exponent, no trailing zeros.
std::string to_text(Quantity amount);

}  // namespace cellvigil
