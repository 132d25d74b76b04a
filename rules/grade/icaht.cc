#include "rules/grade/icaht.h"

#include <algorithm>
#include <limits>

#include "rules/base/ensure.h"

namespace cellvigil {
namespace {

constexpr std::int32_t kFill = 7;      // days without a value that are still filled
constexpr std::int32_t kJoin = 2;      // days above the limit that do not end a stretch
constexpr std::int32_t kEarlyOnset = 3;

enum class DayIs : std::uint8_t { unknown, low, above };

// A day between two values lies on the straight line between them, compared without dividing.
DayIs between(Quantity before, Quantity after, std::int32_t step, std::int32_t steps, Quantity limit) {
    const std::int64_t line = before.micro * (steps - step) + after.micro * step;
    return line <= limit.micro * steps ? DayIs::low : DayIs::above;
}

DayIs compared(Quantity value, Quantity limit) { return value <= limit ? DayIs::low : DayIs::above; }

struct Neighbours {
    std::int32_t before = -1;  // day of the last value up to this day; -1: none
    std::int32_t after = -1;   // day of the next value from this day on; -1: none
};
Neighbours neighbours_of(const DayLows& lows, std::int32_t day, std::int32_t last_day) {
    Neighbours found;
    for (std::int32_t d = day; d >= 0 && found.before < 0; --d) {
        if (lows.on(d)) found.before = d;
    }
    for (std::int32_t d = day; d <= last_day && found.after < 0; ++d) {
        if (lows.on(d)) found.after = d;
    }
    return found;
}

DayIs filled(const DayLows& lows, std::int32_t day, std::int32_t last_day, Quantity limit) {
    const Neighbours near = neighbours_of(lows, day, last_day);
    if (near.before == day) return compared(*lows.on(day), limit);
    if (near.before >= 0 && near.after >= 0) {
        if (near.after - near.before - 1 > kFill) return DayIs::unknown;
        return between(*lows.on(near.before), *lows.on(near.after), day - near.before, near.after - near.before, limit);
    }
    if (near.after >= 0) return near.after <= kFill ? compared(*lows.on(near.after), limit) : DayIs::unknown;
    if (near.before >= 0) return last_day - near.before <= kFill ? compared(*lows.on(near.before), limit) : DayIs::unknown;
    return DayIs::unknown;
}

struct Stretch {
    std::int32_t longest = 0;
    std::int32_t days_low = 0;
    bool never_recovered = false;
    bool gap = false;
};
Stretch stretch_of(const DayLows& lows, std::int32_t last_day, Quantity limit) {
    Stretch result;
    std::int32_t first = -1;    // of the present stretch; -1: none
    std::int32_t last_low = -1;
    for (std::int32_t day = 0; day <= last_day; ++day) {
        switch (filled(lows, day, last_day, limit)) {
            case DayIs::unknown:
                result.gap = true;
                first = -1;
                break;
            case DayIs::above:
                if (first >= 0 && day - last_low > kJoin) first = -1;
                break;
            case DayIs::low:
                if (first < 0) first = day;
                last_low = day;
                ++result.days_low;
                result.longest = std::max(result.longest, day - first + 1);
                break;
        }
    }
    result.never_recovered = first >= 0 && last_low == last_day && first <= kEarlyOnset;
    return result;
}

}  // namespace

void DayLows::note(std::int32_t day, Quantity value) {
    if (day < 0 || day > kLateLastDay) return;
    std::int64_t& low = micro[static_cast<std::size_t>(day)];
    if (low == kNoValue || value.micro < low) low = value.micro;
}

std::optional<Quantity> DayLows::on(std::int32_t day) const {
    const std::int64_t low = micro[static_cast<std::size_t>(day)];
    if (low == kNoValue) return std::nullopt;
    return Quantity{low};
}

LowRuns low_runs(const DayLows& lows, std::int32_t last_day) {
    ensure(last_day >= 0 && last_day <= kEarlyLastDay, "early ICAHT looks at days 0 to 30");
    const Stretch at_500 = stretch_of(lows, last_day, kAnc500);
    const Stretch at_100 = stretch_of(lows, last_day, kAnc100);
    LowRuns runs;
    runs.at_most_500 = at_500.longest;
    runs.at_most_100 = at_100.longest;
    runs.cumulative_500 = at_500.days_low;
    runs.never_recovered = at_500.never_recovered;
    runs.data_gap = at_500.gap;
    for (std::int32_t day = 0; day <= last_day; ++day) runs.any_value = runs.any_value || lows.on(day).has_value();
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

LateIcaht grade_late_icaht(const DayLows& lows, std::int32_t last_day) {
    std::int64_t lowest = std::numeric_limits<std::int64_t>::max();
    std::int64_t second = lowest;
    int values = 0;
    for (std::int32_t day = kEarlyLastDay + 1; day <= std::min(last_day, kLateLastDay); ++day) {
        const auto value = lows.on(day);
        if (!value) continue;
        ++values;
        if (value->micro < lowest) {
            second = lowest;
            lowest = value->micro;
        } else {
            second = std::min(second, value->micro);
        }
    }
    LateIcaht late;
    if (values == 0) return late;
    const auto by = [](std::int64_t micro) {
        if (micro <= thousandths(100).micro) return Grade{4};
        if (micro <= thousandths(500).micro) return Grade{3};
        if (micro <= thousandths(1000).micro) return Grade{2};
        return micro <= thousandths(1500).micro ? Grade{1} : Grade{0};
    };
    if (values == 1) {
        late.single_value = true;
        late.upper = by(lowest);
        return late;
    }
    late.grade = second > thousandths(1500).micro ? Grade{0} : by(lowest);
    late.upper = late.grade;
    return late;
}

}  // namespace cellvigil
