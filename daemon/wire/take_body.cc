#include "daemon/wire/take_body.h"

#include <algorithm>

#include "cellvigil/v1/envelope.pb.h"
#include "daemon/wire/enumerators.h"
#include "rules/event/codes.h"
#include "rules/event/plausibility.h"
#include "rules/event/units.h"

namespace cellvigil::wire {
namespace {

// What a mapping needs beside the message: the site's terms, and where to put marks.
class Taking {
  public:
    Taking(const SiteTerms& terms, EventFlags& flags) : terms_(terms), flags_(flags) {}

    template <typename Enum>
    Enum one_of(int number, Enum last) {
        bool unknown = false;
        const Enum value = known(number, last, unknown);
        if (unknown) flag(EventFlag::unknown_enumerator);
        return value;
    }
    Scale scale_of(int number, AdverseEventCategory category = AdverseEventCategory::unspecified) {
        bool unknown = false;
        const Scale value = scale(number, category, unknown);
        if (unknown) flag(EventFlag::unknown_enumerator);
        return value;
    }
    DeathCause cause_of(int number) {
        bool unknown = false;
        const DeathCause value = death_cause(number, unknown);
        if (unknown) flag(EventFlag::unknown_enumerator);
        return value;
    }
    OxygenDevice device_of(int number) {
        bool unknown = false;
        const OxygenDevice value = oxygen_device(number, unknown);
        if (unknown) flag(EventFlag::unknown_enumerator);
        return value;
    }
    std::optional<EffectiveTime> time(const v1::EventTime& sent) {
        bool unknown = false;
        const auto time = effective_time(sent_time(sent, unknown), terms_, flags_);
        if (unknown) flag(EventFlag::unknown_enumerator);
        return time;
    }
    // A number in the field's own unit; nullopt and flagged when it does not fit.
    std::optional<Quantity> amount(double value) {
        const auto quantity = quantity_of(value);
        if (quantity) return *quantity;
        flag(EventFlag::implausible);
        return std::nullopt;
    }
    // The same within hard limits; outside the soft ones it is marked.
    std::optional<Quantity> judged(std::optional<Quantity> value, Plausibility plausibility) {
        if (plausibility == Plausibility::unusual) flag(EventFlag::unusual);
        if (plausibility != Plausibility::implausible) return value;
        flag(EventFlag::implausible);
        return std::nullopt;
    }
    std::optional<Quantity> canonical(Analyte analyte, const v1::Quantity& sent) {
        const auto value = amount(sent.value());
        if (!value) return std::nullopt;
        const UnitRule* rule = find_unit(analyte, unit(sent.unit()));
        if (rule == nullptr) {
            flag(EventFlag::unit_unknown);
            return std::nullopt;
        }
        const auto converted = to_canonical(*value, *rule);
        if (!converted) flag(EventFlag::implausible);
        return converted ? judged(converted, plausibility_of(analyte, *converted)) : std::nullopt;
    }
    std::optional<Quantity> weight(double value) {
        const auto kg = amount(value);
        return kg ? judged(kg, plausibility_of(Analyte::weight, *kg)) : std::nullopt;
    }
    std::string_view unit(std::string_view sent) const { return unit_at_site(sent, terms_); }
    void flag(EventFlag mark) { flags_ |= bit(mark); }

