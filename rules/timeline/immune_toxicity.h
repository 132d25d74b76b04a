// What a statement of CRS or ICANS leads to beside itself: the causes of alerts, and the cohort's counts. Used by the
// fold only. Pure.
#pragma once

#include "rules/timeline/fold.h"

namespace cellvigil {

// Other scales lead to nothing here.
void note_immune_toxicity(FoldState& state, const Assessment& said);

}  // namespace cellvigil
