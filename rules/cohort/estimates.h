// What follows from a cohort's table: proportions, rates, curves, prevalences, each with its numerator, denominator and
// interval. Every number is a function of the integers in the table, so that any partitioning and any order give the
// same bits. docs/cohorts.md. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rules/base/result.h"
#include "rules/cohort/cohort_table.h"
#include "rules/stats/aalen_johansen.h"
#include "rules/stats/interval.h"
#include "rules/stats/kaplan_meier.h"

namespace cellvigil {

inline constexpr double kDaysPerYear = 365.25;

// x of n. Wilson's interval is shown, Clopper and Pearson's where a protocol says "exact".
struct Fraction {
    std::int64_t events = 0;
    std::int64_t subjects = 0;
    std::optional<Interval> wilson;  // 95 %; nullopt: n is 0
    std::optional<Interval> exact;
};
Fraction fraction(std::int64_t events, std::int64_t subjects);

// Subjects of the set in a stratum that does not change with time (all, site, lot, indication).
std::int64_t subjects_in(const CohortTable& table, AnalysisSet set, const Stratum& stratum, bool reinfusion = false);

// Subjects with the event over all subjects of the set, whether or not they were ever at risk, or still are: a count,
// not an estimate of risk. Of Counting::first only. Of `death` and `progression_free` the event is any of theirs.
Fraction crude(const CohortTable& table, const TableKey& key);

// Of an endpoint with a last day: subjects with the event over those who had it, died or began another therapy before
// its end, or were followed to it. Who is still in the window or was lost before its end counts in neither.
Fraction completed(const CohortTable& table, const TableKey& key);
// Subjects still in the window, or lost in it.
std::int64_t pending(const CohortTable& table, const TableKey& key);

struct EventRate {
    std::int64_t events = 0;
    std::int64_t person_days = 0;
    std::int64_t subjects = 0;
    std::optional<double> per_100_years;  // nullopt: no time at risk
    std::optional<Interval> garwood;      // 95 %, per 100 years; takes events as independent
    std::optional<double> se_by_subject;  // per 100 years; does not: for events that recur in a subject
};
// `invalid` when the table is a sum of which a part is missing.
Result<EventRate> event_rate(const TableCell& cell);

// The table with one column: the endpoint's event; what competes is censored. What Kaplan and Meier read.
DayTable events_alone(const TableCell& cell, Endpoint endpoint);

struct Prevalence {
    Day landmark = 0;
    std::int64_t there = 0;  // alive, under observation, before next therapy if the estimand says so
    Fraction found;          // over those who were tested
};
std::vector<Prevalence> prevalences(const TableCell& cell);

// By reverse Kaplan-Meier of the table of deaths, in days; nullopt: not reached.
Result<std::optional<double>> median_follow_up(const CohortTable& table, AnalysisSet set);

}  // namespace cellvigil
