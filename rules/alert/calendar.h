// A team's time: when its zone's clocks change, when it works, which days are holidays. Zone data come from outside;
// here they are values. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "rules/base/time.h"

namespace cellvigil {

struct OffsetChange {  // from `from` on, clocks show UTC + offset
    Instant from = kAlways;
    UtcOffset offset{0};
    bool operator==(const OffsetChange&) const = default;
};

struct TeamCalendar {
    std::vector<OffsetChange> offsets{OffsetChange{}};  // ascending; the first covers everything before the second
    std::uint8_t working_days = 0b0011111;              // bit 0: Monday
    minutes opens{8 * 60};                              // local time of day, included
    minutes closes{17 * 60};                            // not included
    std::vector<SiteDate> holidays;                     // ascending
    bool operator==(const TeamCalendar&) const = default;
};

UtcOffset offset_at(const TeamCalendar& calendar, Instant at);
bool is_working_day(const TeamCalendar& calendar, SiteDate date);
bool is_working_time(const TeamCalendar& calendar, Instant at);
// `at` itself when the team works then, else when it next opens; kNever when it never does (looks a year ahead).
Instant next_working_time(const TeamCalendar& calendar, Instant at);
// The working day `count` working days after `date` (which does not count itself). 0: `date`, or the next working day
// after it.
SiteDate add_working_days(const TeamCalendar& calendar, SiteDate date, std::int32_t count);

}  // namespace cellvigil
