#include "rules/grade/icaht.h"

#include <algorithm>

#include "rules/base/ensure.h"

namespace cellvigil {
namespace {

constexpr std::int32_t kEarlyOnset = 3;

LowRuns runs_of(const std::array<DayIs, 101>& at_500, const std::array<DayIs, 101>& at_100, DayRange range,
                bool unknown_is_low) {
    const Stretches low = stretches_of(at_500, range, kJoinedDays, unknown_is_low);
    LowRuns runs;
    runs.at_most_500 = low.longest;
    runs.at_most_100 = stretches_of(at_100, range, kJoinedDays, unknown_is_low).longest;
    runs.cumulative_500 = low.days_low;
    runs.never_recovered = low.reaching_first >= 0 && low.reaching_first <= kEarlyOnset;
    runs.data_gap = low.gap;
    return runs;
}

Grade by_depth(Quantity value) {
    if (value <= thousandths(100)) return 4;
    if (value <= thousandths(500)) return 3;
    if (value <= thousandths(1000)) return 2;
    return value <= thousandths(1500) ? 1 : 0;
}

}  // namespace

EarlyRuns low_runs(const DayLows& lows, std::int32_t last_day) {
    ensure(last_day >= 0 && last_day <= kEarlyLastDay, "early ICAHT looks at days 0 to 30");
    const DayRange range{0, last_day};
    const auto at_500 = read_days(lows, range, {kAnc500});
    const auto at_100 = read_days(lows, range, {kAnc100});
    EarlyRuns runs;
    runs.known = runs_of(at_500, at_100, range, false);
    runs.worst = runs.known.data_gap ? runs_of(at_500, at_100, range, true) : runs.known;
    runs.known.any_value = runs.worst.any_value = lowest_two(lows, range).lowest.has_value();
    return runs;
}

std::optional<Grade> grade_early_icaht(const LowRuns& runs, bool closed) {
    if (!runs.any_value) return std::nullopt;
    if (runs.at_most_500 >= 31 || runs.at_most_100 >= 14) return Grade{4};
    if (closed && runs.never_recovered) return Grade{4};
    if (runs.at_most_500 >= 14 || runs.at_most_100 >= 7) return Grade{3};
    if (runs.at_most_500 >= 7) return Grade{2};
    return runs.at_most_500 >= 1 ? Grade{1} : Grade{0};
}

LowestTwo lowest_two(const DayLows& lows, DayRange range) {
    LowestTwo found;
    for (std::int32_t day = range.first; day <= range.last; ++day) {
        const auto value = lows.on(day);
        if (!value) continue;
        if (!found.lowest || *value < *found.lowest) {
            found.second = found.lowest;
            found.lowest = value;
        } else if (!found.second || *value < *found.second) {
            found.second = value;
        }
    }
    return found;
}

LateIcaht grade_late_icaht(const DayLows& lows, std::int32_t last_day) {
    const LowestTwo found = lowest_two(lows, {kEarlyLastDay + 1, std::min(last_day, kLateLastDay)});
    LateIcaht late;
    if (!found.lowest) return late;
    late.upper = by_depth(*found.lowest);
    late.single_value = !found.second.has_value();
    if (late.single_value) return late;
    if (by_depth(*found.second) == 0) late.upper = 0;
    late.grade = late.upper;
    return late;
}

}  // namespace cellvigil
