#include "rules/grade/icans.h"

#include <algorithm>
#include <array>

#include "rules/grade/icans_components.h"

namespace cellvigil {
namespace {

constexpr std::size_t kScore = 0;
constexpr std::size_t kConsciousness = 1;
constexpr std::size_t kSeizure = 2;
constexpr std::size_t kDomains = 5;

// Everything that the rules ask about one moment.
struct View {
    Instant at{};     // of the verdicts
    Instant known{};  // of the findings: the death when that was earlier
    std::int32_t day = 0;
    std::array<IcansDomain, kDomains> domains{};
    std::array<Grade, kDomains> literal{};  // attribution applied
    std::array<bool, kDomains> elsewhere{};
    IcansUntested untested;
    Grade grade = kNotGradable;
    Grade upper = kNotGradable;
    Grade without_seizure = kNotGradable;
};

// The worst domain. A score that is not known leaves the grade open unless another domain is abnormal.
Grade worst_of(const std::array<Grade, kDomains>& literal, bool with_seizure) {
    Grade others = 0;
    for (std::size_t i = 1; i < kDomains; ++i) {
        if (i != kSeizure || with_seizure) others = std::max(others, literal[i]);
    }
    return literal[kScore] == kNotGradable && others == 0 ? kNotGradable : std::max(literal[kScore], others);
}

bool in_window(const IcansState& state, std::int32_t day, const FoldContext& context) {
    return state.episode.open || day <= context.rules.icans.late_day;
}

View view_of(const IcansState& state, Instant at, const FoldContext& context) {
    View view;
    view.at = at;
    view.known = state.died == kAlways ? at : std::min(at, state.died);
    view.day = day_of(at, context);
    // Sedation for something else, long after the infusion, says nothing about ICANS.
    if (in_window(state, view.day, context)) view.untested = untested_at(state, view.known, context);
    view.domains = {score_domain(state, view.untested, view.known, context),
                    consciousness_domain(state, view.known, context), seizure_domain(state, view.known, context),
                    motor_domain(state, view.known, context), pressure_domain(state, view.known, context)};
    std::array<Grade, kDomains> raw{};
    for (std::size_t i = 0; i < kDomains; ++i) {
        const IcansDomain& domain = view.domains[i];
        view.elsewhere[i] = attributed_elsewhere(state.attribution, domain.component, at);
        view.literal[i] = view.elsewhere[i] && domain.part.grade > 0 ? Grade{0} : domain.part.grade;
        raw[i] = domain.part.upper;
    }
    view.grade = worst_of(view.literal, true);
    view.without_seizure = worst_of(view.literal, false);
    view.upper = std::max(view.grade, worst_of(raw, true));
    return view;
}

// Facts of one instant come one by one, each with an answer of its own; only the last counts, so each starts from the
// episode as the instant found it. An episode that ended in this instant has been handed out and stays ended.
void begin_instant(IcansState& state, Instant at) {
    EpisodeTrack& episode = state.episode;
    IcansInstant& found = state.instant;
    if (found.at == at && found.closed == episode.closed) {
        if (episode.open && !found.open) episode.current = Episode{};
        episode.open = found.open;
        episode.current.max_grade = found.max_grade;
        episode.current.max_upper = found.max_upper;
        episode.current.max_at = found.max_at;
        episode.current.flags = found.flags;
        episode.last_sign = found.last_sign;
        episode.absence_seen = found.absence_seen;
        state.absent_since = found.absent_since;
        return;
    }
    found.at = at;
    found.closed = episode.closed;
    found.open = episode.open;
    found.max_grade = episode.current.max_grade;
    found.max_upper = episode.current.max_upper;
    found.max_at = episode.current.max_at;
    found.flags = episode.current.flags;
    found.last_sign = episode.last_sign;
    found.absence_seen = episode.absence_seen;
    found.absent_since = state.absent_since;
}

Instant first_seen(const View& view, const FoldContext& context) {
    Instant first = view.known;
    for (std::size_t i = 0; i < kDomains; ++i) {
        if (view.literal[i] >= 1) first = std::min(first, view.domains[i].seen);
    }
    return std::max(first, context.infusion.at);
}

RecordRef first_record(const View& view) {
    for (std::size_t i = 0; i < kDomains; ++i) {
        if (view.literal[i] >= 1 && view.domains[i].part.source_count > 0)
            return view.domains[i].part.sources[0].record;
    }
    return {};
}

// What the ended episode leaves behind must not open the next: signs too old to count, a level too old, and verdicts on
// what is gone. A verdict on what is still there goes on (a known hemiparesis).
void end_episode(IcansState& state, const View& view, const FoldContext& context) {
    close_episode(state.episode);
    state.episode.current = Episode{};
    state.absent_since = kAlways;
    for (std::size_t i = 0; i < kDomains; ++i) {
        if (view.domains[i].part.upper > 0) continue;
        const auto component = static_cast<std::size_t>(view.domains[i].component);
        if (state.attribution.entries[component].until == kNever) state.attribution.clear(component);
    }
    const IcansRules& rules = context.rules.icans;
    const milliseconds longest = std::max(rules.sign_counts, rules.imaging_counts);
    for (IcansSign& sign : state.signs) {
        if (sign.until == kNever && !holds(sign.at, longest, view.at)) sign = IcansSign{};
    }
    if (!holds(state.level.at, rules.carry, view.at)) state.level = IcansLevel{};
}

// Ends by observed absence only: every domain but seizure has been 0 for icans.resolve_h, no seizure in that time, and
// a score taken after the last sign, still fresh, says so too. True: it has ended now.
bool move_episode(IcansState& state, const View& view, bool sign, const FoldContext& context) {
    const IcansRules& rules = context.rules.icans;
    EpisodeTrack& episode = state.episode;
    if (sign && !episode.open) {
        open_episode(episode, Scale::astct_icans_2019, context.infusion.ordinal, first_seen(view, context),
                     first_record(view));
        state.absent_since = kAlways;
    }
    if (!episode.open) return false;
    for (std::size_t i = 0; i < kDomains; ++i) {
        if (view.literal[i] >= 1) note_sign(episode, view.domains[i].seen);
    }
    note_silence(episode.watch, view.at, context.rules.episode.unobserved, episode.last_sign);
    if (view.without_seizure >= 1) state.absent_since = kAlways;
    if (view.without_seizure == 0 && state.absent_since == kAlways) state.absent_since = view.at;
    if (sign || view.grade != 0 || state.score.at <= episode.last_sign || view.literal[kScore] != 0) return false;
    episode.absence_seen = true;
    const Instant held = std::max(state.absent_since, episode.last_sign) + rules.resolve;
    if (view.at < held || !holds(state.score.at, rules.carry_fresh, view.at)) return false;
    end_episode(state, view, context);
    return true;
}

void note_presences(IcansState& state, const View& view) {
    state.present = {};
    for (const IcansDomain& domain : view.domains) {
        if (domain.part.upper > 0) state.present.add(domain.component);
    }
    state.present_told = false;
}

bool says_something(const IcansState& state, const View& view, const FoldContext& context) {
    if (state.death >= IcansDeath::contributed) return true;
    if (!state.observed && !(view.untested.untested && !view.untested.procedure)) return false;
    if (in_window(state, view.day, context) || view.upper > 0 || delayed_sign(state, view.known) != nullptr)
        return true;
    const hours carry = context.rules.icans.carry;
    return holds(state.score.at, carry, view.known) || holds(state.level.at, carry, view.known) ||
           holds(state.implausible.at, carry, view.known);
}

void add_sources(Assessment& said, const Part& part) {
    for (std::uint8_t i = 0; i < part.source_count; ++i) {
        said.add_evidence(part.sources[i].record);
        if (part.sources[i].imputed) said.flags.add(Flag::imputed_date);
    }
}

bool suspected(const Part& part) {
    return std::any_of(part.sources.begin(), part.sources.begin() + part.source_count,
                       [](const Source& source) { return source.suspected; });
}

void add_flags(Assessment& said, const IcansState& state, const View& view, std::size_t index) {
    const Part& part = view.domains[index].part;
    Flags flags = part.flags;
    if (part.upper > 0 && suspected(part)) flags.add(Flag::alt_cause_suspected);
    if (part.upper > 0 && view.elsewhere[index]) {
        flags.remove(Flag::alt_cause_suspected);
        const bool by_sedation = index == kConsciousness && (state.level.sedated || state.level.after_sedative);
        flags.add(by_sedation ? Flag::sedated : Flag::alt_cause_confirmed);
    }
    said.flags.add(flags);
}

// What decided first, then what keeps the upper grade, then what is flagged, then what says 0.
void add_evidence(Assessment& said, const IcansState& state, const View& view) {
    for (std::size_t i = 0; i < kDomains; ++i) {
        if (said.deciding.has(view.domains[i].component)) add_sources(said, view.domains[i].part);
    }
    for (std::size_t i = 0; i < kDomains; ++i) {
        const Part& part = view.domains[i].part;
        if (part.upper < 1 && part.flags.empty()) continue;
        add_sources(said, part);
        if (part.upper > 0 && view.elsewhere[i]) {
            said.add_evidence(attribution_record(state.attribution, view.domains[i].component));
        }
    }
    if (const IcansSign* sign = delayed_sign(state, view.known)) said.add_evidence(sign->source.record);
    if (said.grade == 0) add_sources(said, view.domains[kScore].part);
}

void grade_death(Assessment& said, const IcansState& state, const View& view) {
    if (state.death == IcansDeath::none || state.death == IcansDeath::other) return;
    if (state.death == IcansDeath::cause_unknown && !state.episode.open) return;
    said.grade_upper = 5;
    if (said.grade < 1) said.deciding = {Component::death};
    if (state.death != IcansDeath::due) {
        said.flags.add(Flag::death_cause_unknown);
    } else if (attributed_elsewhere(state.attribution, Component::death, view.at)) {
        said.flags.add(Flag::alt_cause_confirmed);
        said.add_evidence(attribution_record(state.attribution, Component::death));
    } else {
        said.grade = 5;
        said.deciding = {Component::death};
        said.flags = {};  // whatever was unsure before no longer matters
        said.evidence = {};
    }
    said.add_evidence(state.death_source.record);
    if (state.death_source.imputed) said.flags.add(Flag::imputed_date);
}

void say(Assessment& said, const IcansState& state, const View& view, const FoldContext& context) {
    said.grade = view.grade;
    said.grade_upper = view.upper;
    for (std::size_t i = 0; i < kDomains; ++i) {
        if (said.grade >= 1 && view.literal[i] == said.grade) said.deciding.add(view.domains[i].component);
        add_flags(said, state, view, i);
    }
    add_evidence(said, state, view);
    grade_death(said, state, view);
    if (delayed_sign(state, view.known) != nullptr) said.flags.add(Flag::delayed_neurotoxicity);
    if (!state.episode.open) return;
    if (state.episode.current.ordinal > 1) said.flags.add(Flag::recurrence);
    // What is seen after an unobserved stretch may be a first sign.
    const EpisodeWatch& watch = state.episode.watch;
    const bool anew = watch.in_doubt && watch.gap_until != kNever;
    const Instant first = anew ? watch.gap_until : state.episode.current.onset;
    if (day_of(first, context) > context.rules.icans.late_day) said.flags.add(Flag::delayed_neurotoxicity);
    say_gap(watch, said);
}

Instant deadline_after(const IcansState& state, Instant after, const FoldContext& context) {
    if (context.infusion.ordinal == 0 || state.died != kAlways) return kNever;
    const IcansRules& rules = context.rules.icans;
    Instant next = std::min(next_domain_deadline(state, after, context), next_sedation_deadline(state, after, context));
    next = std::min(next, next_attribution_end(state.attribution, after));
    sooner(next, start_of(context.infusion.date + days(rules.late_day + 1), context.infusion.offset), after);
    if (state.episode.open && state.absent_since != kAlways) {
        sooner(next, std::max(state.absent_since, state.episode.last_sign) + rules.resolve, after);
    }
    if (state.episode.open) {
        sooner(next, silence_from(state.episode.watch, context.rules.episode.unobserved), after);
        sooner(next, expiry(state.episode.last_sign, context.rules.episode.unobserved), after);
    }
    return next;
}

}  // namespace

void tell_verdicts(IcansState& state, Instant at) {
    if (state.present_told || at <= state.instant.at) return;
    state.present_told = true;
    for (const Component component : {Component::ice, Component::capd, Component::consciousness, Component::seizure,
                                      Component::motor, Component::raised_icp}) {
        note_presence(state.attribution, component, state.present.has(component));
    }
}

bool verdict_is_over(const IcansState& state, Component component) {
    const auto& verdict = state.attribution.entries[static_cast<std::size_t>(component)];
    return !state.present_told && verdict.seen && verdict.until == kNever && !state.present.has(component);
}

Instant next_deadline(const IcansState& state, Instant after, const FoldContext& context) {
    const bool asked = !state.changed && after >= state.last.at && after < state.next;
    return asked ? state.next : deadline_after(state, after, context);
}

Assessment assess(IcansState& state, Instant at, const FoldContext& context) {
    Assessment said;
    said.at = at;
    said.scale = Scale::astct_icans_2019;
    said.infusion = context.infusion.ordinal;
    said.under_surveillance = false;
    if (context.infusion.ordinal == 0) return said;
    if (!state.changed && at < state.next) {
        said = state.last;
        said.at = at;
        said.day = day_of(at, context);
        return said;
    }
    tell_verdicts(state, at);
    begin_instant(state, at);
    View view = view_of(state, at, context);
    note_presences(state, view);
    const bool killed =
        state.death == IcansDeath::due && !attributed_elsewhere(state.attribution, Component::death, at);
    const bool was_open = state.episode.open;
    const bool over = at == view.known && move_episode(state, view, view.grade >= 1 || killed, context);
    if (over || state.episode.open != was_open) view = view_of(state, at, context);
    said.day = view.day;
    said.episode = episode_ordinal(state.episode);
    said.episode_open = state.episode.open;
    said.under_surveillance = says_something(state, view, context);
    if (said.under_surveillance) say(said, state, view, context);
    note_grade(state.episode, said);
    state.changed = false;
    state.last = said;
    state.next = deadline_after(state, at, context);
    return said;
}

}  // namespace cellvigil