  private:
    const SiteTerms& terms_;
    EventFlags& flags_;
};

Coding coding(const v1::Coding& sent) { return {sent.system(), sent.code(), sent.display()}; }

std::vector<Coding> codings(const google::protobuf::RepeatedPtrField<v1::Coding>& sent) {
    std::vector<Coding> all;
    all.reserve(static_cast<std::size_t>(sent.size()));
    for (const v1::Coding& one : sent) all.push_back(coding(one));
    return all;
}

// The value of a field with presence.
template <typename T, typename Message>
std::optional<T> stated(const Message& sent, bool (Message::*has)() const, T (Message::*get)() const) {
    if (!(sent.*has)()) return std::nullopt;
    return (sent.*get)();
}

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
    const int parts = int{to.orientation.has_value()} + int{to.naming.has_value()} + int{to.commands.has_value()} +
                      int{to.writing.has_value()} + int{to.attention.has_value()};
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
    if (sent.has_csf_opening_pressure()) to.csf_opening = taking.canonical(Analyte::csf_opening, sent.csf_opening_pressure());
    return to;
}

void take_drug(const v1::Intervention& sent, Taking& taking, Intervention& to) {
    to.agent = agent_of(sent.agent().system(), sent.agent().code());
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

Enrollment take(const v1::Enrollment& sent, Taking& taking) {
    using M = v1::Enrollment;
    Enrollment to;
    to.indication = coding(sent.indication());
    to.age_years = stated(sent, &M::has_age_years, &M::age_years);
    to.age_days = stated(sent, &M::has_age_days, &M::age_days);
    to.sex = taking.one_of(sent.sex(), Sex::unknown);
    to.planned_product = coding(sent.planned_product());
    to.prior_transplant = stated(sent, &M::has_prior_transplant, &M::prior_transplant);
    to.prior_zoster = stated(sent, &M::has_prior_zoster, &M::prior_zoster);
    to.zoster_vaccinated = stated(sent, &M::has_zoster_vaccinated, &M::zoster_vaccinated);
    to.antiviral_prophylaxis = stated(sent, &M::has_antiviral_prophylaxis, &M::antiviral_prophylaxis);
    to.developmental_delay = stated(sent, &M::has_developmental_delay, &M::developmental_delay);
    if (sent.has_weight_kg()) to.weight_kg = taking.weight(sent.weight_kg());
    to.baseline_ice = stated(sent, &M::has_baseline_ice, &M::baseline_ice);
    to.baseline_capd = stated(sent, &M::has_baseline_capd, &M::baseline_capd);
    to.dose_level = sent.dose_level();
    return to;
}

Infusion take(const v1::Infusion& sent, Taking& taking) {
    Infusion to;
    to.product = coding(sent.product());
    to.number = sent.infusion_number();
    if (sent.has_dose()) {
        const std::string_view unit = taking.unit(sent.dose().unit());
        const auto cells = quantity_of(sent.dose().value());
        const auto dose = cells ? cell_dose(*cells, unit) : std::nullopt;
        if (dose) {
            to.dose = dose->millions;
            to.dose_per_kg = dose->per_kg;
        } else {
            taking.flag(cells ? EventFlag::unit_unknown : EventFlag::implausible);
        }
    }
    to.lot = sent.lot_pseudonym();
    if (sent.has_lymphodepletion_start()) to.lymphodepletion_start = taking.time(sent.lymphodepletion_start());
    if (sent.has_weight_kg()) to.weight_kg = taking.weight(sent.weight_kg());
    to.out_of_specification = stated(sent, &v1::Infusion::has_out_of_specification, &v1::Infusion::out_of_specification);
    to.target = coding(sent.target());
    to.costimulatory_domain = coding(sent.costimulatory_domain());
    return to;
}

Seriousness take(const v1::Seriousness& sent) {
    using M = v1::Seriousness;
    Seriousness to;
    to.death = stated(sent, &M::has_death, &M::death);
    to.life_threatening = stated(sent, &M::has_life_threatening, &M::life_threatening);
    to.hospitalisation = stated(sent, &M::has_hospitalisation, &M::hospitalisation);
    to.disability = stated(sent, &M::has_disability, &M::disability);
    to.congenital_anomaly = stated(sent, &M::has_congenital_anomaly, &M::congenital_anomaly);
    to.other_important = stated(sent, &M::has_other_important, &M::other_important);
    return to;
}

AdverseEvent take(const v1::AdverseEventReport& sent, Taking& taking) {
    using M = v1::AdverseEventReport;
    AdverseEvent to;
    to.category = taking.one_of(sent.category(), AdverseEventCategory::t_cell_malignancy);
    to.codes = codings(sent.codes());
    to.verbatim = sent.verbatim_term();
    if (sent.has_grade()) to.reported = SiteGrade{sent.grade(), taking.scale_of(sent.grading_system(), to.category)};
    to.seriousness = take(sent.seriousness());
    to.outcome = taking.one_of(sent.outcome(), Outcome::unknown);
    for (int i = 0; i < sent.causality_size(); ++i) {  // the strongest counts, the first among equals
        const v1::Causality& judgement = sent.causality(i);
        const Relatedness relatedness = taking.one_of(judgement.relatedness(), Relatedness::definite);
        const AssessorRole assessor = taking.one_of(judgement.assessor(), AssessorRole::committee);
        if (i > 0 && relatedness <= to.relatedness) continue;
        to.relatedness = relatedness;
        to.assessor = assessor;
    }
    to.dose_limiting = stated(sent, &M::has_dose_limiting, &M::dose_limiting);
    to.expected = stated(sent, &M::has_expected, &M::expected);
    return to;
}

Zoster take(const v1::Zoster& sent) {
    using M = v1::Zoster;
    Zoster to;
    to.dermatomes = stated(sent, &M::has_dermatomes, &M::dermatomes);
    to.non_contiguous = stated(sent, &M::has_non_contiguous, &M::non_contiguous);
    to.outside_lesions = stated(sent, &M::has_outside_lesions, &M::outside_lesions);
    to.disseminated = stated(sent, &M::has_disseminated, &M::disseminated);
    to.ophthalmic = stated(sent, &M::has_ophthalmic, &M::ophthalmic);
    to.oticus = stated(sent, &M::has_oticus, &M::oticus);
    to.cns = stated(sent, &M::has_cns_involvement, &M::cns_involvement);
    to.visceral = stated(sent, &M::has_visceral, &M::visceral);
    to.postherpetic_neuralgia = stated(sent, &M::has_postherpetic_neuralgia, &M::postherpetic_neuralgia);
    to.sine_herpete = stated(sent, &M::has_sine_herpete, &M::sine_herpete);
    return to;
}

Infection take(const v1::Infection& sent, Taking& taking) {
    using M = v1::Infection;
    Infection to;
    to.pathogen = taking.one_of(sent.pathogen_class(), PathogenClass::unknown);
    to.organism = taking.one_of(sent.organism_group(), Organism::other);
    to.organism_code = coding(sent.organism());
    to.site = coding(sent.site());
    to.certainty = taking.one_of(sent.certainty(), Certainty::refuted);
    if (sent.has_severity_grade()) to.severities.push_back({sent.severity_grade(), taking.scale_of(sent.grading_system())});
    for (const v1::SiteGrade& grade : sent.severities()) {
        to.severities.push_back({grade.grade(), taking.scale_of(grade.grading_system())});
    }
    to.on_prophylaxis = stated(sent, &M::has_on_prophylaxis, &M::on_prophylaxis);
    to.hospitalised = stated(sent, &M::has_hospitalised, &M::hospitalised);
    to.viraemia_only = stated(sent, &M::has_viraemia_only, &M::viraemia_only);
    for (const int route : sent.treatment_routes()) to.treatment_routes.push_back(taking.one_of(route, Route::other));
    if (sent.has_zoster()) {
        to.zoster = take(sent.zoster());
        // A zoster block without a stated organism says which one it is.
        if (to.organism == Organism::unspecified) to.organism = Organism::vzv;
    }
    to.outcome = taking.one_of(sent.outcome(), Outcome::unknown);
    to.linked_record = sent.linked_record_id();
    to.seriousness = take(sent.seriousness());
    return to;
}

DiseaseStatus take(const v1::DiseaseStatus& sent, Taking& taking) {
    DiseaseStatus to;
    to.response = taking.one_of(sent.response(), Response::not_evaluable);
    to.criteria = coding(sent.criteria());
    to.mrd_negative = stated(sent, &v1::DiseaseStatus::has_mrd_negative, &v1::DiseaseStatus::mrd_negative);
    return to;
}

SubsequentTherapy take(const v1::SubsequentTherapy& sent, Taking& taking) {
    SubsequentTherapy to;
    to.kind = taking.one_of(sent.kind(), SubsequentTherapyKind::t_cell_engager);
    to.agent = coding(sent.agent());
    to.intent = taking.one_of(sent.intent(), TherapyIntent::other);
    return to;
}

Death take(const v1::Death& sent, Taking& taking) {
    Death to;
    to.principal = taking.cause_of(sent.cause());
    for (const int cause : sent.contributing()) to.contributing.push_back(taking.cause_of(cause));
    to.codes = codings(sent.cause_codes());
    to.autopsy = stated(sent, &v1::Death::has_autopsy, &v1::Death::autopsy);
    to.relatedness = taking.one_of(sent.relatedness(), Relatedness::definite);
    return to;
}

Contact take(const v1::FollowUpContact& sent, Taking& taking) {
    Contact to;
    to.status = taking.one_of(sent.status(), ContactStatus::completed);
    for (const v1::Surveillance& seen : sent.surveillance()) {
        const auto through = taking.time(seen.complete_through());
        if (!through) continue;  // an issue of the validator's
        to.surveillance.push_back({taking.one_of(seen.domain(), SurveillanceDomain::laboratory), *through});
    }
    return to;
}

SiteHeartbeat take(const v1::SiteHeartbeat& sent, Taking& taking) {
    SiteHeartbeat to;
    if (sent.has_data_complete_through()) to.data_complete_through = taking.time(sent.data_complete_through());
    to.last_producer_sequence = sent.last_producer_sequence();
    to.open_queries = stated(sent, &v1::SiteHeartbeat::has_open_queries, &v1::SiteHeartbeat::open_queries);
    return to;
}

Adjudication take(const v1::Adjudication& sent, Taking& taking) {
    Adjudication to;
    to.scale = taking.scale_of(sent.grading_system());
    to.component = taking.one_of(sent.component(), Component::organ);
    to.verdict = taking.one_of(sent.verdict(), Verdict::undetermined);
    to.other_cause = sent.other_cause();
    to.clinician = sent.clinician_id();
    to.role = sent.clinician_role();
    to.reason = sent.reason();
    if (sent.has_signed_at()) to.signed_at = instant_of(sent_timestamp(sent.signed_at()));
    to.assessment_id = sent.assessment_id();
    return to;
}

}  // namespace

SentTimestamp sent_timestamp(const google::protobuf::Timestamp& timestamp) {
    return {true, timestamp.nanos(), timestamp.seconds()};
}

SentTime sent_time(const v1::EventTime& time, bool& unknown_enumerator) {
    SentTime sent;
    sent.stated = true;
    sent.precision = known(time.precision(), TimePrecision::year, unknown_enumerator);
    if (time.has_instant()) sent.instant = sent_timestamp(time.instant());
    if (time.has_utc_offset_minutes()) sent.offset_minutes = time.utc_offset_minutes();
    return sent;
}

Body take_body(const v1::EventEnvelope& envelope, const SiteTerms& terms, EventFlags& flags) {
    Taking taking(terms, flags);
    using E = v1::EventEnvelope;
    switch (envelope.payload_case()) {
        case E::kEnrollment: return take(envelope.enrollment(), taking);
        case E::kInfusion: return take(envelope.infusion(), taking);
        case E::kObservation: return Observation{};  // taken from what was sent, by admission
        case E::kIceAssessment: return take(envelope.ice_assessment(), taking);
        case E::kNeuroFinding: return take(envelope.neuro_finding(), taking);
        case E::kIntervention: return take(envelope.intervention(), taking);
        case E::kAdverseEventReport: return take(envelope.adverse_event_report(), taking);
        case E::kInfection: return take(envelope.infection(), taking);
        case E::kDiseaseStatus: return take(envelope.disease_status(), taking);
        case E::kSubsequentTherapy: return take(envelope.subsequent_therapy(), taking);
        case E::kDeath: return take(envelope.death(), taking);
        case E::kFollowUpContact: return take(envelope.follow_up_contact(), taking);
        case E::kConsentChange: return ConsentChange{taking.one_of(envelope.consent_change().scope(), ConsentScope::resumed)};
        case E::kSiteHeartbeat: return take(envelope.site_heartbeat(), taking);
        case E::kAdjudication: return take(envelope.adjudication(), taking);
        case E::PAYLOAD_NOT_SET: return Retraction{};
    }
    return Retraction{};
}

}  // namespace cellvigil::wire
