#include "daemon/wire/put_body.h"

#include "cellvigil/v1/envelope.pb.h"
#include "daemon/wire/enumerators.h"
#include "rules/event/codes.h"
#include "rules/event/units.h"

namespace cellvigil::wire {
namespace {

// Sets a field of the contract where the domain states a value.
template <typename T, typename Message, typename Argument>
void put(const std::optional<T>& value, Message& to, void (Message::*setter)(Argument)) {
    if (value) (to.*setter)(*value);
}
template <typename Message>
void put(const std::optional<Quantity>& value, Message& to, void (Message::*setter)(double)) {
    if (value) (to.*setter)(number_of_quantity(*value));
}

bool stated(const Coding& coding) { return !coding.code.empty() || !coding.display.empty() || !coding.system.empty(); }
void put(const Coding& from, v1::Coding& to) {
    to.set_system(from.system);
    to.set_code(from.code);
    to.set_display(from.display);
}

void put(Quantity value, std::string_view unit, v1::Quantity& to) {
    to.set_value(number_of_quantity(value));
    to.set_unit(std::string(unit));
}

// The code of what has a public code, else our own name for it.
void put(std::string_view public_code, std::string_view own_system, const char* own_name, v1::Coding& to) {
    if (!public_code.empty()) {
        to.set_code(std::string(public_code));
    } else {
        to.set_system(std::string(own_system));
        to.set_code(own_name);
    }
}

void put_number(const Observation& from, const EnvelopeExtras& extras, v1::Observation& to) {
    if (extras.number) {
        to.mutable_quantity()->set_value(extras.number->value);
        to.mutable_quantity()->set_unit(extras.number->unit);
        put(extras.number->reference_low, to, &v1::Observation::set_reference_low);
        put(extras.number->reference_high, to, &v1::Observation::set_reference_high);
    } else if (from.in_mmol_per_litre && from.value_as_sent) {
        put(*from.value_as_sent, "mmol/L", *to.mutable_quantity());
    } else if (from.value) {
        put(*from.value, canonical_unit(from.analyte), *to.mutable_quantity());
        put(from.reference_low, to, &v1::Observation::set_reference_low);
        put(from.reference_high, to, &v1::Observation::set_reference_high);
    } else {
        return;
    }
    to.mutable_quantity()->set_comparator(static_cast<v1::Comparator>(number_of(from.comparator)));
}

void put(const Observation& from, const EnvelopeExtras& extras, v1::Observation& to) {
    if (!from.code.empty()) {
        to.mutable_code()->set_system(extras.code_system);
        to.mutable_code()->set_code(from.code);
    } else {
        put(loinc_of(from.analyte), kAnalyteSystem, name_of(from.analyte), *to.mutable_code());
    }
    put_number(from, extras, to);
    if (!to.has_quantity()) {
        if (from.truth) {
            to.set_boolean(*from.truth);
        } else if (!from.text.empty()) {
            to.set_text(from.text);
        }
    }
    to.set_status(static_cast<v1::ResultStatus>(number_of(from.status)));
    to.set_panel_id(from.panel);
}

void put(const IceAssessment& from, v1::IceAssessment& to) {
    using M = v1::IceAssessment;
    put(from.orientation, to, &M::set_orientation);
    put(from.naming, to, &M::set_naming);
    put(from.commands, to, &M::set_commands);
    put(from.writing, to, &M::set_writing);
    put(from.attention, to, &M::set_attention);
    put(from.total, to, &M::set_total);
    put(from.capd_total, to, &M::set_capd_total);
    put(from.capd_items_answered, to, &M::set_capd_items_answered);
    put(from.rass, to, &M::set_rass);
    put(from.head_of_government, to, &M::set_head_of_government);
    to.set_consciousness(static_cast<v1::Consciousness>(number_of(from.consciousness)));
    to.set_unassessable_reason(static_cast<v1::UnassessableReason>(number_of(from.unassessable)));
    to.set_baseline(from.baseline);
}

void put(const NeuroFinding& from, v1::NeuroFinding& to) {
    using M = v1::NeuroFinding;
    to.set_kind(static_cast<v1::NeuroKind>(number_of(from.kind)));
    put(from.present, to, &M::set_present);
    put(from.duration_seconds, to, &M::set_duration_seconds);
    put(from.returned_to_baseline, to, &M::set_returned_to_baseline);
    put(from.repetitive, to, &M::set_repetitive);
    put(from.other_cause, to, &M::set_other_cause);
    to.set_depth(static_cast<v1::WeaknessDepth>(number_of(from.depth)));
    to.set_seizure_type(static_cast<v1::SeizureType>(number_of(from.seizure_type)));
    put(from.papilloedema_stage, to, &M::set_papilloedema_stage);
    if (from.csf_opening) put(*from.csf_opening, "mm[Hg]", *to.mutable_csf_opening_pressure());
}

void put(const Intervention& from, v1::Intervention& to) {
    using M = v1::Intervention;
    to.set_kind(static_cast<v1::InterventionKind>(number_of(from.kind)));
    to.set_phase(static_cast<v1::InterventionPhase>(number_of(from.phase)));
    to.set_indication(static_cast<v1::Indication>(number_of(from.indication)));
    to.set_oxygen_device(static_cast<v1::OxygenDevice>(number_of(from.device)));
    put(from.flow_l_min, to, &M::set_oxygen_flow_l_min);
    put(from.fio2, to, &M::set_fio2_fraction);
    if (from.agent == Agent::other) {
        to.mutable_agent()->set_code(from.agent_code);
    } else if (from.agent != Agent::none) {
        put(atc_of(from.agent), kAgentSystem, name_of(from.agent), *to.mutable_agent());
    }
    if (from.dose) put(*from.dose, from.dose_unit, *to.mutable_dose());
    if (from.rate) put(*from.rate, from.rate_unit, *to.mutable_rate());
    to.set_course_id(from.course);
    to.set_policy_id(from.policy);
    to.set_route_kind(static_cast<v1::Route>(number_of(from.route)));
    to.set_by_infusion(from.by_infusion);
    to.set_push_dose(from.push_dose);
    to.set_physiological_replacement(from.physiological);
    to.set_baseline(from.baseline);
    to.set_nocturnal_only(from.nocturnal_only);
    to.set_antimicrobial_treatment(from.treatment);
    to.set_blood_product(static_cast<v1::BloodProduct>(number_of(from.product)));
    put(from.volume_ml, to, &M::set_volume_ml);
    put(from.duration_min, to, &M::set_duration_min);
}

void put(const Enrollment& from, v1::Enrollment& to) {
    using M = v1::Enrollment;
    if (stated(from.indication)) put(from.indication, *to.mutable_indication());
    put(from.age_years, to, &M::set_age_years);
    put(from.age_days, to, &M::set_age_days);
    to.set_sex(static_cast<v1::Sex>(number_of(from.sex)));
    if (stated(from.planned_product)) put(from.planned_product, *to.mutable_planned_product());
    put(from.prior_transplant, to, &M::set_prior_transplant);
    put(from.prior_zoster, to, &M::set_prior_zoster);
    put(from.zoster_vaccinated, to, &M::set_zoster_vaccinated);
    put(from.antiviral_prophylaxis, to, &M::set_antiviral_prophylaxis);
    put(from.developmental_delay, to, &M::set_developmental_delay);
    put(from.weight_kg, to, &M::set_weight_kg);
    put(from.baseline_ice, to, &M::set_baseline_ice);
    put(from.baseline_capd, to, &M::set_baseline_capd);
    to.set_dose_level(from.dose_level);
}

void put(const Infusion& from, v1::Infusion& to) {
    using M = v1::Infusion;
    if (stated(from.product)) put(from.product, *to.mutable_product());
    to.set_infusion_number(from.number);
    if (from.dose) {  // millionths of a million cells are cells
        to.mutable_dose()->set_value(static_cast<double>(from.dose->micro));
        to.mutable_dose()->set_unit(from.dose_per_kg ? "{cells}/kg" : "{cells}");
    }
    to.set_lot_pseudonym(from.lot);
    if (from.lymphodepletion_start) put_time(*from.lymphodepletion_start, false, *to.mutable_lymphodepletion_start());
    put(from.weight_kg, to, &M::set_weight_kg);
    put(from.out_of_specification, to, &M::set_out_of_specification);
    if (stated(from.target)) put(from.target, *to.mutable_target());
    if (stated(from.costimulatory_domain)) put(from.costimulatory_domain, *to.mutable_costimulatory_domain());
}

void put(const Seriousness& from, v1::Seriousness& to) {
    using M = v1::Seriousness;
    put(from.death, to, &M::set_death);
    put(from.life_threatening, to, &M::set_life_threatening);
    put(from.hospitalisation, to, &M::set_hospitalisation);
    put(from.disability, to, &M::set_disability);
    put(from.congenital_anomaly, to, &M::set_congenital_anomaly);
    put(from.other_important, to, &M::set_other_important);
}

void put(const AdverseEvent& from, v1::AdverseEventReport& to) {
    using M = v1::AdverseEventReport;
    to.set_category(static_cast<v1::AdverseEventCategory>(number_of(from.category)));
    for (const Coding& code : from.codes) put(code, *to.add_codes());
    to.set_verbatim_term(from.verbatim);
    if (from.reported) {
        to.set_grade(from.reported->grade);
        to.set_grading_system(static_cast<v1::GradingSystem>(number_of(from.reported->scale)));
    }
    if (from.seriousness != Seriousness{}) put(from.seriousness, *to.mutable_seriousness());
    for (std::size_t who = 0; who < from.causality.size(); ++who) {
        if (from.causality[who] == Relatedness::unspecified) continue;
        v1::Causality& causality = *to.add_causality();
        causality.set_assessor(static_cast<v1::AssessorRole>(who));
        causality.set_relatedness(static_cast<v1::Relatedness>(number_of(from.causality[who])));
    }
    to.set_outcome(static_cast<v1::Outcome>(number_of(from.outcome)));
    put(from.dose_limiting, to, &M::set_dose_limiting);
    put(from.expected, to, &M::set_expected);
}

void put(const Zoster& from, v1::Zoster& to) {
    using M = v1::Zoster;
    put(from.dermatomes, to, &M::set_dermatomes);
    put(from.non_contiguous, to, &M::set_non_contiguous);
    put(from.outside_lesions, to, &M::set_outside_lesions);
    put(from.disseminated, to, &M::set_disseminated);
    put(from.ophthalmic, to, &M::set_ophthalmic);
    put(from.oticus, to, &M::set_oticus);
    put(from.cns, to, &M::set_cns_involvement);
    put(from.visceral, to, &M::set_visceral);
    put(from.postherpetic_neuralgia, to, &M::set_postherpetic_neuralgia);
    put(from.sine_herpete, to, &M::set_sine_herpete);
}

void put(const Infection& from, v1::Infection& to) {
    using M = v1::Infection;
    to.set_pathogen_class(static_cast<v1::PathogenClass>(number_of(from.pathogen)));
    to.set_organism_group(static_cast<v1::Organism>(number_of(from.organism)));
    if (stated(from.organism_code)) put(from.organism_code, *to.mutable_organism());
    if (stated(from.site)) put(from.site, *to.mutable_site());
    to.set_certainty(static_cast<v1::Certainty>(number_of(from.certainty)));
    for (const SiteGrade& severity : from.severities) {
        v1::SiteGrade& grade = *to.add_severities();
        grade.set_grade(severity.grade);
        grade.set_grading_system(static_cast<v1::GradingSystem>(number_of(severity.scale)));
    }
    put(from.on_prophylaxis, to, &M::set_on_prophylaxis);
    put(from.hospitalised, to, &M::set_hospitalised);
    put(from.viraemia_only, to, &M::set_viraemia_only);
    for (const Route route : from.treatment_routes) to.add_treatment_routes(static_cast<v1::Route>(number_of(route)));
    if (from.zoster) put(*from.zoster, *to.mutable_zoster());
    to.set_outcome(static_cast<v1::Outcome>(number_of(from.outcome)));
    to.set_linked_record_id(from.linked_record);
    if (from.seriousness != Seriousness{}) put(from.seriousness, *to.mutable_seriousness());
}

void put(const DiseaseStatus& from, v1::DiseaseStatus& to) {
    to.set_response(static_cast<v1::ResponseCategory>(number_of(from.response)));
    if (stated(from.criteria)) put(from.criteria, *to.mutable_criteria());
    put(from.mrd_negative, to, &v1::DiseaseStatus::set_mrd_negative);
}

void put(const SubsequentTherapy& from, v1::SubsequentTherapy& to) {
    to.set_kind(static_cast<v1::SubsequentTherapyKind>(number_of(from.kind)));
    if (stated(from.agent)) put(from.agent, *to.mutable_agent());
    to.set_intent(static_cast<v1::TherapyIntent>(number_of(from.intent)));
}

void put(const Death& from, v1::Death& to) {
    to.set_cause(static_cast<v1::DeathCause>(number_of(from.principal)));
    for (const DeathCause cause : from.contributing) to.add_contributing(static_cast<v1::DeathCause>(number_of(cause)));
    for (const Coding& code : from.codes) put(code, *to.add_cause_codes());
    put(from.autopsy, to, &v1::Death::set_autopsy);
    to.set_relatedness(static_cast<v1::Relatedness>(number_of(from.relatedness)));
}

void put(const Contact& from, v1::FollowUpContact& to) {
    to.set_status(static_cast<v1::ContactStatus>(number_of(from.status)));
    for (const Surveillance& seen : from.surveillance) {
        v1::Surveillance& added = *to.add_surveillance();
        added.set_domain(static_cast<v1::SurveillanceDomain>(number_of(seen.domain)));
        put_time(seen.complete_through, false, *added.mutable_complete_through());
    }
}

void put(const SiteHeartbeat& from, v1::SiteHeartbeat& to) {
    if (from.data_complete_through) put_time(*from.data_complete_through, false, *to.mutable_data_complete_through());
    to.set_last_producer_sequence(from.last_producer_sequence);
    put(from.open_queries, to, &v1::SiteHeartbeat::set_open_queries);
}

void put(const Adjudication& from, v1::Adjudication& to) {
    to.set_grading_system(static_cast<v1::GradingSystem>(number_of(from.scale)));
    to.set_component(static_cast<v1::Component>(number_of(from.component)));
    to.set_verdict(static_cast<v1::Verdict>(number_of(from.verdict)));
    to.set_other_cause(from.other_cause);
    to.set_clinician_id(from.clinician);
    to.set_clinician_role(from.role);
    to.set_reason(from.reason);
    if (from.signed_at) put_time(*from.signed_at, *to.mutable_signed_at());
    to.set_assessment_id(from.assessment_id);
    to.set_judged_record(from.judged_record);
}

struct Put {
    const EnvelopeExtras& extras;
    v1::EventEnvelope& to;
    void operator()(const Observation& from) const { put(from, extras, *to.mutable_observation()); }
    void operator()(const IceAssessment& from) const { put(from, *to.mutable_ice_assessment()); }
    void operator()(const NeuroFinding& from) const { put(from, *to.mutable_neuro_finding()); }
    void operator()(const Intervention& from) const { put(from, *to.mutable_intervention()); }
    void operator()(const Enrollment& from) const { put(from, *to.mutable_enrollment()); }
    void operator()(const Infusion& from) const { put(from, *to.mutable_infusion()); }
    void operator()(const AdverseEvent& from) const { put(from, *to.mutable_adverse_event_report()); }
    void operator()(const Infection& from) const { put(from, *to.mutable_infection()); }
    void operator()(const DiseaseStatus& from) const { put(from, *to.mutable_disease_status()); }
    void operator()(const SubsequentTherapy& from) const { put(from, *to.mutable_subsequent_therapy()); }
    void operator()(const Death& from) const { put(from, *to.mutable_death()); }
    void operator()(const Contact& from) const { put(from, *to.mutable_follow_up_contact()); }
    void operator()(const ConsentChange& from) const {
        to.mutable_consent_change()->set_scope(static_cast<v1::ConsentScope>(number_of(from.scope)));
    }
    void operator()(const SiteHeartbeat& from) const { put(from, *to.mutable_site_heartbeat()); }
    void operator()(const Adjudication& from) const { put(from, *to.mutable_adjudication()); }
    void operator()(const Retraction&) const {}
};

}  // namespace

double number_of_quantity(Quantity amount) { return static_cast<double>(amount.micro) / 1e6; }

void put_time(Instant at, google::protobuf::Timestamp& timestamp) {
    const auto whole_seconds = std::chrono::floor<seconds>(at);
    timestamp.set_seconds(whole_seconds.time_since_epoch().count());
    timestamp.set_nanos(static_cast<std::int32_t>((at - whole_seconds).count() * 1'000'000));
}

void put_time(const EffectiveTime& time, bool omit_offset, v1::EventTime& sent) {
    put_time(time.from, *sent.mutable_instant());
    sent.set_precision(static_cast<v1::TimePrecision>(number_of(time.precision)));
    if (time.offset && !omit_offset) sent.set_utc_offset_minutes(static_cast<std::int32_t>(time.offset->count()));
}

void put_body(const Body& body, const EnvelopeExtras& extras, v1::EventEnvelope& envelope) {
    std::visit(Put{extras, envelope}, body);
}

}  // namespace cellvigil::wire
