#include "rules/grade/crs.h"

#include <algorithm>
#include <variant>

#include "rules/event/agent_groups.h"
#include "rules/grade/crs_hypotension.h"
#include "rules/grade/crs_hypoxia.h"
#include "rules/grade/crs_masking.h"
#include "rules/grade/crs_statement.h"

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
    // Most need no rounding, and a remainder by a constant is cheaper than a division in 128 bits.
    const bool bound = fact.comparator == Comparator::less || fact.comparator == Comparator::greater;
    const Quantity value = bound                                         ? comparable(fact)
                           : fact.value.micro % hundredths(1).micro == 0 ? fact.value
                                                                         : rounded_to(fact.value, hundredths(1));
    state.latest = {fact.at, value, source_of(fact)};
    if (value < kFever) return;
    state.last_raw = fact.at;
    if (attributed_elsewhere(attribution, Component::fever, fact.at)) return;
    state.last_attributable = fact.at;
    state.last_source = state.latest.source;
}

using View = CrsView;

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

// Something told whether the episode goes on: a temperature, a support charted, a reading while a component is present.
void note_told(CrsState& state, Instant at, RecordRef record, const FoldContext& context) {
    if (!state.episode.open) return;
    const Instant last_sign = state.support_present ? at : state.episode.last_sign;
    note_told(state.episode.watch, at, record, context.rules.episode.unobserved, last_sign);
}

bool is_support(const Intervention& given) {
    return given.kind == InterventionKind::oxygen || given.kind == InterventionKind::ecmo ||
           given.kind == InterventionKind::vasopressor || given.kind == InterventionKind::fluid_bolus ||
           supports_pressure(given.agent);
}

void open_with(CrsState& state, const View& view, const FoldContext& context, Instant onset) {
    const RecordRef first = view.fever ? state.fever.latest.source.record : RecordRef{};
    open_episode(state.episode, Scale::astct_crs_2019, context.infusion.ordinal, onset, first);
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
    for (const Reading* reading : {&state.pressure.systolic, &state.pressure.mean, &state.oxygen.spo2}) {
        if (support && reading->at == view.at) note_told(state, view.at, reading->source.record, context);
    }
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
    if (episode.open) note_silence(episode.watch, view.at, context.rules.episode.unobserved, episode.last_sign);
    if (episode.open || window_day(state, view.at, context) > rules.onset_hard_day) return;
    if (view.fever) {
        open_with(state, view, context, state.fever.latest.at);
    } else if (episode.closed > 0 && support && anticytokine_on_board(state.masking, view.at, context)) {
        open_with(state, view, context, view.at);
        episode.current.flags.add(Flag::recurrence_masked);
    }
}

// A sign that is signed as due to the therapy is the episode's.
void note_verdict(CrsState& state, const Fact& fact, const FoldContext& context) {
    if (fact.kind != FactKind::adjudication || !state.episode.open) return;
    const auto& verdict = std::get<Adjudication>(*fact.body);
    if (verdict.scale != Scale::astct_crs_2019 || verdict.verdict != Verdict::due_to_therapy) return;
    note_told(state, fact.at, fact.record, context);
    settle(state.episode.watch);
}

void note_death(CrsState& state, const Fact& fact) {
    state.death = std::get<Death>(*fact.body);
    state.died = fact.at;
    state.death_source = source_of(fact);
}
}  // namespace

bool concerns_crs(const Fact& fact) {
    switch (fact.kind) {
        case FactKind::observation:
            return kCrsReadings.has(fact.analyte);
        case FactKind::intervention:
        case FactKind::infusion:
        case FactKind::death:
        case FactKind::adjudication:
        case FactKind::subsequent_therapy:
            return true;
        case FactKind::ice_assessment:
        case FactKind::neuro_finding:
        case FactKind::enrollment:
        case FactKind::adverse_event:
        case FactKind::infection:
        case FactKind::disease_status:
        case FactKind::contact:
        case FactKind::consent_change:
        case FactKind::site_heartbeat:
        case FactKind::retraction:
            return false;
    }
    return false;
}

bool is_unremarkable(const Fact& fact, const CrsRules& rules) {
    if (fact.kind != FactKind::observation || !fact.has_value || fact.comparator != Comparator::unspecified)
        return false;
    if (fact.analyte == Analyte::temperature) return fact.value < hundredths(3799);
    if (fact.analyte == Analyte::systolic) return fact.value >= whole(100) && rules.systolic_adult <= whole(100);
    if (fact.analyte == Analyte::spo2) return fact.value >= rules.spo2_suspect && fact.value >= rules.spo2_untreated;
    return false;
}

