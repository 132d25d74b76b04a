// An alert in the words of the statement that it rests on: the same sentence that the command line and the API show, in
// the site's time. Names no subject. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "rules/timeline/subject_timeline.h"

namespace cellvigil {

// Of an alert without a scale: its title, day and details. Facts that are no longer live are left out.
std::string alert_sentence(const SubjectTimeline& timeline, const SubjectAlert& alert, const RuleSet& rules);
// The keys of the rule pack that decide about the rule, with their values.
std::vector<std::pair<std::string, std::string>> deciding_keys(SubjectRule rule, const RuleSet& rules);

}  // namespace cellvigil
