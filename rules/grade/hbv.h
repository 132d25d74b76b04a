// Suspicion of hepatitis B reactivation by the definitions of AASLD 2018, by the grader contract of context.h. Never a
// diagnosis and never a grade: CTCAE grades the site's report (infections.h). docs/clinical/hbv.md. Pure.
//
// HBsAg positive before: DNA at least 100 times the baseline; or at least 1000 IU/mL when undetectable before; or at
// least 10 000 IU/mL without a baseline. HBsAg negative and anti-HBc positive before: DNA detectable, or HBsAg returns.
// An anti-HBc that is first positive after immunoglobulin may be passive and is no infection.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "rules/grade/context.h"
#include "rules/grade/episode_track.h"

namespace cellvigil {

enum class Antibody : std::uint8_t { unknown, negative, positive, perhaps_passive };

struct DnaResult {
    Instant at = kAlways;
    bool detected = false;
    Quantity value;  // [IU]/mL; meaningful when detected
    RecordRef record;
    bool operator==(const DnaResult&) const = default;
};

struct HbvState {
    std::optional<bool> antigen;    // HBsAg as it was: the last before the infusion, else the first after it
    bool antigen_returned = false;  // positive now, was negative
    RecordRef antigen_record;
    Antibody antibody = Antibody::unknown;  // anti-HBc, likewise; a genuine positive is never unsaid
    RecordRef antibody_record;
    Instant immunoglobulin = kAlways;   // last given
    std::optional<DnaResult> baseline;  // the last before the infusion, else the first after it
    bool baseline_late = false;         // that first one after it
    std::optional<DnaResult> last;
    bool dna_meets = false;                // the last result meets a definition
    bool dna_open = false;                 // detected, and the definition cannot be judged
    bool antigen_open = false;             // HBsAg returned, anti-HBc not known to be the subject's own
    std::optional<Quantity> alt_baseline;  // the last before the infusion
    std::optional<Quantity> alt_latest;
    bool flare = false;  // by the last ALT
    RecordRef alt_record;
    EpisodeTrack episode;
    bool operator==(const HbvState&) const = default;
};

bool concerns_hbv(const Fact& fact);
void begin_infusion(HbvState& state, const FoldContext& context);
void observe(HbvState& state, const Fact& fact, const FoldContext& context);
Instant next_deadline(const HbvState& state, Instant after, const FoldContext& context);
void assess(HbvState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended);

}  // namespace cellvigil
