#include "rules/cohort/estimates.h"

#include <algorithm>
#include <cmath>

#include "rules/stats/binomial_interval.h"
#include "rules/stats/poisson_rate.h"
#include "rules/stats/wilson.h"

namespace cellvigil {
namespace {

constexpr Confidence kConfidence{0.95};

std::int64_t count_events(const TableCell& cell, bool all_causes) {
    std::int64_t events = 0;
    for (std::size_t i = 0; i < cell.days.size(); ++i) {
        const DayTable::Row row = cell.days.row(i);
        for (std::size_t cause = 0; cause < row.events.size(); ++cause) {
            if (all_causes || cause == kEventCause) events += row.events[cause];
        }
    }
    return events;
}

std::int64_t exits_by(const TableCell& cell, Exit exit) { return cell.exits[static_cast<std::size_t>(exit)]; }

TableKey deaths_of(AnalysisSet set, const Stratum& stratum, bool reinfusion) {
    return {set, reinfusion, {Endpoint::death, Estimand::regardless}, stratum};
}

}  // namespace

Fraction fraction(std::int64_t events, std::int64_t subjects) {
    return {events, subjects, wilson(events, subjects, kConfidence), clopper_pearson(events, subjects, kConfidence)};
}

std::int64_t subjects_in(const CohortTable& table, AnalysisSet set, const Stratum& stratum, bool reinfusion) {
    const TableCell* deaths = table.find(deaths_of(set, stratum, reinfusion));
    return deaths == nullptr ? 0 : deaths->subjects;
}

Fraction crude(const CohortTable& table, const TableKey& key) {
    const TableCell* cell = table.find(key);
    const std::int64_t events = cell == nullptr ? 0 : count_events(*cell, all_causes_are_events(key.endpoint.endpoint));
    return fraction(events, subjects_in(table, key.set, key.stratum, key.reinfusion));
}

Fraction completed(const CohortTable& table, const TableKey& key) {
    const TableCell* cell = table.find(key);
    if (cell == nullptr) return fraction(0, 0);
    std::int64_t subjects = exits_by(*cell, Exit::window_end);
    for (std::size_t exit = 0; exit < kCauses; ++exit) subjects += cell->exits[exit];
    return fraction(count_events(*cell, false), subjects);
}

std::int64_t pending(const CohortTable& table, const TableKey& key) {
    const TableCell* cell = table.find(key);
    if (cell == nullptr) return 0;
    return exits_by(*cell, Exit::withdrawn) + exits_by(*cell, Exit::lost) + exits_by(*cell, Exit::last_contact) +
           exits_by(*cell, Exit::data_cut);
}

Result<EventRate> event_rate(const TableCell& cell) {
    const auto risk = risk_table(cell.days);
    if (!risk) return fail(risk.error());
    const auto person_days = risk->person_days();
    if (!person_days) return fail(Errc::invalid, "a subject has no end of its time at risk");
    EventRate rate;
    rate.events = count_events(cell, false);
    rate.person_days = *person_days;
    rate.subjects = cell.subjects;
    if (*person_days <= 0) return rate;
    const double at_risk = static_cast<double>(*person_days);
    const double per_100 = 100 * kDaysPerYear / at_risk;
    rate.per_100_years = static_cast<double>(rate.events) * per_100;
    const Interval expected = garwood(rate.events, kConfidence);
    rate.garwood = Interval{expected.lower * per_100, expected.upper * per_100};
    const double daily = static_cast<double>(rate.events) / at_risk;
    const double variance = static_cast<double>(cell.squares.events_squared) -
                            2 * daily * static_cast<double>(cell.squares.events_times_days) +
                            daily * daily * static_cast<double>(cell.squares.days_squared);
    rate.se_by_subject = std::sqrt(std::max(0.0, variance)) * per_100;
    return rate;
}

DayTable events_alone(const TableCell& cell, Endpoint endpoint) {
    const bool all = all_causes_are_events(endpoint);
    DayTable alone(1);
    for (std::size_t i = 0; i < cell.days.size(); ++i) {
        const DayTable::Row row = cell.days.row(i);
        alone.enter(row.day, row.entries);
        alone.censor(row.day, row.censored);
        for (std::size_t cause = 0; cause < row.events.size(); ++cause) {
            if (all || cause == kEventCause) {
                alone.have_event(row.day, 0, row.events[cause]);
            } else {
                alone.censor(row.day, row.events[cause]);
            }
        }
    }
    return alone;
}

std::vector<Prevalence> prevalences(const TableCell& cell) {
    std::vector<Prevalence> found;
    for (const Day landmark : kLandmarks) {
        Prevalence prevalence;
        prevalence.landmark = landmark;
        std::int64_t absent = 0;
        std::int64_t unknown = 0;
        std::int64_t present = 0;
        for (std::size_t i = 0; i < cell.days.size(); ++i) {
            const DayTable::Row row = cell.days.row(i);
            if (row.day != landmark) continue;
            present = row.events[kEventCause];
            absent = row.events[1];
            unknown = row.censored;
        }
        prevalence.there = present + absent + unknown;
        prevalence.found = fraction(present, present + absent);
        found.push_back(prevalence);
    }
    return found;
}

Result<std::optional<double>> median_follow_up(const CohortTable& table, AnalysisSet set) {
    const TableCell* deaths = table.find(deaths_of(set, {}, false));
    if (deaths == nullptr) return std::optional<double>();
    const auto risk = risk_table(follow_up_table(events_alone(*deaths, Endpoint::death)));
    if (!risk) return fail(risk.error());
    return survival_quantile(kaplan_meier(*risk, kConfidence), 0.5).day;
}

}  // namespace cellvigil
