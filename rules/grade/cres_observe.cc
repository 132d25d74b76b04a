#include <algorithm>
#include <variant>

#include "rules/grade/cres.h"
#include "rules/grade/crs_state.h"

namespace cellvigil {
namespace {

constexpr Quantity kCsfHigh = whole(20);  // mm[Hg], at or above is grade 4
constexpr std::uint32_t kStageHigh = 3;   // papilloedema, at or above is grade 4

using Kind = CresSignKind;

void take_score(CresState& state, const Fact& fact, const IceAssessment& said) {
    if (said.baseline) return;
    const bool items = said.orientation && said.naming && said.writing && said.attention;
    if (said.implausible || (said.total && *said.total > 10)) {
        state.implausible = fact.at;
        state.implausible_source = source_of(fact);
        return;
    }
    if (!items && !said.total) return;
    CresScore score;
    score.at = fact.at;
    score.source = source_of(fact);
    score.of_items = items;
    if (items) {
        const std::uint32_t sum = *said.orientation + *said.naming + *said.writing + *said.attention;
        const std::uint32_t head = said.head_of_government.value_or(0);
        score.least = static_cast<std::uint8_t>(std::min(sum + head, 10U));
        score.most = static_cast<std::uint8_t>(std::min(sum + said.head_of_government.value_or(1), 10U));
    } else {  // of an ICE total one point may be the command, and one may be missing
        score.least = static_cast<std::uint8_t>(*said.total > 0 ? *said.total - 1 : 0);
        score.most = static_cast<std::uint8_t>(std::min(*said.total + 1, 10U));
    }
    CresScore& kept = state.score;
    const bool same = kept.at == score.at;
    // Of two of one instant the one by its own items counts, then the worse.
    if (same && (kept.of_items != score.of_items ? kept.of_items : kept.least <= score.least)) return;
    kept = score;
}

void take_sign(CresState& state, Kind kind, const Fact& fact, bool present, Grade low, Grade high, bool suspected) {
    CresSign& sign = state.signs[static_cast<std::size_t>(kind)];
    const bool same = sign.at == fact.at && sign.present;
    if (same && (!present || sign.high > high || (sign.high == high && sign.low >= low))) return;
    sign.at = fact.at;
    sign.until = present ? fact.until : kNever;
    sign.present = present;
    sign.low = low;
    sign.high = high;
    sign.source = source_of(fact);
    sign.source.suspected = suspected;
}

void take_papilloedema(CresState& state, const Fact& fact, const NeuroFinding& found, bool present, bool suspected) {
    if (!found.papilloedema_stage) return take_sign(state, Kind::papilloedema, fact, present, 3, 4, suspected);
    const Grade grade = *found.papilloedema_stage >= kStageHigh ? 4 : 3;
    take_sign(state, Kind::papilloedema, fact, present, grade, grade, suspected);
}

// A finding says that the pressure is raised; a measurement alone below 20 mm[Hg] leaves that open.
void take_pressure(CresState& state, const Fact& fact, std::optional<Quantity> measured, bool said_raised, bool present,
                   bool suspected, const FoldContext& context) {
    if (!measured) return take_sign(state, Kind::csf_pressure, fact, present, 3, 4, suspected);
    if (*measured >= kCsfHigh) return take_sign(state, Kind::csf_pressure, fact, present, 4, 4, suspected);
    if (said_raised) return take_sign(state, Kind::csf_pressure, fact, present, 3, 3, suspected);
    const bool perhaps = *measured >= context.rules.legacy.csf_raised;
    take_sign(state, Kind::csf_pressure, fact, perhaps, 0, 3, suspected);
}

void take_seizure(CresState& state, const Fact& fact, const NeuroFinding& found) {
    if (found.present && !*found.present) return;
    constexpr milliseconds kProlonged = minutes(5);  // strictly longer is status epilepticus
    std::optional<milliseconds> lasted;
    if (found.duration_seconds) {
        lasted = seconds(*found.duration_seconds);
    } else if (fact.until != kNever) {
        lasted = fact.until - fact.at;
    }
    const Instant end = fact.at + lasted.value_or(milliseconds(0));
    const bool returned = found.returned_to_baseline.value_or(false);
    const bool status =
        (lasted && *lasted > kProlonged) || (found.repetitive.value_or(false) && found.returned_to_baseline == false);
    const bool electrical = found.kind == NeuroKind::eeg_nonconvulsive_seizure;
    const bool generalised = !electrical && found.seizure_type == SeizureType::generalised;
    const bool untyped = !electrical && found.seizure_type == SeizureType::unspecified;
    const bool at_limit = lasted && *lasted == kProlonged;
    const bool unsure =
        untyped || at_limit || (!lasted && !returned) || (found.repetitive.value_or(false) && !returned);
    CresSeizures& seizures = state.seizures;
    Source source = source_of(fact);
    source.suspected = found.other_cause.value_or(false);
    const auto raise = [&](Instant& to, Source& kept) {
        if (end <= to) return;
        to = end;
        kept = source;
    };
    raise(seizures.any, seizures.any_source);
    if (status || generalised) raise(seizures.grave, seizures.grave_source);
    if (!unsure || status || generalised) return;
    if (end > seizures.unsure) seizures.at_limit = at_limit;
    raise(seizures.unsure, seizures.unsure_source);
}

void observe_finding(CresState& state, const Fact& fact, const NeuroFinding& found, const FoldContext& context) {
    const bool present = found.present.value_or(true);
    const bool suspected = found.other_cause.value_or(false);
    const auto sign = [&](Kind kind, Grade low, Grade high) {
        take_sign(state, kind, fact, present, low, high, suspected);
    };
    switch (found.kind) {
        case NeuroKind::seizure:
        case NeuroKind::eeg_nonconvulsive_seizure:
            return take_seizure(state, fact, found);
        case NeuroKind::focal_motor_weakness:
            return sign(Kind::weakness, 4, 4);
        case NeuroKind::focal_oedema_imaging:
            return sign(Kind::focal_oedema, 4, 4);
        case NeuroKind::diffuse_oedema_imaging:
            return sign(Kind::diffuse_oedema, 4, 4);
        case NeuroKind::papilloedema:
            return take_papilloedema(state, fact, found, present, suspected);
        case NeuroKind::raised_csf_pressure:
            return take_pressure(state, fact, found.csf_opening, true, present, suspected, context);
        case NeuroKind::posturing:  // signs of raised pressure that the text does not name
            return sign(Kind::posturing, 0, 4);
        case NeuroKind::sixth_nerve_palsy:
            return sign(Kind::sixth_nerve, 0, 4);
        case NeuroKind::cushing_triad:
            return sign(Kind::cushing, 0, 4);
        case NeuroKind::unspecified:
        case NeuroKind::aphasia:
        case NeuroKind::tremor:
        case NeuroKind::hallucination:
        case NeuroKind::stroke:
        case NeuroKind::parkinsonism:
        case NeuroKind::cranial_nerve_palsy:
        case NeuroKind::haemorrhage:
        case NeuroKind::myoclonus:
        case NeuroKind::headache:
        case NeuroKind::personality_or_memory_change:
        case NeuroKind::other:
            return;
    }
}

}  // namespace

bool concerns_cres(const Fact& fact) {
    switch (fact.kind) {
        case FactKind::observation:
            return fact.analyte == Analyte::rass || fact.analyte == Analyte::gcs ||
                   fact.analyte == Analyte::csf_opening;
        case FactKind::ice_assessment:
        case FactKind::neuro_finding:
        case FactKind::intervention:
        case FactKind::infusion:
        case FactKind::death:
        case FactKind::adjudication:
            return true;
        case FactKind::enrollment:
        case FactKind::adverse_event:
        case FactKind::infection:
        case FactKind::disease_status:
        case FactKind::subsequent_therapy:
        case FactKind::contact:
        case FactKind::consent_change:
        case FactKind::site_heartbeat:
        case FactKind::retraction:
            return false;
    }
    return false;
}

void begin_infusion(CresState& state, const FoldContext&) { state = CresState{}; }

void observe(CresState& state, const Fact& fact, const FoldContext& context) {
    if (fact.kind == FactKind::observation) {
        state.changed = true;
        if (fact.analyte != Analyte::csf_opening || !fact.has_value) return;
        return take_pressure(state, fact, comparable(fact), false, true, false, context);
    }
    if (fact.body == nullptr) return;
    if (const auto* given = std::get_if<Intervention>(fact.body)) {
        const bool sedates = given->kind == InterventionKind::drug || given->kind == InterventionKind::oxygen ||
                             given->kind == InterventionKind::anaesthesia;
        state.changed = state.changed || sedates;
        return;
    }
    state.changed = true;
    if (const auto* said = std::get_if<IceAssessment>(fact.body)) return take_score(state, fact, *said);
    if (const auto* found = std::get_if<NeuroFinding>(fact.body)) {
        return observe_finding(state, fact, *found, context);
    }
    observe_adjudication(state.attribution, fact, {Scale::cartox_cres, Scale::ctcae_6_0},
                         {Component::ice, Component::capd, Component::consciousness, Component::seizure,
                          Component::motor, Component::raised_icp, Component::death});
}

}  // namespace cellvigil
