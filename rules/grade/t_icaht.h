// T-ICAHT: the thrombocytopenia analogue of ICAHT. Days are counted cumulatively, and up to two days above in between
// count too (unstable recovery). A count equal to a limit is not low. Days are filled as for ICAHT. Source, tables and
// our decisions: docs/clinical/t-icaht.md. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "rules/grade/assessment.h"
#include "rules/grade/day_fill.h"

namespace cellvigil {

struct LowDays {
    std::int32_t below_50 = 0;  // x 10*9/L
    std::int32_t below_20 = 0;
};
struct PlateletDays {
    LowDays known;
    LowDays worst;  // if all days without a readable value were low
    bool data_gap = false;
    bool any_value = false;
};
PlateletDays low_platelet_days(const DayLows& lows, DayRange range);

// Days 0 to 30: 0..4; nullopt when there is no value.
std::optional<Grade> grade_early_t_icaht(const LowDays& low, bool any_value);

struct LateTIcaht {
    Grade grade = kNotGradable;  // a single value gives none
    Grade upper = kNotGradable;
    bool single_value = false;
    PlateletDays days;
};
// Days 31 to `last_day` (31..100): 0 when the lowest or the second lowest day's value is 100 or more; else by the
// lowest, and below 20 by the days.
LateTIcaht grade_late_t_icaht(const DayLows& lows, std::int32_t last_day);

}  // namespace cellvigil
