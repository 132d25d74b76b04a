#include "rules/grade/day_fill.h"

#include <algorithm>

#include "rules/base/ensure.h"

namespace cellvigil {
namespace {

bool is_low(std::int64_t micro, LowLimit limit) {
    return limit.low == LowIs::at_most ? micro <= limit.value.micro : micro < limit.value.micro;
}

// A day between two values lies on the straight line between them, compared without dividing.
bool is_low_between(std::int64_t before, std::int64_t after, std::int32_t step, std::int32_t steps, LowLimit limit) {
    const std::int64_t line = before * (steps - step) + after * step;
    const std::int64_t scaled = limit.value.micro * steps;
    return limit.low == LowIs::at_most ? line <= scaled : line < scaled;
}

DayIs said(bool low) { return low ? DayIs::low : DayIs::above; }

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

std::array<DayIs, 101> read_days(const DayLows& lows, DayRange range, LowLimit limit) {
    ensure(range.first >= 0 && range.last <= kLateLastDay, "days 0 to 100 are read");
    std::array<DayIs, 101> days{};
    const auto at = [](std::int32_t day) { return static_cast<std::size_t>(day); };
    std::int32_t before = -1;
    for (std::int32_t day = range.first; day <= range.last; ++day) {
        const std::int64_t value = lows.micro[at(day)];
        if (value == DayLows::kNoValue) continue;
        days[at(day)] = said(is_low(value, limit));
        const std::int32_t missing = day - (before < 0 ? range.first : before + 1);
        if (missing >= 1 && missing <= kDaysFilled) {
            for (std::int32_t between = day - missing; between < day; ++between) {
                const bool low =
                    before < 0 ? is_low(value, limit)
                               : is_low_between(lows.micro[at(before)], value, between - before, day - before, limit);
                days[at(between)] = said(low);
            }
        }
        before = day;
    }
    if (before >= 0 && range.last - before <= kDaysFilled) {
        for (std::int32_t day = before + 1; day <= range.last; ++day) days[at(day)] = days[at(before)];
    }
    return days;
}

Stretches stretches_of(const std::array<DayIs, 101>& days, DayRange range, std::int32_t join, bool unknown_is_low) {
    Stretches result;
    std::int32_t first = -1;  // of the present stretch; -1: none
    std::int32_t last_low = -1;
    for (std::int32_t day = range.first; day <= range.last; ++day) {
        const DayIs read = days[static_cast<std::size_t>(day)];
        if (read == DayIs::unknown) result.gap = true;
        if (read == DayIs::unknown && !unknown_is_low) {
            first = -1;
            continue;
        }
        if (read == DayIs::above) {
            if (first >= 0 && day - last_low > join) first = -1;
            continue;
        }
        if (first < 0) first = last_low = day;
        result.days_joined += first == day ? 1 : day - last_low;
        last_low = day;
        ++result.days_low;
        if (day - first + 1 > result.longest) {
            result.longest = day - first + 1;
            result.longest_first = first;
        }
    }
    if (first >= 0 && last_low == range.last) result.reaching_first = first;
    return result;
}

}  // namespace cellvigil
