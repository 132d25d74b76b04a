// A traffic light for display: how likely the rate lies above its limit, week by week, with hysteresis so that it does
// not flicker. It is no alarm: a formal alarm is latched until a named person closes it. A function of the table, the
// day and the rules alone: the last eight weeks are looked at as they are known now, so whoever looks sees the same
// colour. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/monitor/calendar_table.h"
#include "rules/pack/catalogue.h"

namespace cellvigil {

enum class Light : std::uint8_t { green, amber, red };
const char* name_of(Light light);

inline constexpr int kLightWeeks = 8;

struct WeekTotals {
    std::int64_t events = 0;
    std::int64_t subjects = 0;     // infused by then
    std::int64_t person_days = 0;  // through then
    bool operator==(const WeekTotals&) const = default;
};
// At the ends of the days through - 7 (weeks - 1), ..., through - 7, through. One pass over the table.
std::vector<WeekTotals> week_totals(const CalendarTable& table, CalendarDay through, int weeks);

// Each colour is raised after so many weekly scores in a row at or above its limit, and cleared after as many below the
// lower one. Scores: posterior probabilities that the rate is above the limit; oldest first.
Light light_of(const LightRules& rules, const std::vector<double>& scores);

// The weekly scores of a monitor: its posterior with the prior of its kind (look.h).
std::vector<double> weekly_scores(const MonitorSpec& monitor, const CalendarTable& table, CalendarDay through);

}  // namespace cellvigil
