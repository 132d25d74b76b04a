// A disagreement in words: "site says CRS 2; computed 3: norepinephrine started 14:20 on day 4". Pure.
#pragma once

#include <string>

#include "rules/grade/disagreement.h"
#include "rules/grade/render.h"

namespace cellvigil {

// `offset` is the site's. Records that are not live are left out.
std::string render_disagreement(const Disagreement& item, const FactOf& fact_of, UtcOffset offset, const RuleSet& rules);

}  // namespace cellvigil
