// CTCAE laboratory terms of blood counts as statements, versions 5.0 and 6.0, and the episodes of cytopenia, by the
// grader contract of context.h. Each statement is the latest value's, from the infusion on. docs/clinical/ctcae.md.
// Pure.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "rules/grade/context.h"
#include "rules/grade/ctcae_lab.h"
#include "rules/grade/cytopenia.h"
#include "rules/grade/support.h"

namespace cellvigil {

struct HeldLab {
    Instant at{};
    LabValue lab;
    Comparator comparator = Comparator::unspecified;
    RecordRef record;      // unknown: no value
    bool carried = false;  // by a support given before it
    bool operator==(const HeldLab&) const = default;
};

enum class CountAnalyte : std::uint8_t { neutrophils, leukocytes, lymphocytes, platelets, haemoglobin, cd4 };
inline constexpr std::size_t kCountAnalytes = static_cast<std::size_t>(CountAnalyte::cd4) + 1;
using CountAnalytes = BitSet<CountAnalyte>;

struct EarlyLab {
    CountAnalyte analyte = CountAnalyte::neutrophils;
    HeldLab held;
    bool operator==(const EarlyLab&) const = default;
};

struct LabState {
    std::array<HeldLab, kCountAnalytes> last;      // since the infusion
    std::array<HeldLab, kCountAnalytes> baseline;  // before lymphodepletion, else before the infusion
    std::vector<EarlyLab> early;                   // before the first infusion: candidates for the baseline
    Instant lymphodepletion = kNever;              // the latest first charted dose
    Instant lymphodepletion_last = kAlways;
    LatestSupport support;
    RecordRef red_cells;                 // given since the last haemoglobin; unknown: none
    CountAnalytes news;                  // since the last statement
    Instant wake = kNever;               // when the first open episode will have been without a value for too long
    std::vector<CytopeniaTrack> tracks;  // by (scale, term)
    std::vector<Episode> unfinished;     // of earlier infusions
    bool operator==(const LabState&) const = default;
};

bool concerns_lab_terms(const Fact& fact);
void begin_infusion(LabState& state, const FoldContext& context);
void observe(LabState& state, const Fact& fact, const FoldContext& context);
Instant next_deadline(const LabState& state, Instant after, const FoldContext& context);
bool at_rest(const LabState& state, Instant at, const FoldContext& context);
void assess(LabState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended);
void append_open_episodes(const LabState& state, std::vector<Episode>& episodes);

}  // namespace cellvigil
