// What tells of each sign whose episodes CTCAE's fever, hypotension and hypoxia follow. Pure.
#pragma once

#include "rules/grade/context.h"
#include "rules/grade/ctcae_signs.h"

namespace cellvigil {

struct LastReading {
    Instant at = kAlways;
    RecordRef record;
    void consider(Instant when, const Source& source) {
        if (when != kAlways && when > at) *this = {when, source.record};
    }
};

// The last reading, or charting of oxygen, of the sign; kAlways: none yet.
LastReading last_reading(const CtcaeSignsState& state, SignTrack track, const FoldContext& context);

}  // namespace cellvigil
