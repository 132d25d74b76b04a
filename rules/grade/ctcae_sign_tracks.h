// What tells of each sign whose episodes CTCAE's fever, hypotension and hypoxia follow, and when what is said of them
// may be otherwise. Pure.
#pragma once

#include "rules/grade/context.h"
#include "rules/grade/ctcae_signs.h"

namespace cellvigil {

struct LastReading {
    Instant at = kAlways;
    RecordRef record;
    void consider(Instant when, const Source& source) {
        if (when > at) *this = {when, source.record};
    }
};

// The last reading, or charting of oxygen, of the sign; kAlways: none yet.
inline LastReading last_reading(const CtcaeSignsState& state, SignTrack track, const FoldContext& context) {
    const CrsState& crs = *context.crs;
    LastReading last;
    if (track == SignTrack::fever) {
        last.consider(crs.fever.latest.at, crs.fever.latest.source);
    } else if (track == SignTrack::hypotension) {
        last.consider(crs.pressure.systolic.at, crs.pressure.systolic.source);
        last.consider(crs.pressure.mean.at, crs.pressure.mean.source);
    } else {
        last.consider(state.spo2.at, state.spo2.source);
        last.consider(state.pao2.at, state.pao2.source);
        last.consider(crs.oxygen.charted, crs.oxygen.source);
    }
    return last;
}

inline constexpr hours kLasting{24};  // a fever above 40.0 Cel for longer is grade 4
inline SignLimits limits_of(const FoldContext& context) {
    return {context.rules.crs.resolve, context.rules.episode.unobserved};
}

// When what stands said may first be otherwise without a fact: of fever and hypotension, and of hypoxia.
struct SignDeadlines {
    Instant others = kNever;
    Instant breath = kNever;
    Instant first() const { return std::min(others, breath); }
};
SignDeadlines deadlines_after(const CtcaeSignsState& state, Instant after, const FoldContext& context);
// Where the deadlines that were set at the last answer stand by now: readings since may have put them off.
SignDeadlines present_deadlines(const CtcaeSignsState& state, Instant at, const FoldContext& context);

}  // namespace cellvigil
