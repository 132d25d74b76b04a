#include "rules/grade/crs_masking.h"

#include <algorithm>

namespace cellvigil {
namespace {

// How long an antipyretic hides fever (HOUSE); zero for every other drug.
hours antipyretic_window(Agent agent) {
    if (agent == Agent::paracetamol || agent == Agent::aspirin) return hours(6);
    if (agent == Agent::ibuprofen || agent == Agent::metamizole) return hours(8);
    if (agent == Agent::naproxen) return hours(12);
    return hours(0);
}

enum class Anticytokine : std::uint8_t { no, long_acting, short_acting };
Anticytokine anticytokine_kind(Agent agent) {
    if (agent == Agent::tocilizumab || agent == Agent::siltuximab || agent == Agent::sarilumab)
        return Anticytokine::long_acting;
    if (agent == Agent::anakinra || agent == Agent::emapalumab || agent == Agent::ruxolitinib)
        return Anticytokine::short_acting;
    if (agent >= Agent::dexamethasone && agent <= Agent::glucocorticoid_other) return Anticytokine::short_acting;
    return Anticytokine::no;
}

bool waiver_runs(Instant given, Instant at, const FoldContext& context) {
    const auto& expiry_h = context.rules.crs.waiver_expiry;
    return !expiry_h || at - given <= *expiry_h;
}

}  // namespace

void observe_masking(MaskingState& state, const Fact& fact, const Intervention& given, const FoldContext&) {
    if (given.agent == Agent::none || given.agent == Agent::other) return;
    if (given.route == Route::topical || given.route == Route::inhaled) return;
    const hours window = antipyretic_window(given.agent);
    const Anticytokine kind = anticytokine_kind(given.agent);
    if (window == hours(0) && kind == Anticytokine::no) return;
    if (kind == Anticytokine::short_acting && given.physiological) {
        state.physiological = true;
        return;
    }
    if (given.phase == InterventionPhase::stop) {
        if (kind == Anticytokine::short_acting) {
            state.short_course = false;
            state.short_anticytokine = {fact.at, source_of(fact)};
        }
        return;
    }
    if (window != hours(0)) {
        state.antipyretic = {fact.at, source_of(fact)};
        state.antipyretic_until = std::max(state.antipyretic_until, fact.at + window);
    }
    if (kind == Anticytokine::long_acting) state.long_anticytokine = {fact.at, source_of(fact)};
    if (kind == Anticytokine::short_acting) {
        state.short_anticytokine = {fact.at, source_of(fact)};
        if (given.phase == InterventionPhase::start) state.short_course = true;
    }
}

bool anticytokine_on_board(const MaskingState& state, Instant at, const FoldContext& context) {
    const CrsRules& rules = context.rules.crs;
    if (holds(state.long_anticytokine.at, rules.long_anticytokine, at)) return true;
    return state.short_course || holds(state.short_anticytokine.at, rules.short_anticytokine, at);
}

bool given_since(const MaskingState& state, Instant onset, Instant at, const FoldContext& context) {
    for (const GivenOnce* dose : {&state.antipyretic, &state.long_anticytokine, &state.short_anticytokine}) {
        if (dose->known() && dose->at >= onset && waiver_runs(dose->at, at, context)) return true;
    }
    return false;
}

RecordRef last_dose(const MaskingState& state) {
    const GivenOnce* last = &state.antipyretic;
    for (const GivenOnce* dose : {&state.long_anticytokine, &state.short_anticytokine}) {
        if (dose->at > last->at) last = dose;
    }
    return last->known() ? last->source.record : RecordRef{};
}

Instant next_masking_deadline(const MaskingState& state, Instant after, const FoldContext& context) {
    const CrsRules& rules = context.rules.crs;
    Instant next = kNever;
    if (state.antipyretic_until != kAlways) sooner(next, state.antipyretic_until + milliseconds(1), after);
    sooner(next, expiry(state.long_anticytokine.at, rules.long_anticytokine), after);
    sooner(next, expiry(state.short_anticytokine.at, rules.short_anticytokine), after);
    if (rules.waiver_expiry) {
        for (const GivenOnce* dose : {&state.antipyretic, &state.long_anticytokine, &state.short_anticytokine}) {
            sooner(next, expiry(dose->at, *rules.waiver_expiry), after);
        }
    }
    return next;
}

}  // namespace cellvigil
