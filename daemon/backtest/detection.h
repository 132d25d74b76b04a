// The day on which a monitor would first have crossed, had somebody looked every day at what was known by then. Pure.
#pragma once

#include <optional>
#include <vector>

#include "daemon/backtest/share.h"
#include "rules/monitor/boundary.h"

namespace cellvigil::backtest {

// As known at the end of `day`: infusions and time at risk at once, events when they are reported.
CalendarTable table_of(const std::vector<Share>& shares, bool person_time, CalendarDay day);

// nullopt: never. Boundaries of counts and event limits are followed exactly; e-values and charts are looked at on
// every day on which something became known.
std::optional<CalendarDay> first_alarm_day(const MonitorSpec& monitor, const Boundary& boundary,
                                           const std::vector<Share>& shares);

}  // namespace cellvigil::backtest
