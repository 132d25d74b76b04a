// What ICANS grading remembers while the fold runs. Plain values of fixed size, copied into checkpoints. Facts of one
// instant may come in any order: every value here is a maximum over (time, severity), so the order leaves no trace.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "rules/grade/attribution.h"
#include "rules/grade/context.h"
#include "rules/grade/episode_track.h"
#include "rules/grade/part.h"

namespace cellvigil {

// An ICE total (0..10) or a CAPD total (0..32).
struct IcansScore {
    Instant at = kAlways;  // kAlways: none yet
    Source source;
    std::uint8_t value = 0;
    bool capd = false;
    bool mismatch = false;  // the five parts and the total disagreed; the parts are used
    bool sedated = false;   // taken while a sedative ran: counts, flagged
    bool known() const { return at != kAlways; }
    bool operator==(const IcansScore&) const = default;
};

// A value that was sent and cannot be used.
struct IcansRefused {
    Instant at = kAlways;
    Source source;
    std::uint8_t worst = 0;  // incomplete CAPD: the highest total that the missing items allow
    bool operator==(const IcansRefused&) const = default;
};

struct IcansLevel {  // of consciousness; natural sleep is kept apart
    Instant at = kAlways;
    Source source;
    Consciousness level = Consciousness::unspecified;
    bool cannot_perform = false;  // said to be the reason why no score could be taken
    bool sedated = false;         // seen under sedation or before it had cleared
    bool after_sedative = false;  // seen within a day of any sedative
    bool waking = false;          // the first level after natural sleep was "to voice"
    bool operator==(const IcansLevel&) const = default;
};

struct IcansSleep {
    Instant at = kAlways;  // last charted as asleep
    Source source;
    Instant first_level = kAlways;  // first level at or after it
    Instant first_score = kAlways;  // first score at or after it
    bool over = false;              // a second score has followed
    bool operator==(const IcansSleep&) const = default;
};

// RASS or GCS: not in the ASTCT table, raise the upper grade only.
struct IcansProxy {
    Instant at = kAlways;
    Source source;
    std::int8_t value = 0;
    bool sedated = false;  // as in IcansLevel
    bool operator==(const IcansProxy&) const = default;
};

struct IcansSeizures {
    Instant last = kAlways;        // start of the last one
    Instant end = kAlways;         // of any seizure
    Instant end_grave = kAlways;   // of one that is grade 4
    Instant end_unsure = kAlways;  // of one that may be grade 4
    Source source;                 // of `end`
    Source grave_source;
    Source unsure_source;
    bool returned = false;      // said to have returned to baseline, within the run of seizures
    bool not_returned = false;  // said not to have
    bool suspected = false;     // one of the run names another cause
    bool operator==(const IcansSeizures&) const = default;
};

enum class IcansSignKind : std::uint8_t {
    weakness_deep,
    weakness_unsaid,  // motor
    focal_oedema,
    diffuse_oedema,
    posturing,
    sixth_nerve,
    papilloedema,
    cushing,       // raised pressure
    csf_pressure,  // upper grade only
    haemorrhage,
    stroke,  // suspected other causes
    cranial_nerve,
    parkinsonism,
    personality,  // delayed neurotoxicity, never graded
};
inline constexpr std::size_t kIcansSigns = static_cast<std::size_t>(IcansSignKind::personality) + 1;
struct IcansSign {
    Instant at = kAlways;    // last charted
    Instant until = kNever;  // stated end
    Source source;
    bool present = false;
    bool operator==(const IcansSign&) const = default;
};

// What keeps a patient from being tested, each with its own clock.
enum class IcansHold : std::uint8_t {
    propofol,
    midazolam,
    dexmedetomidine,
    ketamine,
    opioid,
    anaesthesia,
    ventilation
};
inline constexpr std::size_t kIcansHolds = static_cast<std::size_t>(IcansHold::ventilation) + 1;
struct IcansCourse {
    Instant since = kAlways;    // begun without a break since; kAlways: never
    Instant until = kNever;     // exclusive
    Instant started = kAlways;  // last start charted
    Source source;
    bool procedure = false;
    bool operator==(const IcansCourse&) const = default;
};
struct IcansSedation {
    std::array<IcansCourse, kIcansHolds> courses{};
    Instant bolus = kAlways;  // last single dose of a sedative
    Source bolus_source;
    Instant told = kAlways;  // "not tested: sedated", last
    Instant told_intubated = kAlways;
    Source told_source;
    bool operator==(const IcansSedation&) const = default;
};

enum class IcansDeath : std::uint8_t { none, other, cause_unknown, contributed, due };

// The episode as it was when the present instant began: a later fact of the same instant starts again from here.
struct IcansInstant {
    Instant at = kAlways;
    Instant last_sign = kAlways;
    Instant absent_since = kAlways;
    Instant max_at = kAlways;
    Flags flags;
    std::uint16_t closed = 0;
    Grade max_grade = kNotGradable;
    Grade max_upper = kNotGradable;
    bool open = false;
    bool absence_seen = false;
    bool operator==(const IcansInstant&) const = default;
};

struct IcansState {
    IcansScore score;   // by the instrument for the age
    IcansScore misfit;  // by the other one
    IcansRefused implausible;
    IcansRefused incomplete;
    IcansLevel level;
    IcansSleep sleep;
    IcansProxy rass;
    IcansProxy gcs;
    IcansSeizures seizures;
    std::array<IcansSign, kIcansSigns> signs{};
    IcansSedation sedation;
    std::int8_t documented_ice = -1;  // from an assessment marked as baseline; -1: none
    std::int8_t documented_capd = -1;
    std::int8_t before_ice = -1;  // last before the first infusion
    std::int8_t before_capd = -1;
    bool observed = false;  // something neurological since the infusion
    IcansDeath death = IcansDeath::none;
    Instant died = kAlways;
    Source death_source;
    AttributionTrack attribution;
    EpisodeTrack episode;
    Instant absent_since = kAlways;  // of the open episode: all domains but seizure 0 since
    IcansInstant instant;
    Components present;        // at the end of that instant, whatever their cause
    bool present_told = true;  // the verdicts have been told
    // The last answer: good until something is observed or `next` is reached.
    bool changed = true;
    Instant next = kNever;
    Assessment last;

    const IcansSign& sign(IcansSignKind kind) const { return signs[static_cast<std::size_t>(kind)]; }
    IcansSign& sign(IcansSignKind kind) { return signs[static_cast<std::size_t>(kind)]; }
    const IcansCourse& course(IcansHold hold) const { return sedation.courses[static_cast<std::size_t>(hold)]; }
    bool operator==(const IcansState&) const = default;
};

// A verdict without a stated end is over once its component was present and is gone. What counts is how an instant
// ended, so this comes before the first fact or question of a later one.
void tell_verdicts(IcansState& state, Instant at);
// As the present instant stands, it is over: what reads ICANS's verdicts within that instant must not wait.
bool verdict_is_over(const IcansState& state, Component component);

}  // namespace cellvigil
