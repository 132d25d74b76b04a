// Payloads that people report and judge: adverse events, infections, adjudications.
#include "daemon/wire/taking.h"

namespace cellvigil::wire {
namespace {

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

}  // namespace

AdverseEvent take(const v1::AdverseEventReport& sent, Taking& taking) {
    using M = v1::AdverseEventReport;
    AdverseEvent to;
    to.category = taking.one_of(sent.category(), AdverseEventCategory::t_cell_malignancy);
    to.codes = codings(sent.codes());
    to.verbatim = sent.verbatim_term();
    if (sent.has_grade()) to.reported = SiteGrade{sent.grade(), taking.scale_of(sent.grading_system(), to.category)};
    to.seriousness = take(sent.seriousness());
    to.outcome = taking.one_of(sent.outcome(), Outcome::unknown);
    for (const v1::Causality& judgement : sent.causality()) {  // of one assessor the strongest counts
        const Relatedness relatedness = taking.one_of(judgement.relatedness(), Relatedness::definite);
        Relatedness& by = to.judged_by(taking.one_of(judgement.assessor(), AssessorRole::committee));
        by = std::max(by, relatedness);
    }
    to.dose_limiting = stated(sent, &M::has_dose_limiting, &M::dose_limiting);
    to.expected = stated(sent, &M::has_expected, &M::expected);
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
    if (sent.has_severity_grade())
        to.severities.push_back({sent.severity_grade(), taking.scale_of(sent.grading_system())});
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

Adjudication take(const v1::Adjudication& sent, Taking& taking) {
    Adjudication to;
    to.scale = taking.scale_of(sent.grading_system());
    to.component = taking.one_of(sent.component(), Component::organ);
    to.verdict = taking.one_of(sent.verdict(), Verdict::value_rejected);
    to.other_cause = sent.other_cause();
    to.clinician = sent.clinician_id();
    to.role = sent.clinician_role();
    to.reason = sent.reason();
    if (sent.has_signed_at()) to.signed_at = instant_of(sent_timestamp(sent.signed_at()));
    to.assessment_id = sent.assessment_id();
    to.judged_record = sent.judged_record();
    return to;
}

}  // namespace cellvigil::wire
