// Signed verdicts that a component has another cause. Only an Adjudication sets one; it leaves the component in grade_upper.
// A verdict holds from its effective time to its stated end; without an end, until release() because the component was absent
// again or the episode ended (HOUSE). A later verdict on the same component replaces the earlier. Source: clinical contract 1.5.
#pragma once

#include <array>

#include "rules/grade/assessment.h"
#include "rules/timeline/fact.h"

namespace cellvigil {

struct AttributionTrack {
    struct Entry {
        bool other = false;
        bool seen = false;       // the component has been present under this verdict
        Instant until = kNever;  // exclusive; kNever: no stated end
        RecordRef record;
        bool operator==(const Entry&) const = default;
    };
    std::array<Entry, kComponents> entries{};
    bool operator==(const AttributionTrack&) const = default;
};

// Takes an adjudication of one of `scales`; everything else is ignored. `component` whole sets all of `components`.
void observe_adjudication(AttributionTrack& track, const Fact& fact, std::initializer_list<Scale> scales,
                          std::initializer_list<Component> components);

// Is the component attributed to another cause at this time?
inline bool attributed_elsewhere(const AttributionTrack& track, Component component, Instant at) {
    const auto& entry = track.entries[static_cast<std::size_t>(component)];
    return entry.other && at < entry.until;
}
RecordRef attribution_record(const AttributionTrack& track, Component component);

// Told at every assessment whether the (raw) component is present: an open-ended verdict ends when it was present and is gone.
void note_presence(AttributionTrack& track, Component component, bool present);
// The episode ended: open-ended verdicts end.
void release_open_ended(AttributionTrack& track);
// The next stated end after `after`, else kNever.
Instant next_attribution_end(const AttributionTrack& track, Instant after);

}  // namespace cellvigil
