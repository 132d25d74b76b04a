// What hides fever: antipyretics and anticytokine drugs, and for how long. Source: docs/clinical/crs.md 1.6. Pure.
#pragma once

#include "rules/grade/crs_state.h"

namespace cellvigil {

void observe_masking(MaskingState& state, const Fact& fact, const Intervention& given, const FoldContext& context);
// An anticytokine drug is on board: tocilizumab, siltuximab, sarilumab up to 14 d, the others up to 48 h or while a
// course runs.
bool anticytokine_on_board(const MaskingState& state, Instant at, const FoldContext& context);
// An antipyretic or anticytokine drug was given at or after `onset`, and the waiver has not expired.
bool given_since(const MaskingState& state, Instant onset, Instant at, const FoldContext& context);
// The last dose of any of them; unknown: none.
RecordRef last_dose(const MaskingState& state);
inline bool antipyretic_works(const MaskingState& state, Instant at) { return at <= state.antipyretic_until; }
Instant next_masking_deadline(const MaskingState& state, Instant after, const FoldContext& context);

}  // namespace cellvigil
