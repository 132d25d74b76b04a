// All monitors of a plan at once: boundaries computed once, then one look at every table as of a day. What a look says is a
// function of the tables and the day; that an alarm, once raised, stands until a named person closes it is the alert
// book's. Pure; prepare() takes milliseconds to seconds, evaluate() microseconds per monitor whatever the number of
// subjects. docs/cohorts.md.
#pragma once

#include <string>
#include <vector>

#include "rules/monitor/boundary.h"
#include "rules/monitor/look.h"
#include "rules/monitor/watch_plan.h"

namespace cellvigil {

struct PreparedWatch {
    Watch watch;
    Boundary boundary;
    std::optional<double> power_doubled;  // probability of an alarm within the plan when the true rate is twice the limit
    std::string alarm_id;                 // of its alarm: from monitor, limits and cohort alone, so it is raised once
};

struct Prepared {
    WatchPlan plan;
    std::vector<PreparedWatch> watches;
    // Formal alarms to be expected over the plans although every rate stands at its limit: the sum of the exact alphas.
    double expected_false_alarms = 0;
};
// A monitor that cannot be computed "cannot signal", and says why.
Prepared prepare(const WatchPlan& plan);

struct WatchSignal {
    Signal signal;
    bool selected = false;  // among the cohorts of its endpoint, by e-BH at the monitor's alpha: for display only
    std::int64_t subjects = 0;  // infused, or ever at risk
    std::optional<std::int64_t> events_upper;  // by the highest grade that remains possible
};

// `tables` as the plan lists them. In the order of prepared.watches.
std::vector<WatchSignal> evaluate(const Prepared& prepared, const std::vector<CalendarTable>& tables,
                                  CalendarDay through);

// "C01", and in words: what was counted, the limit, the interval, what it rests on, what the plan can find.
std::string explanation(const PreparedWatch& prepared, const WatchSignal& found, CalendarDay through);

}  // namespace cellvigil
