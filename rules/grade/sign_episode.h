// An episode of a sign that CTCAE grades as it is at the moment: fever, hypotension, hypoxia. It opens with the first
// grade of 1 or more, and ends when the sign has been seen to be absent and did not come back for the hold; it is then
// resolved at the first observation without it, as a fever's duration is counted. Silence ends nothing (watch.h).
// HOUSE: docs/clinical/ctcae-signs.md. Pure values.
#pragma once

#include <optional>

#include "rules/grade/assessment.h"
#include "rules/grade/watch.h"

namespace cellvigil {

struct SignEpisode {
    bool open = false;
    std::uint16_t closed = 0;        // episodes of this infusion that have ended
    Episode current;                 // meaningful while open
    Grade last_upper = 0;            // upper grade while the sign was last present
    Instant absent_since = kAlways;  // first observation without the sign since it was present; kAlways: none
    EpisodeWatch watch;
    bool operator==(const SignEpisode&) const = default;
};

struct SignLimits {
    milliseconds hold;        // absent for so long, and seen so: the episode is over
    milliseconds unobserved;  // longer without a reading: it may have ended unseen
};

// What is read of the sign at a time; grade kNotGradable: unknown, which changes nothing. `told` is the last reading.
struct SignNow {
    Instant at{};
    Grade grade = kNotGradable;
    Grade upper = kNotGradable;
    Instant told = kAlways;
    RecordRef record;
};

// The episode that ended, if one did. `begun` is what a new episode is of: scale, term and infusion.
std::optional<Episode> note_sign(SignEpisode& track, const SignNow& now, const Episode& begun,
                                 const SignLimits& limits);

// When the hold, or the limit of silence after `told`, will have passed; kNever while no episode is open.
inline Instant sign_deadline(const SignEpisode& track, Instant told, Instant after, const SignLimits& limits) {
    Instant next = kNever;
    if (!track.open) return next;
    if (track.absent_since != kAlways) sooner(next, track.absent_since + limits.hold, after);
    sooner(next, expiry(std::max(told, track.watch.told), limits.unobserved), after);
    return next;
}

// Number, openness, recurrence and silence of the episode; and, where nothing is known while it is on, its last upper
// grade.
void say_episode(const SignEpisode& track, Assessment& said);

}  // namespace cellvigil
