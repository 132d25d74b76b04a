// ICANS by the ASTCT consensus (Lee 2019): adults and children from 12 years by ICE, younger ones by CAPD. The table,
// the source, our decisions and worked examples are in docs/clinical/icans.md. A value equal to a limit of a band
// belongs to the band that the table names (ICE 7 is 1, ICE 6 is 2). Missing is kNotGradable, never 0. Pure; safe from
// any thread.
#pragma once

#include "rules/grade/icans_state.h"

namespace cellvigil {

void begin_infusion(IcansState& state, const FoldContext& context);
void observe(IcansState& state, const Fact& fact, const FoldContext& context);
Instant next_deadline(const IcansState& state, Instant after, const FoldContext& context);
Assessment assess(IcansState& state, Instant at, const FoldContext& context);

}  // namespace cellvigil
