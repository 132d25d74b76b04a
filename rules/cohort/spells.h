// The arithmetic of time at risk: from what may happen to a subject, in which order of precedence on one day, to the
// stretch that counts. Used by contribution.cc. Pure.
#pragma once

#include <optional>
#include <vector>

#include "rules/cohort/contribution.h"

namespace cellvigil {

struct RiskQuestion {
    DaySpan window;            // days at risk at most
    std::optional<Day> event;  // first event on a day at risk
    FollowUp follow_up;
    Estimand estimand = Estimand::regardless;
    bool death_competes = true;
    bool therapies_end = true;       // false: transplant and other therapies are ignored
    bool lost_ends = true;           // false: a death counts even if the subject had been lost before
    std::optional<Day> progression;  // competes where given
};

// nullopt: never at risk. On one day the event comes first, then death, progression, transplant, cell therapy, systemic
// therapy, then what censors. A dated event, death or therapy is itself a verified contact: time runs to it although
// the last statement of surveillance is earlier, unless the subject withdrew or was lost before it.
std::optional<Spell> time_at_risk(const IndexCourse& index, const RiskQuestion& question);

// Every event: `onsets` with the day through which each one blocks the next. Time in between is not at risk.
struct Occurrence {
    Day onset = 0;
    Day blocked_through = 0;  // at least onset
};
std::vector<Spell> recurrent_time(const IndexCourse& index, const RiskQuestion& question,
                                  const std::vector<Occurrence>& occurrences);

}  // namespace cellvigil
