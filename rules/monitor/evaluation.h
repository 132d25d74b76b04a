// All monitors of a plan at once: boundaries computed once, then one look at every table as of a day. What a look says
// is a function of the tables and the day; that an alarm, once raised, stands until a named person closes it is the
// alert book's. Pure; prepare() takes milliseconds to seconds, evaluate() microseconds per monitor whatever the number
// of subjects. docs/cohorts.md.
#pragma once

#include <string>
#include <vector>

#include "rules/monitor/boundary.h"
#include "rules/monitor/light.h"
#include "rules/monitor/look.h"
#include "rules/monitor/screen.h"
#include "rules/monitor/watch_plan.h"

namespace cellvigil {

struct PreparedWatch {
    Watch watch;
    Boundary boundary;
    std::optional<double>
        power_doubled;     // probability of an alarm within the plan when the true rate is twice the limit
    std::string alarm_id;  // of its alarm: from monitor, limits and cohort alone, so it is raised once
};

// What a budget of the pack allows and what its monitors use: asked for, and exactly.
struct BudgetUse {
    std::string id;
    double alpha = 0;
    double spent = 0;
    double spent_actual = 0;
};

struct Prepared {
    WatchPlan plan;
    std::vector<PreparedWatch> watches;
    // Formal alarms to be expected over the plans although every rate stands at its limit: the sum of the exact alphas.
    double expected_false_alarms = 0;
    std::vector<BudgetUse> budgets;
};
// The events and person-time of the profile that a conditional monitor compares with; no events: there is none.
History history_of(const Catalogue& catalogue, const MonitorSpec& monitor);

// A monitor that cannot be computed "cannot signal", and says why.
Prepared prepare(const WatchPlan& plan);

struct WatchSignal {
    Signal signal;
    bool selected = false;        // among the cohorts of its endpoint, by e-BH at the monitor's alpha: for display only
    std::int64_t subjects = 0;    // infused, or ever at risk
    Light light = Light::green;   // for display: with hysteresis, no alarm
    bool low_confidence = false;  // C01, C02: prophylaxis or CD4 are known for too little of the time at risk
    std::optional<std::int64_t> events_upper;  // by the highest grade that remains possible
};

// `tables` as the plan lists them. In the order of prepared.watches.
std::vector<WatchSignal> evaluate(const Prepared& prepared, const std::vector<CalendarTable>& tables,
                                  CalendarDay through);

// In the order of prepared.plan.screens.screens; tables as its ScreenPlan lists them.
std::vector<ScreenLook> look_at_screens(const Prepared& prepared, const std::vector<ScreenTable>& tables,
                                        CalendarDay through);
// What incomplete data mean for the monitors of their cohort: C01 and C02 are of low confidence.
void mark_low_confidence(const Prepared& prepared, const std::vector<ScreenLook>& screens,
                         std::vector<WatchSignal>& signals);

// "C01", and in words: what was counted, the limit, the interval, what it rests on, what the plan can find.
std::string explanation(const PreparedWatch& prepared, const WatchSignal& found, CalendarDay through);

}  // namespace cellvigil
