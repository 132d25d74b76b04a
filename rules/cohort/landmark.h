// What is so of a subject at a landmark (day 90, 180, 365), among those who are there to be asked. Three-valued.
// Source: docs/cohorts.md. Pure.
#pragma once

#include <optional>

#include "rules/cohort/contribution.h"

namespace cellvigil {

// Severe cytopenia that persists: in one lineage two values of CTCAE grade 3 or more at least 7 days apart, none milder
// between them, all within the pack's slack of the landmark. No: every lineage has two values that far apart and none
// persists. Unknown otherwise. Dependence on transfusion or growth factor is the milestone's (rules/grade/recovery.h),
// not judged here.
Standing severe_cytopenia_at(const SubjectFacts& subject, const IndexCourse& index, Day landmark, const RuleSet& rules);

// Is the subject there: alive, under observation since before, and verified so; before any next therapy if the estimand
// says so.
bool is_at(const IndexCourse& index, Day landmark, Estimand estimand);

// The endpoint's stretches of one day each: ended in the event, in `absent` (cause 1), or censored for not being known.
std::vector<Spell> landmark_spells(const SubjectFacts& subject, const IndexCourse& index, Endpoint endpoint,
                                   Estimand estimand, const RuleSet& rules);

}  // namespace cellvigil
