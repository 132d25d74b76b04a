#include <chrono>
#include <limits>

#include "daemon/metrics/state.h"

namespace cellvigil::metrics {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kSecondsPerDay = 86'400;

using Incidence = CohortTables::Incidence;
using Time = CohortTables::Time;

// Small cohorts could tell who it is: their numbers are not shown.
struct Shown {
    Families& out;
    const Tables& tables;
    std::int64_t min_cell;

    double number(const CohortTables& cohort, double value) const { return cohort.infused < min_cell ? kNaN : value; }

    void incidence(const char* name, const char* help, std::optional<double> Incidence::*value) const {
        out.gauge(name, help);
        for (const CohortTables& cohort : tables.cohorts)
            for (const Incidence& one : cohort.incidences)
                out.add({{"cohort", cohort.cohort}, {"event", one.event}, {"day", std::to_string(one.day)}},
                        number(cohort, (one.*value).value_or(kNaN)));
    }
    void times(const char* name, const char* help, bool by_period, double (*value)(const Time&)) const {
        out.gauge(name, help);
        for (const CohortTables& cohort : tables.cohorts)
            for (const Time& one : cohort.times) {
                if (one.period.empty() == by_period) continue;
                out.add({{"cohort", cohort.cohort},
                         {"event", one.event},
                         by_period ? std::pair{"period", one.period} : std::pair{"prophylaxis", one.prophylaxis}},
                        number(cohort, value(one)));
            }
    }
};

double events(const Time& one) { return static_cast<double>(one.events); }
double seconds_at_risk(const Time& one) { return static_cast<double>(one.person_days) * kSecondsPerDay; }

}  // namespace

void add_tables(Families& out, const Tables& tables, std::uint32_t min_cell) {
    if (!tables.computed_at) return;
    const Shown show{out, tables, static_cast<std::int64_t>(min_cell)};
    show.incidence("cellvigil_cumulative_incidence_ratio",
                   "Share with the event by the day, death and the next therapy competing; NaN: too few at risk.",
                   &Incidence::value);
    show.incidence("cellvigil_cumulative_incidence_lower_ratio", "Its lower 95 % limit.", &Incidence::lower);
    show.incidence("cellvigil_cumulative_incidence_upper_ratio", "Its upper 95 % limit.", &Incidence::upper);
    show.times("cellvigil_person_time_seconds", "Time at risk of a first event, by days since the infusion.", true,
               seconds_at_risk);
    show.times("cellvigil_person_time_events", "First events in that time.", true, events);
    show.times("cellvigil_prophylaxis_time_seconds",
               "Time at risk of a first event past day 90, by antiviral prophylaxis.", false, seconds_at_risk);
    show.times("cellvigil_prophylaxis_events", "First events in that time.", false, events);
    out.gauge("cellvigil_delayed_infections",
              "Infections that began past day 90, by class of pathogen and days since the infusion.");
    for (const CohortTables& cohort : tables.cohorts)
        for (const CohortTables::Infections& one : cohort.infections)
            out.add({{"cohort", cohort.cohort}, {"pathogen_class", one.pathogen_class}, {"period", one.period}},
                    show.number(cohort, static_cast<double>(one.episodes)));
    out.gauge("cellvigil_cohort_tables_timestamp_seconds", "When these were computed from the stored states.");
    out.add({}, std::chrono::duration<double>(tables.computed_at->time_since_epoch()).count());
    out.gauge("cellvigil_cohort_tables_seconds", "How long that took.");
    out.add({}, tables.seconds);
    out.gauge("cellvigil_cohort_tables_left_out_subjects", "Subjects whose stored state could not be read for it.");
    out.add({}, tables.left_out);
}

}  // namespace cellvigil::metrics
