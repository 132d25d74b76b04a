#include "rules/grade/sign_episode.h"

#include <algorithm>

#include "rules/grade/part.h"

namespace cellvigil {
namespace {

void open_sign(SignEpisode& track, const SignNow& now, const Episode& begun) {
    track.open = true;
    track.current = begun;
    track.current.ordinal = static_cast<std::uint16_t>(track.closed + 1);
    track.current.onset = now.at;
    begin_watch(track.watch, now.at, now.record);
}

Episode close_sign(SignEpisode& track) {
    Episode ended = track.current;
    ended.resolved = track.absent_since;
    track.open = false;
    track.absent_since = kAlways;
    ++track.closed;
    return ended;
}

// Readings between two answers are not told one by one: the last is, and the limit after it is a deadline of the fold.
void watch_silence(SignEpisode& track, const SignNow& now, const SignLimits& limits) {
    EpisodeWatch& watch = track.watch;
    if (now.told != kAlways && now.told > watch.told) {
        watch.told = now.told;
        watch.record = now.record;
        if (watch.has_gap() && watch.gap_until == kNever) watch.gap_until = now.told;
    }
    note_silence(watch, now.at, limits.unobserved, watch.told);
    if (watch.has_gap()) track.current.flags.add(Flag::unobserved_gap);
}

}  // namespace

std::optional<Episode> note_sign(SignEpisode& track, const SignNow& now, const Episode& begun,
                                 const SignLimits& limits) {
    std::optional<Episode> ended;
    if (track.open) watch_silence(track, now, limits);
    const bool present = now.grade >= 1;
    const bool absent = now.grade == 0 && now.upper == 0;
    if (track.open && absent && track.absent_since == kAlways) track.absent_since = now.at;
    const bool held = track.absent_since != kAlways && now.at - track.absent_since >= limits.hold;
    if (track.open && held && (present || absent)) ended = close_sign(track);
    if (!present) return ended;
    if (!track.open) open_sign(track, now, begun);
    track.absent_since = kAlways;
    track.last_upper = std::max(now.upper, now.grade);
    if (now.grade > track.current.max_grade) {
        track.current.max_grade = now.grade;
        track.current.max_at = now.at;
    }
    track.current.max_upper = std::max(track.current.max_upper, track.last_upper);
    return ended;
}

void say_episode(const SignEpisode& track, Assessment& said) {
    said.episode = static_cast<std::uint16_t>(track.closed + 1);
    said.episode_open = track.open;
    if (!track.open) return;
    if (!said.under_surveillance && track.absent_since == kAlways) {
        said.under_surveillance = true;
        said.grade_upper = track.last_upper;
        said.flags.add(Flag::stale_input);
        said.add_evidence(track.watch.record);
    }
    if (!said.under_surveillance) return;
    if (track.closed > 0) said.flags.add(Flag::recurrence);
    say_gap(track.watch, said);
}

}  // namespace cellvigil
