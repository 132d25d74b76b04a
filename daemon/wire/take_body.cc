#include "daemon/wire/take_body.h"

#include "daemon/wire/payload_messages.h"
#include "daemon/wire/taking.h"

namespace cellvigil::wire {
namespace {

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
    to.out_of_specification =
        stated(sent, &v1::Infusion::has_out_of_specification, &v1::Infusion::out_of_specification);
    to.target = coding(sent.target());
    to.costimulatory_domain = coding(sent.costimulatory_domain());
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

ConsentChange take(const v1::ConsentChange& sent, Taking& taking) {
    return {taking.one_of(sent.scope(), ConsentScope::resumed)};
}

SiteHeartbeat take(const v1::SiteHeartbeat& sent, Taking& taking) {
    SiteHeartbeat to;
    if (sent.has_data_complete_through()) to.data_complete_through = taking.time(sent.data_complete_through());
    to.last_producer_sequence = sent.last_producer_sequence();
    to.open_queries = stated(sent, &v1::SiteHeartbeat::has_open_queries, &v1::SiteHeartbeat::open_queries);
    return to;
}

template <typename Message>
Body taken_from(std::string_view bytes, Message& message, Taking& taking) {
    message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    return take(message, taking);
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
        case E::kEnrollment:
            return take(envelope.enrollment(), taking);
        case E::kInfusion:
            return take(envelope.infusion(), taking);
        case E::kObservation:
            return Observation{};  // taken from what was sent, by admission
        case E::kIceAssessment:
            return take(envelope.ice_assessment(), taking);
        case E::kNeuroFinding:
            return take(envelope.neuro_finding(), taking);
        case E::kIntervention:
            return take(envelope.intervention(), taking);
        case E::kAdverseEventReport:
            return take(envelope.adverse_event_report(), taking);
        case E::kInfection:
            return take(envelope.infection(), taking);
        case E::kDiseaseStatus:
            return take(envelope.disease_status(), taking);
        case E::kSubsequentTherapy:
            return take(envelope.subsequent_therapy(), taking);
        case E::kDeath:
            return take(envelope.death(), taking);
        case E::kFollowUpContact:
            return take(envelope.follow_up_contact(), taking);
        case E::kConsentChange:
            return take(envelope.consent_change(), taking);
        case E::kSiteHeartbeat:
            return take(envelope.site_heartbeat(), taking);
        case E::kAdjudication:
            return take(envelope.adjudication(), taking);
        case E::PAYLOAD_NOT_SET:
            return Retraction{};
    }
    return Retraction{};
}

Body take_payload(FactKind kind, std::string_view bytes, PayloadMessages& messages, const SiteTerms& terms,
                  EventFlags& flags) {
    Taking taking(terms, flags);
    switch (kind) {
        case FactKind::observation:
            return Observation{};
        case FactKind::ice_assessment:
            return taken_from(bytes, messages.ice_assessment, taking);
        case FactKind::neuro_finding:
            return taken_from(bytes, messages.neuro_finding, taking);
        case FactKind::intervention:
            return taken_from(bytes, messages.intervention, taking);
        case FactKind::enrollment:
            return taken_from(bytes, messages.enrollment, taking);
        case FactKind::infusion:
            return taken_from(bytes, messages.infusion, taking);
        case FactKind::adverse_event:
            return taken_from(bytes, messages.adverse_event, taking);
        case FactKind::infection:
            return taken_from(bytes, messages.infection, taking);
        case FactKind::disease_status:
            return taken_from(bytes, messages.disease_status, taking);
        case FactKind::subsequent_therapy:
            return taken_from(bytes, messages.subsequent_therapy, taking);
        case FactKind::death:
            return taken_from(bytes, messages.death, taking);
        case FactKind::contact:
            return taken_from(bytes, messages.contact, taking);
        case FactKind::consent_change:
            return taken_from(bytes, messages.consent_change, taking);
        case FactKind::site_heartbeat:
            return taken_from(bytes, messages.site_heartbeat, taking);
        case FactKind::adjudication:
            return taken_from(bytes, messages.adjudication, taking);
        case FactKind::retraction:
            return Retraction{};
    }
    return Retraction{};
}

}  // namespace cellvigil::wire
