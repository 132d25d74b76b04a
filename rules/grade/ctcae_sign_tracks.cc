#include "rules/grade/ctcae_sign_tracks.h"

#include "rules/grade/crs.h"
#include "rules/grade/ctcae_version.h"

namespace cellvigil {
namespace {

Instant episode_deadline(const CtcaeSignsState& state, SignTrack track, Instant after, const FoldContext& context) {
    const SignEpisode& episode = state.episodes[static_cast<std::size_t>(track)];
    if (!episode.open) return kNever;
    return sign_deadline(episode, last_reading(state, track, context).at, after, limits_of(context));
}

}  // namespace

SignDeadlines deadlines_after(const CtcaeSignsState& state, Instant after, const FoldContext& context) {
    const CrsState& crs = *context.crs;
    const CrsEnds ends = crs_ends_after(crs, after, context);
    SignDeadlines next{ends.circulation, ends.oxygen};
    sooner(next.others, expiry(crs.pressure.mean.at, pressure_validity(context)), after);
    sooner(next.others, expiry(state.very_high_known, kLasting), after);
    sooner(next.others, expiry(state.very_high_since, kLasting), after);
    for (const SignTrack track : {SignTrack::fever, SignTrack::hypotension}) {
        next.others = std::min(next.others, episode_deadline(state, track, after, context));
    }
    sooner(next.breath, expiry(state.spo2.at, spo2_validity(context)), after);
    sooner(next.breath, expiry(state.pao2.at, spo2_validity(context)), after);
    for (const SignTrack track : {SignTrack::hypoxia_5_0, SignTrack::hypoxia_6_0}) {
        next.breath = std::min(next.breath, episode_deadline(state, track, after, context));
    }
    return next;
}

SignDeadlines present_deadlines(const CtcaeSignsState& state, Instant at, const FoldContext& context) {
    if (at < state.next) return {state.next, state.next};
    return deadlines_after(state, state.next - milliseconds(1), context);
}

void append_open_episodes(const CtcaeSignsState& state, std::vector<Episode>& episodes) {
    episodes.insert(episodes.end(), state.unfinished.begin(), state.unfinished.end());
    for (const Scale version : ctcae_of(state.chosen)) {
        for (std::size_t i = 0; i < kSignTracks; ++i) {
            const bool of_other =
                (static_cast<SignTrack>(i) == SignTrack::hypoxia_5_0 && version != Scale::ctcae_5_0) ||
                (static_cast<SignTrack>(i) == SignTrack::hypoxia_6_0 && version != Scale::ctcae_6_0);
            if (!state.episodes[i].open || of_other) continue;
            episodes.push_back(state.episodes[i].current);
            episodes.back().scale = version;
        }
    }
}

}  // namespace cellvigil
