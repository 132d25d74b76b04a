#include "rules/grade/icans_components.h"

#include <algorithm>
#include <initializer_list>

namespace cellvigil {
namespace {

using Sign = IcansSignKind;

Instant seen_until(const IcansSign& sign, Instant at) {
    return sign.until == kNever ? sign.at : std::min(sign.until, at);
}

std::int8_t baseline_of(const IcansState& state, bool capd, const FoldContext& context) {
    const std::int8_t documented = capd ? state.documented_capd : state.documented_ice;
    if (documented >= 0) return documented;
    const std::int8_t before = capd ? state.before_capd : state.before_ice;
    if (before >= 0) return before;
    const auto& enrolled = capd ? context.subject.baseline_capd : context.subject.baseline_ice;
    const std::uint32_t most = capd ? 32 : 10;
    return enrolled && *enrolled <= most ? static_cast<std::int8_t>(*enrolled) : std::int8_t{-1};
}

bool unarousable(const IcansState& state, Instant at, const FoldContext& context) {
    return state.level.level == Consciousness::unarousable && holds(state.level.at, context.rules.icans.carry, at);
}

// ICE 0: 4 when unarousable, 3 when awake, and the worse in the upper grade when nobody charted which.
void read_ice_zero(Part& part, const IcansState& state, Instant at, const FoldContext& context) {
    const IcansLevel& level = state.level;
    if (!holds(level.at, context.rules.icans.carry, at)) {
        part.raise(3);
        part.raise_upper(4);
        part.flags.add(Flag::ice0_loc_missing);
        return;
    }
    if (level.level != Consciousness::unarousable) return part.raise(3);
    part.from(level.source);
    if (!level.sedated && !attributed_elsewhere(state.attribution, Component::consciousness, at)) return part.raise(4);
    part.raise_upper(4);
    if (!level.sedated) return part.raise(3);
    part.flags.add(Flag::sedated);  // not testable: no grade of its own
}

// Literal reading of one score, baseline applied, as when it last held.
Part read_score(const IcansState& state, Instant now, const FoldContext& context) {
    const IcansScore& score = state.score;
    const Instant at = std::min(now, score.at + context.rules.icans.carry);
    Part part;
    part.grade = kNotGradable;
    part.upper = kNotGradable;
    part.from(score.source);
    if (score.mismatch) part.flags.add(Flag::ice_total_mismatch);
    const Grade band = score.capd ? capd_band(score.value) : ice_band(score.value);
    const std::int8_t baseline = baseline_of(state, score.capd, context);
    const bool at_baseline = baseline >= 0 && (score.capd ? score.value <= baseline : score.value >= baseline);
    if (band > 0 && at_baseline) {
        part.raise(0);
        part.raise_upper(band);
        part.flags.add(score.capd ? Flag::capd_at_baseline : Flag::ice_at_baseline);
        return part;
    }
    if (score.capd && band == 1 && baseline < 0) part.flags.add(Flag::capd_no_baseline);
    if (!score.capd && score.value == 0) {
        read_ice_zero(part, state, at, context);
    } else {
        part.raise(band);
    }
    if (score.sedated && band > 0) part.flags.add(Flag::sedated);
    return part;
}

bool latest_unusable(Instant at_unusable, const IcansState& state, Instant at, const FoldContext& context) {
    return at_unusable != kAlways && at_unusable > state.score.at && holds(at_unusable, context.rules.icans.carry, at);
}

// What was sent and may not be used still bounds the worst that is possible.
void read_unusable(Part& part, const IcansState& state, Instant at, const FoldContext& context) {
    if (latest_unusable(state.implausible.at, state, at, context)) {
        part.flags.add(Flag::implausible_input);
        part.from(state.implausible.source);
    }
    if (latest_unusable(state.incomplete.at, state, at, context)) {
        part.raise_upper(capd_band(state.incomplete.worst));
        part.flags.add(Flag::capd_incomplete);
        part.from(state.incomplete.source);
    }
    if (latest_unusable(state.misfit.at, state, at, context)) {
        const IcansScore& misfit = state.misfit;
        part.raise_upper(misfit.capd ? capd_band(misfit.value) : ice_band(misfit.value));
        part.flags.add(Flag::instrument_for_age);
        part.from(misfit.source);
    }
}

struct Reach {             // how long signs of a kind count
    milliseconds flagged;  // stale_input after this
    milliseconds counted;  // upper grade only after this
};
Reach reach_of(Sign kind, const IcansRules& rules) {
    const bool imaging = kind == Sign::focal_oedema || kind == Sign::diffuse_oedema || kind == Sign::papilloedema ||
                         kind == Sign::csf_pressure;
    if (imaging) return {rules.imaging_counts, rules.imaging_counts};
    return {rules.carry, rules.sign_counts};
}

// Adds a present sign to a domain. Beyond its reach it stays in the upper grade.
void read_sign(IcansDomain& domain, const IcansState& state, Sign kind, Grade grade, Instant at,
               const FoldContext& context) {
    const IcansSign& sign = state.sign(kind);
    if (!sign_present(sign, at)) return;
    const Reach reach = reach_of(kind, context.rules.icans);
    const bool timed = sign.until != kNever;
    if (!timed && !holds(sign.at, reach.flagged, at)) domain.part.flags.add(Flag::stale_input);
    domain.part.from(sign.source);
    domain.part.raise_upper(grade);
    if (!timed && !holds(sign.at, reach.counted, at)) return;
    domain.part.raise(grade);
    domain.seen = std::max(domain.seen, seen_until(sign, at));
}

void suspect_other(IcansDomain& domain, const IcansState& state, Instant at) {
    if (domain.part.upper < 1) return;
    for (const Sign kind : {Sign::haemorrhage, Sign::stroke}) {
        if (!sign_present(state.sign(kind), at)) continue;
        domain.part.flags.add(Flag::alt_cause_suspected);
        domain.part.from(state.sign(kind).source);
    }
}

Grade rass_grade(std::int8_t rass) {
    if (rass <= -5) return 4;
    if (rass == -4) return 3;
    return rass < 0 ? Grade{2} : Grade{0};
}

Grade gcs_grade(std::int8_t gcs, const IcansRules& rules) {
    if (gcs <= rules.gcs_coma) return 4;
    return gcs <= rules.gcs_reduced ? Grade{3} : Grade{0};
}

// RASS and GCS speak where nobody charted the level in the table's words; they raise the upper grade only.
void read_proxy(Part& part, const IcansState& state, const IcansProxy& proxy, Grade grade, Instant at,
                const FoldContext& context) {
    const bool speaks = !proxy.sedated && holds(proxy.at, context.rules.icans.carry, at) && proxy.at > state.level.at &&
                        proxy.at >= state.score.at;
    if (!speaks || grade < 1) return;
    part.raise_upper(grade);
    part.flags.add(Flag::consciousness_from_score);
    part.from(proxy.source);
}

void read_level(Part& part, const IcansState& state, Grade raw, Instant at, const FoldContext& context) {
    const IcansRules& rules = context.rules.icans;
    const IcansLevel& level = state.level;
    if (!holds(level.at, rules.carry, at)) {
        if (state.score.at > level.at) return;  // tested since
        part.raise_upper(raw);
        part.flags.add(Flag::stale_input);
        return;
    }
    const bool normal_on_waking = level.waking && state.score.at >= level.at &&
                                  (state.score.capd ? capd_band(state.score.value) : ice_band(state.score.value)) == 0;
    if (normal_on_waking) return;
    if (!holds(level.at, rules.carry_fresh, at)) part.flags.add(Flag::carried_forward);
    part.raise_upper(raw);
    if (level.sedated) {
        part.flags.add(Flag::sedated);
    } else if (level.waking) {
        part.flags.add(Flag::asleep);
    } else {
        part.raise(raw);
        if (level.after_sedative && !attributed_elsewhere(state.attribution, Component::consciousness, at)) {
            part.flags.add(Flag::alt_cause_suspected);
        }
    }
}

}  // namespace

Grade ice_band(std::uint8_t total) {
    if (total >= 10) return 0;
    if (total >= 7) return 1;
    return total >= 3 ? Grade{2} : Grade{3};
}

Grade capd_band(std::uint8_t total) {
    if (total >= 9) return 3;
    return total >= 1 ? Grade{1} : Grade{0};
}

Grade level_grade(Consciousness level) {
    switch (level) {
        case Consciousness::to_voice:
            return 2;
        case Consciousness::to_tactile:
            return 3;
        case Consciousness::unarousable:
            return 4;
        case Consciousness::unspecified:
        case Consciousness::spontaneous:
        case Consciousness::asleep:
        case Consciousness::alert:
            return 0;
    }
    return 0;
}

IcansInstrument instrument_at(Instant at, const FoldContext& context) {
    if (context.subject.developmental_delay) return IcansInstrument::capd;
    const auto years = age_years_at(at, context);
    if (!years) return IcansInstrument::either;
    return *years < context.rules.icans.child_below_years ? IcansInstrument::capd : IcansInstrument::ice;
}

IcansDomain score_domain(const IcansState& state, const IcansUntested& untested, Instant at,
                         const FoldContext& context) {
    const IcansRules& rules = context.rules.icans;
    const IcansScore& score = state.score;
    IcansDomain domain;
    const bool by_capd = score.known() ? score.capd : instrument_at(at, context) == IcansInstrument::capd;
    domain.component = by_capd ? Component::capd : Component::ice;
    domain.part.grade = kNotGradable;
    domain.part.upper = kNotGradable;
    const bool unscorable =
        score.known() && score.capd && state.rass.at == score.at && state.rass.value <= kRassUnscorable;
    if (unscorable && holds(score.at, rules.carry, at)) {
        domain.part.raise_upper(capd_band(32));
        domain.part.flags.add(Flag::capd_incomplete);
        domain.part.from(score.source);
    } else if (score.known() && !unscorable) {
        domain.part = read_score(state, at, context);
        domain.seen = score.at;
        if (!holds(score.at, rules.carry, at)) {
            domain.part.grade = kNotGradable;
            domain.part.flags = {Flag::stale_input};
        } else if (!holds(score.at, rules.carry_fresh, at)) {
            domain.part.flags.add(Flag::carried_forward);
        }
    }
    read_unusable(domain.part, state, at, context);
    if (unarousable(state, at, context) && state.level.cannot_perform && !state.level.sedated) {
        domain.part.raise(4);
        domain.part.from(state.level.source);
        domain.seen = std::max(domain.seen, state.level.at);
    }
    if (untested.untested) {
        domain.part.raise_upper(4);
        domain.part.flags.add(Flag::sedated);
        domain.part.from(untested.source);
    }
    return domain;
}

IcansDomain consciousness_domain(const IcansState& state, Instant at, const FoldContext& context) {
    IcansDomain domain;
    domain.component = Component::consciousness;
    const Grade raw = level_grade(state.level.level);
    if (raw > 0) {
        domain.seen = state.level.at;
        domain.part.from(state.level.source);
        read_level(domain.part, state, raw, at, context);
    }
    const bool sleeps = !state.sleep.over && holds(state.sleep.at, context.rules.icans.carry_fresh, at);
    if (sleeps) {
        domain.part.flags.add(Flag::asleep);
        domain.part.from(state.sleep.source);
    }
    read_proxy(domain.part, state, state.rass, rass_grade(state.rass.value), at, context);
    read_proxy(domain.part, state, state.gcs, gcs_grade(state.gcs.value, context.rules.icans), at, context);
    return domain;
}

IcansDomain seizure_domain(const IcansState& state, Instant at, const FoldContext& context) {
    const IcansSeizures& seizures = state.seizures;
    const hours counts = context.rules.icans.seizure_counts;
    IcansDomain domain;
    domain.component = Component::seizure;
    if (!holds(seizures.end, counts, at)) return domain;
    domain.seen = std::min(seizures.end, std::max(at, seizures.last));
    const bool grave = holds(seizures.end_grave, counts, at);
    const bool unsure = holds(seizures.end_unsure, counts, at);
    domain.part.raise(grave ? 4 : 3);
    if (unsure && !grave) {
        domain.part.raise_upper(4);
        domain.part.flags.add(Flag::seizure_at_5min);
    }
    if (seizures.suspected) domain.part.flags.add(Flag::alt_cause_suspected);
    if (grave) domain.part.from(seizures.grave_source);
    if (!grave && unsure) domain.part.from(seizures.unsure_source);
    if (!grave && !unsure) domain.part.from(seizures.source);
    return domain;
}

IcansDomain motor_domain(const IcansState& state, Instant at, const FoldContext& context) {
    IcansDomain domain;
    domain.component = Component::motor;
    read_sign(domain, state, Sign::weakness_deep, 4, at, context);
    const IcansSign& unsaid = state.sign(Sign::weakness_unsaid);
    if (domain.part.grade < 4 && sign_present(unsaid, at)) {
        domain.part.raise_upper(4);
        domain.part.flags.add(Flag::weakness_depth_missing);
        if (unsaid.until == kNever && !holds(unsaid.at, context.rules.icans.carry, at)) {
            domain.part.flags.add(Flag::stale_input);
        }
        domain.part.from(unsaid.source);
    }
    suspect_other(domain, state, at);
    return domain;
}

IcansDomain pressure_domain(const IcansState& state, Instant at, const FoldContext& context) {
    IcansDomain domain;
    domain.component = Component::raised_icp;
    for (const Sign kind :
         {Sign::diffuse_oedema, Sign::posturing, Sign::sixth_nerve, Sign::papilloedema, Sign::cushing}) {
        read_sign(domain, state, kind, 4, at, context);
    }
    read_sign(domain, state, Sign::focal_oedema, 3, at, context);
    const IcansSign& csf = state.sign(Sign::csf_pressure);
    if (domain.part.grade < 4 && sign_present(csf, at) && holds(csf.at, context.rules.icans.imaging_counts, at)) {
        domain.part.raise_upper(4);
        domain.part.flags.add(Flag::icp_measured_only);
        domain.part.from(csf.source);
    }
    suspect_other(domain, state, at);
    return domain;
}

bool sign_present(const IcansSign& sign, Instant at) { return sign.present && sign.at <= at && at < sign.until; }

const IcansSign* delayed_sign(const IcansState& state, Instant at) {
    for (const Sign kind : {Sign::cranial_nerve, Sign::parkinsonism, Sign::personality}) {
        if (sign_present(state.sign(kind), at)) return &state.sign(kind);
    }
    return nullptr;
}

Instant next_domain_deadline(const IcansState& state, Instant after, const FoldContext& context) {
    const IcansRules& rules = context.rules.icans;
    Instant next = kNever;
    for (const Instant seen : {state.score.at, state.level.at}) {
        sooner(next, expiry(seen, rules.carry_fresh), after);
        sooner(next, expiry(seen, rules.carry), after);
    }
    for (const Instant seen :
         {state.misfit.at, state.implausible.at, state.incomplete.at, state.rass.at, state.gcs.at}) {
        sooner(next, expiry(seen, rules.carry), after);
    }
    sooner(next, expiry(state.sleep.at, rules.carry_fresh), after);
    const IcansSeizures& seizures = state.seizures;
    for (const Instant end : {seizures.end, seizures.end_grave, seizures.end_unsure}) {
        sooner(next, expiry(end, rules.seizure_counts), after);
    }
    for (std::size_t i = 0; i < kIcansSigns; ++i) {
        const IcansSign& sign = state.signs[i];
        if (!sign.present) continue;
        sooner(next, sign.until, after);
        if (sign.until != kNever) continue;
        const Reach reach = reach_of(static_cast<Sign>(i), rules);
        sooner(next, expiry(sign.at, reach.flagged), after);
        sooner(next, expiry(sign.at, reach.counted), after);
    }
    return next;
}

}  // namespace cellvigil
