// What the screens of a look raise, against what stands. Pure but for the batch.
#pragma once

#include <vector>

#include "daemon/pipeline/looks.h"

namespace cellvigil::pipeline {

// Adds a revision for every unit whose standing has turned: raised, no longer so, so again. Alarms latch as monitors'
// do: nothing withdraws a row. At most kMostUnits per screen.
void append_screens(Batch& batch, const Looked& looked, Instant log_time, const std::vector<store::AlertRow>& standing,
                    const RuleSet& rules, const EncodeScreen& encode);

}  // namespace cellvigil::pipeline
