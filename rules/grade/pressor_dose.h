// How much vasopressor runs, and for how long: the high dose of Lee 2014, Penn and CARTOX. High is norepinephrine of
// 20 ug/min or more, epinephrine 10 ug/min, dopamine 10 ug/kg/min, phenylephrine 200 ug/min; beside vasopressin a
// norepinephrine equivalent of 10 ug/min, of several together without vasopressin 20 ug/min; equal counts; held for
// legacy.high_dose_h. Equivalent = norepinephrine + epinephrine (ug/min) + phenylephrine (ug/min) / 10 + dopamine
// (ug/kg/min) / 2. A dose or weight that is missing is never 0: the upper reading takes it as high. Source: Lee 2014,
// docs/clinical/legacy-crs.md. Pure.
#pragma once

#include <array>

#include "rules/grade/context.h"
#include "rules/grade/part.h"

namespace cellvigil {

// A condition that may hold without a break; off and on again in one instant is no break.
struct Held {
    Instant since = kAlways;  // kAlways: does not hold
    Instant lost = kAlways;
    Instant before_loss = kAlways;
    bool operator==(const Held&) const = default;
    void set(bool holds_now, Instant at);
    bool holds() const { return since != kAlways; }
    bool for_at_least(milliseconds length, Instant at) const { return holds() && at - since >= length; }
};

enum class DoseUnit : std::uint8_t { missing, ug_per_min, ug_per_kg_per_min };
struct PressorRun {
    Instant since = kAlways;  // kAlways: not running
    Instant until = kNever;   // stated end, exclusive
    Quantity rate;
    DoseUnit unit = DoseUnit::missing;
    Source source;
    bool operator==(const PressorRun&) const = default;
};

// Vasopressors by infusion: those that count, each one, then vasopressin and terlipressin.
inline constexpr std::size_t kDosedPressors = 10;
inline constexpr std::size_t kCountedPressors = 8;

struct DoseTrack {
    std::array<PressorRun, kDosedPressors> runs{};
    std::array<Held, 5> held{};          // see Condition in pressor_dose.cc; first: any runs
    std::optional<Quantity> weighed_kg;  // last weight charted
    bool operator==(const DoseTrack&) const = default;
};

struct DoseReading {
    int counted = 0;           // vasopressors running, vasopressin and terlipressin apart
    bool vasopressin = false;  // or terlipressin
    bool together = false;     // two or more counted for crs.overlap_min
    bool beside = false;       // one and vasopressin for as long
    bool high = false;         // known to be, and held
    bool high_possible = false;
    bool dose_missing = false;  // a dose or a weight that the limits need
    bool no_limit = false;      // a pressor runs for which no high dose is defined
    bool running_long = false;  // any, for 24 h or more
};

// Nothing runs, and so nothing is held or runs out.
inline bool is_idle(const DoseTrack& track) { return !track.held.front().holds(); }

// Takes vasopressor infusions and charted weights; false: nothing of interest.
bool observe_dose(DoseTrack& track, const Fact& fact, const FoldContext& context);
void expire_doses(DoseTrack& track, Instant at, const FoldContext& context);  // stated ends up to `at`
DoseReading read_doses(const DoseTrack& track, Instant at, const FoldContext& context);
void add_pressors(Part& part, const DoseTrack& track);  // the records of what runs
Instant next_dose_deadline(const DoseTrack& track, Instant after, const FoldContext& context);

}  // namespace cellvigil
