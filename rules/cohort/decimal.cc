#include "rules/cohort/decimal.h"

#include <cmath>

#include "rules/base/ensure.h"

namespace cellvigil {

std::string decimal_half_up(double value, int digits) {
    ensure(value >= 0, "what is shown is not negative");
    ensure(value < 1e9, "what is shown has at most nine digits before the point");
    ensure(digits >= 0 && digits <= 3, "what is shown has at most three decimals");
    double scale = 1;
    for (int i = 0; i < digits; ++i) scale *= 10;
    std::string text = std::to_string(static_cast<long long>(std::floor(value * scale + 0.5 + 1e-9 * scale)));
    const auto places = static_cast<std::size_t>(digits);
    if (places == 0) return text;
    if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
    return text.insert(text.size() - places, ".");
}

std::string percent_of_share(double share) { return decimal_half_up(share * 100, 1); }

}  // namespace cellvigil
