// Blood counts over the course of one subject, kept as the worst value of each site-local day, by the grader contract
// of context.h: early and late ICAHT from neutrophils, early and late T-ICAHT from platelets, CAR-HEMATOTOX before the
// infusion, and the milestones of recovery.h. docs/clinical/icaht.md, t-icaht.md, car-hematotox.md, recoveries.md.
// Pure.
#pragma once

#include <array>
#include <vector>

#include "rules/grade/car_hematotox.h"
#include "rules/grade/context.h"
#include "rules/grade/day_fill.h"
#include "rules/grade/day_series.h"
#include "rules/grade/milestone.h"
#include "rules/grade/support.h"

namespace cellvigil {

struct CountsState {
    std::array<DaySeries, kHematotoxItems> series;  // by HematotoxItem
    SupportSpans support;
    std::int32_t day_0 = 0;                  // of the infusion, since 1970
    std::uint16_t infusion = 0;              // 0: none yet
    std::int32_t follow_up_ends = -1;        // infusion day of death or of a verified end of follow-up; -1: neither
    std::int32_t late_ends = -1;             // of progression or the next therapy, from day 31 on; -1: neither
    std::int32_t excluded_from = INT32_MAX;  // of the first progression, relapse or next therapy
    std::int32_t died = INT32_MAX;
    std::int32_t lymphodepletion = INT32_MIN;  // first and last day of the latest one that was charted, since 1970
    std::int32_t lymphodepletion_last = INT32_MIN;
    Assessment hematotox;           // of the present infusion
    std::vector<Milestone> past;    // of earlier infusions, as of the next one
    bool neutrophils_news = false;  // since the last statement
    bool platelets_news = false;
    bool hematotox_news = false;
    bool early_news = false;  // some of it concerns days 0 to 30
    Instant asked = kAlways;  // the last statement's time
    bool operator==(const CountsState&) const = default;

    const DaySeries& of(HematotoxItem item) const { return series[static_cast<std::size_t>(item)]; }
};

bool concerns_counts(const Fact& fact);
void begin_infusion(CountsState& state, const FoldContext& context);
void observe(CountsState& state, const Fact& fact, const FoldContext& context);
Instant next_deadline(const CountsState& state, Instant after, const FoldContext& context);
// Nothing new since the last statement, and no window closed.
bool at_rest(const CountsState& state, Instant at, const FoldContext& context);

// Early: days 0 to 30; while the window is open grade is what the days so far show, upper 4, flagged window_open. Late:
// days 31 to 100, or to progression, the next therapy or the end of follow-up.
Assessment assess_early_icaht(const CountsState& state, Instant at, const FoldContext& context);
Assessment assess_late_icaht(const CountsState& state, Instant at, const FoldContext& context);
Assessment assess_early_t_icaht(const CountsState& state, Instant at, const FoldContext& context);
Assessment assess_late_t_icaht(const CountsState& state, Instant at, const FoldContext& context);
void assess(CountsState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended);

void append_milestones(const CountsState& state, Instant as_of, const FoldContext& context,
                       std::vector<Milestone>& milestones);

}  // namespace cellvigil
