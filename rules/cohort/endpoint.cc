#include "rules/cohort/endpoint.h"

#include <array>

namespace cellvigil {
namespace {

struct EndpointNames {
    const char* name;
    const char* words;
};

// In the order of the enumeration.
constexpr std::array<EndpointNames, kEndpoints> kNames{{
    {"crs_any", "CRS, any grade, to day 30"},
    {"crs_3", "CRS grade 3 or more, to day 30"},
    {"icans_any", "ICANS, any grade, to day 30"},
    {"icans_3", "ICANS grade 3 or more, to day 30"},
    {"neutropenia_3", "Neutropenia grade 3 or more (CTCAE 5.0), to day 90"},
    {"leukopenia_3", "Leukopenia grade 3 or more (CTCAE 5.0), to day 90"},
    {"zoster_past_day_90", "Herpes zoster past day 90"},
    {"zoster_past_day_90_with_possible", "Herpes zoster past day 90, possible cases included"},
    {"infection_past_day_90", "Any infection past day 90"},
    {"zoster", "Herpes zoster, any time"},
    {"severe_infection_w0", "Severe infection, days 0 to 30"},
    {"severe_infection_w1", "Severe infection, days 31 to 90"},
    {"severe_infection_w2", "Severe infection, days 91 to 365"},
    {"severe_infection_w3", "Severe infection, from day 366"},
    {"second_malignancy", "Second primary malignancy"},
    {"death", "Death (overall survival)"},
    {"non_relapse_death", "Death without relapse"},
    {"progression_free", "Progression or death (progression-free survival)"},
    {"response", "Response (complete or partial)"},
    {"complete_response", "Complete response"},
    {"severe_cytopenia", "Severe cytopenia persisting at the landmark"},
    {"low_igg", "Low IgG at the landmark"},
    {"low_cd4", "Low CD4 at the landmark"},
    {"b_cell_aplasia", "B cell aplasia at the landmark"},
}};

constexpr std::array<const char*, kCauses> kDeathColumns{"disease",        "infection",         "immune_toxicity",
                                                         "other_toxicity", "second_malignancy", "other_or_unknown"};

}  // namespace

const char* name_of(Endpoint endpoint) { return kNames[static_cast<std::size_t>(endpoint)].name; }
const char* words_of(Endpoint endpoint) { return kNames[static_cast<std::size_t>(endpoint)].words; }

const char* name_of(Estimand estimand) {
    return estimand == Estimand::before_next_therapy ? "before_next_therapy" : "regardless";
}

const char* name_of(GradeSide side) {
    switch (side) {
        case GradeSide::computed:
            return "computed";
        case GradeSide::upper:
            return "upper";
        case GradeSide::site:
            return "site";
        case GradeSide::computed_else_site:
            return "computed_else_site";
    }
    return "unknown";
}

const char* name_of(Counting counting) { return counting == Counting::first ? "first" : "every"; }
const char* name_of(AnalysisSet set) { return set == AnalysisSet::safety ? "safety" : "efficacy"; }

const char* name_of(Dimension dimension) {
    switch (dimension) {
        case Dimension::all:
            return "all";
        case Dimension::antiviral:
            return "antiviral";
        case Dimension::immunoglobulin:
            return "immunoglobulin";
        case Dimension::cd4:
            return "cd4";
        case Dimension::window:
            return "window";
        case Dimension::site:
            return "site";
        case Dimension::lot:
            return "lot";
        case Dimension::indication:
            return "indication";
    }
    return "unknown";
}

const char* cause_name(Endpoint endpoint, std::size_t cause) {
    if (endpoint == Endpoint::death) return kDeathColumns.at(cause);
    if (is_landmark(endpoint) && cause == 1) return "absent";
    if (endpoint == Endpoint::progression_free && cause == kEventCause) return "progression";
    return name_of(static_cast<Exit>(cause));
}

bool all_causes_are_events(Endpoint endpoint) {
    return endpoint == Endpoint::death || endpoint == Endpoint::progression_free;
}

std::size_t death_column(DeathCause cause) {
    switch (cause) {
        case DeathCause::disease:
            return 0;
        case DeathCause::infection:
            return 1;
        case DeathCause::crs:
        case DeathCause::icans:
        case DeathCause::iec_hs:
            return 2;
        case DeathCause::neurotoxicity_other:
        case DeathCause::other_toxicity:
            return 3;
        case DeathCause::second_malignancy:
            return 4;
        case DeathCause::other:
        case DeathCause::unknown:
        case DeathCause::unspecified:
            return 5;
    }
    return 5;
}

bool is_landmark(Endpoint endpoint) { return endpoint >= Endpoint::severe_cytopenia; }

DaySpan days_of(Endpoint endpoint, const RuleSet& rules) {
    const Day acute = rules.cohorts.acute_last_day;
    const Day delayed = rules.infection.delayed_after_day;
    const Day late = rules.cohorts.late_last_day;
    switch (endpoint) {
        case Endpoint::crs_any:
        case Endpoint::crs_3:
        case Endpoint::icans_any:
        case Endpoint::icans_3:
        case Endpoint::severe_infection_w0:
            return {0, acute};
        case Endpoint::neutropenia_3:
        case Endpoint::leukopenia_3:
            return {0, rules.cohorts.counts_last_day};
        case Endpoint::severe_infection_w1:
            return {acute + 1, delayed};
        case Endpoint::severe_infection_w2:
            return {delayed + 1, late};
        case Endpoint::severe_infection_w3:
            return {late + 1, kOpenEnd};
        case Endpoint::zoster_past_day_90:
        case Endpoint::zoster_past_day_90_with_possible:
        case Endpoint::infection_past_day_90:
            return {delayed + 1, kOpenEnd};
        case Endpoint::zoster:
        case Endpoint::second_malignancy:
        case Endpoint::death:
        case Endpoint::non_relapse_death:
        case Endpoint::progression_free:
        case Endpoint::response:
        case Endpoint::complete_response:
        case Endpoint::severe_cytopenia:
        case Endpoint::low_igg:
        case Endpoint::low_cd4:
        case Endpoint::b_cell_aplasia:
            return {0, kOpenEnd};
    }
    return {0, kOpenEnd};
}

}  // namespace cellvigil
