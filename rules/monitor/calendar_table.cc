#include "rules/monitor/calendar_table.h"

#include <algorithm>

namespace cellvigil {
namespace {

CalendarTable::Rows::iterator first_from(CalendarTable::Rows& rows, CalendarDay day) {
    return std::lower_bound(rows.begin(), rows.end(), day,
                            [](const auto& entry, CalendarDay wanted) { return entry.first < wanted; });
}

}  // namespace

CalendarRow& CalendarTable::at(CalendarDay day) {
    if (rows_.empty() || rows_.back().first < day) return rows_.emplace_back(day, CalendarRow{}).second;
    const auto place = first_from(rows_, day);
    if (place->first == day) return place->second;
    return rows_.emplace(place, day, CalendarRow{})->second;
}

void CalendarTable::drop_zeros_at(CalendarDay day) {
    const auto place = first_from(rows_, day);
    if (place != rows_.end() && place->first == day && place->second == CalendarRow{}) rows_.erase(place);
}

void CalendarTable::count(const BinaryShare& share, std::int64_t sign) {
    if (share.lost && !share.event) return;
    CalendarRow& row = at(share.infused);
    row.infused += sign;
    if (share.event) row.known_events += sign;
    drop_zeros_at(share.infused);
}

void CalendarTable::count(const PersonTimeShare& share, std::int64_t sign) {
    at(share.first).entered += sign;
    CalendarRow& row = at(share.last);
    row.left += sign;
    if (share.event) row.events += sign;
    drop_zeros_at(share.first);
    drop_zeros_at(share.last);
}

void CalendarTable::merge(const CalendarTable& other) {
    for (const auto& [day, row] : other.rows_) {
        CalendarRow& mine = at(day);
        mine.infused += row.infused;
        mine.known_events += row.known_events;
        mine.entered += row.entered;
        mine.left += row.left;
        mine.events += row.events;
    }
    drop_zeros();
}

void CalendarTable::drop_zeros() {
    std::erase_if(rows_, [](const auto& entry) { return entry.second == CalendarRow{}; });
}

std::vector<InfusionDayCount> infusion_days(const CalendarTable& table, CalendarDay through) {
    std::vector<InfusionDayCount> days;
    for (const auto& [day, row] : table.rows()) {
        if (day > through) break;
        if (row.infused != 0) days.push_back({day, row.infused, row.known_events});
    }
    return days;
}

Exposure exposure(const CalendarTable& table, CalendarDay through) {
    Exposure seen;
    std::int64_t at_risk = 0;  // since `from`
    CalendarDay from = 0;
    for (const auto& [day, row] : table.rows()) {
        if (day > through) break;
        if (at_risk != 0) seen.person_days += at_risk * (day - from);
        // Of this day itself: everybody who is at risk on it, those who leave on it among them.
        const std::int64_t today = at_risk + row.entered;
        seen.person_days += today;
        seen.events += row.events;
        seen.arrivals.insert(seen.arrivals.end(), static_cast<std::size_t>(row.events > 0 ? row.events : 0),
                             seen.person_days);
        at_risk = today - row.left;
        from = day + 1;
    }
    if (at_risk != 0 && through >= from) seen.person_days += at_risk * (through - from + 1);
    return seen;
}

}  // namespace cellvigil
