// The hypotension component of ASTCT CRS: blood pressure, fluids, vasoactive drugs. Source: Lee 2019 (no pressure limit
// is given there; the executable one is ours: docs/clinical/crs.md 1.3). A pressure equal to the limit is not low.
// Pure.
#pragma once

#include "rules/grade/crs_state.h"

namespace cellvigil {

// Below this systolic pressure is low: adults 90 mm[Hg]; children by PALS: under 29 d 60, under 1 y 70, 1-10 y 70 + 2 x
// years, above 10 y 90.
Quantity systolic_limit(Instant at, const FoldContext& context);

void observe_pressure(PressureState& state, const Fact& fact, const FoldContext& context);  // systolic, mean
void observe_circulation(PressureState& state, const Fact& fact, const Intervention& given, const FoldContext& context);
void fix_pressure_baseline(PressureState& state);                                    // at the infusion
void expire_pressors(PressureState& state, Instant at, const FoldContext& context);  // stated ends up to `at`
Part hypotension_part(const PressureState& state, Instant at, const FoldContext& context);
bool pressor_running(const PressureState& state);
Instant next_pressure_deadline(const PressureState& state, Instant after, const FoldContext& context);

}  // namespace cellvigil
