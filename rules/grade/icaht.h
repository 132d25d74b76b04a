// ICAHT, immune effector cell-associated haematotoxicity (EHA/EBMT, Rejeski 2023): how long and how deep neutrophils
// stay low after infusion. The tables, the algorithm and our decisions: docs/clinical/icaht.md. A count equal to a
// limit is low. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "rules/base/quantity.h"
#include "rules/grade/assessment.h"
#include "rules/grade/day_fill.h"

namespace cellvigil {

inline constexpr Quantity kAnc500 = thousandths(500);  // 500 per microlitre = 0.5 x 10*9/L
inline constexpr Quantity kAnc100 = thousandths(100);
inline constexpr std::int32_t kJoinedDays = 2;  // days above that do not end a stretch: recovery needs three

// Longest unbroken stretches at or below a limit, in days, gaps of at most two days above included.
struct LowRuns {
    std::int32_t at_most_500 = 0;
    std::int32_t at_most_100 = 0;
    std::int32_t cumulative_500 = 0;  // days at or below, joined or not: reported beside the grade
    bool never_recovered = false;     // a stretch at most 500 from day 3 or earlier to the last day
    bool data_gap = false;            // a stretch without values too long to fill
    bool any_value = false;
};
struct EarlyRuns {
    LowRuns known;  // days without a readable value end a stretch
    LowRuns worst;  // the same if all of them were low
};
// Days 0 to `last_day` (0..30).
EarlyRuns low_runs(const DayLows& lows, std::int32_t last_day);

// 0..4; nullopt when there is no value. `closed`: day 30 has passed, or death or a verified end of follow-up: only then
// "never recovered" makes a 4.
std::optional<Grade> grade_early_icaht(const LowRuns& runs, bool closed);

struct LateIcaht {
    Grade grade = kNotGradable;  // a single value gives none
    Grade upper = kNotGradable;
    bool single_value = false;
};
// Days 31 to `last_day` (31..100): by the lowest of two or more days' values, 0 when the lowest or the second lowest is
// above 1500 per microlitre.
LateIcaht grade_late_icaht(const DayLows& lows, std::int32_t last_day);

// The lowest and the second lowest day's value of a range; `second` only with two or more.
struct LowestTwo {
    std::optional<Quantity> lowest;
    std::optional<Quantity> second;
};
LowestTwo lowest_two(const DayLows& lows, DayRange range);

}  // namespace cellvigil
