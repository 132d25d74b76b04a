// What one subject puts into the calendar tables of a plan: from its share in a cohort (rules/cohort) to counts by
// calendar day. Only the first infusion counts; re-infusions are no subjects of a monitor. A function of the facts and
// the rules, so whoever corrects a fact takes the old counts out and puts the new ones in. docs/cohorts.md. Pure.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "rules/cohort/contribution.h"
#include "rules/cohort/subject_facts.h"
#include "rules/monitor/calendar_table.h"
#include "rules/monitor/watch_plan.h"

namespace cellvigil {

enum class CalendarColumn : std::uint8_t { infused, known_events, entered, left, events };
inline constexpr int kCalendarColumns = static_cast<int>(CalendarColumn::events) + 1;
const char* name_of(CalendarColumn column);
std::int64_t& in(CalendarRow& row, CalendarColumn column);

// The measure that a store keeps it under: "calendar/zoster_past_day_90/entered".
std::string calendar_measure(const WatchedTable& table, CalendarColumn column);

struct CalendarCount {
    std::uint16_t table = 0;  // place in WatchPlan::tables
    CalendarColumn column = CalendarColumn::infused;
    CalendarDay day = 0;
    std::int64_t count = 0;  // not 0
    bool operator==(const CalendarCount&) const = default;
};
using CalendarShare = std::vector<CalendarCount>;  // ascending by table and day; equal facts give equal shares

// Windows (CRS, counts, deaths): counted from the infusion on, as pending until the window ends; who withdrew or was
// lost before that without the event is not counted. Landmarks: pending until the landmark; who died, was treated
// otherwise, left or was not tested is not counted. Person-time: before the next therapy, first event; severe
// infections: the first in each of the four windows; off prophylaxis: only days known to be. Shares: every zoster
// episode by its onset. An endpoint that is not counted gives nothing.
CalendarShare calendar_share(const SubjectFacts& subject, const WatchPlan& plan, const RuleSet& rules);

// The same, of the first infusion and its share when they are at hand.
CalendarShare calendar_counts(const SubjectFacts& subject, const IndexCourse& index, const IndexShare& share,
                              const WatchPlan& plan, const RuleSet& rules);

struct AtRisk {
    std::int64_t events = 0;
    std::int64_t days = 0;
};
// All that is known of the subject: of windows the days under observation within. nullopt: the endpoint counts no time
// at risk (landmarks, deaths by a day, shares).
std::optional<AtRisk> at_risk(const SubjectFacts& subject, const IndexCourse& index, const IndexShare& share,
                              ReportedEndpoint endpoint, const RuleSet& rules);

// The pack's product of the first infusion; empty: none of the pack's.
std::string product_in(const SubjectFacts& subject, const std::vector<Product>& products);

// Can this endpoint be counted from a subject's facts? A monitor of another one "cannot signal".
bool is_counted(ReportedEndpoint endpoint);

bool is_in(const CohortFilter& cohort, const SubjectFacts& subject, const IndexCourse& index,
           const std::vector<Product>& products);

}  // namespace cellvigil
