// A disagreement in words: "site says CRS 2; computed 3: norepinephrine 14:20 to 18:05 on day 4". Pure.
#pragma once

#include <span>
#include <string>

#include "rules/grade/disagreement.h"
#include "rules/grade/render.h"

namespace cellvigil {

// `facts` are the subject's live facts in fold order, `offset` the site's. Records that are not live are left out.
std::string render_disagreement(const Disagreement& item, std::span<const Fact> facts, UtcOffset offset,
                                const RuleSet& rules);

}  // namespace cellvigil
