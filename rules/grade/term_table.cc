// Every term with its name and its words, in the order of the enumeration.
#include <array>
#include <cstddef>

#include "rules/grade/term.h"

namespace cellvigil {
namespace {

struct Row {
    Term term;
    const char* name;
    const char* words;
};

// clang-format off
constexpr auto kRows = std::to_array<Row>({
    {Term::none, "", ""},
    {Term::neutrophil_count_decreased, "neutrophil_count_decreased", "neutrophil count decreased"},
    {Term::white_blood_cell_decreased, "white_blood_cell_decreased", "white blood cell decreased"},
    {Term::lymphocyte_count_decreased, "lymphocyte_count_decreased", "lymphocyte count decreased"},
    {Term::platelet_count_decreased, "platelet_count_decreased", "platelet count decreased"},
    {Term::anaemia, "anaemia", "anaemia"},
    {Term::cd4_decreased, "cd4_decreased", "CD4 count decreased"},
    {Term::lymphocyte_count_increased, "lymphocyte_count_increased", "lymphocyte count increased"},
    {Term::leukocytosis, "leukocytosis", "leukocytosis"},
    {Term::fever, "fever", "fever"},
    {Term::febrile_neutropenia, "febrile_neutropenia", "febrile neutropenia"},
    {Term::hypotension, "hypotension", "hypotension"},
    {Term::hypoxia, "hypoxia", "hypoxia"},
    {Term::cytokine_release_syndrome, "cytokine_release_syndrome", "cytokine release syndrome"},
    {Term::icans, "icans", "neurotoxicity (ICANS term)"},
    {Term::infection, "infection", "infection"},
    {Term::sepsis, "sepsis", "sepsis"},
    {Term::bacteraemia, "bacteraemia", "bacteraemia"},
    {Term::shingles, "shingles", "shingles"},
    {Term::cmv_reactivation, "cmv_reactivation", "CMV reactivation"},
    {Term::hsv_reactivation, "hsv_reactivation", "HSV reactivation"},
    {Term::ebv_reactivation, "ebv_reactivation", "EBV reactivation"},
    {Term::hbv_reactivation, "hbv_reactivation", "HBV reactivation"},
    {Term::hypogammaglobulinaemia, "hypogammaglobulinaemia", "hypogammaglobulinaemia"},
    {Term::secondary_malignancy, "secondary_malignancy", "secondary malignancy"},
    {Term::early, "early", "early (days 0 to 30)"},
    {Term::late, "late", "late (from day 31)"},
    {Term::iec_hs, "iec_hs", "IEC-HS"},
    {Term::hbv_reactivation_suspected, "hbv_reactivation_suspected", "HBV reactivation"},
    {Term::delayed_neurotoxicity, "delayed_neurotoxicity", "delayed neurotoxicity"},
    {Term::prolonged_b_cell_aplasia, "prolonged_b_cell_aplasia", "prolonged B-cell aplasia"},
    {Term::low_igg, "low_igg", "low IgG"},
    {Term::t_cell_malignancy, "t_cell_malignancy", "T-cell malignancy"},
    {Term::licats, "licats", "LICATS"},
    {Term::enterocolitis, "enterocolitis", "enterocolitis"},
    {Term::ferritin_hook, "ferritin_hook", "ferritin hook effect"},
});
// clang-format on

constexpr bool in_order() {
    for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (kRows[i].term != static_cast<Term>(i)) return false;
    }
    return kRows.size() == static_cast<std::size_t>(kTerms);
}
static_assert(in_order(), "a row for every term, in the order of the enumeration");

}  // namespace

const char* name_of(Term term) { return kRows[static_cast<std::size_t>(term)].name; }
const char* words_of(Term term) { return kRows[static_cast<std::size_t>(term)].words; }

}  // namespace cellvigil
