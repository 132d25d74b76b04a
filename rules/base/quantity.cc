#include "rules/base/quantity.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

#include "rules/base/ensure.h"

namespace cellvigil {
namespace {

__extension__ using Wide = __int128;

Result<Quantity> narrowed(Wide value) {
    if (value > std::numeric_limits<std::int64_t>::max() || value < std::numeric_limits<std::int64_t>::min()) {
        return fail(Errc::invalid, "amount too large");
    }
    return Quantity{static_cast<std::int64_t>(value)};
}

// numerator / denominator, half away from zero.
Wide divided(Wide numerator, Wide denominator) {
    const Wide half = denominator / 2;
    const Wide magnitude = numerator < 0 ? -numerator : numerator;
    const Wide quotient = (magnitude + half) / denominator;
    return numerator < 0 ? -quotient : quotient;
}

// Reads the shortest round-trip decimal, "d.ddde+XX", as mantissa and power of ten.
struct Decimal {
    std::int64_t mantissa = 0;
    int exponent = 0;
};
Decimal decimal_of(double value) {
    std::array<char, 40> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific).ptr;
    Decimal result;
    bool negative = false;
    int fraction = 0;
    bool in_fraction = false;
    const char* at = text.data();
    for (; at != end && *at != 'e'; ++at) {
        if (*at == '-') {
            negative = true;
        } else if (*at == '.') {
            in_fraction = true;
        } else {
            result.mantissa = result.mantissa * 10 + (*at - '0');
            fraction += in_fraction ? 1 : 0;
        }
    }
    int power = 0;
    if (at != end) {
        ++at;
        if (at != end && *at == '+') ++at;
        std::from_chars(at, end, power);
    }
    result.exponent = power - fraction;
    if (negative) result.mantissa = -result.mantissa;
    return result;
}

}  // namespace

Result<Quantity> quantity_of(double value) {
    if (!std::isfinite(value)) return fail(Errc::invalid, "not a finite number");
    // Whole numbers of everyday size need no decimal text.
    if (std::abs(value) < 9e12) {
        const auto integral = static_cast<std::int64_t>(value);
        if (static_cast<double>(integral) == value) return Quantity{integral * 1'000'000};
    }
    // Up to 15 digits a decimal is the only one of its length that reads as this double, so it is the shortest.
    if (std::abs(value) < 1e9) {
        const double micro = std::nearbyint(value * 1e6);
        if (std::abs(micro) < 1e15 && micro / 1e6 == value) return Quantity{static_cast<std::int64_t>(micro)};
    }
    const Decimal decimal = decimal_of(value);
    const int shift = decimal.exponent + 6;
    if (shift > 19 && decimal.mantissa != 0) return fail(Errc::invalid, "amount too large");
    Wide wide = decimal.mantissa;
    if (shift >= 0) {
        for (int i = 0; i < shift && wide != 0; ++i) wide *= 10;
        return narrowed(wide);
    }
    if (shift < -30) return Quantity{0};
    Wide divisor = 1;
    for (int i = 0; i < -shift; ++i) divisor *= 10;
    return narrowed(divided(wide, divisor));
}

Result<Quantity> scaled(Quantity amount, std::int64_t numerator, std::int64_t denominator) {
    ensure(denominator > 0, "a scale has a positive denominator");
    return narrowed(divided(static_cast<Wide>(amount.micro) * numerator, denominator));
}

Quantity rounded_to(Quantity amount, Quantity step) {
    ensure(step.micro > 0, "a rounding step is positive");
    return {static_cast<std::int64_t>(divided(amount.micro, step.micro)) * step.micro};
}

std::string to_text(Quantity amount) {
    const bool negative = amount.micro < 0;
    const std::uint64_t magnitude =
        negative ? ~static_cast<std::uint64_t>(amount.micro) + 1 : static_cast<std::uint64_t>(amount.micro);
    std::string text = (negative ? "-" : "") + std::to_string(magnitude / 1'000'000);
    const std::uint64_t rest = magnitude % 1'000'000;
    if (rest == 0) return text;
    std::string digits = std::to_string(rest);
    digits.insert(0, 6 - digits.size(), '0');
    digits.erase(digits.find_last_not_of('0') + 1);
    return text + "." + digits;
}

}  // namespace cellvigil