bool changes_nothing(const CrsState& state, const Fact& fact, const FoldContext& context) {
    const EpisodeTrack& episode = state.episode;
    // While support runs every reading counts as a sign, and in doubt what is told settles the doubt.
    if (state.support_present || state.death || episode.watch.in_doubt || episode.watch.has_gap()) return false;
    if (!is_unremarkable(fact, context.rules.crs)) return false;
    // In the place of the other, and of as certain a date: that is remarked.
    const bool imputed = (fact.flags & bit(EventFlag::imputed_date)) != 0;
    const auto fresh = [&](const Reading& last, hours validity) {
        return last.source.imputed == imputed && last.at >= context.infusion.at && holds(last.at, validity, fact.at);
    };
    if (fact.analyte == Analyte::temperature) {
        const Reading& last = state.fever.latest;
        if (last.value >= kFever || !fresh(last, temperature_validity(context))) return false;
        return !episode.open || (episode.absence_seen && fact.at - episode.last_sign < context.rules.crs.resolve &&
                                 fact.at - episode.watch.told <= context.rules.episode.unobserved);
    }
    if (fact.analyte == Analyte::systolic) {
        const PressureState& pressure = state.pressure;
        if (pressure.low.active || pressure.at_baseline.active || pressure.centile.active) return false;
        return fresh(pressure.systolic, pressure_validity(context));
    }
    return !state.oxygen.low.active && !state.oxygen.suspect.known();
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
        if ((fact.flags & bit(EventFlag::imputed_date)) != 0) state.imputed = true;
        if (fact.analyte == Analyte::temperature) {
            if (fact.has_value) note_told(state, fact.at, fact.record, context);
            return observe_temperature(state.fever, fact, state.attribution);
        }
        if (fact.analyte == Analyte::spo2) return observe_spo2(state.oxygen, fact, context);
        if (fact.analyte == Analyte::systolic || fact.analyte == Analyte::mean_arterial) {
            return observe_pressure(state.pressure, fact, context);
        }
        return;
    }
    if (fact.body == nullptr) return;
    if (const auto* given = std::get_if<Intervention>(fact.body)) {
        if (is_support(*given)) note_told(state, fact.at, fact.record, context);
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
    note_verdict(state, fact, context);
}

CrsEnds crs_ends_after(const CrsState& state, Instant after, const FoldContext& context) {
    CrsEnds ends = context.crs_ends;
    const bool known = ends.after == after || (ends.after < after && std::min(ends.circulation, ends.oxygen) > after);
    if (ends.after != kAlways && known) return ends;
    ends.after = after;
    ends.circulation = next_pressure_deadline(state.pressure, after, context);
    sooner(ends.circulation, expiry(state.fever.latest.at, temperature_validity(context)), after);
    ends.oxygen = next_oxygen_deadline(state.oxygen, after, context);
    return ends;
}

Instant next_deadline(const CrsState& state, Instant after, const FoldContext& context) {
    if (context.infusion.ordinal == 0 || state.died != kAlways) return kNever;
    const CrsRules& rules = context.rules.crs;
    const CrsEnds ends = crs_ends_after(state, after, context);
    Instant next = std::min({ends.circulation, ends.oxygen, next_attribution_end(state.attribution, after)});
    if (state.episode.open) {
        sooner(next, expiry(state.fever.last_attributable, rules.fever_recent), after);
        sooner(next, state.episode.last_sign + rules.resolve, after);
        sooner(next, silence_from(state.episode.watch, context.rules.episode.unobserved), after);
        if (!state.support_present) {
            sooner(next, expiry(state.episode.last_sign, context.rules.episode.unobserved), after);
        }
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
    View view = view_of(state, at, context);
    const auto closed = state.episode.closed;
    move_episode(state, view, context);
    if (state.episode.closed != closed) {  // and with it verdicts: what they hid may begin the next
        view = view_of(state, at, context);
        move_episode(state, view, context);
    }
    said.day = view.day;
    said.episode = episode_ordinal(state.episode);
    said.episode_open = state.episode.open;
    say_crs(said, state, view, context);
    if (state.death) state.at_death = said;
    note_grade(state.episode, said);
    return said;
}

}  // namespace cellvigil
