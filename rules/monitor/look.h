// One look at a monitor: the statistic against its boundary, as of a day. A function of the table and the day alone:
// whoever looks, however often, sees the same. The alarm of a formal boundary is latched by the alert book; here a look
// only says whether the data cross. Pure; microseconds, whatever the number of subjects.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "rules/monitor/boundary.h"
#include "rules/monitor/calendar_table.h"
#include "rules/stats/interval.h"

namespace cellvigil {

struct Crossing {
    std::int64_t events = 0;       // the number that crossed
    std::int64_t subjects = 0;     // binary: among so many, in order of infusion
    std::int64_t person_days = 0;  // person-time: when it came
    double limit = 0;  // binary: the boundary at that number; person-time: person-days up to which it alarms
    bool operator==(const Crossing&) const = default;
};

struct Signal {
    std::optional<Crossing> crossed;
    std::string cannot_signal;
    std::int64_t events = 0;
    std::int64_t subjects = 0;         // binary: infused, pending ones among them
    std::int64_t person_days = 0;      // person-time
    double expected = 0;               // events at the limit
    std::optional<double> estimate;    // events per subject, or per person-year; nullopt: nobody yet
    std::optional<Interval> interval;  // Wilson, or Garwood per person-year; 95 %
    std::optional<double> posterior;   // P(rate > limit), for display only
    double log_evalue = 0;             // for e-BH over cohorts
    double statistic = 0;              // what is compared, in the method's own scale
    double threshold = 0;
    double margin = 0;            // statistic / threshold; 1 or more: crossed. 0: nothing yet
    std::string next;             // "alarms with the 3rd event among at most 10 subjects"
    bool horizon_passed = false;  // the plan is used up: close the epoch and open a new one
};

// P(rate > limit) with the monitor's prior, its mean at the limit: of binary methods from events among subjects, else
// from events in person-days. For display only.
double posterior_of(const MonitorSpec& monitor, std::int64_t events, std::int64_t subjects, std::int64_t person_days);

// E-value methods: crossed when E >= 1 / alpha among any first so many subjects, or at any event. Tables as of
// `through`.
Signal look(const MonitorSpec& monitor, const Boundary& boundary, const CalendarTable& table, CalendarDay through);

}  // namespace cellvigil
