#include <array>
#include <cstdio>

#include "rules/grade/render.h"

namespace cellvigil {

std::string component_words(Component component) {
    if (component == Component::ice) return "ICE";
    if (component == Component::capd) return "CAPD";
    if (component == Component::motor) return "motor weakness";
    if (component == Component::raised_icp) return "raised intracranial pressure";
    if (component == Component::organ) return "organ function";
    return component == Component::whole ? "the whole grade" : name_of(component);
}

std::string clock_of(Instant at, UtcOffset offset) {
    const auto local = at + offset;
    const std::chrono::hh_mm_ss clock(local - std::chrono::floor<days>(local));
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%02d:%02d", static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()));
    return text.data();
}

}  // namespace cellvigil
