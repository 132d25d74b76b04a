// On which day a subject first had CRS or ICANS of a grade, by whose grade. Pure.
#pragma once

#include <optional>

#include "rules/cohort/endpoint.h"

namespace cellvigil {

// For crs_any, crs_3, icans_any, icans_3. By the computed grade and its upper limit from the fold's findings; by the
// site from its adverse events, whatever scale they name. nullopt: never within the acute window.
std::optional<Day> acute_day(const SubjectFacts& subject, const IndexCourse& index, Endpoint endpoint, GradeSide side,
                             const RuleSet& rules);

}  // namespace cellvigil
