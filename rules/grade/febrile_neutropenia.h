// Febrile neutropenia (CTCAE, the same in 5.0 and 6.0), by the grader contract of context.h: neutrophils below 1.0 x
// 10*9/L, with one temperature above 38.3 or readings of 38.0 or more that go on for longer than an hour. Grade 3 by
// the numbers; 4 (life-threatening) needs a clinician. Said in addition to CRS. docs/clinical/ctcae.md. Pure.
#pragma once

#include <vector>

#include "rules/grade/context.h"
#include "rules/grade/episode_track.h"

namespace cellvigil {

inline constexpr Quantity kFeverAtLeast = whole(38);  // Cel
inline constexpr Quantity kSingleFeverAbove = thousandths(38300);
inline constexpr Quantity kFebrileNeutrophils = whole(1);  // 10*9/L, below

struct FebrileState {
    Instant hot_since = kAlways;  // first of the unbroken readings of 38.0 or more; kAlways: the last was below
    Instant hot_at = kAlways;     // last of them
    RecordRef hot_first;
    RecordRef hot_deciding;  // the reading that met the criterion, else the last
    bool fever_met = false;
    Instant neutrophils_at = kAlways;
    Quantity neutrophils;
    Comparator neutrophils_bound = Comparator::unspecified;
    RecordRef neutrophils_record;
    bool present = false;             // met with low neutrophils, and not seen absent since
    EpisodeTrack episode;             // of both versions
    ScaleSet chosen;                  // those that it is of
    std::vector<Episode> unfinished;  // of earlier infusions
    bool news = false;                // since the last statement
    Instant wake = kNever;            // when the statement may change without news
    bool operator==(const FebrileState&) const = default;
};

bool concerns_febrile(const Fact& fact);
// Whether readings below 38.0 matter: a fever is on.
bool awaits_vitals(const FebrileState& state);
void begin_infusion(FebrileState& state, const FoldContext& context);
void observe(FebrileState& state, const Fact& fact, const FoldContext& context);
Instant next_deadline(const FebrileState& state, Instant after, const FoldContext& context);
bool at_rest(const FebrileState& state, Instant at, const FoldContext& context);
void assess(FebrileState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended);
void append_open_episodes(const FebrileState& state, std::vector<Episode>& episodes);

}  // namespace cellvigil
