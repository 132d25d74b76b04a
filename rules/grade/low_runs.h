// What keys of pictures remember of the runs of low pressures: a bit for everything that hypotension_part() asks of
// them.
#pragma once

#include "rules/grade/crs_hypotension.h"

namespace cellvigil {

// Calls `note(bool)` twelve times.
template <typename Note>
void note_low_runs(const PressureState& state, hours validity, Instant at, const Note& note) {
    const auto note_run = [&](const LowRun& run) {
        note(run.active);
        note(run.confirmed);
        note(holds(run.latest, validity, at));
    };
    note_run(state.low);
    note_run(state.at_baseline);
    note_run(state.centile);
    note_run(state.map);
}

}  // namespace cellvigil
