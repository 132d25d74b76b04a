#include "rules/monitor/screen_text.h"

#include <array>
#include <cstdio>

#include "rules/base/hash.h"

namespace cellvigil {

std::string number_text(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.4g", value);
    return text.data();
}

std::string percent_text(double part) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f %%", 100 * part);
    return text.data();
}

std::string days_text(double days) { return number_text(days) + (days == 1 ? " day" : " days"); }

std::string id_of(std::string_view text) {
    std::array<char, 33> hex{};
    std::snprintf(hex.data(), hex.size(), "%016llx%016llx", static_cast<unsigned long long>(hash64(text, 0)),
                  static_cast<unsigned long long>(hash64(text, 1)));
    return {hex.data(), 32};
}

}  // namespace cellvigil
