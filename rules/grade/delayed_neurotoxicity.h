// Registration of delayed neurotoxicity: a new neurological sign after ICANS has resolved or after icans.late_d, by the
// grader contract of context.h. Never ICANS (a domain that meets ICANS is graded there), never a diagnosis, never a
// grade. docs/clinical/other-toxicities.md. Pure.
#pragma once

#include <array>
#include <vector>

#include "rules/grade/context.h"

namespace cellvigil {

// The signs that count. Not counted: headache, stroke and haemorrhage (CTCAE terms of their own), and what only imaging
// or a pressure shows.
inline constexpr auto kDelayedSigns =
    std::to_array<NeuroKind>({NeuroKind::seizure, NeuroKind::eeg_nonconvulsive_seizure, NeuroKind::focal_motor_weakness,
                              NeuroKind::sixth_nerve_palsy, NeuroKind::aphasia, NeuroKind::tremor,
                              NeuroKind::hallucination, NeuroKind::parkinsonism, NeuroKind::cranial_nerve_palsy,
                              NeuroKind::myoclonus, NeuroKind::personality_or_memory_change, NeuroKind::other});

struct NeuroSign {
    bool present = false;
    bool fresh = false;    // newly present: assess() decides, when ICANS has been asked
    bool delayed = false;  // new when ICANS was over, or late
    bool other_cause = false;
    RecordRef record;
    bool operator==(const NeuroSign&) const = default;
};

struct DelayedNeurotoxicityState {
    std::array<NeuroSign, kDelayedSigns.size()> signs{};
    NeuroSign reported;  // an adverse event report of other neurotoxicity
    Instant report_ends = kNever;
    bool operator==(const DelayedNeurotoxicityState&) const = default;
};

bool concerns_delayed_neurotoxicity(const Fact& fact);
void begin_infusion(DelayedNeurotoxicityState& state, const FoldContext& context);
void observe(DelayedNeurotoxicityState& state, const Fact& fact, const FoldContext& context);
Instant next_deadline(const DelayedNeurotoxicityState& state, Instant after, const FoldContext& context);
void assess(DelayedNeurotoxicityState& state, Instant at, const FoldContext& context,
            std::vector<Assessment>& statements, std::vector<Episode>& ended);

}  // namespace cellvigil
