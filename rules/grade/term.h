// What a statement is about where its scale alone does not say it: a CTCAE term, one of a scale's two windows, a
// suspicion. Pure.
#pragma once

#include <cstdint>

namespace cellvigil {

// clang-format off
enum class Term : std::uint8_t {
    none,                              // the scale says it: ASTCT CRS, ICANS, Lee, Penn, ...
    // CTCAE laboratory terms
    neutrophil_count_decreased, white_blood_cell_decreased, lymphocyte_count_decreased, platelet_count_decreased, anaemia,
    cd4_decreased, lymphocyte_count_increased, leukocytosis,
    // CTCAE clinical terms
    fever, febrile_neutropenia, hypotension, hypoxia, cytokine_release_syndrome, icans, infection, sepsis, bacteraemia, shingles,
    cmv_reactivation, hsv_reactivation, ebv_reactivation, hbv_reactivation, hypogammaglobulinaemia, secondary_malignancy,
    // windows of T-ICAHT
    early, late,
    // suspicions: raised for a clinician to judge, never a diagnosis
    iec_hs, hbv_reactivation_suspected, delayed_neurotoxicity, prolonged_b_cell_aplasia, low_igg, t_cell_malignancy, licats,
    enterocolitis, ferritin_hook,
};
// clang-format on
inline constexpr int kTerms = static_cast<int>(Term::ferritin_hook) + 1;
// "neutrophil_count_decreased"; empty for none.
const char* name_of(Term term);
// "neutrophil count decreased", as a sentence uses it; empty for none.
const char* words_of(Term term);

}  // namespace cellvigil
