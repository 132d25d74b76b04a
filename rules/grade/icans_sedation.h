// Who cannot be tested, and since when: sedatives by infusion, anaesthesia, ventilation through a tube, RASS at most -3
// with a sedative on board, or the assessor's word. ICE is then not testable (never 0), and reduced consciousness is
// not ICANS until sedation has cleared (icans.sedation_clears_h). Pure. Source: docs/clinical/icans.md.
#pragma once

#include "rules/grade/icans_state.h"

namespace cellvigil {

inline constexpr std::int8_t kRassDeep = -3;        // at most
inline constexpr std::int8_t kRassUnscorable = -4;  // at most: CAPD is not valid

// Takes sedatives, anaesthesia, and oxygen devices. False: nothing of interest.
bool observe_sedation(IcansState& state, const Fact& fact, const Intervention& given);
// The assessor's reason for not testing.
void observe_untested(IcansState& state, const Fact& fact, const IceAssessment& said);
// What was seen at `at` was perhaps seen under sedation: called after every fact that may decide it, so that the order
// of facts of one instant does not matter.
void mark_sedated(IcansState& state, Instant at, const FoldContext& context);

struct IcansUntested {
    bool untested = false;  // sedated or ventilated since the last score, or not cleared and not seen awake since
    bool procedure = true;  // only for a procedure
    Source source;          // of the reason
};
IcansUntested untested_at(const IcansState& state, Instant at, const FoldContext& context);

// The first instant after `after` at which one of the above may answer otherwise without a new fact.
Instant next_sedation_deadline(const IcansState& state, Instant after, const FoldContext& context);

}  // namespace cellvigil
