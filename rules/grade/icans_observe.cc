#include <algorithm>
#include <optional>
#include <variant>

#include "rules/grade/icans.h"
#include "rules/grade/icans_components.h"

namespace cellvigil {
namespace {

using Sign = IcansSignKind;

struct Totals {
    std::optional<std::uint32_t> ice;
    std::optional<std::uint32_t> capd;
    bool mismatch = false;
    bool implausible = false;
    bool incomplete = false;  // capd is then the highest that the missing items allow
};

Totals totals_of(const IceAssessment& said) {
    Totals totals;
    totals.ice = said.total;
    if (said.orientation && said.naming && said.commands && said.writing && said.attention) {
        const std::uint32_t sum = *said.orientation + *said.naming + *said.commands + *said.writing + *said.attention;
        totals.mismatch = said.total && *said.total != sum;
        totals.ice = sum;
    }
    totals.capd = said.capd_total;
    totals.implausible = said.implausible || (totals.ice && *totals.ice > 10) || (totals.capd && *totals.capd > 32);
    const std::uint32_t answered = said.capd_items_answered.value_or(8);
    if (totals.capd && answered < 8) {
        totals.incomplete = true;
        totals.capd = std::min<std::uint32_t>(32, *totals.capd + 4 * (8 - answered));
    }
    return totals;
}

bool is_worse(bool capd, std::uint8_t value, std::uint8_t than) { return capd ? value > than : value < than; }

// Of two scores of one instant the worse counts.
void take_score(IcansScore& score, const Fact& fact, std::uint32_t total, bool capd, bool mismatch) {
    const auto value = static_cast<std::uint8_t>(total);
    const bool same = score.at == fact.at;
    if (same && score.capd && !capd) return take_score(score = IcansScore{}, fact, total, capd, mismatch);
    if (same && (score.capd != capd || !is_worse(capd, value, score.value))) {
        score.mismatch = score.mismatch || (mismatch && score.capd == capd);
        return;
    }
    const bool both = same && score.mismatch;
    score = IcansScore{};
    score.at = fact.at;
    score.source = source_of(fact);
    score.value = value;
    score.capd = capd;
    score.mismatch = mismatch || both;
}

void take_level(IcansState& state, const Fact& fact, Consciousness said, bool cannot_perform) {
    IcansLevel& level = state.level;
    const bool same = level.at == fact.at;
    const bool worse = !same || level_grade(said) > level_grade(level.level);
    IcansLevel taken = same ? level : IcansLevel{};
    taken.at = fact.at;
    taken.cannot_perform = taken.cannot_perform || cannot_perform;
    if (worse) {
        taken.level = said;
        taken.source = source_of(fact);
    }
    IcansSleep& sleep = state.sleep;
    if (sleep.at != kAlways && sleep.first_level == kAlways) sleep.first_level = fact.at;
    level = taken;
}

// The first level after natural sleep, "awakens to voice", is how people wake.
void mark_waking(IcansState& state, Instant at, const FoldContext& context) {
    IcansLevel& level = state.level;
    if (level.at != at) return;
    level.waking = level.level == Consciousness::to_voice && state.sleep.first_level == at &&
                   holds(state.sleep.at, context.rules.icans.carry_fresh, at);
}

void take_sleep(IcansState& state, const Fact& fact) {
    IcansSleep& sleep = state.sleep;
    if (sleep.at == fact.at) return;
    sleep = IcansSleep{};
    sleep.at = fact.at;
    sleep.source = source_of(fact);
    if (state.level.at == fact.at) sleep.first_level = fact.at;
    if (state.score.at == fact.at) sleep.first_score = fact.at;
}

void note_scored(IcansSleep& sleep, Instant at) {
    if (sleep.at == kAlways) return;
    if (sleep.first_score == kAlways) sleep.first_score = at;
    if (at > sleep.first_score) sleep.over = true;
}

void take_rass(IcansState& state, const Fact& fact, std::int64_t value) {
    IcansProxy& rass = state.rass;
    const auto read = static_cast<std::int8_t>(std::clamp<std::int64_t>(value, -5, 4));
    if (rass.at == fact.at && rass.value <= read) return;
    rass = IcansProxy{fact.at, source_of(fact), read, false};
}

void take_gcs(IcansState& state, const Fact& fact, std::int64_t value) {
    IcansProxy& gcs = state.gcs;
    const auto read = static_cast<std::int8_t>(std::clamp<std::int64_t>(value, 3, 15));
    if (gcs.at == fact.at && gcs.value <= read) return;
    gcs = IcansProxy{fact.at, source_of(fact), read, false};
}

void take_documented_baseline(IcansState& state, const Totals& totals) {
    if (totals.implausible) return;
    if (totals.ice) state.documented_ice = std::max(state.documented_ice, static_cast<std::int8_t>(*totals.ice));
    if (!totals.capd || totals.incomplete) return;
    const auto capd = static_cast<std::int8_t>(*totals.capd);
    state.documented_capd = state.documented_capd < 0 ? capd : std::min(state.documented_capd, capd);
}

void take_totals(IcansState& state, const Fact& fact, const Totals& totals, const FoldContext& context) {
    if (totals.implausible) {
        if (state.implausible.at != fact.at) state.implausible = {fact.at, source_of(fact), 0};
        return;
    }
    const IcansInstrument instrument = instrument_at(fact.at, context);
    const bool by_ice = instrument == IcansInstrument::ice || (instrument == IcansInstrument::either && totals.ice);
    if (totals.incomplete && !by_ice) {
        const auto worst = static_cast<std::uint8_t>(*totals.capd);
        const bool same = state.incomplete.at == fact.at;
        state.incomplete = {fact.at, source_of(fact), same ? std::max(state.incomplete.worst, worst) : worst};
        return;
    }
    const auto& right = by_ice ? totals.ice : totals.capd;
    const auto& wrong = by_ice ? totals.capd : totals.ice;
    if (right) {
        take_score(state.score, fact, *right, !by_ice, by_ice && totals.mismatch);
        note_scored(state.sleep, fact.at);
    } else if (wrong && instrument != IcansInstrument::either) {
        take_score(state.misfit, fact, *wrong, by_ice, false);
    }
}

void observe_assessment(IcansState& state, const Fact& fact, const FoldContext& context) {
    const auto& said = std::get<IceAssessment>(*fact.body);
    const Totals totals = totals_of(said);
    if (said.baseline) return take_documented_baseline(state, totals);
    if (said.rass && !said.implausible) take_rass(state, fact, *said.rass);
    take_totals(state, fact, totals, context);
    if (said.consciousness == Consciousness::asleep) take_sleep(state, fact);
    const bool cannot = said.unassessable == Unassessable::unarousable;
    if (cannot) {
        take_level(state, fact, Consciousness::unarousable, true);
    } else if (said.consciousness != Consciousness::asleep && said.consciousness != Consciousness::unspecified) {
        take_level(state, fact, said.consciousness, false);
    }
    observe_untested(state, fact, said);
    if (context.infusion.ordinal > 0) state.observed = true;
}

void take_seizure(IcansState& state, const Fact& fact, const NeuroFinding& found, const FoldContext& context) {
    if (found.present && !*found.present) return;
    IcansSeizures& seizures = state.seizures;
    std::optional<milliseconds> lasted;
    if (found.duration_seconds) {
        lasted = seconds(*found.duration_seconds);
    } else if (fact.until != kNever) {
        lasted = fact.until - fact.at;
    }
    const Instant end = fact.at + lasted.value_or(milliseconds(0));
    const Source source = source_of(fact);
    const bool same_run = holds(seizures.end, context.rules.icans.seizure_counts, fact.at);
    if (!same_run) seizures.returned = seizures.not_returned = seizures.suspected = false;
    seizures.suspected = seizures.suspected || found.other_cause.value_or(false);
    const bool returned = found.returned_to_baseline.value_or(false);
    const bool not_returned = !found.returned_to_baseline.value_or(true);
    seizures.returned = seizures.returned || returned;
    seizures.not_returned = seizures.not_returned || not_returned;
    seizures.last = fact.at;
    if (end > seizures.end) seizures.source = source;
    seizures.end = std::max(seizures.end, end);

    constexpr milliseconds kProlonged = minutes(5);  // strictly longer is grade 4
    const bool repetitive = found.repetitive.value_or(false);
    const auto raise = [&source](Instant& until, Instant to, Source& kept) {
        if (to <= until) return;
        until = to;
        kept = source;
    };
    if ((lasted && *lasted > kProlonged) || (repetitive && not_returned))
        raise(seizures.end_grave, end, seizures.grave_source);
    if (same_run && seizures.not_returned) raise(seizures.end_grave, seizures.end, seizures.grave_source);
    if (!lasted || *lasted == kProlonged || not_returned || (repetitive && !returned)) {
        raise(seizures.end_unsure, end, seizures.unsure_source);
    }
    if (same_run && !seizures.returned) raise(seizures.end_unsure, seizures.end, seizures.unsure_source);
}

// Present and absent charted for one instant: present.
void take_sign(IcansState& state, Sign kind, const Fact& fact, bool present, bool suspected) {
    IcansSign& sign = state.sign(kind);
    if (sign.at == fact.at && sign.present) {
        if (!present) return;
        sign.until = std::max(sign.until, fact.until);
        sign.source.suspected = sign.source.suspected || suspected;
        return;
    }
    sign.at = fact.at;
    sign.until = present ? fact.until : kNever;
    sign.present = present;
    sign.source = source_of(fact);
    sign.source.suspected = suspected;
}

void take_weakness(IcansState& state, const Fact& fact, const NeuroFinding& found, bool present) {
    const bool suspected = found.other_cause.value_or(false);
    const bool deep = present && found.depth == WeaknessDepth::deep;
    const bool unsaid = present && found.depth == WeaknessDepth::unspecified;
    // A weakness of unsaid depth does not end a deep one.
    if (!unsaid) take_sign(state, Sign::weakness_deep, fact, deep, suspected);
    take_sign(state, Sign::weakness_unsaid, fact, unsaid, suspected);
}

void take_pressure(IcansState& state, const Fact& fact, std::optional<Quantity> measured, bool present, bool suspected,
                   const FoldContext& context) {
    const bool raised = measured ? *measured >= context.rules.icans.csf_opening : present;
    take_sign(state, Sign::csf_pressure, fact, raised, suspected);
}

void observe_finding(IcansState& state, const Fact& fact, const FoldContext& context) {
    const auto& found = std::get<NeuroFinding>(*fact.body);
    const bool present = found.present.value_or(true);
    const bool suspected = found.other_cause.value_or(false);
    if (context.infusion.ordinal > 0) state.observed = true;
    const auto sign = [&](Sign kind) { take_sign(state, kind, fact, present, suspected); };
    switch (found.kind) {
        case NeuroKind::seizure:
        case NeuroKind::eeg_nonconvulsive_seizure:
            take_seizure(state, fact, found, context);
            break;
        case NeuroKind::focal_motor_weakness:
            take_weakness(state, fact, found, present);
            break;
        case NeuroKind::focal_oedema_imaging:
            sign(Sign::focal_oedema);
            break;
        case NeuroKind::diffuse_oedema_imaging:
            sign(Sign::diffuse_oedema);
            break;
        case NeuroKind::posturing:
            sign(Sign::posturing);
            break;
        case NeuroKind::sixth_nerve_palsy:
            sign(Sign::sixth_nerve);
            break;
        case NeuroKind::papilloedema:
            sign(Sign::papilloedema);
            break;
        case NeuroKind::cushing_triad:
            sign(Sign::cushing);
            break;
        case NeuroKind::haemorrhage:
            sign(Sign::haemorrhage);
            break;
        case NeuroKind::stroke:
            sign(Sign::stroke);
            break;
        case NeuroKind::parkinsonism:
            sign(Sign::parkinsonism);
            break;
        case NeuroKind::cranial_nerve_palsy:
            sign(Sign::cranial_nerve);
            break;
        case NeuroKind::personality_or_memory_change:
            sign(Sign::personality);
            break;
        case NeuroKind::raised_csf_pressure:
            take_pressure(state, fact, found.csf_opening, present, suspected, context);
            break;
        case NeuroKind::unspecified:  // observed, and not in the table
        case NeuroKind::aphasia:
        case NeuroKind::tremor:
        case NeuroKind::hallucination:
        case NeuroKind::myoclonus:
        case NeuroKind::headache:
        case NeuroKind::other:
            break;
    }
}

void observe_value(IcansState& state, const Fact& fact, const FoldContext& context) {
    if (!fact.has_value) return;
    const std::int64_t whole_value = fact.value.micro / 1'000'000;
    if (fact.analyte == Analyte::rass) take_rass(state, fact, whole_value);
    if (fact.analyte == Analyte::gcs) take_gcs(state, fact, whole_value);
    if (fact.analyte == Analyte::csf_opening) {
        const bool below = fact.comparator == Comparator::less;
        take_pressure(state, fact, Quantity{fact.value.micro - (below ? 1 : 0)}, true, false, context);
    }
    if (context.infusion.ordinal > 0) state.observed = true;
    mark_sedated(state, fact.at, context);
    state.changed = true;
}

void observe_death(IcansState& state, const Fact& fact) {
    const auto& death = std::get<Death>(*fact.body);
    IcansDeath role = IcansDeath::other;
    if (death.principal == DeathCause::icans) {
        role = IcansDeath::due;
    } else if (std::find(death.contributing.begin(), death.contributing.end(), DeathCause::icans) !=
               death.contributing.end()) {
        role = IcansDeath::contributed;
    } else if (death.principal == DeathCause::unknown || death.principal == DeathCause::unspecified) {
        role = IcansDeath::cause_unknown;
    }
    if (state.died == kAlways) state.died = fact.at;
    if (role > state.death) {
        state.death = role;
        state.death_source = source_of(fact);
    }
    state.changed = true;
}

bool is_signed_icans(const Adjudication& verdict) {
    return verdict.scale == Scale::astct_icans_2019 && verdict.verdict == Verdict::due_to_therapy;
}

void note_told(IcansState& state, const Fact& fact, const FoldContext& context) {
    EpisodeTrack& episode = state.episode;
    if (!episode.open) return;
    note_told(episode.watch, fact.at, fact.record, context.rules.episode.unobserved, episode.last_sign);
}

// A score, a finding, or a verdict that it is ICANS, which also settles whether it is the same episode.
bool tells_of_icans(const Fact& fact) {
    const auto* verdict = std::get_if<Adjudication>(fact.body);
    return fact.kind == FactKind::ice_assessment || fact.kind == FactKind::neuro_finding ||
           (verdict != nullptr && is_signed_icans(*verdict));
}

}  // namespace

void observe(IcansState& state, const Fact& fact, const FoldContext& context) {
    if (fact.kind == FactKind::observation) {
        const bool read =
            fact.analyte == Analyte::rass || fact.analyte == Analyte::gcs || fact.analyte == Analyte::csf_opening;
        if (read) note_told(state, fact, context);
        if (read) observe_value(state, fact, context);
        return;
    }
    if (fact.body == nullptr) return;
    tell_verdicts(state, fact.at);
    if (tells_of_icans(fact)) note_told(state, fact, context);
    if (fact.kind == FactKind::ice_assessment) {
        observe_assessment(state, fact, context);
    } else if (fact.kind == FactKind::neuro_finding) {
        observe_finding(state, fact, context);
    } else if (fact.kind == FactKind::intervention) {
        if (!observe_sedation(state, fact, std::get<Intervention>(*fact.body))) return;
    } else if (fact.kind == FactKind::adjudication) {
        if (is_signed_icans(std::get<Adjudication>(*fact.body))) settle(state.episode.watch);
        observe_adjudication(state.attribution, fact, {Scale::astct_icans_2019},
                             {Component::ice, Component::capd, Component::consciousness, Component::seizure,
                              Component::motor, Component::raised_icp, Component::death});
    } else if (fact.kind == FactKind::death) {
        observe_death(state, fact);
    } else {
        return;
    }
    mark_sedated(state, fact.at, context);
    mark_waking(state, fact.at, context);
    state.changed = true;
}

void begin_infusion(IcansState& state, const FoldContext& context) {
    IcansState begun;
    begun.sedation = state.sedation;
    begun.documented_ice = state.documented_ice;
    begun.documented_capd = state.documented_capd;
    begun.before_ice = state.before_ice;
    begun.before_capd = state.before_capd;
    begun.died = state.died;
    begun.death = state.death;
    begun.death_source = state.death_source;
    if (context.infusion.ordinal == 1 && state.score.known()) {
        (state.score.capd ? begun.before_capd : begun.before_ice) = static_cast<std::int8_t>(state.score.value);
    }
    state = begun;
}

}  // namespace cellvigil
