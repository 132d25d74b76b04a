// Signed verdicts that a component has another cause. Only an Adjudication sets one; it leaves the component in
// grade_upper. A verdict holds from its effective time to its stated end; without an end, until release() because the
// component was absent again or the episode ended (HOUSE). A later verdict on the same component replaces the earlier.
// Source: clinical contract 1.5.
#pragma once

#include <array>
#include <cstdint>

#include "rules/grade/assessment.h"
#include "rules/timeline/fact.h"

namespace cellvigil {

struct AttributionTrack {
    struct Entry {
        bool seen = false;       // the component has been present under this verdict
        Instant until = kNever;  // exclusive; kNever: no stated end
        RecordRef record;
        bool operator==(const Entry&) const = default;
    };
    // A bit for each component with another cause. Most often there is none, and nothing else need be looked at.
    std::uint32_t others = 0;
    std::array<Entry, kComponents> entries{};  // default where there is none
    bool operator==(const AttributionTrack&) const = default;

    static constexpr std::uint32_t bit_of(std::size_t component) { return std::uint32_t{1} << component; }
    bool has(std::size_t component) const { return (others & bit_of(component)) != 0; }
    void clear(std::size_t component) {
        others &= ~bit_of(component);
        entries[component] = {};
    }
};
static_assert(kComponents <= 32);

// Takes an adjudication of one of `scales`; everything else is ignored. `component` whole sets all of `components`.
void observe_adjudication(AttributionTrack& track, const Fact& fact, std::initializer_list<Scale> scales,
                          std::initializer_list<Component> components);

// Is the component attributed to another cause at this time?
inline bool attributed_elsewhere(const AttributionTrack& track, Component component, Instant at) {
    const auto place = static_cast<std::size_t>(component);
    return track.has(place) && at < track.entries[place].until;
}
inline RecordRef attribution_record(const AttributionTrack& track, Component component) {
    return track.entries[static_cast<std::size_t>(component)].record;
}

// Told at every assessment whether the (raw) component is present: an open-ended verdict ends when it was present and
// is gone.
void note_presence_of_other(AttributionTrack& track, Component component, bool present);
inline void note_presence(AttributionTrack& track, Component component, bool present) {
    if (track.has(static_cast<std::size_t>(component))) note_presence_of_other(track, component, present);
}
// The episode ended: open-ended verdicts end.
void release_open_ended(AttributionTrack& track);
// The next stated end after `after`, else kNever.
Instant next_end_of_others(const AttributionTrack& track, Instant after);
inline Instant next_attribution_end(const AttributionTrack& track, Instant after) {
    return track.others == 0 ? kNever : next_end_of_others(track, after);
}

}  // namespace cellvigil
