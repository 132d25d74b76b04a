#include "rules/grade/ctcae_sign_tracks.h"

#include "rules/grade/ctcae_version.h"

namespace cellvigil {

LastReading last_reading(const CtcaeSignsState& state, SignTrack track, const FoldContext& context) {
    const CrsState& crs = *context.crs;
    LastReading last;
    switch (track) {
        case SignTrack::fever:
            last.consider(crs.fever.latest.at, crs.fever.latest.source);
            return last;
        case SignTrack::hypotension:
            for (const Reading* one : {&crs.pressure.systolic, &crs.pressure.mean}) last.consider(one->at, one->source);
            return last;
        case SignTrack::hypoxia_5_0:
        case SignTrack::hypoxia_6_0:
            for (const Reading* one : {&state.spo2, &state.pao2}) last.consider(one->at, one->source);
            last.consider(crs.oxygen.charted, crs.oxygen.source);
            return last;
    }
    return last;
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
