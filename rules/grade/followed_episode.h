// Episodes of scales that have none of their own: they begin and end with the ASTCT episode, each with its own maxima.
// Pure values.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "rules/grade/episode_track.h"
#include "rules/pack/rule_set.h"

namespace cellvigil {

struct ScaleTerm {
    Scale scale;
    Term term;
};

struct FollowedCourse {  // of one scale in the open episode
    Grade max_grade = kNotGradable;
    Grade max_upper = kNotGradable;
    Instant max_at{};
    Flags flags;
    bool operator==(const FollowedCourse&) const = default;
};

template <std::size_t N>
struct FollowedEpisode {
    bool open = false;
    std::uint16_t ordinal = 0;
    std::uint16_t infusion = 0;
    Instant onset{};
    Instant last_sign{};
    ScaleSet chosen;
    std::array<FollowedCourse, N> courses{};
    bool operator==(const FollowedEpisode&) const = default;
};

template <std::size_t N>
void append_episodes(const FollowedEpisode<N>& followed, const std::array<ScaleTerm, N>& scales,
                     std::optional<Instant> resolved, std::vector<Episode>& episodes) {
    if (!followed.open) return;
    for (std::size_t i = 0; i < N; ++i) {
        if (!followed.chosen.has(scales[i].scale)) continue;
        const FollowedCourse& course = followed.courses[i];
        Episode episode;
        episode.scale = scales[i].scale;
        episode.term = scales[i].term;
        episode.infusion = followed.infusion;
        episode.ordinal = followed.ordinal;
        episode.onset = followed.onset;
        episode.resolved = resolved;
        episode.max_grade = course.max_grade;
        episode.max_upper = course.max_upper;
        episode.max_at = course.max_at;
        episode.flags = course.flags;
        episodes.push_back(episode);
    }
}

// To be told at every answer, also when nothing else has changed: the last sign moves with every reading.
template <std::size_t N>
void note_last_sign(FollowedEpisode<N>& followed, const EpisodeTrack& astct) {
    if (followed.open && astct.open && astct.current.ordinal == followed.ordinal) followed.last_sign = astct.last_sign;
}

// Ends and begins with the ASTCT episode, both in one answer when need be. True: it has ended.
template <std::size_t N>
bool follow(FollowedEpisode<N>& followed, const EpisodeTrack& astct, std::uint16_t infusion, const ScaleSet& chosen,
            const std::array<ScaleTerm, N>& scales, std::vector<Episode>& ended) {
    const bool over = followed.open && (!astct.open || astct.current.ordinal != followed.ordinal);
    if (over) {
        append_episodes(followed, scales, followed.last_sign, ended);
        followed.open = false;
    }
    followed.chosen = chosen;
    if (astct.open && !followed.open) {
        followed.open = true;
        followed.courses = {};
        followed.ordinal = astct.current.ordinal;
        followed.infusion = infusion;
        followed.onset = astct.current.onset;
    }
    note_last_sign(followed, astct);
    return over;
}

template <std::size_t N>
void note_course(FollowedEpisode<N>& followed, std::size_t place, const Assessment& said) {
    if (!followed.open) return;
    FollowedCourse& course = followed.courses[place];
    if (said.grade > course.max_grade) {
        course.max_grade = said.grade;
        course.max_at = said.at;
    }
    course.max_upper = std::max(course.max_upper, said.grade_upper);
    course.flags.add(said.flags);
}

}  // namespace cellvigil
