// Days with few values read as a daily course, as ICAHT's published algorithm does: up to seven consecutive days
// without a value are filled, between two values by a straight line, before the first and after the last by the nearest
// value. Longer gaps stay unknown. Nothing is rounded. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "rules/base/quantity.h"

namespace cellvigil {

inline constexpr std::int32_t kEarlyLastDay = 30;
inline constexpr std::int32_t kLateLastDay = 100;
inline constexpr std::int32_t kDaysFilled = 7;

// The lowest value of each infusion day, 0 to 100; nullopt: none that day.
struct DayLows {
    std::array<std::int64_t, 101> micro{};  // kNoValue: none
    static constexpr std::int64_t kNoValue = INT64_MIN;
    DayLows() { micro.fill(kNoValue); }
    void note(std::int32_t day, Quantity value);
    std::optional<Quantity> on(std::int32_t day) const;
    bool operator==(const DayLows&) const = default;
};

struct DayRange {
    std::int32_t first = 0;
    std::int32_t last = 0;  // both included
};

enum class LowIs : std::uint8_t { at_most, below };
struct LowLimit {
    Quantity value;
    LowIs low = LowIs::at_most;
};

enum class DayIs : std::uint8_t { unknown, low, above };
// Of the days of the range, by values inside the range; the others unknown.
std::array<DayIs, 101> read_days(const DayLows& lows, DayRange range, LowLimit limit);

// Stretches of low days within a range.
struct Stretches {
    std::int32_t longest = 0;          // first to last low day of a joined stretch, both counted
    std::int32_t longest_first = -1;   // its first day; -1: none
    std::int32_t days_low = 0;         // low days, joined or not
    std::int32_t days_joined = 0;      // low days and the days above that joined stretches hold
    std::int32_t reaching_first = -1;  // first day of the stretch that reaches the last day; -1: none does
    bool gap = false;                  // some day is unknown
};
// Low days with at most `join` days above between them are one stretch. `unknown_is_low`: the worst that unknown days
// can hide.
Stretches stretches_of(const std::array<DayIs, 101>& days, DayRange range, std::int32_t join, bool unknown_is_low);

}  // namespace cellvigil
