#include "rules/grade/icans_sedation.h"

#include <algorithm>
#include <optional>

namespace cellvigil {
namespace {

std::optional<IcansHold> hold_of(Agent agent) {
    if (agent == Agent::propofol) return IcansHold::propofol;
    if (agent == Agent::midazolam) return IcansHold::midazolam;
    if (agent == Agent::dexmedetomidine) return IcansHold::dexmedetomidine;
    if (agent == Agent::ketamine) return IcansHold::ketamine;
    if (agent == Agent::opioid) return IcansHold::opioid;
    return std::nullopt;
}

bool runs_into_a_vein(const Intervention& given) {
    return given.route == Route::unspecified || given.route == Route::intravenous;
}

// An opioid course is mostly tablets: only an infusion sedates.
bool is_infusion(const Intervention& given, IcansHold hold) {
    if (given.push_dose || !runs_into_a_vein(given)) return false;
    const bool stated = given.by_infusion || given.rate.has_value();
    return hold == IcansHold::opioid ? stated : true;
}

bool active(const IcansCourse& course, Instant at) {
    return course.since != kAlways && course.since <= at && at < course.until;
}
bool ended(const IcansCourse& course, Instant at) { return course.since != kAlways && course.until <= at; }

void begin(IcansCourse& course, const Fact& fact, bool procedure) {
    const bool goes_on = active(course, fact.at) || (course.since != kAlways && course.until == fact.at);
    if (!goes_on) course.since = fact.at;
    const bool same_instant = course.started == fact.at;
    course.until = same_instant ? std::max(course.until, fact.until) : fact.until;
    course.procedure = goes_on ? course.procedure && procedure : procedure;
    course.started = fact.at;
    course.source = source_of(fact);
}

// A stop and a start charted for the same minute are a change of rate: it runs on.
void end(IcansCourse& course, const Fact& fact) {
    if (course.started == fact.at) return;
    if (course.since == kAlways || course.until < fact.at) {
        if (course.since != kAlways) return;
        course.since = fact.at;  // its start was never charted
        course.source = source_of(fact);
    }
    course.until = fact.at;
}

void observe_course(IcansState& state, const Fact& fact, const Intervention& given, IcansHold hold) {
    auto& course = state.sedation.courses[static_cast<std::size_t>(hold)];
    const bool stopped = given.phase == InterventionPhase::stop || (given.rate && given.rate->micro == 0);
    if (stopped) {
        end(course, fact);
    } else {
        begin(course, fact, hold == IcansHold::anaesthesia || given.indication == Indication::procedure);
    }
}

void observe_bolus(IcansSedation& sedation, const Fact& fact) {
    sedation.bolus = fact.at;
    sedation.bolus_source = source_of(fact);
}

bool observe_device(IcansState& state, const Fact& fact, const Intervention& given) {
    if (given.baseline || given.indication == Indication::baseline) return false;
    auto& course = state.sedation.courses[static_cast<std::size_t>(IcansHold::ventilation)];
    const bool stopped = given.phase == InterventionPhase::stop;
    if (given.device == OxygenDevice::unspecified && !stopped) return false;
    if (given.device == OxygenDevice::invasive_ventilation && !stopped) {
        begin(course, fact, given.indication == Indication::procedure);
    } else if (active(course, fact.at)) {
        end(course, fact);
    } else {
        return false;
    }
    return true;
}

bool sedates(std::size_t hold) { return static_cast<IcansHold>(hold) != IcansHold::ventilation; }

// Sedative drugs act at `at`, or have not cleared.
bool drugs_act(const IcansState& state, Instant at, const FoldContext& context) {
    const IcansSedation& sedation = state.sedation;
    for (std::size_t i = 0; i < kIcansHolds; ++i) {
        if (!sedates(i)) continue;
        const IcansCourse& course = sedation.courses[i];
        if (active(course, at)) return true;
        if (ended(course, at) && at < course.until + context.rules.icans.sedation_clears) return true;
    }
    return sedation.told != kAlways && at < sedation.told + context.rules.icans.sedation_clears;
}

bool sedative_on_board(const IcansState& state, Instant at, const FoldContext& context) {
    const Instant bolus = state.sedation.bolus;
    return drugs_act(state, at, context) || (bolus != kAlways && at < bolus + context.rules.icans.sedation_clears);
}

// RASS at most -3 with a sedative still on board.
bool deeply_sedated(const IcansState& state, Instant at, const FoldContext& context) {
    return state.rass.sedated && state.rass.value <= kRassDeep && holds(state.rass.at, context.rules.icans.carry, at) &&
           sedative_on_board(state, at, context);
}

bool sedative_runs(const IcansState& state, Instant at) {
    for (std::size_t i = 0; i < kIcansHolds; ++i) {
        if (sedates(i) && active(state.sedation.courses[i], at)) return true;
    }
    return false;
}

bool seen_awake_since(const IcansState& state, Instant at) {
    const bool awake = state.level.level == Consciousness::alert || state.level.level == Consciousness::spontaneous;
    return awake && state.level.at >= at;
}

}  // namespace

bool observe_sedation(IcansState& state, const Fact& fact, const Intervention& given) {
    if (given.kind == InterventionKind::anaesthesia) {
        // "Once" without a stated end is a procedure of unknown length: it sedates, and clears, from here.
        Fact once = fact;
        if (given.phase == InterventionPhase::single && fact.until == kNever) once.until = fact.at + milliseconds(1);
        observe_course(state, once, given, IcansHold::anaesthesia);
        return true;
    }
    if (given.kind == InterventionKind::oxygen) return observe_device(state, fact, given);
    if (given.kind != InterventionKind::drug) return false;
    const auto hold = hold_of(given.agent);
    if (!hold && given.agent != Agent::lorazepam) return false;
    const bool dose = given.phase == InterventionPhase::single || given.phase == InterventionPhase::unspecified;
    const bool timed = given.by_infusion && fact.until != kNever;
    if (!hold || (dose && !timed) || !is_infusion(given, *hold)) {
        if (given.phase != InterventionPhase::stop) observe_bolus(state.sedation, fact);
        return true;
    }
    observe_course(state, fact, given, *hold);
    return true;
}

void observe_untested(IcansState& state, const Fact& fact, const IceAssessment& said) {
    IcansSedation& sedation = state.sedation;
    if (said.unassessable == Unassessable::sedated) {
        sedation.told = fact.at;
        sedation.told_source = source_of(fact);
    } else if (said.unassessable == Unassessable::intubated) {
        sedation.told_intubated = fact.at;
        sedation.told_source = source_of(fact);
    }
}

void mark_sedated(IcansState& state, Instant at, const FoldContext& context) {
    const bool on_board = sedative_on_board(state, at, context);
    const bool drugs = drugs_act(state, at, context);
    if (state.rass.at == at) state.rass.sedated = drugs || (on_board && state.rass.value <= kRassDeep);
    const bool sedated = drugs || deeply_sedated(state, at, context);
    if (state.gcs.at == at) state.gcs.sedated = sedated;
    if (state.score.at == at) state.score.sedated = sedative_runs(state, at);
    if (state.level.at == at) {
        state.level.sedated = sedated;
        state.level.after_sedative = on_board;
    }
}

IcansUntested untested_at(const IcansState& state, Instant at, const FoldContext& context) {
    const IcansRules& rules = context.rules.icans;
    IcansUntested found;
    const auto because = [&found](const Source& source, bool procedure) {
        if (!found.untested || (found.procedure && !procedure)) found.source = source;
        found.untested = true;
        found.procedure = found.procedure && procedure;
    };
    const Instant scored = state.score.at;
    const bool score_holds = holds(scored, rules.carry, at);
    for (std::size_t i = 0; i < kIcansHolds; ++i) {
        const IcansCourse& course = state.sedation.courses[i];
        if (course.since < scored && score_holds) continue;  // tested since it began
        const bool clears = sedates(i) && !course.procedure && ended(course, at) &&
                            at < course.until + rules.sedation_clears && !seen_awake_since(state, course.until);
        if (active(course, at) || clears) because(course.source, course.procedure);
    }
    const IcansSedation& sedation = state.sedation;
    if (sedation.told != kAlways && sedation.told >= scored && at < sedation.told + rules.sedation_clears &&
        !seen_awake_since(state, sedation.told)) {
        because(sedation.told_source, false);
    }
    if (sedation.told_intubated >= scored && holds(sedation.told_intubated, rules.carry, at)) {
        because(sedation.told_source, false);
    }
    if (deeply_sedated(state, at, context) && state.rass.at >= scored) because(state.rass.source, false);
    return found;
}

Instant next_sedation_deadline(const IcansState& state, Instant after, const FoldContext& context) {
    const IcansRules& rules = context.rules.icans;
    Instant next = kNever;
    for (const IcansCourse& course : state.sedation.courses) {
        if (course.since == kAlways || course.until == kNever) continue;
        sooner(next, course.until, after);
        sooner(next, course.until + rules.sedation_clears, after);
    }
    const IcansSedation& sedation = state.sedation;
    if (sedation.told != kAlways) sooner(next, sedation.told + rules.sedation_clears, after);
    if (sedation.bolus != kAlways) sooner(next, sedation.bolus + rules.sedation_clears, after);
    sooner(next, expiry(sedation.told_intubated, rules.carry), after);
    if (state.rass.sedated) sooner(next, expiry(state.rass.at, rules.carry), after);
    return next;
}

}  // namespace cellvigil
