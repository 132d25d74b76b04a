#include "rules/grade/attribution.h"

#include <algorithm>
#include <variant>

namespace cellvigil {
namespace {

void set(AttributionTrack& track, Component component, const Fact& fact, bool other) {
    const auto place = static_cast<std::size_t>(component);
    track.clear(place);
    if (!other) return;
    track.others |= AttributionTrack::bit_of(place);
    auto& entry = track.entries[place];
    entry.until = fact.until;
    entry.record = fact.record;
}

}  // namespace

void observe_adjudication(AttributionTrack& track, const Fact& fact, std::initializer_list<Scale> scales,
                          std::initializer_list<Component> components) {
    if (fact.kind != FactKind::adjudication || fact.body == nullptr) return;
    const auto& verdict = std::get<Adjudication>(*fact.body);
    if (std::find(scales.begin(), scales.end(), verdict.scale) == scales.end()) return;
    if (verdict.verdict == Verdict::unspecified || is_on_value(verdict.verdict)) return;
    const bool other = verdict.verdict == Verdict::other_cause;
    for (const Component component : components) {
        if (verdict.component == Component::whole || verdict.component == component) set(track, component, fact, other);
    }
}

void note_presence_of_other(AttributionTrack& track, Component component, bool present) {
    const auto place = static_cast<std::size_t>(component);
    auto& entry = track.entries[place];
    if (entry.until != kNever) return;
    if (present) {
        entry.seen = true;
    } else if (entry.seen) {
        track.clear(place);
    }
}

void release_open_ended(AttributionTrack& track) {
    if (track.others == 0) return;
    for (std::size_t i = 0; i < track.entries.size(); ++i) {
        if (track.has(i) && track.entries[i].until == kNever) track.clear(i);
    }
}

Instant next_end_of_others(const AttributionTrack& track, Instant after) {
    Instant next = kNever;
    for (std::size_t i = 0; i < track.entries.size(); ++i) {
        if (track.has(i) && track.entries[i].until > after) next = std::min(next, track.entries[i].until);
    }
    return next;
}

}  // namespace cellvigil
