// All that one subject puts into the sums that monitors and screens look at. A function of the facts and the rules:
// whoever corrects a fact takes the old share out and puts the new one in. Pure. docs/cohorts.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/monitor/calendar_share.h"
#include "rules/monitor/screen_plan.h"

namespace cellvigil {

struct ScreenCount {
    std::uint16_t table = 0;  // place in ScreenPlan::tables
    ScreenColumn column = ScreenColumn::events;
    std::int32_t x = 0;      // what the table's group says
    std::int64_t count = 0;  // not 0
    std::string unit;        // site, lot, "product#kind of event"; empty: the whole cohort
    bool operator==(const ScreenCount&) const = default;
};
using ScreenShare = std::vector<ScreenCount>;

struct WatchShare {
    CalendarShare calendar;
    ScreenShare screens;
    bool operator==(const WatchShare&) const = default;
};
WatchShare watch_share(const SubjectFacts& subject, const WatchPlan& plan, const RuleSet& rules);

// The tables (places in WatchPlan::tables) in which the subject stands with an event.
std::vector<std::uint16_t> tables_with_event(const CalendarShare& share);

// Places on the axis of a group.
inline constexpr std::int32_t kDelayCap = 1023;   // days; longer ones count as this
inline constexpr std::int32_t kQuarterDays = 91;  // of receipt, since 1970-01-01
inline constexpr std::int32_t kMonthDays = 30;    // of onset, since 1970-01-01
constexpr std::int32_t delay_place(std::int32_t quarter, std::int32_t delay) {
    return quarter * (kDelayCap + 1) + delay;
}
constexpr std::int32_t quarter_at(std::int32_t place) { return place / (kDelayCap + 1); }
constexpr std::int32_t delay_at(std::int32_t place) { return place % (kDelayCap + 1); }

}  // namespace cellvigil
