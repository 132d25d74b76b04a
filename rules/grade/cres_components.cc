#include <algorithm>

#include "rules/grade/cres.h"
#include "rules/grade/icans_components.h"

namespace cellvigil {
namespace {

using Kind = CresSignKind;

bool unarousable(const IcansState& icans, Instant at, const FoldContext& context) {
    return icans.level.level == Consciousness::unarousable && !icans.level.sedated &&
           holds(icans.level.at, context.rules.icans.carry, at);
}

void read_total(Part& part, const CresScore& score, Instant at, const FoldContext& context) {
    const Grade best = cartox_10_band(score.most);
    const Grade worst = cartox_10_band(score.least);
    part.from(score.source);
    part.raise_upper(worst);
    // A total of ICE's items never stands in for CARTOX-10: it bounds the grade, no more.
    if (score.of_items) part.raise(best);
    if (!score.of_items || best != worst) part.flags.add(Flag::ambiguous_scale);
    if (!holds(score.at, context.rules.icans.carry, at)) {
        part.grade = kNotGradable;
        part.flags = {Flag::stale_input};
    } else if (!holds(score.at, context.rules.icans.carry_fresh, at)) {
        part.flags.add(Flag::carried_forward);
    }
}

Part score_part(const CresState& state, Instant at, const FoldContext& context) {
    const IcansState& icans = *context.icans;
    const IcansRules& rules = context.rules.icans;
    Part part;
    part.grade = kNotGradable;
    part.upper = kNotGradable;
    if (state.score.at != kAlways) read_total(part, state.score, at, context);
    if (state.implausible > state.score.at && holds(state.implausible, rules.carry, at)) {
        part.flags.add(Flag::implausible_input);
        part.from(state.implausible_source);
    }
    const IcansUntested untested = untested_at(icans, at, context);
    if (untested.untested) {
        part.raise_upper(4);
        part.flags.add(Flag::sedated);
        part.from(untested.source);
    }
    return part;
}

// Obtunded and not to be tested is 4. Who wakes only to touch, and was not tested, may be meant.
Part consciousness_part(const CresState& state, Instant at, const FoldContext& context) {
    const IcansState& icans = *context.icans;
    Part part;
    if (!holds(icans.level.at, context.rules.icans.carry, at)) return part;
    const bool tested = state.score.at >= icans.level.at;
    if (unarousable(icans, at, context)) {
        part.raise(4);
    } else if (icans.level.level == Consciousness::unarousable) {
        part.raise_upper(4);
        part.flags.add(Flag::sedated);
    } else if (icans.level.level == Consciousness::to_tactile && !tested) {
        part.raise_upper(4);
        part.flags.add(icans.level.sedated ? Flag::sedated : Flag::ambiguous_scale);
    }
    if (part.upper > 0) part.from(icans.level.source);
    return part;
}

Part seizure_part(const CresState& state, Instant at, const FoldContext& context) {
    const hours counts = context.rules.icans.seizure_counts;
    const CresSeizures& seizures = state.seizures;
    Part part;
    if (!holds(seizures.any, counts, at)) return part;
    part.raise(3);
    // Again and again without waking in between is status epilepticus, as ICANS sees it.
    const bool status = holds(context.icans->seizures.end_grave, counts, at);
    if (holds(seizures.grave, counts, at) || status) {
        part.raise(4);
        part.from(status && seizures.grave == kAlways ? context.icans->seizures.grave_source : seizures.grave_source);
    } else if (holds(seizures.unsure, counts, at)) {
        part.raise_upper(4);
        part.flags.add(seizures.at_limit ? Flag::seizure_at_5min : Flag::ambiguous_scale);
        part.from(seizures.unsure_source);
    } else {
        part.from(seizures.any_source);
    }
    return part;
}

milliseconds reach_of(Kind kind, const IcansRules& rules) {
    const bool imaging = kind == Kind::focal_oedema || kind == Kind::diffuse_oedema || kind == Kind::papilloedema ||
                         kind == Kind::csf_pressure;
    return imaging ? milliseconds(rules.imaging_counts) : milliseconds(rules.sign_counts);
}

void read_sign(Part& part, const CresState& state, Kind kind, Instant at, const FoldContext& context) {
    const CresSign& sign = state.signs[static_cast<std::size_t>(kind)];
    if (!sign.present || at >= sign.until) return;
    part.raise_upper(sign.high);
    part.from(sign.source);
    if (sign.until == kNever && !holds(sign.at, reach_of(kind, context.rules.icans), at)) {
        part.flags.add(Flag::stale_input);
        return;
    }
    part.raise(sign.low);
    if (sign.low < sign.high && sign.high > part.grade) part.flags.add(Flag::ambiguous_scale);
}

Part motor_part(const CresState& state, Instant at, const FoldContext& context) {
    Part part;
    read_sign(part, state, Kind::weakness, at, context);
    return part;
}

Part pressure_part(const CresState& state, Instant at, const FoldContext& context) {
    Part part;
    for (const Kind kind : {Kind::diffuse_oedema, Kind::focal_oedema, Kind::papilloedema, Kind::csf_pressure,
                            Kind::posturing, Kind::sixth_nerve, Kind::cushing}) {
        read_sign(part, state, kind, at, context);
    }
    if (part.grade == part.upper) part.flags.remove(Flag::ambiguous_scale);
    return part;
}

}  // namespace

Grade cartox_10_band(std::uint8_t total) { return ice_band(total); }

NeuroReading read_cres(const CresState& state, Instant at, const FoldContext& context) {
    NeuroReading reading;
    const auto set = [&](std::size_t place, Component component, const Part& part) {
        reading.domains[place].component = component;
        reading.domains[place].part = part;
    };
    set(0, Component::ice, score_part(state, at, context));
    set(1, Component::consciousness, consciousness_part(state, at, context));
    set(2, Component::seizure, seizure_part(state, at, context));
    set(3, Component::motor, motor_part(state, at, context));
    set(4, Component::raised_icp, pressure_part(state, at, context));
    return reading;
}

void apply_verdicts(NeuroReading& reading, const CresState& state, Instant at, const FoldContext& context) {
    for (NeuroReading::Domain& domain : reading.domains) {
        const IcansState& icans = *context.icans;
        const bool by_astct =
            attributed_elsewhere(icans.attribution, domain.component, at) && !verdict_is_over(icans, domain.component);
        domain.elsewhere = by_astct || attributed_elsewhere(state.attribution, domain.component, at);
        domain.verdict = attribution_record(by_astct ? icans.attribution : state.attribution, domain.component);
    }
}

// The bands are ASTCT's; a level between alert and unarousable, and what else may threaten life, only bounds the grade.
NeuroReading read_ctcae_6_icans(Instant at, const FoldContext& context) {
    const IcansState& icans = *context.icans;
    NeuroReading reading;
    const auto set = [&](std::size_t place, Component component, const Part& part) {
        reading.domains[place].component = component;
        reading.domains[place].part = part;
    };
    const IcansDomain score = score_domain(icans, untested_at(icans, at, context), at, context);
    set(0, score.component, score.part);
    Part level = consciousness_domain(icans, at, context).part;
    if (level.grade < 4) {
        if (level.grade > std::max<Grade>(score.part.grade, 0)) level.flags.add(Flag::ambiguous_scale);
        level.grade = 0;
    }
    set(1, Component::consciousness, level);
    const std::array<IcansDomain, 2> perhaps{seizure_domain(icans, at, context), pressure_domain(icans, at, context)};
    for (std::size_t i = 0; i < perhaps.size(); ++i) {
        Part part = perhaps[i].part;
        const bool grave = part.upper == 4;
        part.upper = grave ? 4 : 0;
        part.grade = 0;
        part.flags = grave ? Flags{Flag::ambiguous_scale} : Flags{};
        set(i == 0 ? 2 : 4, perhaps[i].component, part);
    }
    reading.domains[3].component = Component::motor;
    return reading;
}

Instant next_cres_deadline(const CresState& state, Instant after, const FoldContext& context) {
    const IcansRules& rules = context.rules.icans;
    Instant next = next_attribution_end(state.attribution, after);
    sooner(next, expiry(state.score.at, rules.carry_fresh), after);
    sooner(next, expiry(state.score.at, rules.carry), after);
    sooner(next, expiry(state.implausible, rules.carry), after);
    for (const Instant end : {state.seizures.any, state.seizures.grave, state.seizures.unsure}) {
        sooner(next, expiry(end, rules.seizure_counts), after);
    }
    for (std::size_t i = 0; i < kCresSigns; ++i) {
        const CresSign& sign = state.signs[i];
        if (!sign.present) continue;
        sooner(next, sign.until, after);
        if (sign.until == kNever) sooner(next, expiry(sign.at, reach_of(static_cast<Kind>(i), rules)), after);
    }
    return next;
}

}  // namespace cellvigil
