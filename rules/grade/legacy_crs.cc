#include "rules/grade/legacy_crs.h"

#include <algorithm>
#include <initializer_list>
#include <variant>

#include "rules/grade/crs.h"
#include "rules/grade/crs_hypotension.h"
#include "rules/grade/crs_hypoxia.h"
#include "rules/grade/crs_statement.h"
#include "rules/grade/legacy_statement.h"
#include "rules/grade/low_runs.h"

namespace cellvigil {
namespace {

constexpr Quantity kFever = whole(38);

bool any_chosen(const FoldContext& context) {
    return (context.subject.scales.words()[0] & kLegacyCrsSet.words()[0]) != 0;
}

// Two boluses of one instant are two.
void note_bolus(LegacyCrsState& state, const Fact& fact, const FoldContext& context) {
    const PressureState& pressure = context.crs->pressure;
    const bool counted = pressure.bolus.at == fact.at && pressure.bolus.source.record == fact.record;
    const bool unsure = pressure.bolus_unsure.at == fact.at && pressure.bolus_unsure.source.record == fact.record;
    if (counted) state.boluses.note(fact.at);
    if (counted || unsure) state.boluses_possible.note(fact.at);
}

void note_oxygen(LegacyCrsState& state, const Fact& fact, const Intervention& given) {
    FractionSaid& said = state.fio2;
    if (given.phase == InterventionPhase::stop) {
        said = FractionSaid{};
    } else if (given.fio2) {
        said = {fact.at, given.fio2, source_of(fact)};
    } else if (said.at != fact.at) {  // a fraction measured at the same instant belongs to the device
        said = FractionSaid{};
    }
}

void note_stay(LegacyCrsState& state, const Fact& fact, const Intervention& given) {
    HospitalStay& stay = state.stay;
    if (given.phase == InterventionPhase::stop) {
        if (given.kind == InterventionKind::hospital_stay) stay = HospitalStay{};
        return;
    }
    const bool goes_on = stay.since != kAlways && fact.at < stay.until;
    if (goes_on && given.kind == InterventionKind::icu_stay) return;
    if (goes_on && given.indication == Indication::unspecified) return;
    stay = {goes_on ? stay.since : fact.at, fact.until, given.indication, source_of(fact)};
}

void note_intravenous(LegacyCrsState& state, const Fact& fact, const Intervention& given) {
    if (!given.treatment || given.route != Route::intravenous) return;
    OrganCourse& course = state.intravenous;
    if (given.phase == InterventionPhase::stop) {
        if (course.since != kAlways) course.at = fact.at;
        course.since = kAlways;
        return;
    }
    const bool lasting = given.phase == InterventionPhase::start || given.phase == InterventionPhase::change;
    if (lasting && course.since == kAlways) course.since = fact.at;
    if (!lasting) course.since = kAlways;
    course.at = fact.at;
    course.until = lasting ? fact.until : kNever;
    course.source = source_of(fact);
}

void observe_given(LegacyCrsState& state, const Fact& fact, const Intervention& given, const FoldContext& context) {
    switch (given.kind) {
        case InterventionKind::fluid_bolus:
            return note_bolus(state, fact, context);
        case InterventionKind::oxygen:
            return note_oxygen(state, fact, given);
        case InterventionKind::hospital_stay:
        case InterventionKind::icu_stay:
            return note_stay(state, fact, given);
        case InterventionKind::drug:
            note_intravenous(state, fact, given);
            [[fallthrough]];
        case InterventionKind::vasopressor:
            static_cast<void>(observe_dose(state.doses, fact, context));
            return;
        case InterventionKind::transfusion:
        case InterventionKind::dialysis:
            static_cast<void>(observe_organs(state.organs, fact));
            return;
        case InterventionKind::unspecified:
        case InterventionKind::immunoglobulin:
        case InterventionKind::vaccination:
        case InterventionKind::ecmo:
        case InterventionKind::growth_factor:
        case InterventionKind::anaesthesia:
            return;
    }
}

// Every bit that hypotension_part() and hypoxia_part() turn on, apart from what only interventions and time move.
LegacyPictureKey key_of(const LegacyCrsState& state, Instant at, const FoldContext& context) {
    const CrsState& crs = *context.crs;
    LegacyPictureKey key;
    key.said = context.crs_said == nullptr ? kAlways : context.crs_said->at;
    key.episodes = static_cast<std::uint16_t>(crs.episode.closed * 2 + (crs.episode.open ? 1 : 0));
    std::uint32_t bits = 0;
    const auto note = [&bits](bool bit) { bits = bits * 2 + (bit ? 1 : 0); };
    const hours pressure = pressure_validity(context);
    const hours saturation = spo2_validity(context);
    note(crs.fever.latest.value >= kFever);
    note(holds(crs.fever.latest.at, temperature_validity(context), at) && crs.fever.latest.at >= context.infusion.at);
    note_low_runs(crs.pressure, pressure, at, note);
    note(holds(crs.pressure.systolic.at, pressure, at));
    note(holds(crs.pressure.mean.at, pressure, at));
    note(crs.oxygen.low.active);
    note(crs.oxygen.low.confirmed);
    note(holds(crs.oxygen.low.latest, saturation, at));
    note(holds(crs.oxygen.suspect.at, saturation, at));
    note(crs.oxygen.suspect.known());
    note(crs.oxygen.now.device == OxygenDevice::room_air);  // its stated end, too
    note(crs.oxygen.ecmo);
    key.pressors = crs.pressure.on;
    key.imputed = imputed_readings(crs);
    for (const Component component : {Component::fever, Component::hypotension, Component::hypoxia}) {
        note(attributed_elsewhere(crs.attribution, component, at));
        note(attributed_elsewhere(state.attribution, component, at));
    }
    const bool in_doubt = crs.episode.open && crs.episode.watch.in_doubt;
    note(in_doubt);
    note(in_doubt && may_have_ended(crs, context));
    key.readings = bits;
    return key;
}

// Nothing of ASTCT's has changed. What it said at this very instant may not be the first of the instant.
bool same_picture(const LegacyCrsState& state, Instant at, const FoldContext& context) {
    return context.crs_said->at != at && key_of(state, at, context) == state.key;
}

Instant deadline_after(const LegacyCrsState& state, Instant after, const FoldContext& context) {
    const CrsState& crs = *context.crs;
    const LegacyRules& rules = context.rules.legacy;
    if (context.infusion.ordinal == 0 || crs.died != kAlways) return kNever;
    const CrsEnds ends = crs_ends_after(crs, after, context);
    Instant next = std::min({ends.circulation, ends.oxygen, next_dose_deadline(state.doses, after, context)});
    next = std::min(next, next_organ_deadline(state.organs, after, context));
    next =
        std::min({next, next_attribution_end(crs.attribution, after), next_attribution_end(state.attribution, after)});
    sooner(next, expiry(crs.pressure.mean.at, pressure_validity(context)), after);
    for (const Twice* boluses : {&state.boluses, &state.boluses_possible}) {
        sooner(next, expiry(boluses->before, rules.boluses_within), after);
    }
    sooner(next, expiry(state.intravenous.at, rules.intravenous_counts), after);
    sooner(next, expiry(crs.masking.long_anticytokine.at, rules.intravenous_counts), after);
    if (state.intravenous.since != kAlways) sooner(next, state.intravenous.until, after);
    if (state.stay.since != kAlways) sooner(next, state.stay.until, after);
    // The window in which CARTOX counts signs by themselves.
    const Instant from = std::max(crs.window_from, context.infusion.at);
    const SiteDate last = site_date(from, context.infusion.offset) + days(context.rules.crs.onset_hard_day);
    sooner(next, start_of(last + days(1), context.infusion.offset), after);
    return next;
}

// Where the deadline that was set at the last answer stands by now: readings since may have put it off.
Instant present_deadline(const LegacyCrsState& state, Instant at, const FoldContext& context) {
    return at < state.next ? state.next : deadline_after(state, state.next - milliseconds(1), context);
}

void put_off(LegacyCrsState& state, Instant to, const FoldContext& context) {
    state.next = to;
    note_last_sign(state.episode, context.crs->episode);
}

}  // namespace

bool concerns_legacy_crs(const Fact& fact) {
    switch (fact.kind) {
        case FactKind::observation:
            return fact.analyte == Analyte::fio2 || fact.analyte == Analyte::weight || concerns_organs(fact.analyte);
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

void begin_infusion(LegacyCrsState& state, const FoldContext& context) {
    begin_infusion(state.organs, context);
    state.attribution = {};
    state.boluses = {};
    state.boluses_possible = {};
    state.episode = {};
    state.changed = true;
}

void observe(LegacyCrsState& state, const Fact& fact, const FoldContext& context) {
    if (!any_chosen(context)) return;
    state.changed = true;
    if (fact.kind == FactKind::observation) {
        if (fact.analyte == Analyte::weight) static_cast<void>(observe_dose(state.doses, fact, context));
        if (concerns_organs(fact.analyte)) static_cast<void>(observe_organs(state.organs, fact));
        if (fact.analyte == Analyte::fio2 && fact.has_value) {
            state.fio2 = {fact.at, comparable(fact), source_of(fact)};
        }
        return;
    }
    if (fact.body == nullptr) return;
    if (const auto* given = std::get_if<Intervention>(fact.body)) return observe_given(state, fact, *given, context);
    observe_adjudication(state.attribution, fact,
                         {Scale::lee_2014, Scale::penn, Scale::ctcae_4_03, Scale::ctcae_5_0, Scale::ctcae_6_0,
                          Scale::cartox_crs, Scale::mskcc},
                         {Component::fever, Component::hypotension, Component::hypoxia, Component::organ});
}

Instant next_deadline(const LegacyCrsState& state, Instant, const FoldContext& context) {
    return any_chosen(context) ? state.next : kNever;
}

bool at_rest(const LegacyCrsState& state, Instant at, const FoldContext& context) {
    if (context.infusion.ordinal == 0 || context.crs_said == nullptr || !any_chosen(context)) return true;
    const EpisodeTrack& astct = context.crs->episode;
    if (state.episode.open && state.episode.last_sign != astct.last_sign) return false;
    return !state.changed && at < state.next && same_picture(state, at, context);
}

bool put_off_beyond(CopyOnWrite<LegacyCrsState>& box, Instant at, const FoldContext& context) {
    const LegacyCrsState& state = *box;
    if (state.changed || context.infusion.ordinal == 0 || context.crs_said == nullptr || !any_chosen(context))
        return false;
    if (!same_picture(state, at, context)) return false;
    const Instant present = present_deadline(state, at, context);
    if (present <= at) return false;
    put_off(box.edit(), present, context);
    return true;
}

void assess(LegacyCrsState& state, Instant at, const FoldContext& context, std::vector<Assessment>& statements,
            std::vector<Episode>& ended) {
    if (context.infusion.ordinal == 0 || context.crs_said == nullptr || !any_chosen(context)) return;
    const EpisodeTrack& astct = context.crs->episode;
    if (!state.changed && same_picture(state, at, context)) {
        const Instant present = present_deadline(state, at, context);
        if (present > at) return put_off(state, present, context);
    }
    if (context.crs->died != kAlways && at > context.crs->died) return;
    expire_doses(state.doses, at, context);
    const bool over =
        follow(state.episode, astct, context.infusion.ordinal, context.subject.scales, kLegacyCrsScales, ended);
    if (over) release_open_ended(state.attribution);
    const LegacyPicture picture = read_picture(state, at, context);
    for (std::size_t i = 0; i < kLegacyCrsScales.size(); ++i) {
        if (!context.subject.scales.has(kLegacyCrsScales[i].scale)) continue;
        statements.push_back(legacy_statement(kLegacyCrsScales[i], picture, at, context));
        note_course(state.episode, i, statements.back());
    }
    state.changed = false;
    state.key = key_of(state, at, context);  // verdicts may have ended
    state.next = deadline_after(state, at, context);
}

void append_open_episodes(const LegacyCrsState& state, std::vector<Episode>& episodes) {
    append_episodes(state.episode, kLegacyCrsScales, std::nullopt, episodes);
}

}  // namespace cellvigil
