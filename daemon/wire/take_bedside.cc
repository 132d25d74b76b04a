// Payloads from the bedside: neurological assessments and findings, interventions.
#include "daemon/wire/taking.h"
#include "rules/event/codes.h"

namespace cellvigil::wire {
namespace {

void take_drug(const v1::Intervention& sent, Taking& taking, Intervention& to) {
    to.agent = taking.agent(sent.agent());
    if (to.agent == Agent::other) to.agent_code = sent.agent().code();
    if (sent.has_dose()) {
        to.dose = taking.amount(sent.dose().value());
        to.dose_unit = std::string(taking.unit(sent.dose().unit()));
    }
    if (!sent.has_rate()) return;
    const auto rate = taking.amount(sent.rate().value());
    if (!rate) return;
    const auto known_rate = pressor_rate(*rate, taking.unit(sent.rate().unit()));
    if (known_rate) {
        to.rate = taking.judged(known_rate->rate, pressor_plausibility(to.agent, known_rate->rate, known_rate->unit));
        to.rate_unit = std::string(known_rate->unit);
    } else if (*rate == whole(0)) {
        to.rate = rate;  // nothing runs, in whatever unit
        to.rate_unit = sent.rate().unit();
    } else {
        taking.flag(EventFlag::unit_unknown);
        to.rate_unit = sent.rate().unit();
    }
}

}  // namespace

IceAssessment take(const v1::IceAssessment& sent, Taking& taking) {
    using M = v1::IceAssessment;
    IceAssessment to;
    to.orientation = stated(sent, &M::has_orientation, &M::orientation);
    to.naming = stated(sent, &M::has_naming, &M::naming);
    to.commands = stated(sent, &M::has_commands, &M::commands);
    to.writing = stated(sent, &M::has_writing, &M::writing);
    to.attention = stated(sent, &M::has_attention, &M::attention);
    to.total = stated(sent, &M::has_total, &M::total);
    to.capd_total = stated(sent, &M::has_capd_total, &M::capd_total);
    to.capd_items_answered = stated(sent, &M::has_capd_items_answered, &M::capd_items_answered);
    to.rass = stated(sent, &M::has_rass, &M::rass);
    to.head_of_government = stated(sent, &M::has_head_of_government, &M::head_of_government);
    to.consciousness = taking.one_of(sent.consciousness(), Consciousness::alert);
    to.unassessable = taking.one_of(sent.unassessable_reason(), Unassessable::intubated);
    to.baseline = sent.baseline();
    int parts = 0;
    for (const auto* part : {&to.orientation, &to.naming, &to.commands, &to.writing, &to.attention}) {
        parts += part->has_value() ? 1 : 0;
    }
    // Missing parts never read as zero: some without the others say nothing that can be used, but a total stands alone.
    const bool in_pieces = parts != 0 && parts != 5;
    to.implausible = !is_plausible(to) || (in_pieces && !to.total);
    if (to.implausible) taking.flag(EventFlag::implausible);
    if (in_pieces && to.total && !to.implausible) {
        to.orientation = to.naming = to.commands = to.writing = to.attention = std::nullopt;
        taking.flag(EventFlag::unusual);
    }
    return to;
}

NeuroFinding take(const v1::NeuroFinding& sent, Taking& taking) {
    using M = v1::NeuroFinding;
    NeuroFinding to;
    to.kind = taking.one_of(sent.kind(), NeuroKind::other);
    to.present = stated(sent, &M::has_present, &M::present);
    to.duration_seconds = stated(sent, &M::has_duration_seconds, &M::duration_seconds);
    to.returned_to_baseline = stated(sent, &M::has_returned_to_baseline, &M::returned_to_baseline);
    to.repetitive = stated(sent, &M::has_repetitive, &M::repetitive);
    to.other_cause = stated(sent, &M::has_other_cause, &M::other_cause);
    to.depth = taking.one_of(sent.depth(), WeaknessDepth::deep);
    to.seizure_type = taking.one_of(sent.seizure_type(), SeizureType::generalised);
    to.papilloedema_stage = stated(sent, &M::has_papilloedema_stage, &M::papilloedema_stage);
    if (sent.has_csf_opening_pressure())
        to.csf_opening = taking.canonical(Analyte::csf_opening, sent.csf_opening_pressure());
    return to;
}

Intervention take(const v1::Intervention& sent, Taking& taking) {
    Intervention to;
    to.kind = taking.one_of(sent.kind(), InterventionKind::anaesthesia);
    to.phase = taking.one_of(sent.phase(), InterventionPhase::single);
    to.indication = taking.one_of(sent.indication(), Indication::hypoxia);
    to.device = taking.device_of(sent.oxygen_device());
    if (sent.has_oxygen_flow_l_min()) {
        const auto flow = taking.amount(sent.oxygen_flow_l_min());
        if (flow) to.flow_l_min = taking.judged(flow, oxygen_flow_plausibility(to.device, *flow));
    }
    if (sent.has_fio2_fraction()) {
        const auto fraction = taking.amount(sent.fio2_fraction());
        if (fraction) to.fio2 = taking.judged(fraction, fio2_plausibility(*fraction));
    }
    take_drug(sent, taking, to);
    to.route = taking.one_of(sent.route_kind(), Route::other);
    to.by_infusion = sent.by_infusion();
    to.push_dose = sent.push_dose();
    to.physiological = sent.physiological_replacement();
    to.baseline = sent.baseline();
    to.nocturnal_only = sent.nocturnal_only();
    to.treatment = sent.antimicrobial_treatment();
    to.product = taking.one_of(sent.blood_product(), BloodProduct::fibrinogen);
    if (sent.has_volume_ml()) to.volume_ml = taking.amount(sent.volume_ml());
    if (sent.has_duration_min()) to.duration_min = taking.amount(sent.duration_min());
    to.course = sent.course_id();
    to.policy = sent.policy_id();
    return to;
}

}  // namespace cellvigil::wire
