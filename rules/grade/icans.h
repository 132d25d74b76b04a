// ICANS by the ASTCT consensus (Lee 2019), adults by ICE and children below 12 years by CAPD: docs/clinical/icans.md.
// Pure; safe from any thread. Requirements ICANS-001 to ICANS-040 in docs/requirements.md.
#pragma once

#include "rules/grade/attribution.h"
#include "rules/grade/context.h"
#include "rules/grade/episode_track.h"

namespace cellvigil {

struct IcansState {
    EpisodeTrack episode;
    AttributionTrack attribution;
    bool operator==(const IcansState&) const = default;
};

void begin_infusion(IcansState& state, const FoldContext& context);
void observe(IcansState& state, const Fact& fact, const FoldContext& context);
Instant next_deadline(const IcansState& state, Instant after, const FoldContext& context);
Assessment assess(IcansState& state, Instant at, const FoldContext& context);

}  // namespace cellvigil
