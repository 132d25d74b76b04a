// What every grader is given beside its own state. Pure.
//
// A grader is four free functions over a plain, comparable state (see crs.h, icans.h):
//   begin_infusion(state, context)          a new day 0: episodes start anew, baselines are fixed from what came before
//   observe(state, fact, context)           takes one live fact, in fold order; facts of no interest change nothing
//   next_deadline(state, after, context)    the first instant > after at which assess() may answer otherwise without
//   any new
//                                           fact (an expiry, the end of an overlap); kNever: none
//   assess(state, at, context)              moves the state's episode to `at` and says the grade; `at` never goes back
// The fold (rules/timeline/fold.h) calls assess() after every fact that concerns the grader, but for CRS readings that
// changes_nothing() spares (crs.h), and at every deadline that readings have not put off since it was set; asking more
// often tells nothing new (the law: tests/rules/grade/standing_statement_law_test.cc). A state is copied into
// checkpoints: keep it small, of fixed size where possible, with a defaulted operator==.
//
// A grader of the panel (panel.h) says several things: assess(state, at, context, statements, ended) appends an
// Assessment for each of its scales and terms (repeating one is free: only changes are kept) and the episodes that
// ended, and returns at once when nothing that it looks at has changed. concerns_x(fact) decides whether it sees a fact
// at all.
#pragma once

#include "rules/grade/assessment.h"
#include "rules/pack/rule_set.h"
#include "rules/timeline/fact.h"

namespace cellvigil {

struct CrsState;
struct IcansState;

enum class Setting : std::uint8_t { unknown, inpatient, outpatient };

// The first ends, later than `after`, of what CRS knows that others read as well: found once for all of them.
struct CrsEnds {
    Instant after = kAlways;       // kAlways: not found yet
    Instant circulation = kNever;  // of temperatures, systolic pressures and what is given for them
    Instant oxygen = kNever;       // of saturations and oxygen
};

struct FoldContext {
    const RuleSet& rules;
    const SubjectContext& subject;
    const InfusionContext& infusion;  // ordinal 0: before the first infusion
    Setting setting = Setting::unknown;
    bool dead = false;              // set once the death fact has been observed
    const CrsState* crs = nullptr;  // for graders of the panel: what ASTCT grading knows, as of this fact
    const IcansState* icans = nullptr;
    const Assessment* crs_said = nullptr;  // its last statement; null: none yet
    const Assessment* icans_said = nullptr;
    CrsEnds crs_ends{};  // of what CRS knows as of this fact; see crs_ends_after() in crs.h
};

// Infusion day of an instant, by the offset of the infusion's site. Needs an infusion.
inline std::int32_t day_of(Instant at, const FoldContext& context) {
    return infusion_day(context.infusion.date, site_date(at, context.infusion.offset)).value;
}

// Age in completed years and in days at an instant; nullopt when unknown. Years from age_days where given (365.25 d),
// else age_years at infusion (a birthday in between is not known).
std::optional<std::int32_t> age_years_at(Instant at, const FoldContext& context);
std::optional<std::int32_t> age_days_at(Instant at, const FoldContext& context);
// Adult when 18 or more, or when nothing is known.
bool is_adult(Instant at, const FoldContext& context);

// How long vital signs hold in the present setting (settled: outpatient 26 h; inpatient pressure and SpO2 6 h).
inline hours temperature_validity(const FoldContext& context) {
    const ValidityRules& validity = context.rules.validity;
    return context.setting == Setting::outpatient ? validity.outpatient : validity.temperature;
}
inline hours pressure_validity(const FoldContext& context) {
    const ValidityRules& validity = context.rules.validity;
    if (context.setting == Setting::outpatient) return validity.outpatient;
    return context.setting == Setting::inpatient ? validity.inpatient_pressure : validity.pressure;
}
inline hours spo2_validity(const FoldContext& context) {
    const ValidityRules& validity = context.rules.validity;
    if (context.setting == Setting::outpatient) return validity.outpatient;
    return context.setting == Setting::inpatient ? validity.inpatient_spo2 : validity.spo2;
}

}  // namespace cellvigil
