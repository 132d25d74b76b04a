#include <algorithm>
#include <cmath>

#include "daemon/simulate/course.h"

namespace cellvigil::simulate {
namespace {

EffectiveTime whole_day(const SubjectTruth& truth, double day) {
    const SiteDate date = site_date(truth.at(day), truth.offset);
    return {start_of(date, truth.offset), start_of(date + days(1), truth.offset), truth.offset, TimePrecision::day};
}

void report_response(Course& course, double day, Response response) {
    DiseaseStatus status;
    status.response = response;
    status.criteria = {"urn:cellvigil:criteria", "LUGANO-2014", ""};
    if (Fact* fact = course.add(Reporting::visit, day, status)) fact->precision = TimePrecision::day;
}

void stage_disease(Course& course, Random& random) {
    const ExitsTruth& exits = course.truth().exits;
    const Responses& shares = course.parameters().responses;
    // Of those who are not cured: the cured are all in complete remission.
    const double uncured = std::max(1 - course.parameters().exits.cured, 1e-9);
    const double place = random.uniform() * uncured;
    Response best = Response::complete;
    if (exits.relapse && place < 1 - shares.complete) best = Response::partial;
    if (exits.relapse && place < 1 - shares.overall) best = Response::stable;
    for (const double visit : course.truth().visits) {
        const int day = course.truth().day_number(visit);
        const bool staged = (day >= 26 && day <= 32) || (day >= 85 && day <= 100) || day >= 175;
        if (!staged || visit >= exits.relapse.value_or(1e9)) continue;
        report_response(course, visit, best);
    }
    if (exits.relapse)
        report_response(course, *exits.relapse, *exits.relapse < 35 ? Response::progressive : Response::relapse);
    if (!exits.next_therapy) return;
    SubsequentTherapy therapy;
    therapy.kind = exits.next_therapy_kind;
    therapy.intent = TherapyIntent::anti_lymphoma;
    if (Fact* fact = course.add(Reporting::visit, *exits.next_therapy, therapy)) fact->precision = TimePrecision::day;
}

void keep_contact(Course& course, Random& random) {
    const SubjectTruth& truth = course.truth();
    for (const double visit : truth.visits) {
        Contact contact;
        contact.status = ContactStatus::alive;
        contact.surveillance.push_back({SurveillanceDomain::all, whole_day(truth, visit)});
        if (random.chance(0.05)) contact.surveillance.clear();  // seen, and nobody asked
        if (Fact* fact = course.add(Reporting::visit, visit + 0.01, contact)) fact->precision = TimePrecision::day;
    }
    const ExitsTruth& exits = truth.exits;
    // At the cut every site looks once more at those still followed.
    const double until = exits.observed_until();
    if (until >= exits.cut) {
        Contact last;
        last.status = ContactStatus::alive;
        last.surveillance.push_back({SurveillanceDomain::all, whole_day(truth, until - 3)});
        if (Fact* fact = course.add(Reporting::charted, until - 3, last)) fact->precision = TimePrecision::day;
    }
    if (exits.lost && until == *exits.lost) {
        Contact gone;
        gone.status = ContactStatus::lost_to_follow_up;
        Fact* fact = course.add(Reporting::exit, *exits.lost, gone);
        fact->precision = TimePrecision::day;
        fact->wordings.front().not_before = truth.at(*exits.lost + random.uniform({30, 90}));
    }
}

void report_death(Course& course, Random& random) {
    const ExitsTruth& exits = course.truth().exits;
    if (!exits.death || *exits.death > exits.observed_until()) return;
    Death death;
    death.principal = exits.cause;
    death.autopsy = random.chance(0.05);
    death.relatedness = exits.cause == DeathCause::disease ? Relatedness::not_related : Relatedness::possible;
    Fact* fact = course.add(Reporting::exit, *exits.death, death);
    fact->serious = fact->fatal = true;
}

}  // namespace

void register_subject(Course& course) {
    const SubjectTruth& truth = course.truth();
    const Product& product = course.parameters().product;
    Enrollment enrollment;
    enrollment.indication = product.indication;
    enrollment.age_years = truth.age_years;
    enrollment.age_days = truth.age_days;
    enrollment.sex = truth.sex;
    enrollment.planned_product = product.code;
    enrollment.prior_transplant = truth.prior_transplant;
    enrollment.prior_zoster = truth.prior_zoster;
    enrollment.zoster_vaccinated = false;
    enrollment.antiviral_prophylaxis = true;
    enrollment.weight_kg = to_digits(truth.weight_kg, 0);
    if (truth.paediatric()) {
        enrollment.baseline_capd = 1;
    } else {
        enrollment.baseline_ice = 10;
    }
    course.add(Reporting::registration, -30.2, enrollment);
    Infusion infusion;
    infusion.product = product.code;
    infusion.number = 1;
    infusion.dose = to_digits(product.dose_millions, 1);
    infusion.dose_per_kg = product.dose_per_kg;
    infusion.lot = truth.lot;
    infusion.lymphodepletion_start = whole_day(truth, -5);
    infusion.weight_kg = to_digits(truth.weight_kg, 0);
    infusion.out_of_specification = false;
    course.add(Reporting::registration, 0, infusion);
}

void follow_up(Course& course) {
    Random random = course.random(Purpose::follow_up);
    stage_disease(course, random);
    keep_contact(course, random);
    report_death(course, random);
}

}  // namespace cellvigil::simulate
