// What ASTCT CRS says of one moment: the grade by the episode's state, the flags, the evidence. docs/clinical/crs.md.
// Pure.
#pragma once

#include "rules/grade/crs_state.h"

namespace cellvigil {

// Everything that the rules ask about one moment.
struct CrsView {
    Instant at{};
    std::int32_t day = 0;
    bool temperature_known = false;
    bool afebrile = false;   // known, and below the limit
    bool fever_raw = false;  // known, and at or above it
    bool fever = false;      // the same, and not attributed elsewhere
    Part pressure;
    Part oxygen;
    Grade organ = 0;        // worse of the two, attribution applied
    Grade organ_upper = 0;  // whatever their attribution
    bool pressure_elsewhere = false;
    bool oxygen_elsewhere = false;
};

// The day within the onset window, which a T-cell engager or a checkpoint inhibitor begins anew.
std::int32_t window_day(const CrsState& state, Instant at, const FoldContext& context);
// The open episode may have ended unseen (watch.h), and what was seen since would not begin another by itself.
bool may_have_ended(const CrsState& state, const FoldContext& context);

// Grade, upper grade, what decided, flags and evidence; the episode has been moved to the moment already.
void say_crs(Assessment& said, const CrsState& state, const CrsView& view, const FoldContext& context);

}  // namespace cellvigil
