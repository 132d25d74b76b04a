#include "rules/cohort/infection_severity.h"

#include <algorithm>
#include <array>

#include "rules/findings/zoster.h"

namespace cellvigil {
namespace {

bool is_ctcae(Scale scale) {
    return scale == Scale::ctcae_5_0 || scale == Scale::ctcae_6_0 || scale == Scale::ctcae_4_03;
}

void raise(std::optional<std::uint32_t>& worst, std::optional<std::uint32_t> by) {
    if (by && (!worst || *by > *worst)) worst = by;
}

std::optional<std::uint32_t> bmt_ctn_of(ZosterClass zoster) {
    switch (zoster) {
        case ZosterClass::localised:
            return 1;
        case ZosterClass::multidermatomal:
        case ZosterClass::disseminated:
        case ZosterClass::ophthalmic_or_oticus:
            return 2;
        case ZosterClass::cns_or_visceral:
            return 3;
        case ZosterClass::unspecified:
            return std::nullopt;
    }
    return std::nullopt;
}

Standing seriousness_of(const Infection& infection) {
    const Seriousness& said = infection.seriousness;
    const std::array criteria{said.death,      said.life_threatening,   said.hospitalisation,
                              said.disability, said.congenital_anomaly, said.other_important};
    const auto is = [](bool value) { return [value](const std::optional<bool>& one) { return one == value; }; };
    if (std::any_of(criteria.begin(), criteria.end(), is(true)) || infection.outcome == Outcome::fatal ||
        infection.hospitalised == true) {
        return Standing::yes;
    }
    return std::all_of(criteria.begin(), criteria.end(), is(false)) ? Standing::no : Standing::unknown;
}

}  // namespace

void worsen(InfectionSeverity& severity, const InfectionSeverity& by) {
    raise(severity.ctcae, by.ctcae);
    raise(severity.bmt_ctn, by.bmt_ctn);
    raise(severity.bmt_ctn_by_class, by.bmt_ctn_by_class);
    severity.requires_treatment = std::max(severity.requires_treatment, by.requires_treatment);
    severity.treated_or_admitted = std::max(severity.treated_or_admitted, by.treated_or_admitted);
    severity.serious = std::max(severity.serious, by.serious);
}

InfectionSeverity severity_of(const Infection& infection) {
    InfectionSeverity severity;
    for (const SiteGrade& given : infection.severities) {
        if (is_ctcae(given.scale)) raise(severity.ctcae, given.grade);
        if (given.scale == Scale::bmt_ctn) raise(severity.bmt_ctn, given.grade);
    }
    severity.bmt_ctn_by_class = bmt_ctn_of(zoster_class(infection));
    const bool treated = !infection.treatment_routes.empty();
    const bool intravenous = std::find(infection.treatment_routes.begin(), infection.treatment_routes.end(),
                                       Route::intravenous) != infection.treatment_routes.end();
    if (treated) severity.requires_treatment = Standing::yes;
    if (intravenous || infection.hospitalised == true) {
        severity.treated_or_admitted = Standing::yes;
    } else if (treated && infection.hospitalised == false) {
        severity.treated_or_admitted = Standing::no;
    }
    severity.serious = seriousness_of(infection);
    return severity;
}

InfectionSeverity severity_of_treatment(Route route) {
    InfectionSeverity severity;
    severity.requires_treatment = Standing::yes;
    if (route == Route::intravenous) severity.treated_or_admitted = Standing::yes;
    return severity;
}

Standing is_severe(const InfectionSeverity& severity, SevereInfection by) {
    const auto at_least_3 = [](std::optional<std::uint32_t> grade) {
        if (!grade) return Standing::unknown;
        return *grade >= 3 ? Standing::yes : Standing::no;
    };
    switch (by) {
        case SevereInfection::treated_or_admitted:
            return severity.treated_or_admitted;
        case SevereInfection::ctcae_3:
            return at_least_3(severity.ctcae);
        case SevereInfection::bmt_ctn_3:
            return at_least_3(severity.bmt_ctn);
        case SevereInfection::serious:
            return severity.serious;
    }
    return Standing::unknown;
}

bool may_be_severe(const InfectionSeverity& severity) {
    return severity.ctcae.value_or(0) >= 3 || severity.bmt_ctn.value_or(0) >= 3 ||
           severity.treated_or_admitted == Standing::yes || severity.serious == Standing::yes;
}

}  // namespace cellvigil
