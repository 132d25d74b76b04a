// An alert in the words of the statement that it rests on: the same sentence that the command line and the API show, in
// the site's time. Names no subject. Pure.
#pragma once

#include <string>

#include "rules/timeline/subject_timeline.h"

namespace cellvigil {

// Empty for herpes zoster, which no scale grades. Facts that are no longer live are left out.
std::string alert_sentence(const SubjectTimeline& timeline, const SubjectAlert& alert, const RuleSet& rules);

}  // namespace cellvigil
