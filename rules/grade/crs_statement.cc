#include "rules/grade/crs_statement.h"

#include <algorithm>

#include "rules/grade/crs_masking.h"

namespace cellvigil {
namespace {

bool waived(const CrsState& state, Instant at, const FoldContext& context) {
    return state.waived_at_onset || given_since(state.masking, state.episode.current.onset, at, context);
}

bool fever_recent(const CrsState& state, Instant at, const FoldContext& context) {
    return holds(state.fever.last_attributable, context.rules.crs.fever_recent, at) &&
           state.fever.last_attributable >= context.infusion.at;
}
void add_part(Assessment& said, Component component, const Part& part, bool elsewhere, const CrsState& state) {
    if (part.upper == 0 && part.flags.empty()) return;
    said.flags.add(part.flags);
    for (std::uint8_t i = 0; i < part.source_count; ++i) {
        said.add_evidence(part.sources[i].record);
        if (part.sources[i].imputed) said.flags.add(Flag::imputed_date);
    }
    if (!elsewhere) return;
    said.flags.add(Flag::alt_cause_confirmed);
    said.add_evidence(attribution_record(state.attribution, component));
}

void add_fever(Assessment& said, const CrsState& state, const CrsView& view) {
    const Source& source = view.fever_raw ? state.fever.latest.source : state.fever.last_source;
    if (said.grade_upper < 1) return;
    said.add_evidence(source.record);
    if (source.imputed) said.flags.add(Flag::imputed_date);
    if (view.fever_raw && !view.fever) {
        said.flags.add(Flag::alt_cause_confirmed);
        said.add_evidence(attribution_record(state.attribution, Component::fever));
    }
}

// Every component equal to the grade; when there is none, those that keep the upper grade.
void name_deciding(Assessment& said, const CrsView& view) {
    const bool literal = said.grade >= 1;
    const Grade sought = literal ? said.grade : said.grade_upper;
    if (sought < 1) return;
    const Grade pressure = !literal ? view.pressure.upper : view.pressure_elsewhere ? Grade{0} : view.pressure.grade;
    const Grade oxygen = !literal ? view.oxygen.upper : view.oxygen_elsewhere ? Grade{0} : view.oxygen.grade;
    if (sought == 1) said.deciding.add(Component::fever);
    if (pressure == sought) said.deciding.add(Component::hypotension);
    if (oxygen == sought) said.deciding.add(Component::hypoxia);
}

void unknown_temperature(Assessment& said, const CrsState& state) {
    const bool refused = state.fever.implausible.known() && state.fever.implausible.at >= state.fever.latest.at;
    said.flags.add(refused ? Flag::implausible_input : Flag::temp_unknown);
    if (refused) said.add_evidence(state.fever.implausible.source.record);
}

// The literal reading within an episode, with or without what stands in for fever.
Grade literal_grade(const CrsView& view, bool gate) {
    if (gate && (view.temperature_known || view.organ >= 2))
        return std::max(view.fever ? Grade{1} : Grade{0}, view.organ);
    return view.temperature_known ? Grade{0} : kNotGradable;
}

void grade_open(Assessment& said, const CrsState& state, const CrsView& view, const FoldContext& context) {
    const bool masked_again = state.episode.current.flags.has(Flag::recurrence_masked);
    const bool by_fever = view.fever || fever_recent(state, view.at, context);
    const bool gate = by_fever || waived(state, view.at, context) || masked_again;
    const Grade fever_upper = view.fever_raw || !view.temperature_known ? Grade{1} : Grade{0};
    said.grade_upper = std::max(fever_upper, view.organ_upper);
    said.grade = literal_grade(view, gate);
    if (!gate && view.temperature_known && view.organ >= 2) said.flags.add(Flag::no_fever_gate);
    if (!view.temperature_known && said.grade < 2) unknown_temperature(said, state);
    if (said.flags.has(Flag::no_fever_gate) || view.organ_upper > 0 || !view.pressure.flags.empty() ||
        !view.oxygen.flags.empty()) {
        add_part(said, Component::hypotension, view.pressure, view.pressure_elsewhere, state);
        add_part(said, Component::hypoxia, view.oxygen, view.oxygen_elsewhere, state);
    }
    if (!by_fever && said.grade >= 2) said.add_evidence(last_dose(state.masking));
    const std::int32_t onset_day = window_day(state, state.episode.current.onset, context);
    if (onset_day > context.rules.crs.onset_soft_day) said.flags.add(Flag::late_onset);
    if (state.episode.current.ordinal > 1) said.flags.add(masked_again ? Flag::recurrence_masked : Flag::recurrence);
}

void grade_without_temperature(Assessment& said, const CrsState& state, const CrsView& view, bool past_window) {
    if (past_window) {
        said.under_surveillance = false;
        return;
    }
    said.grade_upper = view.organ_upper >= 2 ? view.organ_upper : kNotGradable;
    unknown_temperature(said, state);
    if (view.organ_upper < 2) return;
    add_part(said, Component::hypotension, view.pressure, view.pressure_elsewhere, state);
    add_part(said, Component::hypoxia, view.oxygen, view.oxygen_elsewhere, state);
}

void grade_closed(Assessment& said, const CrsState& state, const CrsView& view, const FoldContext& context) {
    const bool past_window = window_day(state, view.at, context) > context.rules.crs.onset_hard_day;
    if (!view.temperature_known) return grade_without_temperature(said, state, view, past_window);
    said.grade = 0;
    said.grade_upper = 0;
    if (view.fever_raw) {  // attributed elsewhere, or too late to open an episode
        said.grade_upper = std::max(Grade{1}, view.organ_upper);
        if (past_window) said.flags.add(Flag::outside_window);
    } else if (past_window) {
        said.under_surveillance = false;
        return;
    } else if (state.fever_ever) {
        if (view.organ_upper >= 2) {
            said.grade_upper = view.organ_upper;
            said.flags.add(Flag::no_fever_gate);
        }
    } else if (view.organ_upper >= 2 &&
               (antipyretic_works(state.masking, view.at) || anticytokine_on_board(state.masking, view.at, context))) {
        said.grade_upper = view.organ_upper;
        said.flags.add(Flag::masked_onset);
    } else if (view.organ >= 2) {
        said.flags.add(Flag::no_fever_gate);
    }
    if (said.grade_upper < 1) return;
    add_part(said, Component::hypotension, view.pressure, view.pressure_elsewhere, state);
    add_part(said, Component::hypoxia, view.oxygen, view.oxygen_elsewhere, state);
}

// As if the episode had ended while nobody looked: a fever seen since begins another within the window; outside it, or
// without fever, there is no CRS.
void weigh_unseen_end(Assessment& said, const CrsState& state, const CrsView& view, const FoldContext& context) {
    if (!state.episode.watch.in_doubt) return;
    if (!may_have_ended(state, context)) {
        const Instant anew = state.episode.watch.gap_until;
        const bool gate = view.fever || fever_recent(state, view.at, context) ||
                          anticytokine_on_board(state.masking, anew, context) ||
                          given_since(state.masking, anew, view.at, context);
        return weigh_ended(said, literal_grade(view, gate), said.grade_upper);
    }
    Assessment ended;
    ended.grade = ended.grade_upper = 0;
    grade_closed(ended, state, view, context);
    if (ended.flags.has(Flag::outside_window)) said.flags.add(Flag::outside_window);
    weigh_ended(said, view.temperature_known ? ended.grade : kNotGradable, ended.grade_upper);
}

void grade_death(Assessment& said, const CrsState& state) {
    const Death& death = *state.death;
    said.add_evidence(state.death_source.record);
    if (death.principal == DeathCause::crs) {
        said.grade = 5;
        said.grade_upper = 5;
        said.deciding = {Component::death};
        return;
    }
    const bool contributed =
        std::find(death.contributing.begin(), death.contributing.end(), DeathCause::crs) != death.contributing.end();
    const bool unknown = death.principal == DeathCause::unknown || death.principal == DeathCause::unspecified;
    if (contributed || (unknown && state.episode.open)) {
        said.grade_upper = 5;
        if (said.grade < 1) said.deciding = {Component::death};
        said.flags.add(Flag::death_cause_unknown);
    }
}

}  // namespace

std::int32_t window_day(const CrsState& state, Instant at, const FoldContext& context) {
    if (state.window_from <= context.infusion.at) return day_of(at, context);
    const SiteDate from = site_date(state.window_from, context.infusion.offset);
    return infusion_day(from, site_date(at, context.infusion.offset)).value;
}

bool may_have_ended(const CrsState& state, const FoldContext& context) {
    const EpisodeWatch& watch = state.episode.watch;
    if (!state.episode.open || !watch.in_doubt) return false;
    const bool fever_since = watch.gap_until != kNever && state.fever.last_attributable >= watch.gap_until;
    return !fever_since || window_day(state, watch.gap_until, context) > context.rules.crs.onset_hard_day;
}

void say_crs(Assessment& said, const CrsState& state, const CrsView& view, const FoldContext& context) {
    if (state.episode.open) {
        grade_open(said, state, view, context);
        weigh_unseen_end(said, state, view, context);
    } else {
        grade_closed(said, state, view, context);
    }
    // It could hide a fever as any steroid could, and is no treatment: a remark, no waiver.
    if (said.flags.has(Flag::no_fever_gate) && state.masking.physiological) said.flags.add(Flag::physiological_steroid);
    add_fever(said, state, view);
    if (state.episode.open) say_gap(state.episode.watch, said);
    if (view.fever_raw && state.fever.latest.at - context.infusion.at < context.rules.crs.infusion_reaction) {
        said.flags.add(Flag::infusion_reaction_window);
    }
    if (!said.under_surveillance) {
        said.grade = kNotGradable;
        said.grade_upper = kNotGradable;
        said.flags = {};
    }
    name_deciding(said, view);
    if (state.death) grade_death(said, state);
    if (said.grade_upper < said.grade) said.grade_upper = said.grade;
}

}  // namespace cellvigil
