// CRS by the ASTCT consensus (Lee 2019): fever, hypotension and hypoxia of one subject over time, episodes included.
// The table, the source and our decisions are in docs/clinical/crs.md. A temperature of exactly 38.0 Cel is fever.
// Unknown is NA, never 0. Pure; safe from any thread.
#pragma once

#include "rules/grade/crs_state.h"

namespace cellvigil {

// The observations that CRS is graded by.
inline constexpr BitSet<Analyte> kCrsReadings{Analyte::temperature, Analyte::systolic, Analyte::mean_arterial,
                                              Analyte::spo2};
// May this fact change what assess() answers? The fold asks first: most laboratory values do not.
bool concerns_crs(const Fact& fact);

// A reading that lies so far on the healthy side of every limit that it can raise nothing: temperature below 37.99 Cel,
// systolic of at least 100 mm[Hg], saturation at or above both limits. After a statement that is quiet() it need not be
// asked about.
bool is_unremarkable(const Fact& fact, const CrsRules& rules);
// Nothing present, nothing suspected, no episode: or no longer under surveillance.
inline bool is_quiet(const Assessment& said) {
    if (said.episode_open) return false;
    return !said.under_surveillance || (said.grade == 0 && said.grade_upper == 0 && said.flags.empty());
}

// To be asked before observe(), once assess() has answered and nothing has run out since: an unremarkable reading that
// takes the place of another one, so that assess() would answer the same and leave the state as observe() does, and
// the older scales would see the same picture. The law: tests/rules/grade/spared_question_law_test.cc.
bool changes_nothing(const CrsState& state, const Fact& fact, const FoldContext& context);

void begin_infusion(CrsState& state, const FoldContext& context);
void observe(CrsState& state, const Fact& fact, const FoldContext& context);
Instant next_deadline(const CrsState& state, Instant after, const FoldContext& context);
// Those of the context where they still are the first after `after`, else found anew. `after` is a time, never kAlways.
CrsEnds crs_ends_after(const CrsState& state, Instant after, const FoldContext& context);
// May a deadline that a reading has put off since pass without a question? Not where every question is a sign.
inline bool may_be_put_off(const CrsState& state) { return !state.support_present && state.died == kAlways; }
Assessment assess(CrsState& state, Instant at, const FoldContext& context);

}  // namespace cellvigil
