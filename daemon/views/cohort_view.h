// A cohort's report as text for a terminal and as JSON for programs. Equal reports give equal bytes.
#pragma once

#include <string>

#include "rules/cohort/cohort_report.h"

namespace cellvigil::views {

std::string cohort_text(const CohortReport& report);
// {"cohort","data_cut","known_at","pack","pack_hash","sets":{..},"counts":[..],"rates":[..],"landmarks":[..],
//  "exits":[..],"deaths":[..],"curves":[..],"completeness":{..}}; what is not known or not estimable is null.
std::string cohort_json(const CohortReport& report);

}  // namespace cellvigil::views
