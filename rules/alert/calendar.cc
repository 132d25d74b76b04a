#include "rules/alert/calendar.h"

#include <algorithm>

namespace cellvigil {
namespace {

constexpr int kYear = 366;

minutes time_of_day(Instant at, UtcOffset offset) {
    const auto local = at + offset;
    return std::chrono::floor<minutes>(local - std::chrono::floor<days>(local));
}

}  // namespace

UtcOffset offset_at(const TeamCalendar& calendar, Instant at) {
    UtcOffset offset = calendar.offsets.empty() ? UtcOffset{0} : calendar.offsets.front().offset;
    for (const OffsetChange& change : calendar.offsets) {
        if (change.from <= at) offset = change.offset;
    }
    return offset;
}

bool is_working_day(const TeamCalendar& calendar, SiteDate date) {
    const std::chrono::weekday day(date);
    const unsigned bit = day.iso_encoding() - 1;
    if (((calendar.working_days >> bit) & 1U) == 0) return false;
    return !std::binary_search(calendar.holidays.begin(), calendar.holidays.end(), date);
}

bool is_working_time(const TeamCalendar& calendar, Instant at) {
    const UtcOffset offset = offset_at(calendar, at);
    const minutes time = time_of_day(at, offset);
    return is_working_day(calendar, site_date(at, offset)) && time >= calendar.opens && time < calendar.closes;
}

Instant next_working_time(const TeamCalendar& calendar, Instant at) {
    if (is_working_time(calendar, at)) return at;
    SiteDate date = site_date(at, offset_at(calendar, at));
    for (int i = 0; i <= kYear; ++i, date += days(1)) {
        if (!is_working_day(calendar, date)) continue;
        // The offset in force when the team opens: clocks change at night.
        const Instant roughly = start_of(date, offset_at(calendar, at)) + calendar.opens;
        const Instant opens = start_of(date, offset_at(calendar, roughly)) + calendar.opens;
        if (opens >= at && calendar.opens < calendar.closes) return opens;
    }
    return kNever;
}

SiteDate add_working_days(const TeamCalendar& calendar, SiteDate date, std::int32_t count) {
    std::int32_t left = count;
    for (int i = 0; i <= kYear + 7 * count; ++i) {
        if (left == 0 && is_working_day(calendar, date)) return date;
        date += days(1);
        if (left > 0 && is_working_day(calendar, date)) --left;
    }
    return date;
}

}  // namespace cellvigil
