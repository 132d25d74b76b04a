// Neurotoxicity by CARTOX CRES (Neelapu 2018) and by the CTCAE 6.0 term for ICANS, from raw data and beside ASTCT, by
// the grader contract of context.h. CARTOX-10 asks for the head of government where ICE asks for a command: a total is
// never taken for the other's. CTCAE 6.0 has the bands of ICE and CAPD and "life-threatening", no rows for seizures,
// weakness or raised pressure. Episodes are those of ASTCT ICANS. Source: docs/clinical/cres.md. Pure.
#pragma once

#include <array>
#include <vector>

#include "rules/grade/context.h"
#include "rules/grade/followed_episode.h"
#include "rules/grade/icans_state.h"

namespace cellvigil {

inline constexpr std::array<ScaleTerm, 2> kNeuroScales{{
    {Scale::ctcae_6_0, Term::icans},
    {Scale::cartox_cres, Term::none},
}};

// A CARTOX-10 total, or the bounds that other items leave for it.
struct CresScore {
    Instant at = kAlways;  // kAlways: none yet
    std::uint8_t least = 0;
    std::uint8_t most = 10;
    bool of_items = false;  // CARTOX's own items, the head of government perhaps apart
    Source source;
    bool operator==(const CresScore&) const = default;
};

enum class CresSignKind : std::uint8_t {
    weakness,
    focal_oedema,
    diffuse_oedema,
    papilloedema,
    csf_pressure,
    posturing,
    sixth_nerve,
    cushing
};
inline constexpr std::size_t kCresSigns = static_cast<std::size_t>(CresSignKind::cushing) + 1;
struct CresSign {
    Instant at = kAlways;  // last charted
    Instant until = kNever;
    bool present = false;
    Grade low = 0;
    Grade high = 0;
    Source source;
    bool operator==(const CresSign&) const = default;
};

struct CresSeizures {  // the last end of each
    Instant any = kAlways;
    Instant grave = kAlways;   // generalised, or status epilepticus
    Instant unsure = kAlways;  // of unknown type, length or response
    bool at_limit = false;     // the unsure one lasted five minutes
    Source any_source;
    Source grave_source;
    Source unsure_source;
    bool operator==(const CresSeizures&) const = default;
};

struct CresState {
    bool changed = true;
    Instant next = kNever;
    Instant icans_asked{};  // ICANS's last full answer, and when it is due again
    Instant icans_next{};
    CresScore score;
    Instant implausible = kAlways;
    Source implausible_source;
    std::array<CresSign, kCresSigns> signs{};
    CresSeizures seizures;
    AttributionTrack attribution;
    FollowedEpisode<kNeuroScales.size()> episode;
    bool operator==(const CresState&) const = default;
};

// CARTOX-10: 10 is 0, 7 to 9 is 1, 3 to 6 is 2, 0 to 2 is 3.
Grade cartox_10_band(std::uint8_t total);

bool concerns_cres(const Fact& fact);
void begin_infusion(CresState& state, const FoldContext& context);
void observe(CresState& state, const Fact& fact, const FoldContext& context);
// Would say nothing new: neither our findings nor those of ICANS have changed.
bool at_rest(const CresState& state, Instant at, const FoldContext& context);
Instant next_deadline(const CresState& state, Instant after, const FoldContext& context);
void assess(CresState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended);
void append_open_episodes(const CresState& state, std::vector<Episode>& episodes);

// The components at a time, for assess(); the CTCAE 6.0 term reads ICANS alone.
struct NeuroReading {
    struct Domain {
        Component component = Component::none;
        Part part;
        bool elsewhere = false;
        RecordRef verdict;
    };
    std::array<Domain, 5> domains{};  // score, consciousness, seizure, motor, raised pressure
};
NeuroReading read_cres(const CresState& state, Instant at, const FoldContext& context);
NeuroReading read_ctcae_6_icans(Instant at, const FoldContext& context);
// Which components are signed as of another cause, on ASTCT ICANS or on one of these scales.
void apply_verdicts(NeuroReading& reading, const CresState& state, Instant at, const FoldContext& context);
Instant next_cres_deadline(const CresState& state, Instant after, const FoldContext& context);

}  // namespace cellvigil
