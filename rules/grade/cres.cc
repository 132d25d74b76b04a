#include "rules/grade/cres.h"

#include <algorithm>

#include "rules/grade/icans.h"

namespace cellvigil {
namespace {

constexpr ScaleSet kScales{Scale::cartox_cres, Scale::ctcae_6_0};
constexpr std::initializer_list<Component> kComponentsOf{Component::ice,     Component::capd,  Component::consciousness,
                                                         Component::seizure, Component::motor, Component::raised_icp};

bool any_chosen(const FoldContext& context) { return (context.subject.scales.words()[0] & kScales.words()[0]) != 0; }

Grade literal_of(const NeuroReading::Domain& domain) {
    return domain.elsewhere && domain.part.grade > 0 ? Grade{0} : domain.part.grade;
}

// A score that is not known leaves the grade open unless another component is abnormal.
Grade worst_of(Grade score, Grade others) {
    return score == kNotGradable && others == 0 ? kNotGradable : std::max(score, others);
}

void add_domain(Assessment& said, const NeuroReading::Domain& domain) {
    const Part& part = domain.part;
    if (part.upper < 1 && part.flags.empty() && said.grade != 0) return;
    said.flags.add(part.flags);
    for (std::uint8_t i = 0; i < part.source_count; ++i) {
        said.add_evidence(part.sources[i].record);
        if (part.sources[i].imputed) said.flags.add(Flag::imputed_date);
        if (part.sources[i].suspected && part.upper > 0) said.flags.add(Flag::alt_cause_suspected);
    }
    if (!domain.elsewhere || part.upper < 1) return;
    said.flags.remove(Flag::alt_cause_suspected);
    said.flags.add(Flag::alt_cause_confirmed);
    said.add_evidence(domain.verdict);
}

void grade_death(Assessment& said, const FoldContext& context) {
    const IcansState& icans = *context.icans;
    if (icans.died == kAlways || context.icans_said->grade_upper != 5) return;
    said.grade_upper = 5;
    if (context.icans_said->grade == 5) {
        said.grade = 5;
        said.deciding = {Component::death};
        said.flags = {};
    } else {
        said.flags.add(Flag::death_cause_unknown);
        if (said.grade < 1) said.deciding = {Component::death};
    }
    said.add_evidence(icans.death_source.record);
}

Assessment statement(const ScaleTerm& scale, const NeuroReading& reading, Instant at, const FoldContext& context) {
    Assessment said;
    said.at = at;
    said.scale = scale.scale;
    said.term = scale.term;
    said.infusion = context.infusion.ordinal;
    said.day = day_of(at, context);
    said.episode = episode_ordinal(context.icans->episode);
    said.episode_open = context.icans->episode.open;
    Grade others = 0;
    Grade others_upper = 0;
    for (std::size_t i = 1; i < reading.domains.size(); ++i) {
        others = std::max(others, literal_of(reading.domains[i]));
        others_upper = std::max(others_upper, reading.domains[i].part.upper);
    }
    const NeuroReading::Domain& score = reading.domains[0];
    said.grade = worst_of(literal_of(score), others);
    said.grade_upper = std::max(said.grade, worst_of(score.part.upper, others_upper));
    said.under_surveillance = context.icans_said->under_surveillance || said.grade_upper > 0;
    if (!said.under_surveillance) return said;
    for (const NeuroReading::Domain& domain : reading.domains) {
        const Grade grade = said.grade >= 1 ? literal_of(domain) : domain.part.upper;
        const Grade sought = said.grade >= 1 ? said.grade : said.grade_upper;
        if (sought >= 1 && grade == sought) said.deciding.add(domain.component);
    }
    for (const bool deciding : {true, false}) {
        for (const NeuroReading::Domain& domain : reading.domains) {
            if (said.deciding.has(domain.component) == deciding) add_domain(said, domain);
        }
    }
    if (said.grade == said.grade_upper && said.grade >= 1) said.flags.remove(Flag::ambiguous_scale);
    if (said.episode_open && context.icans_said->flags.has(Flag::recurrence)) said.flags.add(Flag::recurrence);
    if (context.icans_said->flags.has(Flag::delayed_neurotoxicity)) said.flags.add(Flag::delayed_neurotoxicity);
    if (said.episode_open) say_gap(context.icans->episode.watch, said);
    grade_death(said, context);
    return said;
}

void note_presences(CresState& state, const NeuroReading& reading) {
    for (const Component component : kComponentsOf) {
        bool present = false;
        for (const NeuroReading::Domain& domain : reading.domains) {
            present = present || (domain.component == component && domain.part.upper > 0);
        }
        note_presence(state.attribution, component, present);
    }
}

}  // namespace

Instant next_deadline(const CresState& state, Instant, const FoldContext& context) {
    return any_chosen(context) ? state.next : kNever;
}

bool at_rest(const CresState& state, Instant at, const FoldContext& context) {
    if (context.infusion.ordinal == 0 || context.icans_said == nullptr || !any_chosen(context)) return true;
    const IcansState& icans = *context.icans;
    // An answer of this very instant may not be the first of the instant.
    const bool same = icans.last.at != at && state.icans_asked == icans.last.at && state.icans_next == icans.next;
    return !state.changed && at < state.next && same;
}

void assess(CresState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended) {
    if (at_rest(state, at, context)) return;
    const IcansState& icans = *context.icans;
    if (icans.died != kAlways && at > icans.died) {
        state.next = kNever;
        return;
    }
    NeuroReading cres = read_cres(state, at, context);
    note_presences(state, cres);
    apply_verdicts(cres, state, at, context);
    static_cast<void>(
        follow(state.episode, icans.episode, context.infusion.ordinal, context.subject.scales, kNeuroScales, ended));
    for (std::size_t i = 0; i < kNeuroScales.size(); ++i) {
        if (!context.subject.scales.has(kNeuroScales[i].scale)) continue;
        NeuroReading reading = cres;
        if (kNeuroScales[i].term == Term::icans) {
            reading = read_ctcae_6_icans(at, context);
            apply_verdicts(reading, state, at, context);
        }
        const Assessment said = statement(kNeuroScales[i], reading, at, context);
        note_course(state.episode, i, said);
        statements.push_back(said);
    }
    state.changed = false;
    state.icans_asked = icans.last.at;
    state.icans_next = icans.next;
    state.next = std::min(next_cres_deadline(state, at, context), next_deadline(icans, at, context));
}

void append_open_episodes(const CresState& state, std::vector<Episode>& episodes) {
    append_episodes(state.episode, kNeuroScales, std::nullopt, episodes);
}

}  // namespace cellvigil
