#include "rules/grade/febrile_neutropenia.h"

#include <algorithm>
#include <variant>

#include "rules/grade/ctcae_version.h"
#include "rules/grade/part.h"
#include "rules/grade/statement.h"

namespace cellvigil {
namespace {

Quantity read(const Fact& fact) { return rounded_to(fact.value, hundredths(1)); }

void observe_temperature(FebrileState& state, const Fact& fact, const FoldContext& context) {
    if (fact.comparator != Comparator::unspecified) return;
    const Quantity value = read(fact);
    EpisodeTrack& track = state.episode;
    if (track.open) note_told(track.watch, fact.at, fact.record, context.rules.episode.unobserved, track.last_sign);
    if (value < kFeverAtLeast) {
        state.news = state.news || awaits_vitals(state);
        state.hot_since = kAlways;
        state.fever_met = false;
        return;
    }
    const bool goes_on = state.hot_since != kAlways && holds(state.hot_at, temperature_validity(context), fact.at);
    if (!goes_on) {
        state.hot_since = fact.at;
        state.hot_first = fact.record;
        state.fever_met = false;
    }
    state.hot_at = fact.at;
    const bool sustained = fact.at - state.hot_since > context.rules.counts.fever_sustained;
    if (!state.fever_met) state.hot_deciding = fact.record;
    state.fever_met = state.fever_met || value > kSingleFeverAbove || sustained;
    state.news = true;
}

enum class Neutrophils : std::uint8_t { unknown, low, enough };

Neutrophils neutrophils_at(const FebrileState& state, Instant at, const FoldContext& context) {
    if (!holds(state.neutrophils_at, context.rules.counts.fever_neutrophils, at)) return Neutrophils::unknown;
    const Quantity value = state.neutrophils;
    switch (state.neutrophils_bound) {
        case Comparator::less:
            return value <= kFebrileNeutrophils ? Neutrophils::low : Neutrophils::unknown;
        case Comparator::less_or_equal:
            return value < kFebrileNeutrophils ? Neutrophils::low : Neutrophils::unknown;
        case Comparator::greater:
        case Comparator::greater_or_equal:
            return value >= kFebrileNeutrophils ? Neutrophils::enough : Neutrophils::unknown;
        case Comparator::unspecified:
            break;
    }
    return value < kFebrileNeutrophils ? Neutrophils::low : Neutrophils::enough;
}

void move(FebrileState& state, Instant at, Neutrophils neutrophils, const FoldContext& context) {
    if (state.hot_since == kAlways || neutrophils == Neutrophils::enough) state.present = false;
    // Silence: nobody knows whether the fever went on. What was established stays until it is seen to be absent.
    if (!state.present && !holds(state.hot_at, temperature_validity(context), at)) {
        state.hot_since = kAlways;
        state.fever_met = false;
    }
    if (state.fever_met && neutrophils == Neutrophils::low) state.present = true;
}

void move_episode(FebrileState& state, Instant at, const FoldContext& context, std::vector<Episode>& ended) {
    EpisodeTrack& track = state.episode;
    if (state.present) {
        if (!track.open) {
            open_episode(track, Scale::ctcae_5_0, context.infusion.ordinal, at, state.hot_deciding);
        }
        note_sign(track, std::max(state.hot_at, track.last_sign));
    } else if (track.open && at - track.last_sign >= context.rules.counts.fever_resolve) {
        close_episode(track);
        track.just_closed->term = Term::febrile_neutropenia;
        for (const Scale scale : ctcae_of(context.subject.scales)) {
            ended.push_back(*track.just_closed);
            ended.back().scale = scale;
        }
        track.just_closed.reset();
    }
    if (track.open && state.present) note_silence(track.watch, at, context.rules.episode.unobserved, track.last_sign);
}

// Had it ended unseen, a fever since would have to meet the criterion by itself.
void weigh_unseen_end(const FebrileState& state, Neutrophils neutrophils, Assessment& said) {
    const EpisodeWatch& watch = state.episode.watch;
    if (!state.episode.open || !watch.in_doubt) return;
    const bool met = state.fever_met && state.hot_since >= watch.gap_until;
    const bool unknown = met && neutrophils == Neutrophils::unknown;
    const Grade ended = unknown ? kNotGradable : met && neutrophils == Neutrophils::low ? Grade{3} : Grade{0};
    weigh_ended(said, ended, unknown ? Grade{3} : ended);
}

void judge(const FebrileState& state, Instant at, Neutrophils neutrophils, const FoldContext& context,
           Assessment& said) {
    const bool fever = state.hot_since != kAlways;
    said.under_surveillance = fever || state.episode.open;
    said.grade = said.grade_upper = 0;
    if (fever) said.add_evidence(state.hot_deciding);
    if (fever && state.hot_first != state.hot_deciding) said.add_evidence(state.hot_first);
    if (state.fever_met || state.present) said.add_evidence(state.neutrophils_record);
    if (state.present) {
        said.grade = said.grade_upper = 3;
        said.deciding = {Component::fever, Component::neutrophils};
        const bool fresh =
            neutrophils != Neutrophils::unknown && holds(state.hot_at, temperature_validity(context), at);
        if (!fresh) said.flags.add(Flag::stale_input);
    } else if (state.fever_met && neutrophils == Neutrophils::unknown) {
        said.grade = kNotGradable;
        said.grade_upper = 3;
        said.deciding = {Component::fever};
        said.flags.add(Flag::stale_input);
    }
}

Instant wake_of(const FebrileState& state, Instant at, const FoldContext& context) {
    Instant next = kNever;
    if (state.hot_since != kAlways) {
        sooner(next, expiry(state.hot_at, temperature_validity(context)), at);
        sooner(next, expiry(state.neutrophils_at, context.rules.counts.fever_neutrophils), at);
    }
    if (state.episode.open && state.present) {
        sooner(next, silence_from(state.episode.watch, context.rules.episode.unobserved), at);
        sooner(next, expiry(state.episode.last_sign, context.rules.episode.unobserved), at);
    }
    if (state.episode.open && !state.present) {
        sooner(next, state.episode.last_sign + context.rules.counts.fever_resolve, at);
    }
    return next;
}

}  // namespace

bool concerns_febrile(const Fact& fact) {
    if (fact.kind == FactKind::intervention) {  // how long a temperature holds hangs on where the subject is
        const auto* stay = std::get_if<Intervention>(fact.body);
        return stay != nullptr &&
               (stay->kind == InterventionKind::hospital_stay || stay->kind == InterventionKind::icu_stay);
    }
    if (fact.kind != FactKind::observation) return fact.kind == FactKind::infusion;
    if (fact.analyte == Analyte::temperature) return fact.has_value;
    return fact.analyte == Analyte::neutrophils && fact.has_value;
}

bool awaits_vitals(const FebrileState& state) { return state.hot_since != kAlways || state.present; }

void begin_infusion(FebrileState& state, const FoldContext& context) {
    FebrileState next;
    next.neutrophils_at = state.neutrophils_at;
    next.neutrophils = state.neutrophils;
    next.neutrophils_bound = state.neutrophils_bound;
    next.neutrophils_record = state.neutrophils_record;
    next.unfinished = std::move(state.unfinished);
    append_open_episodes(state, next.unfinished);
    next.news = context.infusion.ordinal > 1;
    state = std::move(next);
}

void observe(FebrileState& state, const Fact& fact, const FoldContext& context) {
    if (fact.kind != FactKind::observation) {
        state.news = state.news || awaits_vitals(state);
        return;
    }
    if (fact.analyte == Analyte::temperature) {
        if (context.infusion.ordinal > 0) observe_temperature(state, fact, context);
        return;
    }
    state.neutrophils_at = fact.at;
    state.neutrophils = fact.value;
    state.neutrophils_bound = fact.comparator;
    state.neutrophils_record = fact.record;
    state.news = state.news || awaits_vitals(state);
}

Instant next_deadline(const FebrileState& state, Instant after, const FoldContext&) {
    return state.wake > after ? state.wake : kNever;
}

bool at_rest(const FebrileState& state, Instant at, const FoldContext&) { return !state.news && at < state.wake; }

void assess(FebrileState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended) {
    if (at_rest(state, at, context)) return;
    const Neutrophils neutrophils = neutrophils_at(state, at, context);
    move(state, at, neutrophils, context);
    move_episode(state, at, context, ended);
    state.chosen = context.subject.scales;
    for (const Scale scale : ctcae_of(context.subject.scales)) {
        Assessment said = begun(scale, Term::febrile_neutropenia, at, context);
        said.episode = episode_ordinal(state.episode);
        said.episode_open = state.episode.open;
        judge(state, at, neutrophils, context, said);
        weigh_unseen_end(state, neutrophils, said);
        if (state.episode.open) say_gap(state.episode.watch, said);
        note_grade(state.episode, said);
        statements.push_back(said);
    }
    state.wake = wake_of(state, at, context);
    state.news = false;
}

void append_open_episodes(const FebrileState& state, std::vector<Episode>& episodes) {
    episodes.insert(episodes.end(), state.unfinished.begin(), state.unfinished.end());
    if (!state.episode.open) return;
    for (const Scale version : ctcae_of(state.chosen)) {
        episodes.push_back(state.episode.current);
        episodes.back().scale = version;
        episodes.back().term = Term::febrile_neutropenia;
    }
}

}  // namespace cellvigil
