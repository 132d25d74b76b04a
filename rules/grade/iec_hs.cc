#include "rules/grade/iec_hs.h"

#include <algorithm>
#include <variant>

#include "rules/grade/part.h"

namespace cellvigil {
namespace {

constexpr days kInfectionLasts{14};  // of a report without an end

bool is_treatment(Agent agent) {
    return (agent >= Agent::tocilizumab && agent <= Agent::ruxolitinib) ||
           (agent >= Agent::dexamethasone && agent <= Agent::glucocorticoid_other);
}

bool is_for_iec_hs(const Intervention& given) { return given.indication == Indication::iec_hs; }

const IecReading& reading(const IecHsState& state, IecSource source) {
    return state.readings[static_cast<std::size_t>(source)];
}

// A result, a report or a verdict tells whether it goes on.
void note_told(IecHsState& state, const Fact& fact, const FoldContext& context) {
    EpisodeTrack& episode = state.episode;
    if (!episode.open) return;
    note_told(episode.watch, fact.at, fact.record, context.rules.episode.unobserved, episode.watch.told);
}

void observe_given(IecHsState& state, const Fact& fact, const Intervention& given) {
    if (is_treatment(given.agent)) {
        state.treated = fact.at;
        if (given.phase == InterventionPhase::start) state.running.add(given.agent);
        if (given.phase == InterventionPhase::stop) state.running.remove(given.agent);
    }
    if (!is_for_iec_hs(given) || given.phase == InterventionPhase::stop) return;
    IecConfirmed& confirmed = state.confirmed;
    const bool organ = given.kind == InterventionKind::dialysis || given.kind == InterventionKind::ecmo ||
                       given.device == OxygenDevice::invasive_ventilation;
    if (organ) confirmed.life_threatening = true;
    if (given.kind == InterventionKind::hospital_stay || given.kind == InterventionKind::icu_stay)
        confirmed.admitted = true;
    confirmed.treated = true;
}

void open_now(IecHsState& state, Instant at, RecordRef first, const FoldContext& context) {
    if (state.episode.open) return;
    open_episode(state.episode, Scale::iec_hs_2023, context.infusion.ordinal, at, first);
    state.episode.current.term = Term::iec_hs;
}

void observe_report(IecHsState& state, const Fact& fact, const AdverseEvent& said, const FoldContext& context) {
    if (said.category != AdverseEventCategory::iec_hs || context.infusion.ordinal == 0) return;
    note_told(state, fact, context);
    IecConfirmed& confirmed = state.confirmed;
    confirmed.reported = true;
    confirmed.signed_other = false;
    confirmed.record = fact.record;
    if (said.seriousness.life_threatening.value_or(false)) confirmed.life_threatening = true;
    if (said.seriousness.hospitalisation.value_or(false)) confirmed.admitted = true;
    if (said.seriousness.death.value_or(false) || said.outcome == Outcome::fatal) confirmed.fatal = true;
    const bool over = said.outcome == Outcome::recovered || said.outcome == Outcome::recovered_with_sequelae;
    state.ends = fact.until != kNever ? std::max(fact.until, fact.at) : over ? fact.at : kNever;
    open_now(state, fact.at, fact.record, context);
}

void observe_verdict(IecHsState& state, const Fact& fact, const Adjudication& said, const FoldContext& context) {
    if (said.scale != Scale::iec_hs_2023 || context.infusion.ordinal == 0) return;
    IecConfirmed& confirmed = state.confirmed;
    note_told(state, fact, context);
    if (said.verdict == Verdict::due_to_therapy) settle(state.episode.watch);
    confirmed.signed_due = said.verdict == Verdict::due_to_therapy;
    confirmed.signed_other = said.verdict == Verdict::other_cause;
    confirmed.record = fact.record;
    if (confirmed.signed_other) confirmed.reported = false;
    if (confirmed.signed_due) open_now(state, fact.at, fact.record, context);
}

Instant item_met(const IecHsState& state, IecItem item) {
    Instant latest = kAlways;
    for (std::size_t i = 0; i < kIecSources; ++i) {
        if (item_of(static_cast<IecSource>(i)) == item) latest = std::max(latest, state.readings[i].met);
    }
    return latest;
}

bool item_stands(const IecHsState& state, IecItem item) {
    for (std::size_t i = 0; i < kIecSources; ++i) {
        if (item_of(static_cast<IecSource>(i)) == item && state.readings[i].standing) return true;
    }
    return false;
}

template <typename Holds>
int common_items(Holds&& holds_item) {
    int count = 0;
    for (const IecItem item : {IecItem::aminotransferase, IecItem::fibrinogen, IecItem::cytopenia}) {
        if (holds_item(item)) ++count;
    }
    return count;
}

struct Cluster {
    int common = 0;
    bool required = false;
    bool complete() const { return required && common >= 2; }
};
Cluster cluster_at(const IecHsState& state, Instant at, const FoldContext& context) {
    const hours within = context.rules.suspicion.cluster;
    Cluster cluster;
    cluster.required = holds(item_met(state, IecItem::ferritin), within, at);
    cluster.common = common_items([&](IecItem item) { return holds(item_met(state, item), within, at); });
    return cluster;
}

// Ends by observed absence only: the last values no longer make it up.
bool is_over(const IecHsState& state, const Cluster& cluster, Instant at) {
    if (state.confirmed.holds()) return at > state.ends;
    const bool still = item_stands(state, IecItem::ferritin) &&
                       common_items([&](IecItem item) { return item_stands(state, item); }) >= 2;
    return !cluster.complete() && !still && !state.hook;
}

void move_episode(IecHsState& state, const Cluster& cluster, Instant at, const FoldContext& context) {
    if (!state.episode.open && cluster.complete())
        open_now(state, at, reading(state, IecSource::ferritin).record, context);
    if (!state.episode.open) return;
    if (!is_over(state, cluster, at)) {
        // What was last told of it is the last sign; neither a treatment nor the limit of silence is one.
        const Instant told = state.episode.watch.told;
        note_sign(state.episode, state.confirmed.holds() ? std::min(told, state.ends) : told);
        note_silence(state.episode.watch, at, context.rules.episode.unobserved, told);
        return;
    }
    if (state.confirmed.holds()) note_sign(state.episode, state.ends);
    close_episode(state.episode);
    if (state.confirmed.holds()) {
        // Over as the report says: what made it up must be seen anew.
        for (IecReading& one : state.readings) {
            one.met = kAlways;
            one.standing = false;
        }
    }
    state.confirmed = {};
    state.ends = kNever;
    state.infection_until = kAlways;
}

Flags circumstances(const IecHsState& state, Instant at) {
    Flags flags;
    if (state.hook) flags.add(Flag::hook_suspected);
    if (state.relapse) flags.add(Flag::relapse_possible);
    if (state.infection_until != kAlways && at <= state.infection_until) flags.add(Flag::alt_cause_suspected);
    for (const IecReading& one : state.readings) {
        if (one.standing && one.baseline_abnormal) flags.add(Flag::baseline_abnormal);
    }
    return flags;
}

Assessment begun(Term term, Instant at, const FoldContext& context) {
    Assessment said;
    said.at = at;
    said.scale = Scale::iec_hs_2023;
    said.term = term;
    said.infusion = context.infusion.ordinal;
    if (said.infusion > 0) said.day = day_of(at, context);
    said.under_surveillance = false;
    return said;
}

void add_items(const IecHsState& state, Assessment& said) {
    for (std::size_t i = 0; i < kIecSources; ++i) {
        if (state.readings[i].standing) said.add_evidence(state.readings[i].record);
    }
}

Assessment suspicion(const IecHsState& state, const Cluster& cluster, Instant at, const FoldContext& context) {
    Assessment said = begun(Term::iec_hs, at, context);
    said.episode = episode_ordinal(state.episode);
    if (state.episode.open) {
        said.under_surveillance = true;
        said.episode_open = true;
        said.flags = circumstances(state, at);
        if (state.confirmed.holds()) {
            const IecSeverity severity = severity_of(state.confirmed);
            said.grade = severity.grade;
            said.grade_upper = severity.upper;
            said.flags.add(severity.flags);
        } else {
            said.flags.add(state.confirmed.signed_other ? Flag::alt_cause_confirmed : Flag::suspicion);
        }
        said.add_evidence(state.confirmed.record);
        add_items(state, said);
        say_gap(state.episode.watch, said);
        return said;
    }
    // Two common items, and nobody can tell about ferritin: not "no suspicion".
    const bool told = holds(reading(state, IecSource::ferritin).judged, context.rules.suspicion.cluster, at);
    if (cluster.common < 2 || told) return said;
    said.under_surveillance = true;
    said.flags.add(Flag::required_item_missing);
    add_items(state, said);
    return said;
}

Assessment hook(const IecHsState& state, Instant at, const FoldContext& context) {
    Assessment said = begun(Term::ferritin_hook, at, context);
    if (!state.hook) return said;
    said.under_surveillance = true;
    said.flags = {Flag::hook_suspected, Flag::suspicion};
    for (const RecordRef record : state.hook_records) said.add_evidence(record);
    return said;
}

}  // namespace

IecSeverity severity_of(const IecConfirmed& confirmed) {
    IecSeverity severity;
    const auto at_least = [&](bool applies, Grade grade) {
        if (applies) severity.grade = std::max(severity.grade, grade);
    };
    at_least(confirmed.reported, 1);
    at_least(confirmed.treated, 2);
    at_least(confirmed.admitted, 3);
    at_least(confirmed.life_threatening, 4);
    at_least(confirmed.fatal, 5);
    severity.upper = severity.grade;
    // Neither treated nor admitted, as far as anybody said; a verdict alone says nothing of either.
    const Grade open = confirmed.reported ? 2 : 3;
    if (severity.upper < open && !confirmed.treated) {
        severity.upper = open;
        severity.flags.add(Flag::treatment_unknown);
    }
    return severity;
}

bool concerns_iec_hs(const Fact& fact) {
    if (fact.kind == FactKind::observation) return iec_source_of(fact.analyte).has_value();
    if (fact.body == nullptr) return false;
    if (const auto* given = std::get_if<Intervention>(fact.body)) {
        return is_treatment(given->agent) || is_for_iec_hs(*given);
    }
    if (const auto* event = std::get_if<AdverseEvent>(fact.body)) {
        return event->category == AdverseEventCategory::iec_hs;
    }
    if (const auto* verdict = std::get_if<Adjudication>(fact.body)) return verdict->scale == Scale::iec_hs_2023;
    return fact.kind == FactKind::infection || fact.kind == FactKind::disease_status ||
           fact.kind == FactKind::subsequent_therapy || fact.kind == FactKind::death;
}

void begin_infusion(IecHsState& state, const FoldContext&) {
    IecHsState next;
    for (std::size_t i = 0; i < kIecSources; ++i) {
        next.readings[i].latest = state.readings[i].latest;
        next.readings[i].baseline = state.readings[i].latest;
        next.readings[i].baseline_abnormal = state.readings[i].latest_abnormal;
        next.readings[i].latest_abnormal = state.readings[i].latest_abnormal;
    }
    next.ferritin = state.ferritin;
    next.running = state.running;
    next.treated = state.treated;
    state = std::move(next);
}

void observe(IecHsState& state, const Fact& fact, const FoldContext& context) {
    if (!context.subject.scales.has(Scale::iec_hs_2023)) return;
    if (fact.kind == FactKind::observation) {
        if (fact.has_value) note_told(state, fact, context);
        if (const auto source = iec_source_of(fact.analyte)) observe_iec_value(state, *source, fact, context);
        return;
    }
    if (fact.body == nullptr) return;
    if (const auto* given = std::get_if<Intervention>(fact.body)) {
        observe_given(state, fact, *given);
    } else if (const auto* event = std::get_if<AdverseEvent>(fact.body)) {
        observe_report(state, fact, *event, context);
    } else if (const auto* verdict = std::get_if<Adjudication>(fact.body)) {
        observe_verdict(state, fact, *verdict, context);
    } else if (const auto* infection = std::get_if<Infection>(fact.body)) {
        if (infection->certainty == Certainty::refuted) return;
        const Instant end = fact.until != kNever ? fact.until : fact.at + kInfectionLasts;
        state.infection_until = std::max(state.infection_until, end);
    } else if (const auto* disease = std::get_if<DiseaseStatus>(fact.body)) {
        state.relapse =
            state.relapse || disease->response == Response::progressive || disease->response == Response::relapse;
    } else if (std::get_if<SubsequentTherapy>(fact.body) != nullptr) {
        state.relapse = true;
    } else if (const auto* death = std::get_if<Death>(fact.body)) {
        if (death->principal != DeathCause::iec_hs || context.infusion.ordinal == 0) return;
        state.confirmed.reported = true;
        state.confirmed.fatal = true;
        state.confirmed.record = fact.record;
        open_now(state, fact.at, fact.record, context);
    }
}

Instant next_deadline(const IecHsState& state, Instant after, const FoldContext& context) {
    Instant next = kNever;
    const hours within = context.rules.suspicion.cluster;
    for (const IecReading& one : state.readings) sooner(next, expiry(one.met, within), after);
    sooner(next, expiry(reading(state, IecSource::ferritin).judged, within), after);
    if (state.ends != kNever) sooner(next, state.ends + milliseconds(1), after);
    if (state.episode.open) {
        sooner(next, silence_from(state.episode.watch, context.rules.episode.unobserved), after);
    }
    if (state.episode.open && state.infection_until != kAlways) {
        sooner(next, state.infection_until + milliseconds(1), after);
    }
    return next;
}

void assess(IecHsState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended) {
    if (!context.subject.scales.has(Scale::iec_hs_2023) || context.infusion.ordinal == 0) return;
    Cluster cluster = cluster_at(state, at, context);
    move_episode(state, cluster, at, context);
    if (state.episode.just_closed) {
        cluster = cluster_at(state, at, context);  // what made it up must be seen anew
        ended.push_back(*state.episode.just_closed);
        state.episode.just_closed.reset();
    }
    statements.push_back(suspicion(state, cluster, at, context));
    note_grade(state.episode, statements.back());
    statements.push_back(hook(state, at, context));
}

}  // namespace cellvigil
