// How well the course of an open episode is watched. Silence ends no episode; but a stretch in which nothing told
// whether it went on is remembered once it is longer than the limit of the rule set (episode.unobserved_d, HOUSE): the
// episode may have ended in it unseen. A stretch equal to the limit is not longer. Source: docs/clinical/contract.md.
// Pure values.
#pragma once

#include <algorithm>

#include "rules/grade/assessment.h"
#include "rules/grade/part.h"

namespace cellvigil {

struct EpisodeWatch {
    Instant told = kAlways;      // last time something told of a sign or of its absence
    RecordRef record;            // by which record
    Instant gap_from = kAlways;  // the latest stretch longer than the limit; kAlways: none
    Instant gap_until = kNever;  // first told again; kNever: not yet
    RecordRef before_gap;
    bool in_doubt = false;  // no sign is known to have gone on through such a stretch
    bool has_gap() const { return gap_from != kAlways; }
    bool operator==(const EpisodeWatch&) const = default;
};

inline void begin_watch(EpisodeWatch& watch, Instant onset, RecordRef record) {
    watch = EpisodeWatch{};
    watch.told = onset;
    watch.record = record;
}

// To be asked whenever the episode is, with the last time a sign is known to have been present: a vasopressor that
// nobody charts runs on.
inline void note_silence(EpisodeWatch& watch, Instant at, milliseconds limit, Instant last_sign) {
    if (watch.told == kAlways || at - watch.told <= limit) return;
    if (watch.gap_from != watch.told) {
        watch.gap_from = watch.told;
        watch.gap_until = kNever;
        watch.before_gap = watch.record;
    }
    if (at - std::max(watch.told, last_sign) > limit) watch.in_doubt = true;
}

// Something told of a sign or of its absence.
inline void note_told(EpisodeWatch& watch, Instant at, RecordRef record, milliseconds limit, Instant last_sign) {
    note_silence(watch, at, limit, last_sign);
    if (watch.has_gap() && watch.gap_until == kNever && at > watch.gap_from) watch.gap_until = at;
    if (at <= watch.told) return;
    watch.told = at;
    watch.record = record;
}

// A clinician has signed that it is the same episode: what was unobserved before is settled.
inline void settle(EpisodeWatch& watch) {
    watch.gap_from = kAlways;
    watch.gap_until = kNever;
    watch.in_doubt = false;
}

// When the limit will have passed without a word; to be given to sooner().
inline Instant silence_from(const EpisodeWatch& watch, milliseconds limit) { return expiry(watch.told, limit); }

// The remark, its days once they are over, and the last record before them.
inline void say_gap(const EpisodeWatch& watch, Assessment& said) {
    if (!watch.has_gap()) return;
    said.flags.add(Flag::unobserved_gap);
    said.add_evidence(watch.before_gap);
    if (watch.gap_until == kNever) return;
    const auto length = std::chrono::floor<days>(watch.gap_until - watch.gap_from).count();
    said.report(Figure::unobserved_days, static_cast<std::int32_t>(std::min<std::int64_t>(length, INT16_MAX)));
}

// What is said of an episode that may have ended unseen: where both readings agree, that is the grade; else it cannot
// be graded, and the worse upper grade stands. Missing data is never grade 0.
inline void weigh_ended(Assessment& said, Grade grade_if_ended, Grade upper_if_ended) {
    if (said.grade != grade_if_ended) said.grade = kNotGradable;
    said.grade_upper = std::max(said.grade_upper, upper_if_ended);
}

}  // namespace cellvigil
