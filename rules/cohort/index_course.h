// What became of a subject after one of its infusions: since when and how long it was under observation, what ended
// that, and when. Every further infusion is an index of its own and ends the one before. Days are whole days at the
// site, counted from the infusion (day 0). docs/cohorts.md. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/cohort/subject_facts.h"

namespace cellvigil {

// How a subject's time in an analysis ends. Up to `progression` a cause that may compete with the event; from
// `withdrawn` on the observation ends and nothing happened.
enum class Exit : std::uint8_t {
    event,
    death,
    systemic_therapy,
    transplant,
    cell_therapy,
    progression,
    withdrawn,
    lost,
    last_contact,
    data_cut,
    window_end,
};
inline constexpr std::size_t kExits = static_cast<std::size_t>(Exit::window_end) + 1;
inline constexpr std::size_t kCauses = static_cast<std::size_t>(Exit::progression) + 1;
constexpr bool is_cause(Exit exit) { return exit <= Exit::progression; }
const char* name_of(Exit exit);

using Day = std::int32_t;
struct DaySpan {  // both included
    Day first = 0;
    Day last = 0;
};

// Until when a subject was followed for something, and why no longer.
struct FollowUp {
    Day last = -1;  // last day known to be covered; -1: not even day 0
    Exit why = Exit::last_contact;
    bool operator==(const FollowUp&) const = default;
};

struct IndexCourse {
    std::uint16_t ordinal = 1;  // 1.. : which infusion of the subject
    Instant at{};
    SiteDate date{};
    UtcOffset offset{0};
    std::string lot;  // pseudonym; empty: not stated
    Day entry = 0;    // first day under observation: 0, or later for who joined later
    std::optional<Day> death;
    DeathCause death_cause = DeathCause::unspecified;
    std::optional<Day> transplant;        // first one after the infusion, allogeneic or autologous
    std::optional<Day> cell_therapy;      // the next infusion, or another cell therapy
    std::optional<Day> systemic_therapy;  // first one against the disease: systemic, checkpoint inhibitor, engager
    std::optional<Day> progression;       // first progression or relapse, day 1 or later
    std::optional<Day> response;          // first complete or partial response before progression
    std::optional<Day> complete_response;
    bool evaluable = false;                // any disease status on day 1 or later that says something
    std::vector<Day> disease_assessments;  // days of the evaluable ones, ascending
    std::optional<Day> lost;               // day on which it was declared lost to follow-up
    std::optional<Day> withdrawn;          // no further collection from this day, not resumed since
    std::optional<Day> medication_known;   // MEDICATION surveillance is complete through this day
    FollowUp survival;
    FollowUp infections;
    bool operator==(const IndexCourse&) const = default;

    // The first day of any therapy that ends "before next therapy"; nullopt: none.
    std::optional<Day> next_therapy() const;
};

// By infusion; empty for a subject that was not infused. A second infusion of one lot within the pack's split time is
// the same index.
std::vector<IndexCourse> index_courses(const SubjectFacts& subject, const RuleSet& rules);

}  // namespace cellvigil
