#include "rules/grade/cytopenia.h"

#include <algorithm>

namespace cellvigil {
namespace {

constexpr Grade kSevere = 3;

void note_severe(CytopeniaTrack& track, const GradedValue& value, std::uint16_t infusion) {
    if (!track.open) {
        track.open = true;
        track.current = Episode{};
        track.current.scale = track.scale;
        track.current.term = track.term;
        track.current.infusion = infusion;
        track.current.ordinal = static_cast<std::uint16_t>(track.closed + 1);
        track.current.onset = value.at;
        begin_watch(track.watch, value.at, value.record);
        if (track.closed > 0) track.current.flags.add(Flag::recurrence);
    }
    if (value.grade > track.current.max_grade) {
        track.current.max_grade = value.grade;
        track.current.max_at = value.at;
    }
    track.current.max_upper = std::max(track.current.max_upper, value.upper);
    if (track.watch.has_gap()) track.current.flags.add(Flag::unobserved_gap);
    track.severe_day = value.day;
    track.milder_days = 0;
}

}  // namespace

std::optional<Episode> note_value(CytopeniaTrack& track, const GradedValue& value, std::uint16_t infusion,
                                  const CytopeniaLimits& limits) {
    if (track.open) note_told(track.watch, value.at, value.record, limits.unobserved, track.watch.told);
    if (value.grade >= kSevere) {
        note_severe(track, value, infusion);
        return std::nullopt;
    }
    if (!track.open || value.upper >= kSevere || value.upper == kNotGradable) return std::nullopt;
    if (value.day == track.severe_day) return std::nullopt;
    if (track.milder_days == 0) {
        if (value.carried) {
            track.current.flags.add(Flag::support_confounds);
            return std::nullopt;
        }
        track.milder_since = value.at;
        track.milder_day = value.day;
        track.milder_days = 1;
    } else if (value.day != track.milder_day) {
        track.milder_day = value.day;
        ++track.milder_days;
    }
    if (track.milder_days < limits.resolve_values) return std::nullopt;
    Episode ended = track.current;
    if (track.watch.has_gap()) ended.flags.add(Flag::unobserved_gap);
    ended.resolved = track.milder_since;
    track.open = false;
    track.milder_days = 0;
    ++track.closed;
    return ended;
}

bool note_silence(CytopeniaTrack& track, Instant at, const CytopeniaLimits& limits) {
    if (!track.open) return false;
    const Instant noted = track.watch.gap_from;
    note_silence(track.watch, at, limits.unobserved, track.watch.told);
    if (track.watch.gap_from == noted) return false;
    track.current.flags.add(Flag::unobserved_gap);
    return true;
}

}  // namespace cellvigil
