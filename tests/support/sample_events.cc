#include "tests/support/sample_events.h"

namespace cellvigil::sample {
namespace {

constexpr UtcOffset kOffset{480};

Instant noon() { return Instant(std::chrono::sys_days(std::chrono::year(2026) / 1 / 8)) + hours(4); }

EffectiveTime point(Instant at) { return {at, at, kOffset, TimePrecision::second}; }
EffectiveTime whole_day() {
    const SiteDate date = site_date(noon(), kOffset);
    return {start_of(date, kOffset), start_of(date + days(1), kOffset), kOffset, TimePrecision::day};
}
Coding coding(const char* code) { return {"http://example.org/codes", code, "shown"}; }

Observation observation() {
    Observation body;
    body.analyte = Analyte::neutrophils;
    body.comparator = Comparator::less;
    body.status = ResultStatus::final;
    body.value = thousandths(200);
    body.reference_low = thousandths(1800);
    body.reference_high = thousandths(7700);
    body.panel = "panel-1";
    return body;
}

IceAssessment ice_assessment() {
    IceAssessment body;
    body.orientation = 3;
    body.naming = 2;
    body.commands = 1;
    body.writing = 0;
    body.attention = 1;
    body.total = 7;
    body.capd_total = 0;
    body.capd_items_answered = 8;
    body.consciousness = Consciousness::asleep;
    body.unassessable = Unassessable::intubated;
    body.rass = -3;
    body.baseline = true;
    body.head_of_government = 1;
    return body;
}

NeuroFinding neuro_finding() {
    NeuroFinding body;
    body.kind = NeuroKind::other;
    body.present = false;
    body.duration_seconds = 300;
    body.returned_to_baseline = true;
    body.repetitive = false;
    body.other_cause = true;
    body.depth = WeaknessDepth::deep;
    body.seizure_type = SeizureType::generalised;
    body.papilloedema_stage = 5;
    body.csf_opening = whole(22);
    return body;
}

Intervention intervention() {
    Intervention body;
    body.kind = InterventionKind::vasopressor;
    body.phase = InterventionPhase::change;
    body.indication = Indication::hypoxia;
    body.device = OxygenDevice::partial_rebreather;
    body.flow_l_min = whole(10);
    body.fio2 = hundredths(60);
    body.agent = Agent::norepinephrine;
    body.route = Route::intravenous;
    body.by_infusion = true;
    body.push_dose = true;
    body.physiological = true;
    body.baseline = true;
    body.nocturnal_only = true;
    body.treatment = true;
    body.product = BloodProduct::fibrinogen;
    body.volume_ml = whole(500);
    body.duration_min = whole(30);
    body.rate = thousandths(50);
    body.rate_unit = "ug/kg/min";
    body.dose = whole(4);
    body.dose_unit = "mg";
    body.course = "course-1";
    body.policy = "policy-1";
    return body;
}

Enrollment enrollment() {
    Enrollment body;
    body.indication = coding("C83.3");
    body.age_years = 0;
    body.age_days = 200;
    body.sex = Sex::unknown;
    body.planned_product = coding("product-1");
    body.prior_transplant = true;
    body.prior_zoster = false;
    body.zoster_vaccinated = true;
    body.antiviral_prophylaxis = false;
    body.developmental_delay = true;
    body.weight_kg = thousandths(7400);
    body.baseline_ice = 10;
    body.baseline_capd = 0;
    body.dose_level = "2";
    return body;
}

Infusion infusion() {
    Infusion body;
    body.product = coding("product-1");
    body.number = 2;
    body.dose = thousandths(2500);
    body.dose_per_kg = true;
    body.lot = "lot-7";
    body.lymphodepletion_start = whole_day();
    body.weight_kg = whole(70);
    body.out_of_specification = false;
    body.target = coding("CD19");
    body.costimulatory_domain = coding("CD28");
    return body;
}

Seriousness seriousness() {
    Seriousness all;
    all.death = false;
    all.life_threatening = true;
    all.hospitalisation = true;
    all.disability = false;
    all.congenital_anomaly = false;
    all.other_important = true;
    return all;
}

AdverseEvent adverse_event() {
    AdverseEvent body;
    body.category = AdverseEventCategory::t_cell_malignancy;
    body.codes = {coding("10051792"), coding("10040555")};
    body.verbatim = "as told by the ward";
    body.reported = SiteGrade{3, Scale::ctcae_5_0};
    body.seriousness = seriousness();
    body.outcome = Outcome::unknown;
    body.judged_by(AssessorRole::investigator) = Relatedness::unlikely;
    body.judged_by(AssessorRole::committee) = Relatedness::definite;
    body.dose_limiting = false;
    body.expected = true;
    return body;
}

Infection infection() {
    Infection body;
    body.pathogen = PathogenClass::viral;
    body.organism = Organism::vzv;
    body.organism_code = coding("vzv");
    body.site = coding("skin");
    body.certainty = Certainty::proven;
    body.severities = {{3, Scale::ctcae_5_0}, {2, Scale::bmt_ctn}};
    body.on_prophylaxis = true;
    body.hospitalised = false;
    body.viraemia_only = false;
    body.treatment_routes = {Route::intravenous, Route::oral};
    Zoster zoster;
    zoster.dermatomes = 2;
    zoster.non_contiguous = true;
    zoster.outside_lesions = 21;
    zoster.disseminated = true;
    zoster.ophthalmic = false;
    zoster.oticus = false;
    zoster.cns = false;
    zoster.visceral = false;
    zoster.postherpetic_neuralgia = true;
    zoster.sine_herpete = false;
    body.zoster = zoster;
    body.outcome = Outcome::recovering;
    body.linked_record = "inf-1";
    body.seriousness = seriousness();
    return body;
}

Death death() {
    Death body;
    body.principal = DeathCause::icans;
    body.contributing = {DeathCause::infection, DeathCause::unknown};
    body.codes = {coding("R99")};
    body.autopsy = true;
    body.relatedness = Relatedness::possible;
    return body;
}

Contact contact() {
    Contact body;
    body.status = ContactStatus::completed;
    body.surveillance = {{SurveillanceDomain::medication, whole_day()},
                         {SurveillanceDomain::laboratory, point(noon())}};
    return body;
}

Adjudication adjudication() {
    Adjudication body;
    body.scale = Scale::astct_icans_2019;
    body.component = Component::raised_icp;
    body.verdict = Verdict::other_cause;
    body.other_cause = "hepatic encephalopathy";
    body.clinician = "clinician-7";
    body.role = "investigator";
    body.reason = "ammonia";
    body.signed_at = noon();
    body.assessment_id = "assessment-1";
    body.judged_record = "lab/r-1";
    return body;
}

}  // namespace

Event event_with(Body body) {
    Event event;
    event.message_id = "0190c5a2-7b3e-7c11-9d55-1f2e3d4c5b6a";
    event.source_system = "ward-ehr";
    event.study = "study-1";
    event.cohort = "cohort-1";
    event.site = "site-01";
    event.subject = "s-0001";
    event.record = "s-0001/obs/17";
    event.infusion_record = "s-0001/inf/1";
    event.action = RecordAction::create;
    event.origin = DataOrigin::ehr;
    event.producer_sequence = 42;
    event.effective = point(noon());
    event.effective_end = point(noon() + hours(1));
    event.recorded_at = noon() + minutes(10);
    event.body = std::move(body);
    if (std::holds_alternative<Retraction>(event.body)) {
        event.action = RecordAction::retract;
        event.action_reason = "wrong patient";
        event.version = 2;
    }
    return event;
}

Event temperature(Quantity celsius) {
    Observation body;
    body.analyte = Analyte::temperature;
    body.status = ResultStatus::final;
    body.value = celsius;
    return event_with(body);
}

std::vector<Body> full_bodies() {
    SiteHeartbeat heartbeat;
    heartbeat.data_complete_through = point(noon());
    heartbeat.last_producer_sequence = 41;
    heartbeat.open_queries = 0;
    return {observation(),
            ice_assessment(),
            neuro_finding(),
            intervention(),
            enrollment(),
            infusion(),
            adverse_event(),
            infection(),
            DiseaseStatus{Response::not_evaluable, coding("lugano"), true},
            SubsequentTherapy{SubsequentTherapyKind::t_cell_engager, coding("agent"), TherapyIntent::other},
            death(),
            contact(),
            ConsentChange{ConsentScope::resumed},
            heartbeat,
            adjudication(),
            Retraction{}};
}

}  // namespace cellvigil::sample
