// What CRS grading remembers while the fold runs. Plain values, copied into checkpoints. The rules that read it are in
// crs_fever.h, crs_hypotension.h, crs_hypoxia.h and crs.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "rules/grade/attribution.h"
#include "rules/grade/context.h"
#include "rules/grade/episode_track.h"
#include "rules/grade/part.h"

namespace cellvigil {

struct Reading {
    Instant at = kAlways;  // kAlways: none yet
    Quantity value;
    Source source;
    bool known() const { return at != kAlways; }
    bool operator==(const Reading&) const = default;
};

// Consecutive readings on the wrong side of a limit.
struct LowRun {
    bool active = false;     // the latest reading is low
    bool confirmed = false;  // two of them far enough apart, near enough together
    Instant anchor = kAlways;
    Instant latest = kAlways;
    Source first;
    Source last;
    bool operator==(const LowRun&) const = default;
};

// The vasoactive agents, each with its own clock.
inline constexpr std::size_t kVasoactive = 16;
struct Running {
    Instant since = kAlways;
    Instant until = kNever;     // stated end
    Instant charted = kAlways;  // last message about it
    Source source;
    bool operator==(const Running&) const = default;
};

struct GivenOnce {  // a dose with an effect that lasts a while
    Instant at = kAlways;
    Source source;
    bool known() const { return at != kAlways; }
    bool operator==(const GivenOnce&) const = default;
};

struct FeverState {
    Reading latest;              // last plausible temperature, rounded to 0.01 Cel
    GivenOnce implausible;       // last temperature that was refused
    Instant last_raw = kAlways;  // last reading at or above the limit, whatever its cause
    Instant last_attributable = kAlways;
    Source last_source;  // of last_attributable
    bool operator==(const FeverState&) const = default;
};

struct PressureState {
    Reading systolic;        // last
    Reading mean;            // last
    LowRun low;              // below the limit and below the subject's own baseline
    LowRun at_baseline;      // below the limit, not below the baseline
    LowRun centile;          // adolescents: above the PALS limit, below the centile
    LowRun map;              // only when no systolic is valid
    GivenOnce bolus;         // one that answers a low reading
    GivenOnce bolus_unsure;  // one of unknown volume
    std::uint16_t on = 0;    // bit per Running in `agents`
    std::array<Running, kVasoactive> agents{};
    Instant crossover = kAlways;  // two counted pressors together for too short, ended then
    Source crossover_source;
    GivenOnce push_dose;
    GivenOnce oral_dose;
    GivenOnce rescue;
    std::array<Quantity, 9> before{};  // last systolic readings before the infusion
    std::uint8_t before_count = 0;     // of all, modulo 9 gives the next slot
    bool before_full = false;
    std::optional<Quantity> baseline;  // median of `before`, fixed at infusion
    bool operator==(const PressureState&) const = default;
};

struct OxygenSettings {
    OxygenDevice device = OxygenDevice::unspecified;  // unspecified: nothing said yet
    std::optional<Quantity> flow;
    std::optional<Quantity> fio2;
    bool nocturnal = false;
    bool operator==(const OxygenSettings&) const = default;
};

struct OxygenState {
    OxygenSettings now;
    Indication indication = Indication::unspecified;
    Instant until = kNever;
    Instant charted = kAlways;
    Source source;
    std::optional<OxygenSettings> baseline;  // documented before the infusion
    bool ecmo = false;
    Source ecmo_source;
    Instant ecmo_until = kNever;
    Reading spo2;       // last on room air
    LowRun low;         // below 90 % on room air
    GivenOnce suspect;  // below 92 % on room air, not answered by a better reading
    bool operator==(const OxygenState&) const = default;
};

struct MaskingState {
    Instant antipyretic_until = kAlways;  // end of the window of the last dose
    GivenOnce antipyretic;
    GivenOnce long_anticytokine;   // tocilizumab, siltuximab, sarilumab
    GivenOnce short_anticytokine;  // steroid, anakinra, emapalumab, ruxolitinib
    bool short_course = false;     // one of them runs as a course
    bool physiological = false;    // replacement hydrocortisone seen: a flag, no more
    bool operator==(const MaskingState&) const = default;
};

struct CrsState {
    FeverState fever;
    PressureState pressure;
    OxygenState oxygen;
    MaskingState masking;
    AttributionTrack attribution;
    EpisodeTrack episode;
    Instant window_from = kAlways;  // start of the onset window: infusion, or a later T-cell engager
    bool fever_ever = false;        // attributable fever since the infusion
    bool waived_at_onset = false;
    bool support_present = false;  // a supported component was present at the last assessment
    bool imputed = false;          // some reading had an imputed date: only then need the readings be looked at for it
    std::optional<Death> death;
    Instant died = kAlways;
    Source death_source;
    Assessment at_death;
    bool operator==(const CrsState&) const = default;
};

// Which of the readings that count have an imputed date, a bit each.
std::uint16_t imputed_bits(const CrsState& state);
inline std::uint16_t imputed_readings(const CrsState& state) { return state.imputed ? imputed_bits(state) : 0; }

// Keeps a run of consecutive low readings.
void note_reading(LowRun& run, bool low, Instant at, const Source& source, const CrsRules& rules);
// The value as it compares with limits: "<38.0" lies just below, ">38.0" just above.
Quantity comparable(const Fact& fact);

}  // namespace cellvigil
