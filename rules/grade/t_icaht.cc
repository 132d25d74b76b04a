#include "rules/grade/t_icaht.h"

#include <algorithm>

#include "rules/grade/icaht.h"

namespace cellvigil {
namespace {

constexpr LowLimit kBelow50{whole(50), LowIs::below};
constexpr LowLimit kBelow20{whole(20), LowIs::below};

Grade by_days_below_20(std::int32_t count) { return count >= 14 ? 4 : 3; }

Grade by_depth(Quantity lowest, std::int32_t days_below_20) {
    if (lowest < whole(20)) return by_days_below_20(days_below_20);
    if (lowest < whole(50)) return 2;
    return lowest < whole(100) ? 1 : 0;
}

}  // namespace

PlateletDays low_platelet_days(const DayLows& lows, DayRange range) {
    const auto below_50 = read_days(lows, range, kBelow50);
    const auto below_20 = read_days(lows, range, kBelow20);
    const auto counted = [&](bool unknown_is_low) {
        LowDays low;
        low.below_50 = stretches_of(below_50, range, kJoinedDays, unknown_is_low).days_joined;
        low.below_20 = stretches_of(below_20, range, kJoinedDays, unknown_is_low).days_joined;
        return low;
    };
    PlateletDays found;
    found.known = counted(false);
    found.data_gap = stretches_of(below_50, range, kJoinedDays, false).gap;
    found.worst = found.data_gap ? counted(true) : found.known;
    found.any_value = lowest_two(lows, range).lowest.has_value();
    return found;
}

std::optional<Grade> grade_early_t_icaht(const LowDays& low, bool any_value) {
    if (!any_value) return std::nullopt;
    if (low.below_20 >= 1) return by_days_below_20(low.below_20);
    if (low.below_50 >= 7) return Grade{2};
    return low.below_50 >= 1 ? Grade{1} : Grade{0};
}

LateTIcaht grade_late_t_icaht(const DayLows& lows, std::int32_t last_day) {
    const DayRange range{kEarlyLastDay + 1, std::min(last_day, kLateLastDay)};
    const LowestTwo found = lowest_two(lows, range);
    LateTIcaht late;
    if (!found.lowest) return late;
    late.days = low_platelet_days(lows, range);
    late.single_value = !found.second.has_value();
    late.upper = by_depth(*found.lowest, late.days.worst.below_20);
    if (late.single_value) return late;
    const bool transient = *found.second >= whole(100);
    late.grade = transient ? Grade{0} : by_depth(*found.lowest, late.days.known.below_20);
    if (transient) late.upper = 0;
    return late;
}

}  // namespace cellvigil
