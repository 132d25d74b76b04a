// What monitors look at: one cohort and endpoint by calendar day, as integers that add and subtract without loss. A
// monitor that is looked at continuously depends on when things became true, not on study days. Days are whole days
// since 1970-01-01 at the site. A row that is all zeros is no row, so equal subjects give equal tables in whatever
// order they came. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "rules/stats/prefix_rule.h"

namespace cellvigil {

using CalendarDay = std::int32_t;

struct CalendarRow {
    std::int64_t infused = 0;       // subjects by the day of their infusion (binary endpoints)
    std::int64_t known_events = 0;  // of those infused that day, with the event, whenever it came
    std::int64_t entered = 0;       // person-time: first day at risk
    std::int64_t left = 0;          // last day at risk
    std::int64_t events = 0;        // that ended a time at risk on this day
    bool operator==(const CalendarRow&) const = default;
};

// What one subject adds.
struct BinaryShare {
    CalendarDay infused = 0;
    bool event = false;
    bool lost = false;  // left before the window ended, without the event: not counted (excluded and replaced)
    std::optional<CalendarDay> known_from;  // when the event happened; for looks in the past
    bool operator==(const BinaryShare&) const = default;
};
struct PersonTimeShare {
    CalendarDay first = 0;  // both days at risk
    CalendarDay last = 0;
    bool event = false;  // on `last`
    bool operator==(const PersonTimeShare&) const = default;
};

class CalendarTable {
  public:
    void add(const BinaryShare& share) { count(share, 1); }
    void add(const PersonTimeShare& share) { count(share, 1); }
    void subtract(const BinaryShare& share) { count(share, -1); }
    void subtract(const PersonTimeShare& share) { count(share, -1); }
    void merge(const CalendarTable& other);

    // Ascending by day; one after another in memory, because every look passes over all of them.
    using Rows = std::vector<std::pair<CalendarDay, CalendarRow>>;
    const Rows& rows() const { return rows_; }
    bool operator==(const CalendarTable&) const = default;
    // For reading stored rows back; drop_zeros() after the last.
    CalendarRow& at(CalendarDay day);
    void drop_zeros();

  private:
    void count(const BinaryShare& share, std::int64_t sign);
    void count(const PersonTimeShare& share, std::int64_t sign);
    void drop_zeros_at(CalendarDay day);
    Rows rows_;
};

// For the prefix rule: who was infused by `through`, in order of the day.
std::vector<InfusionDayCount> infusion_days(const CalendarTable& table, CalendarDay through);

struct Exposure {
    std::int64_t events = 0;
    std::int64_t person_days = 0;        // through the end of `through`
    std::vector<std::int64_t> arrivals;  // person-days at the end of each event's day, ascending, one per event
    bool operator==(const Exposure&) const = default;
};
// Time at risk ends with `through`, never with the wall clock.
Exposure exposure(const CalendarTable& table, CalendarDay through);

}  // namespace cellvigil
