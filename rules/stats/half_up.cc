#include "rules/stats/half_up.h"

#include <algorithm>

#include "rules/base/ensure.h"

namespace cellvigil {
namespace {

__extension__ using Wide = __int128;

}  // namespace

std::optional<std::string> half_up(std::int64_t numerator, std::int64_t denominator, std::int64_t scale, int decimals) {
    ensure(denominator >= 0 && scale > 0, "a ratio has a positive denominator");
    ensure(decimals >= 0 && decimals <= 9, "at most 9 decimals");
    if (denominator == 0) return std::nullopt;
    Wide shift = 1;
    for (int i = 0; i < decimals; ++i) shift *= 10;
    const bool is_negative = numerator < 0;
    const Wide magnitude = is_negative ? -Wide{numerator} : Wide{numerator};
    ensure(scale <= 1'000'000, "a scale is at most a million");  // 2 x 2^63 x 10^6 x 10^9 fits into 128 bits
    Wide digits = (2 * magnitude * scale * shift + denominator) / (2 * Wide{denominator});
    const bool is_zero = digits == 0;
    std::string text;
    for (int place = 0; place <= decimals || digits > 0; ++place) {
        if (place == decimals && decimals > 0) text.push_back('.');
        text.push_back(static_cast<char>('0' + static_cast<int>(digits % 10)));
        digits /= 10;
    }
    if (is_negative && !is_zero) text.push_back('-');
    std::reverse(text.begin(), text.end());
    return text;
}

std::optional<std::string> percent(std::int64_t events, std::int64_t subjects, int decimals) {
    return half_up(events, subjects, 100, decimals);
}

std::vector<std::int64_t> denominators_of(const std::vector<std::int64_t>& percentages, std::int64_t most) {
    std::vector<std::int64_t> found;
    for (std::int64_t n = 1; n <= most; ++n) {
        const bool fits = std::all_of(percentages.begin(), percentages.end(), [n](std::int64_t wanted) {
            // x / n rounds half up to `wanted` when 2 wanted - 1 <= 200 x / n < 2 wanted + 1.
            const std::int64_t least = std::max<std::int64_t>(0, ((2 * wanted - 1) * n + 199) / 200);
            return 200 * least < (2 * wanted + 1) * n && least <= n;
        });
        if (fits) found.push_back(n);
    }
    return found;
}

}  // namespace cellvigil
