// The episode of one scale while the fold runs: opened by a first sign, ended only by observed absence, never by
// silence (watch.h remembers a long one). Pure values.
#pragma once

#include <algorithm>
#include <optional>

#include "rules/grade/assessment.h"
#include "rules/grade/watch.h"

namespace cellvigil {

struct EpisodeTrack {
    bool open = false;
    std::uint16_t closed = 0;   // episodes of this infusion that have ended
    Episode current;            // meaningful while open
    Instant last_sign{};        // last time any sign was present
    bool absence_seen = false;  // an observation since last_sign showed no sign
    EpisodeWatch watch;
    std::optional<Episode> just_closed;  // taken by the fold after each assess()
    bool operator==(const EpisodeTrack&) const = default;
};

inline std::uint16_t episode_ordinal(const EpisodeTrack& track) { return static_cast<std::uint16_t>(track.closed + 1); }

inline void open_episode(EpisodeTrack& track, Scale scale, std::uint16_t infusion, Instant onset,
                         RecordRef first = {}) {
    track.open = true;
    track.current = Episode{};
    track.current.scale = scale;
    track.current.infusion = infusion;
    track.current.ordinal = episode_ordinal(track);
    track.current.onset = onset;
    track.last_sign = onset;
    track.absence_seen = false;
    begin_watch(track.watch, onset, first);
}

inline void note_sign(EpisodeTrack& track, Instant at) {
    track.last_sign = std::max(track.last_sign, at);
    track.absence_seen = false;
}

inline void note_grade(EpisodeTrack& track, const Assessment& assessment) {
    if (!track.open) return;
    if (assessment.grade > track.current.max_grade) {
        track.current.max_grade = assessment.grade;
        track.current.max_at = assessment.at;
    }
    track.current.max_upper = std::max(track.current.max_upper, assessment.grade_upper);
    track.current.flags.add(assessment.flags);
}

inline void close_episode(EpisodeTrack& track) {
    track.current.resolved = track.last_sign;
    if (track.watch.has_gap()) track.current.flags.add(Flag::unobserved_gap);
    track.just_closed = track.current;
    track.open = false;
    ++track.closed;
}

}  // namespace cellvigil
