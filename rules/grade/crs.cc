#include "rules/grade/crs.h"

#include <algorithm>
#include <variant>

#include "rules/grade/crs_hypotension.h"
#include "rules/grade/crs_hypoxia.h"
#include "rules/grade/crs_masking.h"

namespace cellvigil {
namespace {

constexpr Quantity kFever = whole(38);  // Cel, at or above
constexpr std::initializer_list<Component> kCrsComponents{Component::fever, Component::hypotension, Component::hypoxia};

void observe_temperature(FeverState& state, const Fact& fact, const AttributionTrack& attribution) {
    if (!fact.has_value) {
        if ((fact.flags & bit(EventFlag::implausible)) != 0) state.implausible = {fact.at, source_of(fact)};
        return;
    }
    // "<38.0" and ">38.0" keep their side of the limit; everything else is rounded as the contract says.
    const Quantity value = fact.comparator == Comparator::less || fact.comparator == Comparator::greater
                               ? comparable(fact)
                               : rounded_to(fact.value, hundredths(1));
    state.latest = {fact.at, value, source_of(fact)};
    if (value < kFever) return;
    state.last_raw = fact.at;
    if (attributed_elsewhere(attribution, Component::fever, fact.at)) return;
    state.last_attributable = fact.at;
    state.last_source = state.latest.source;
}

// Everything that the rules of 1.6 ask about one moment.
struct View {
    Instant at{};
    std::int32_t day = 0;
    bool temperature_known = false;
    bool afebrile = false;       // known, and below the limit
    bool fever_raw = false;      // known, and at or above it
    bool fever = false;          // the same, and not attributed elsewhere
    Part pressure;
    Part oxygen;
    Grade organ = 0;             // worse of the two, attribution applied
    Grade organ_upper = 0;       // whatever their attribution
    bool pressure_elsewhere = false;
    bool oxygen_elsewhere = false;
};

View view_of(CrsState& state, Instant at, const FoldContext& context) {
    View view;
    view.at = at;
    view.day = day_of(at, context);
    const Reading& latest = state.fever.latest;
    view.temperature_known = holds(latest.at, temperature_validity(context), at) && latest.at >= context.infusion.at;
    view.fever_raw = view.temperature_known && latest.value >= kFever;
    view.afebrile = view.temperature_known && !view.fever_raw;
    view.fever = view.fever_raw && !attributed_elsewhere(state.attribution, Component::fever, at);
    view.pressure = hypotension_part(state.pressure, at, context);
    view.oxygen = hypoxia_part(state.oxygen, at, context);
    note_presence(state.attribution, Component::fever, view.fever_raw);
    note_presence(state.attribution, Component::hypotension, view.pressure.upper > 0);
    note_presence(state.attribution, Component::hypoxia, view.oxygen.upper > 0);
    view.pressure_elsewhere = attributed_elsewhere(state.attribution, Component::hypotension, at);
    view.oxygen_elsewhere = attributed_elsewhere(state.attribution, Component::hypoxia, at);
    const Grade pressure = view.pressure_elsewhere ? Grade{0} : view.pressure.grade;
    const Grade oxygen = view.oxygen_elsewhere ? Grade{0} : view.oxygen.grade;
    view.organ = std::max(pressure, oxygen);
    view.organ_upper = std::max(view.pressure.upper, view.oxygen.upper);
    return view;
}

bool waived(const CrsState& state, Instant at, const FoldContext& context) {
    return state.waived_at_onset || given_since(state.masking, state.episode.current.onset, at, context);
}

bool fever_recent(const CrsState& state, Instant at, const FoldContext& context) {
    return holds(state.fever.last_attributable, context.rules.crs.fever_recent, at) &&
           state.fever.last_attributable >= context.infusion.at;
}

std::int32_t window_day(const CrsState& state, Instant at, const FoldContext& context) {
    if (state.window_from <= context.infusion.at) return day_of(at, context);
    const SiteDate from = site_date(state.window_from, context.infusion.offset);
    return infusion_day(from, site_date(at, context.infusion.offset)).value;
}

void open_with(CrsState& state, const View& view, const FoldContext& context, Instant onset) {
    open_episode(state.episode, Scale::astct_crs_2019, context.infusion.ordinal, onset);
    state.waived_at_onset = anticytokine_on_board(state.masking, onset, context);
    if (view.fever) state.fever_ever = true;
}

void end_episode(CrsState& state) {
    close_episode(state.episode);
    release_open_ended(state.attribution);
    state.waived_at_onset = false;
}

// The end needs 24 h without a sign and an afebrile temperature that was seen, and still holds, after the last sign.
void move_episode(CrsState& state, const View& view, const FoldContext& context) {
    const CrsRules& rules = context.rules.crs;
    const bool support = view.organ >= 2;
    EpisodeTrack& episode = state.episode;
    if (episode.open && state.support_present) note_sign(episode, view.at);
    state.support_present = support;
    const bool sign = view.fever || support;
    const bool held = view.at - episode.last_sign >= rules.resolve;
    if (episode.open && sign && held && episode.absence_seen) end_episode(state);
    if (episode.open && sign) {
        note_sign(episode, view.fever ? state.fever.latest.at : view.at);
        if (support) note_sign(episode, view.at);
    } else if (episode.open && view.afebrile && state.fever.latest.at > episode.last_sign) {
        if (held) {
            end_episode(state);
        } else {
            episode.absence_seen = true;
        }
    }
    if (episode.open || window_day(state, view.at, context) > rules.onset_hard_day) return;
    if (view.fever) {
        open_with(state, view, context, state.fever.latest.at);
    } else if (episode.closed > 0 && support && anticytokine_on_board(state.masking, view.at, context)) {
        open_with(state, view, context, view.at);
        episode.current.flags.add(Flag::recurrence_masked);
    }
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

void add_fever(Assessment& said, const CrsState& state, const View& view) {
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
void name_deciding(Assessment& said, const View& view) {
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

void grade_open(Assessment& said, const CrsState& state, const View& view, const FoldContext& context) {
    const bool masked_again = state.episode.current.flags.has(Flag::recurrence_masked);
    const bool by_fever = view.fever || fever_recent(state, view.at, context);
    const bool gate = by_fever || waived(state, view.at, context) || masked_again;
    const Grade fever_upper = view.fever_raw || !view.temperature_known ? Grade{1} : Grade{0};
    said.grade_upper = std::max(fever_upper, view.organ_upper);
    if (gate && (view.temperature_known || view.organ >= 2)) {
        said.grade = std::max(view.fever ? Grade{1} : Grade{0}, view.organ);
    } else if (view.temperature_known) {
        said.grade = 0;
        if (view.organ >= 2) said.flags.add(Flag::no_fever_gate);
    } else {
        said.grade = kNotGradable;
    }
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

void grade_without_temperature(Assessment& said, const CrsState& state, const View& view, bool past_window) {
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

void grade_closed(Assessment& said, const CrsState& state, const View& view, const FoldContext& context) {
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
    } else if (view.organ_upper >= 2 && (antipyretic_works(state.masking, view.at) ||
                                         anticytokine_on_board(state.masking, view.at, context))) {
        said.grade_upper = view.organ_upper;
        said.flags.add(Flag::masked_onset);
    } else if (view.organ >= 2) {
        said.flags.add(Flag::no_fever_gate);
    }
    if (said.grade_upper < 1) return;
    add_part(said, Component::hypotension, view.pressure, view.pressure_elsewhere, state);
    add_part(said, Component::hypoxia, view.oxygen, view.oxygen_elsewhere, state);
}

void note_death(CrsState& state, const Fact& fact) {
    state.death = std::get<Death>(*fact.body);
    state.died = fact.at;
    state.death_source = source_of(fact);
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
    const bool contributed = std::find(death.contributing.begin(), death.contributing.end(), DeathCause::crs) !=
                             death.contributing.end();
    const bool unknown = death.principal == DeathCause::unknown || death.principal == DeathCause::unspecified;
    if (contributed || (unknown && state.episode.open)) {
        said.grade_upper = 5;
        said.flags.add(Flag::death_cause_unknown);
    }
}

}  // namespace

bool concerns_crs(const Fact& fact) {
    switch (fact.kind) {
        case FactKind::observation:
            return fact.analyte == Analyte::temperature || fact.analyte == Analyte::systolic ||
                   fact.analyte == Analyte::mean_arterial || fact.analyte == Analyte::spo2;
        case FactKind::intervention:
        case FactKind::infusion:
        case FactKind::death:
        case FactKind::adjudication:
        case FactKind::subsequent_therapy: return true;
        case FactKind::ice_assessment:
        case FactKind::neuro_finding:
        case FactKind::enrollment:
        case FactKind::adverse_event:
        case FactKind::infection:
        case FactKind::disease_status:
        case FactKind::contact:
        case FactKind::consent_change:
        case FactKind::site_heartbeat:
        case FactKind::retraction: return false;
    }
    return false;
}

bool is_unremarkable(const Fact& fact, const CrsRules& rules) {
    if (fact.kind != FactKind::observation || !fact.has_value || fact.comparator != Comparator::unspecified) return false;
    if (fact.analyte == Analyte::temperature) return fact.value < hundredths(3799);
    if (fact.analyte == Analyte::systolic) return fact.value >= whole(100) && rules.systolic_adult <= whole(100);
    if (fact.analyte == Analyte::spo2) return fact.value >= rules.spo2_suspect && fact.value >= rules.spo2_untreated;
    return false;
}

void begin_infusion(CrsState& state, const FoldContext& context) {
    fix_pressure_baseline(state.pressure);
    fix_oxygen_baseline(state.oxygen);
    state.episode = {};
    state.attribution = {};
    state.fever_ever = false;
    state.waived_at_onset = false;
    state.support_present = false;
    state.window_from = context.infusion.at;
}

void observe(CrsState& state, const Fact& fact, const FoldContext& context) {
    if (fact.kind == FactKind::observation) {
        if (fact.analyte == Analyte::temperature) return observe_temperature(state.fever, fact, state.attribution);
        if (fact.analyte == Analyte::spo2) return observe_spo2(state.oxygen, fact, context);
        if (fact.analyte == Analyte::systolic || fact.analyte == Analyte::mean_arterial) {
            return observe_pressure(state.pressure, fact, context);
        }
        return;
    }
    if (fact.body == nullptr) return;
    if (const auto* given = std::get_if<Intervention>(fact.body)) {
        if (given->kind == InterventionKind::oxygen || given->kind == InterventionKind::ecmo) {
            return observe_oxygen(state.oxygen, fact, *given, context);
        }
        observe_circulation(state.pressure, fact, *given, context);
        observe_masking(state.masking, fact, *given, context);
        return;
    }
    if (const auto* therapy = std::get_if<SubsequentTherapy>(fact.body)) {
        if (therapy->kind == SubsequentTherapyKind::t_cell_engager ||
            therapy->kind == SubsequentTherapyKind::checkpoint_inhibitor) {
            state.window_from = fact.at;
        }
        return;
    }
    if (fact.kind == FactKind::death) return note_death(state, fact);
    observe_adjudication(state.attribution, fact, {Scale::astct_crs_2019}, kCrsComponents);
}

Instant next_deadline(const CrsState& state, Instant after, const FoldContext& context) {
    if (context.infusion.ordinal == 0 || state.died != kAlways) return kNever;
    const CrsRules& rules = context.rules.crs;
    Instant next = next_pressure_deadline(state.pressure, after, context);
    next = std::min(next, next_oxygen_deadline(state.oxygen, after, context));
    next = std::min(next, next_attribution_end(state.attribution, after));
    sooner(next, expiry(state.fever.latest.at, temperature_validity(context)), after);
    if (state.episode.open) {
        sooner(next, expiry(state.fever.last_attributable, rules.fever_recent), after);
        sooner(next, state.episode.last_sign + rules.resolve, after);
        if (rules.waiver_expiry) next = std::min(next, next_masking_deadline(state.masking, after, context));
    } else {
        next = std::min(next, next_masking_deadline(state.masking, after, context));
        const Instant from = std::max(state.window_from, context.infusion.at);
        const SiteDate last = site_date(from, context.infusion.offset) + days(rules.onset_hard_day);
        sooner(next, start_of(last + days(1), context.infusion.offset), after);
    }
    return next;
}

Assessment assess(CrsState& state, Instant at, const FoldContext& context) {
    Assessment said;
    said.at = at;
    said.scale = Scale::astct_crs_2019;
    said.infusion = context.infusion.ordinal;
    if (context.infusion.ordinal == 0) {
        said.under_surveillance = false;
        return said;
    }
    if (state.died != kAlways && at > state.died) return state.at_death;
    expire_pressors(state.pressure, at, context);
    expire_oxygen(state.oxygen, at);
    const View view = view_of(state, at, context);
    move_episode(state, view, context);
    said.day = view.day;
    said.episode = episode_ordinal(state.episode);
    said.episode_open = state.episode.open;
    if (state.episode.open) {
        grade_open(said, state, view, context);
    } else {
        grade_closed(said, state, view, context);
    }
    add_fever(said, state, view);
    if (view.fever_raw && state.fever.latest.at - context.infusion.at < context.rules.crs.infusion_reaction) {
        said.flags.add(Flag::infusion_reaction_window);
    }
    if (!said.under_surveillance) {
        said.grade = kNotGradable;
        said.grade_upper = kNotGradable;
        said.flags = {};
    }
    name_deciding(said, view);
    if (state.death) {
        grade_death(said, state);
        state.at_death = said;
    }
    if (said.grade_upper < said.grade) said.grade_upper = said.grade;
    note_grade(state.episode, said);
    return said;
}

}  // namespace cellvigil
