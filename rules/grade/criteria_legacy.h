// The rows of the scales before ASTCT, and of the CTCAE terms for their signs, in words. Empty: no such row. Source:
// docs/clinical/legacy-crs.md, docs/clinical/cres.md, docs/clinical/ctcae-signs.md. Pure.
#pragma once

#include <string>

#include "rules/grade/assessment.h"
#include "rules/pack/rule_set.h"

namespace cellvigil {

// Is the row of this scale and term to be asked of legacy_criterion()?
bool is_legacy_scale(Scale scale, Term term);
std::string legacy_criterion(Scale scale, Term term, Component component, Grade grade, const RuleSet& rules);

}  // namespace cellvigil
