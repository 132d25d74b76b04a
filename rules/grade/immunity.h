// B cells and IgG after CD19 or BCMA therapy: prolonged B-cell aplasia (expected on target, reported, not a severity)
// and low IgG, as suspicions for a clinician, by the grader contract of context.h. There is no CTCAE term for either. A
// count "below x" tells only when x is at most the limit. docs/clinical/b-cells-and-igg.md. Pure.
#pragma once

#include <vector>

#include "rules/grade/context.h"
#include "rules/grade/support.h"

namespace cellvigil {

inline constexpr Quantity kBCells = thousandths(20);  // 0.02 x 10*9/L; a count equal to it is not low
inline constexpr Quantity kLowIgg = whole(6);         // g/L, at or below: low
inline constexpr Quantity kReplaceIgg = whole(4);     // g/L, at or below: the usual trigger of replacement (400 mg/dL)

struct ImmunityState {
    std::int32_t low_since =
        INT32_MIN;  // infusion day of the first low B-cell count of the unbroken row; INT32_MIN: none
    RecordRef low_first;
    RecordRef b_cells_last;
    bool aplasia = false;
    Quantity igg;
    Comparator igg_bound = Comparator::unspecified;
    RecordRef igg_record;
    bool igg_replaced = false;  // the value may be carried by given immunoglobulin
    LatestSupport support;
    bool b_cells_news = false;  // since the last statement
    bool igg_news = false;
    bool operator==(const ImmunityState&) const = default;
};

bool concerns_immunity(const Fact& fact);
void begin_infusion(ImmunityState& state, const FoldContext& context);
void observe(ImmunityState& state, const Fact& fact, const FoldContext& context);
Instant next_deadline(const ImmunityState& state, Instant after, const FoldContext& context);
bool at_rest(const ImmunityState& state, Instant at, const FoldContext& context);
// Aplasia: 1 when two low counts lie far enough apart beyond the day, 0 when not; said once a count beyond it is low.
// IgG: 1 low, 2 at the replacement trigger, 0 above; steps of our own, no CTCAE grades.
void assess(ImmunityState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended);

}  // namespace cellvigil
