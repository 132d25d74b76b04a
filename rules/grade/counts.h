// Haematotoxicity over time of one subject: early and late ICAHT from neutrophil counts, by the grader contract of
// context.h. docs/clinical/icaht.md. The lowest value of each site-local day counts. Pure.
#pragma once

#include <array>
#include <vector>

#include "rules/grade/context.h"
#include "rules/grade/icaht.h"

namespace cellvigil {

struct CountsState {
    DayLows neutrophils;
    std::array<RecordRef, 101> records{};  // of each day's lowest value
    std::int32_t last_value_day = -1;      // latest day with a value
    std::int32_t follow_up_ends = -1;      // day of death or of a verified end of follow-up; -1: neither
    std::int32_t late_ends = -1;           // day of progression or of the next therapy, from day 31 on; -1: neither
    bool operator==(const CountsState&) const = default;
};

bool concerns_counts(const Fact& fact);
void begin_infusion(CountsState& state, const FoldContext& context);
void observe(CountsState& state, const Fact& fact, const FoldContext& context);
Instant next_deadline(const CountsState& state, Instant after, const FoldContext& context);

// Early: days 0 to 30; while the window is open grade is what the days so far show, upper 4, flagged window_open. Late:
// days 31 to 100, or to progression, the next therapy or the end of follow-up.
Assessment assess_early_icaht(const CountsState& state, Instant at, const FoldContext& context);
Assessment assess_late_icaht(const CountsState& state, Instant at, const FoldContext& context);
void assess(const CountsState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended);

}  // namespace cellvigil
