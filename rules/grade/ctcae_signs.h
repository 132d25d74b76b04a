// The CTCAE terms Fever, Hypotension and Hypoxia, versions 5.0 and 6.0, of one subject over time, whatever their cause,
// by the grader contract of context.h. Fever of 38.0 to 39.0 Cel is 1, above 39.0 to 40.0 is 2, above 40.0 is 3, and 4
// when it has lasted more than 24 h. What raw data cannot decide (symptoms, exercise, "life-threatening") is a range,
// flagged ambiguous_scale. Unknown is NA, never 0. Source: CTCAE 5.0 and 6.0; docs/clinical/ctcae-signs.md. Pure.
#pragma once

#include <array>
#include <vector>

#include "rules/base/copy_on_write.h"
#include "rules/grade/context.h"
#include "rules/grade/crs_state.h"
#include "rules/grade/ctcae_lab.h"
#include "rules/grade/sign_episode.h"

namespace cellvigil {

struct CtcaeSignsKey {  // compared at every vital sign
    std::uint32_t readings = 0;
    std::uint16_t pressors = 0;  // that run: CRS, asked first, takes a stated end out of the deadlines
    std::uint16_t imputed = 0;   // dates
    Instant said{};
    bool operator==(const CtcaeSignsKey&) const = default;
};

enum class SignTrack : std::uint8_t { fever, hypotension, hypoxia_5_0, hypoxia_6_0 };
inline constexpr std::size_t kSignTracks = static_cast<std::size_t>(SignTrack::hypoxia_6_0) + 1;

struct CtcaeSignsState {
    bool changed = true;          // something that any of the signs is read from, since the last answer
    bool breath_changed = false;  // something that hypoxia alone is read from
    bool raised = false;          // fever or hypotension was, or may have been, there
    Instant next = kNever;
    CtcaeSignsKey key;
    Reading spo2;                         // last, on oxygen or not
    std::optional<Quantity> spo2_normal;  // lower limit of normal as sent with it
    Reading pao2;
    Instant very_high_since = kAlways;  // above 40.0 Cel; kAlways: not
    Instant very_high_known = kAlways;  // the same, without a gap in the readings
    std::array<SignEpisode, kSignTracks> episodes;
    bool standing = false;            // something was said that a healthy reading ends
    ScaleSet chosen;                  // versions that the open episodes are of
    std::vector<Episode> unfinished;  // of earlier infusions
    bool operator==(const CtcaeSignsState&) const = default;
};

// Was something told since the last answer that any of the signs is read from?
inline bool has_news(const CtcaeSignsState& state) { return state.changed || state.breath_changed; }

// Fever, 0 to 4, of a temperature; `above_40_for` is how long it has been above 40.0 Cel.
Grade ctcae_fever(Quantity celsius, milliseconds above_40_for);

bool concerns_ctcae_signs(const Fact& fact);
// Whether a healthy vital sign is news although CRS is quiet: an episode of a sign is open, or a sign is suspected.
bool awaits_vitals(const CtcaeSignsState& state);
void begin_infusion(CtcaeSignsState& state, const FoldContext& context);
void observe(CtcaeSignsState& state, const Fact& fact, const FoldContext& context);
// Would say nothing new: the picture is as it was.
bool at_rest(const CtcaeSignsState& state, Instant at, const FoldContext& context);
Instant next_deadline(const CtcaeSignsState& state, Instant after, const FoldContext& context);
// Moves a deadline at `at` that readings have put off beyond it; false: it stands, and assess() has to look.
bool put_off_beyond(CopyOnWrite<CtcaeSignsState>& box, Instant at, const FoldContext& context);
void assess(CtcaeSignsState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended);
void append_open_episodes(const CtcaeSignsState& state, std::vector<Episode>& episodes);

}  // namespace cellvigil
