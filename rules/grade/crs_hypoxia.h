// The hypoxia component of ASTCT CRS: oxygen devices and flows, saturation on room air. Source: Lee 2019;
// docs/clinical/crs.md 1.4. A cannula flow of exactly 6.0 L/min is low flow; a saturation equal to the limit is not
// low. Pure.
#pragma once

#include "rules/grade/crs_state.h"

namespace cellvigil {

void observe_spo2(OxygenState& state, const Fact& fact, const FoldContext& context);
void observe_oxygen(OxygenState& state, const Fact& fact, const Intervention& given, const FoldContext& context);
void fix_oxygen_baseline(OxygenState& state);  // at the infusion: support already running is the subject's own
void expire_oxygen(OxygenState& state, Instant at);
Part hypoxia_part(const OxygenState& state, Instant at, const FoldContext& context);
bool oxygen_running(const OxygenState& state);
Instant next_oxygen_deadline(const OxygenState& state, Instant after, const FoldContext& context);

}  // namespace cellvigil
