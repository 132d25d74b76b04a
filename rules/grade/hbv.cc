#include "rules/grade/hbv.h"

#include <variant>

#include "rules/grade/ctcae_version.h"
#include "rules/grade/lab_limit.h"

namespace cellvigil {
namespace {

bool is_immunoglobulin(const Intervention& given) {
    if (given.phase == InterventionPhase::stop) return false;
    return given.kind == InterventionKind::immunoglobulin ||
           (given.agent >= Agent::immunoglobulin_iv && given.agent <= Agent::immunoglobulin_vzv);
}

std::optional<bool> truth_of(const Fact& fact) {
    const auto* said = fact.body == nullptr ? nullptr : std::get_if<Observation>(fact.body);
    return said == nullptr ? std::nullopt : said->truth;
}

// "<10" is not detected; ">170000000" is at least that.
std::optional<DnaResult> dna_of(const Fact& fact) {
    DnaResult result;
    result.at = fact.at;
    result.record = fact.record;
    if (fact.has_value) {
        result.detected = !is_upper_bound(fact.comparator) && fact.value > Quantity{};
        result.value = fact.value;
        return result;
    }
    const auto truth = truth_of(fact);
    if (!truth) return std::nullopt;
    result.detected = *truth;
    return result;
}

// Of a subject who is HBsAg positive.
bool meets_as_carrier(const HbvState& state, const DnaResult& now) {
    if (!now.detected) return false;
    const auto& base = state.baseline;
    const bool undetectable_before = (base && !base->detected) || (state.last && !state.last->detected);
    if (undetectable_before && now.value >= whole(1000)) return true;
    const bool measured = base && base->detected && base->value > Quantity{};
    if (measured && now.value >= times(base->value, 100)) return true;
    return (!base || state.baseline_late) && now.value >= whole(10'000);
}

void judge_dna(HbvState& state, const DnaResult& now) {
    state.dna_meets = false;
    state.dna_open = false;
    if (!now.detected) return;
    if (state.antigen.value_or(true) && meets_as_carrier(state, now)) {
        // Without an HBsAg the result may be either definition's: it meets both where the antibody is there.
        state.dna_meets = true;
        state.dna_open = !state.antigen;
        return;
    }
    if (state.antigen.value_or(false)) {
        state.dna_open = now.value == Quantity{};  // detected, not how much
        return;
    }
    const bool resolved_infection = state.antigen && state.antibody == Antibody::positive;
    (resolved_infection ? state.dna_meets : state.dna_open) = true;
}

void observe_dna(HbvState& state, const Fact& fact, const FoldContext& context) {
    const auto now = dna_of(fact);
    if (!now) return;
    if (context.infusion.ordinal == 0) {
        state.baseline = now;
    } else {
        judge_dna(state, *now);
        if (!state.baseline) {
            state.baseline = now;
            state.baseline_late = true;
        }
    }
    state.last = now;
}

void observe_antigen(HbvState& state, const Fact& fact, const FoldContext& context) {
    const auto truth = truth_of(fact);
    if (!truth) return;
    state.antigen_record = fact.record;
    if (context.infusion.ordinal == 0 || !state.antigen) {
        state.antigen = truth;
        return;
    }
    state.antigen_returned = *truth && !*state.antigen;
    state.antigen_open = state.antigen_returned && state.antibody != Antibody::positive;
}

void observe_antibody(HbvState& state, const Fact& fact, const FoldContext& context) {
    const auto truth = truth_of(fact);
    if (!truth || state.antibody == Antibody::positive) return;
    state.antibody_record = fact.record;
    if (!*truth) {
        state.antibody = Antibody::negative;
        return;
    }
    const bool after_gift =
        state.immunoglobulin != kAlways && fact.at - state.immunoglobulin <= context.rules.suspicion.passive_antibody;
    state.antibody = after_gift ? Antibody::perhaps_passive : Antibody::positive;
}

void observe_alt(HbvState& state, const Fact& fact, const FoldContext& context) {
    if (!fact.has_value) return;
    state.alt_latest = fact.value;
    if (context.infusion.ordinal == 0 || !state.alt_baseline) return;
    const bool high = is_above(fact, whole(100)).value_or(false);
    state.flare = high && fact.value >= times(*state.alt_baseline, 3) && !is_upper_bound(fact.comparator);
    state.alt_record = fact.record;
}

bool tells_of_virus(const Fact& fact) {
    if (fact.analyte == Analyte::hbv_dna) return dna_of(fact).has_value();
    return fact.analyte == Analyte::hbsag && truth_of(fact).has_value();
}

void note_told(HbvState& state, const Fact& fact, const FoldContext& context) {
    EpisodeWatch& watch = state.episode.watch;
    if (state.episode.open) {
        note_told(watch, fact.at, fact.record, context.rules.episode.unobserved_values, watch.told);
    }
}

bool is_suspected(const HbvState& state) { return state.dna_meets || (state.antigen_returned && !state.antigen_open); }
bool is_left_open(const HbvState& state) { return state.dna_open || state.antigen_open; }

Assessment statement(const HbvState& state, Scale scale, Instant at, const FoldContext& context) {
    Assessment said;
    said.at = at;
    said.scale = scale;
    said.term = Term::hbv_reactivation_suspected;
    said.infusion = context.infusion.ordinal;
    said.day = day_of(at, context);
    said.episode = episode_ordinal(state.episode);
    said.episode_open = state.episode.open;
    said.under_surveillance = is_suspected(state) || is_left_open(state);
    if (!said.under_surveillance) return said;
    if (is_suspected(state)) said.flags.add(Flag::suspicion);
    if (is_left_open(state)) said.flags.add(Flag::required_item_missing);
    if (state.flare) said.flags.add(Flag::hepatitis_flare);
    if ((state.dna_meets || state.dna_open) && state.last) said.add_evidence(state.last->record);
    if (state.dna_meets && state.baseline) said.add_evidence(state.baseline->record);
    said.add_evidence(state.antigen_record);
    said.add_evidence(state.antibody_record);
    if (state.flare) said.add_evidence(state.alt_record);
    if (state.episode.open) say_gap(state.episode.watch, said);
    return said;
}

}  // namespace

bool concerns_hbv(const Fact& fact) {
    if (fact.kind == FactKind::observation) {
        return fact.analyte == Analyte::hbv_dna || fact.analyte == Analyte::hbsag ||
               fact.analyte == Analyte::anti_hbc || fact.analyte == Analyte::alt;
    }
    const auto* given = fact.body == nullptr ? nullptr : std::get_if<Intervention>(fact.body);
    return given != nullptr && is_immunoglobulin(*given);
}

void begin_infusion(HbvState& state, const FoldContext&) {
    HbvState next = state;
    if (next.last) {
        next.baseline = next.last;
        next.baseline_late = false;
    }
    next.alt_baseline = next.alt_latest;
    next.episode = {};
    next.dna_meets = false;
    next.dna_open = false;
    next.antigen_open = false;
    next.flare = false;
    if (next.antigen_returned) next.antigen = true;
    next.antigen_returned = false;
    state = std::move(next);
}

void observe(HbvState& state, const Fact& fact, const FoldContext& context) {
    if (first_ctcae(context.subject.scales) == Scale::unspecified) return;
    if (tells_of_virus(fact)) note_told(state, fact, context);
    if (fact.kind == FactKind::intervention) {
        state.immunoglobulin = fact.at;
    } else if (fact.analyte == Analyte::hbv_dna) {
        observe_dna(state, fact, context);
    } else if (fact.analyte == Analyte::hbsag) {
        observe_antigen(state, fact, context);
    } else if (fact.analyte == Analyte::anti_hbc) {
        observe_antibody(state, fact, context);
    } else if (fact.analyte == Analyte::alt) {
        observe_alt(state, fact, context);
    }
}

Instant next_deadline(const HbvState& state, Instant after, const FoldContext& context) {
    Instant next = kNever;
    if (state.episode.open) {
        sooner(next, silence_from(state.episode.watch, context.rules.episode.unobserved_values), after);
    }
    return next;
}

void assess(HbvState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended) {
    const Scale scale = first_ctcae(context.subject.scales);
    if (scale == Scale::unspecified || context.infusion.ordinal == 0) return;
    if (is_suspected(state)) {
        if (!state.episode.open) {
            open_episode(state.episode, scale, context.infusion.ordinal, at,
                         state.dna_meets && state.last ? state.last->record : state.antigen_record);
            state.episode.current.term = Term::hbv_reactivation_suspected;
        }
        EpisodeWatch& watch = state.episode.watch;
        // What was last told of the virus is the last sign; neither an ALT nor the limit of silence is one.
        note_sign(state.episode, watch.told);
        note_silence(watch, at, context.rules.episode.unobserved_values, watch.told);
    } else if (state.episode.open) {
        close_episode(state.episode);
        ended.push_back(*state.episode.just_closed);
        state.episode.just_closed.reset();
    }
    statements.push_back(statement(state, scale, at, context));
    note_grade(state.episode, statements.back());
}

}  // namespace cellvigil
