// Whole numbers that are reported beside a grade and do not decide it: days, another grade. Names and words:
// figure_table.cc. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace cellvigil {

enum class Figure : std::uint8_t {
    none,
    baseline_grade,       // before lymphodepletion, else before the infusion; by the same scale
    longest_500_days,     // longest joined stretch of neutrophils at or below 500 per microlitre
    longest_100_days,     // the same, 100 per microlitre
    cumulative_500_days,  // days at or below 500 per microlitre, joined or not
    growth_factor_days,   // days of the window on which a G-CSF was given
    cumulative_50_days,   // days with platelets below 50 x 10*9/L, up to 2 days above in between counted
    cumulative_20_days,   // the same, 20 x 10*9/L
    unobserved_days,      // whole days of the episode in which nothing told whether it went on
};
inline constexpr int kFigures = static_cast<int>(Figure::unobserved_days) + 1;
// "cumulative_500_days"; empty for none.
const char* name_of(Figure what);
// "9 days at or below 500 per microlitre in all".
std::string figure_words(Figure what, std::int32_t value);

struct Reported {
    Figure what = Figure::none;
    std::int16_t value = 0;
    bool operator==(const Reported&) const = default;
};
inline constexpr std::size_t kMaxFigures = 4;
using Figures = std::array<Reported, kMaxFigures>;  // reported ones first

}  // namespace cellvigil
