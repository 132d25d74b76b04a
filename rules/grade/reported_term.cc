#include "rules/grade/reported_term.h"

#include <algorithm>
#include <array>
#include <string>

namespace cellvigil {
namespace {

struct Row {
    Term term;
    std::string_view code;  // the number that CTCAE prints; empty: none at hand
    std::string_view name;  // as CTCAE prints it, in small letters
};

// clang-format off
constexpr auto kRows = std::to_array<Row>({
    {Term::neutrophil_count_decreased, "10029366", "neutrophil count decreased"},
    {Term::white_blood_cell_decreased, "10049182", "white blood cell decreased"},
    {Term::lymphocyte_count_decreased, "10025256", "lymphocyte count decreased"},
    {Term::lymphocyte_count_decreased, "10025327", "lymphopenia"},
    {Term::platelet_count_decreased, "10035528", "platelet count decreased"},
    {Term::platelet_count_decreased, "10043554", "thrombocytopenia"},
    {Term::anaemia, "10002272", "anemia"},
    {Term::cd4_decreased, "10007839", "cd4 lymphocytes decreased"},
    {Term::lymphocyte_count_increased, "", "lymphocyte count increased"},
    {Term::leukocytosis, "", "leukocytosis"},
    {Term::fever, "10016558", "fever"},
    {Term::febrile_neutropenia, "10016288", "febrile neutropenia"},
    {Term::hypotension, "10021097", "hypotension"},
    {Term::hypoxia, "10021143", "hypoxia"},
    {Term::cytokine_release_syndrome, "10052015", "cytokine release syndrome"},
    {Term::icans, "10083347", ""},
    {Term::sepsis, "10040047", "sepsis"},
    {Term::bacteraemia, "10003999", "bacteremia"},
    {Term::shingles, "10040555", "shingles"},
    {Term::cmv_reactivation, "10058666", "cytomegalovirus infection reactivation"},
    {Term::hsv_reactivation, "10080137", "herpes simplex reactivation"},
    {Term::ebv_reactivation, "10015109", "epstein-barr virus infection reactivation"},
    {Term::hbv_reactivation, "10058827", "hepatitis b reactivation"},
    {Term::secondary_malignancy, "10049737", "treatment related secondary malignancy"},
});
// clang-format on

std::string small(std::string_view text) {
    std::string result(text);
    for (char& letter : result) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    return result;
}

bool is_meddra(const Coding& coding) {
    if (coding.system.empty()) return true;
    const std::string system = small(coding.system);
    return system.find("meddra") != std::string::npos || system.find("mdr") != std::string::npos;
}

std::optional<Term> ctcae_term(const AdverseEvent& report) {
    if (const auto coded = coded_term(report)) return coded;
    switch (report.category) {
        case AdverseEventCategory::crs:
            return Term::cytokine_release_syndrome;
        case AdverseEventCategory::icans:
            return Term::icans;
        case AdverseEventCategory::infection:
            return Term::infection;
        case AdverseEventCategory::hypogammaglobulinaemia:
            return Term::hypogammaglobulinaemia;
        case AdverseEventCategory::second_malignancy:
        case AdverseEventCategory::t_cell_malignancy:
            return Term::secondary_malignancy;
        case AdverseEventCategory::enterocolitis:
            return Term::enterocolitis;
        case AdverseEventCategory::unspecified:
        case AdverseEventCategory::iec_hs:
        case AdverseEventCategory::cytopenia:
        case AdverseEventCategory::cardiac:
        case AdverseEventCategory::neuro_other:
        case AdverseEventCategory::other:
        case AdverseEventCategory::licats:
            return std::nullopt;
    }
    return std::nullopt;
}

// The scales that have one statement for their whole category.
std::optional<Term> only_if(bool fits, Term term = Term::none) { return fits ? std::optional(term) : std::nullopt; }

}  // namespace

std::optional<Term> coded_term(const AdverseEvent& report) {
    for (const Coding& coding : report.codes) {
        if (!is_meddra(coding)) continue;
        for (const Row& row : kRows) {
            if (!row.code.empty() && row.code == coding.code) return row.term;
        }
    }
    const std::string verbatim = small(report.verbatim);
    for (const Row& row : kRows) {
        if (!row.name.empty() && row.name == verbatim) return row.term;
    }
    return std::nullopt;
}

std::optional<Term> reported_term(const AdverseEvent& report, Scale scale, std::int32_t day) {
    constexpr std::int32_t kLateFrom = 31;
    const AdverseEventCategory category = report.category;
    switch (scale) {
        case Scale::ctcae_5_0:
        case Scale::ctcae_6_0:
            return ctcae_term(report);
        case Scale::astct_crs_2019:
        case Scale::lee_2014:
        case Scale::penn:
        case Scale::cartox_crs:
        case Scale::mskcc:
            return only_if(category == AdverseEventCategory::crs);
        case Scale::ctcae_4_03:
            return only_if(category == AdverseEventCategory::crs, Term::cytokine_release_syndrome);
        case Scale::astct_icans_2019:
        case Scale::cartox_cres:
            return only_if(category == AdverseEventCategory::icans);
        case Scale::icaht_early:
        case Scale::icaht_late:
        case Scale::car_hematotox:
            return only_if(category == AdverseEventCategory::cytopenia);
        case Scale::t_icaht:
            return only_if(category == AdverseEventCategory::cytopenia, day >= kLateFrom ? Term::late : Term::early);
        case Scale::iec_hs_2023:
            return only_if(category == AdverseEventCategory::iec_hs, Term::iec_hs);
        case Scale::licats_2025:
            return only_if(category == AdverseEventCategory::licats, Term::licats);
        case Scale::bmt_ctn:
        case Scale::unspecified:
            return std::nullopt;
    }
    return std::nullopt;
}

bool is_shingles(const Infection& infection) {
    return !infection.viraemia_only.value_or(false) &&
           (infection.organism == Organism::vzv || infection.zoster.has_value());
}

bool is_in_blood(const Infection& infection) {
    const bool bacterial = infection.pathogen == PathogenClass::bacterial || infection.organism == Organism::bacteria;
    if (!bacterial) return false;
    return small(infection.site.code).find("blood") != std::string::npos ||
           small(infection.site.display).find("blood") != std::string::npos;
}

Term infection_term(const Infection& infection) {
    if (is_shingles(infection)) return Term::shingles;
    if (is_in_blood(infection)) return Term::bacteraemia;
    if (infection.organism == Organism::cmv) return Term::cmv_reactivation;
    if (infection.organism == Organism::hsv) return Term::hsv_reactivation;
    if (infection.organism == Organism::ebv) return Term::ebv_reactivation;
    return infection.organism == Organism::hbv ? Term::hbv_reactivation : Term::infection;
}

bool is_infection_term(Term term) {
    return term == Term::infection || term == Term::sepsis || term == Term::bacteraemia || term == Term::shingles ||
           term == Term::cmv_reactivation || term == Term::hsv_reactivation || term == Term::ebv_reactivation ||
           term == Term::hbv_reactivation;
}

}  // namespace cellvigil
