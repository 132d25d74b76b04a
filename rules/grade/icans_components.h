// The five domains of the ASTCT table for ICANS, each read from the state at a time: the grade, the worst still
// possible, flags. kNotGradable means that the domain is not known; it never becomes 0. Pure. Source:
// docs/clinical/icans.md.
#pragma once

#include "rules/grade/icans_sedation.h"
#include "rules/grade/icans_state.h"

namespace cellvigil {

// The bands of the table. ICE 0 is 3 here; 4 when unarousable.
Grade ice_band(std::uint8_t total);
Grade capd_band(std::uint8_t total);
// Grade of a level alone: "awakens spontaneously" is 0, as an alert person does the same (HOUSE).
Grade level_grade(Consciousness level);

// ASTCT: ICE from 12 years on, CAPD below; CAPD at any age with developmental delay. Age unknown: whichever was used,
// ICE first.
enum class IcansInstrument : std::uint8_t { ice, capd, either };
IcansInstrument instrument_at(Instant at, const FoldContext& context);

// A domain's reading with the time it was last observed.
struct IcansDomain {
    Component component = Component::none;
    Part part;
    Instant seen = kAlways;
};

// ICE, or CAPD below 12 years and with developmental delay.
IcansDomain score_domain(const IcansState& state, const IcansUntested& untested, Instant at,
                         const FoldContext& context);
IcansDomain consciousness_domain(const IcansState& state, Instant at, const FoldContext& context);
IcansDomain seizure_domain(const IcansState& state, Instant at, const FoldContext& context);
IcansDomain motor_domain(const IcansState& state, Instant at, const FoldContext& context);
IcansDomain pressure_domain(const IcansState& state, Instant at, const FoldContext& context);

// Is the sign present at this time (whatever its age)?
bool sign_present(const IcansSign& sign, Instant at);
// A sign that raises delayed_neurotoxicity and never grades: a cranial nerve palsy other than VI, parkinsonism, a
// change of personality or memory. Null: none.
const IcansSign* delayed_sign(const IcansState& state, Instant at);

// The first instant after `after` at which one of the above may answer otherwise without a new fact; sedation apart.
Instant next_domain_deadline(const IcansState& state, Instant after, const FoldContext& context);

}  // namespace cellvigil
