#include <algorithm>
#include <cmath>

#include "daemon/simulate/course.h"

namespace cellvigil::simulate {
namespace {

constexpr double kHour = 1.0 / 24;

AdverseEvent event_of(AdverseEventCategory category, const char* verbatim, int grade, Scale scale) {
    AdverseEvent event;
    event.category = category;
    event.verbatim = verbatim;
    event.reported = SiteGrade{static_cast<std::uint32_t>(grade), scale};
    event.outcome = Outcome::not_recovered;
    event.judged_by(AssessorRole::investigator) = Relatedness::probable;
    event.expected = true;
    return event;
}

// First as it was when first written, then, once it is over, with the highest grade, the end and the outcome.
void report_toxicity(Course& course, AdverseEvent event, Stretch stretch, int first_grade, bool serious) {
    const auto highest = event.reported->grade;
    event.reported->grade = static_cast<std::uint32_t>(first_grade);
    if (serious) event.seriousness.hospitalisation = true;
    Fact* fact = course.add(Reporting::inpatient, stretch.from, event);
    if (fact == nullptr) return;
    fact->serious = serious;
    const SubjectTruth& truth = course.truth();
    const bool ended = course.observed(stretch.until) && stretch.until > stretch.from;
    Wording final = fact->wordings.front();
    event.reported->grade = highest;
    if (ended) {
        event.outcome = Outcome::recovered;
        final.until = truth.at(stretch.until);
    }
    final.not_before = truth.at(std::min(stretch.until, truth.exits.observed_until()));
    final.body = event;
    fact->wordings.push_back(final);
}

void report_acute_toxicity(Course& course) {
    const SubjectTruth& truth = course.truth();
    if (truth.crs) {
        report_toxicity(
            course,
            event_of(AdverseEventCategory::crs, "Cytokine release syndrome", truth.crs->grade, Scale::astct_crs_2019),
            truth.crs->course, 1, truth.crs->grade >= 3);
    }
    if (truth.icans) {
        report_toxicity(
            course,
            event_of(AdverseEventCategory::icans, "Neurotoxicity (ICANS)", truth.icans->grade, Scale::astct_icans_2019),
            truth.icans->course, 1, truth.icans->grade >= 3);
    }
}

// Neutropenia by CTCAE 5.0: below 1.0 is grade 3, below 0.5 grade 4.
void report_neutropenia(Course& course) {
    const CountsTruth& counts = course.truth().counts;
    for (const Dip& dip : counts.dips) {
        if (dip.nadir >= 1.0) continue;
        const int grade = dip.nadir < 0.5 ? 4 : 3;
        report_toxicity(
            course, event_of(AdverseEventCategory::cytopenia, "Neutrophil count decreased", grade, Scale::ctcae_5_0),
            {dip.low.from + 0.3, dip.low.until + 1}, grade, false);
    }
}

Infection report_of(const InfectionTruth& infection, const SubjectTruth& truth) {
    Infection report;
    report.pathogen = infection.pathogen;
    report.organism = infection.organism;
    report.certainty = Certainty::proven;
    report.severities = {{static_cast<std::uint32_t>(infection.grade), Scale::ctcae_5_0}};
    report.on_prophylaxis = infection.course.from < truth.prophylaxis_stop;
    report.hospitalised = infection.severe;
    report.treatment_routes = {infection.severe ? Route::intravenous : Route::oral};
    report.outcome = Outcome::not_recovered;
    if (infection.severe) report.seriousness.hospitalisation = true;
    if (infection.grade >= 4) report.seriousness.life_threatening = true;
    return report;
}

// A report that the site closes when the illness is over (or has killed).
void report_illness(Course& course, Infection report, Stretch stretch, bool serious, bool fatal) {
    const SubjectTruth& truth = course.truth();
    const auto reporting = truth.in_hospital(stretch.from) ? Reporting::inpatient : Reporting::outpatient;
    Fact* fact = course.add(reporting, stretch.from, report);
    if (fact == nullptr) return;
    fact->precision = reporting == Reporting::outpatient ? TimePrecision::day : TimePrecision::minute;
    fact->serious = serious;
    fact->fatal = fatal;
    if (!fatal && !course.observed(stretch.until)) return;
    Wording closed = fact->wordings.front();
    report.outcome = fatal ? Outcome::fatal : Outcome::recovered;
    if (fatal) report.seriousness.death = true;
    closed.until = truth.at(stretch.until);
    closed.not_before = *closed.until;
    closed.body = std::move(report);
    fact->wordings.push_back(std::move(closed));
}

void treat(Course& course, Agent agent, Route route, const char* name, Stretch stretch) {
    Intervention treatment;
    treatment.kind = InterventionKind::drug;
    treatment.phase = InterventionPhase::start;
    treatment.indication = Indication::infection;
    treatment.agent = agent;
    treatment.route = route;
    treatment.treatment = true;
    treatment.course = name;
    course.add(Reporting::support, stretch.from, treatment);
    treatment.phase = InterventionPhase::stop;
    course.add(Reporting::support, stretch.until, treatment);
}

// A late infection's fever is seen once, when the patient comes, and mostly treated within the hour.
void measure_fever(Course& course, const InfectionTruth& infection, int number, Random& random) {
    const double day = infection.course.from + random.uniform({0.5, 2});
    const double celsius = random.uniform({38.1, 39.6});
    if (infection.course.from < 35 || !infection.severe || day >= infection.course.until) return;
    course.add(Reporting::charted, day, observed(Analyte::temperature, celsius, 1));
    const double after = kHour * (random.chance(0.93) ? random.uniform({0.2, 0.8}) : random.uniform({2, 5}));
    const std::string name = "antibacterial-" + std::to_string(number);
    treat(course, Agent::levofloxacin, Route::intravenous, name.c_str(), {day + after, day + after + 7});
}

Zoster extent_of(const ZosterTruth& episode, Random& random) {
    Zoster zoster;
    const auto one_or_two = static_cast<std::uint32_t>(random.integer(1, 2));
    const auto several = static_cast<std::uint32_t>(random.integer(3, 4));
    const auto beyond = static_cast<std::uint32_t>(random.integer(22, 80));
    const bool ear = random.chance(0.25);
    const bool brain = random.chance(0.6);
    zoster.dermatomes = one_or_two;
    zoster.non_contiguous = false;
    switch (episode.extent) {
        case ZosterClass::unspecified:
        case ZosterClass::localised:
            break;
        case ZosterClass::multidermatomal:
            zoster.dermatomes = several;
            break;
        case ZosterClass::disseminated:
            zoster.disseminated = true;
            zoster.outside_lesions = beyond;
            break;
        case ZosterClass::ophthalmic_or_oticus:
            (ear ? zoster.oticus : zoster.ophthalmic) = true;
            zoster.dermatomes = 1;
            break;
        case ZosterClass::cns_or_visceral:
            (brain ? zoster.cns : zoster.visceral) = true;
            break;
    }
    return zoster;
}

void report_zoster(Course& course, const ZosterTruth& episode, int number, Random& random) {
    Infection report;
    report.pathogen = PathogenClass::viral;
    report.organism = Organism::vzv;
    report.certainty = random.chance(0.6) ? Certainty::proven : Certainty::probable;
    report.severities = {{episode.serious ? 3U : 2U, Scale::ctcae_5_0}};
    report.on_prophylaxis = episode.on_prophylaxis;
    report.hospitalised = episode.serious;
    report.treatment_routes = {episode.serious ? Route::intravenous : Route::oral};
    report.outcome = Outcome::not_recovered;
    report.zoster = extent_of(episode, random);
    if (episode.serious) report.seriousness.hospitalisation = true;
    report_illness(course, report, episode.course, episode.serious, false);
    const std::string name = "vzv-" + std::to_string(number);
    treat(course, episode.serious ? Agent::aciclovir : Agent::valaciclovir, Route::oral, name.c_str(),
          {episode.course.from + random.uniform({0.5, 3}), episode.course.until});
    if (!episode.neuralgia) return;
    // Pain ninety days after the rash: a linked event, not another episode.
    AdverseEvent pain = event_of(AdverseEventCategory::neuro_other, "Post-herpetic neuralgia", 2, Scale::ctcae_5_0);
    if (Fact* fact = course.add(Reporting::outpatient, episode.course.from + 91, pain))
        fact->precision = TimePrecision::day;
}

}  // namespace

void report_happenings(Course& course) {
    const SubjectTruth& truth = course.truth();
    Random random = course.random(Purpose::reports);
    report_acute_toxicity(course);
    report_neutropenia(course);
    int number = 0;
    int fevers = 0;
    for (const InfectionTruth& infection : truth.infections) {
        measure_fever(course, infection, ++fevers, random);
        if (!infection.reported) continue;
        report_illness(course, report_of(infection, truth), infection.course, infection.severe, infection.fatal);
    }
    for (const ZosterTruth& episode : truth.zoster) report_zoster(course, episode, ++number, random);
}

void give_prophylaxis(Course& course) {
    const auto cover = [&course](Agent agent, const char* name, const char* policy, Stretch stretch) {
        Intervention given;
        given.kind = InterventionKind::drug;
        given.indication = Indication::prophylaxis;
        given.phase = InterventionPhase::start;
        given.agent = agent;
        given.route = Route::oral;
        given.course = name;
        given.policy = policy;
        course.add(Reporting::support, stretch.from, given);
        given.phase = InterventionPhase::stop;
        course.add(Reporting::support, stretch.until, given);
    };
    cover(Agent::aciclovir, "antiviral", "vzv-prophylaxis", {-5 + 3 * kHour, course.truth().prophylaxis_stop});
    cover(Agent::cotrimoxazole, "pneumocystis", "pjp-prophylaxis", {30.3, 210.3});
}

}  // namespace cellvigil::simulate
