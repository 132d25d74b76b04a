// The cross-walk by clinical state: each state told as a ward charts it, and what every scale makes of it. The page
// docs/clinical/legacy-crs.md prints the same table; tests hold both against the code.
#pragma once

#include <array>

#include "tests/rules/grade/legacy_ward.h"

namespace cellvigil::crs_crosswalk {

using namespace legacy_ward;

struct Column {
    const char* name;
    Scale scale;
    Term term;
};
inline constexpr std::array<Column, 8> kColumns{{
    {"ASTCT", Scale::astct_crs_2019, Term::none},
    {"CTCAE 4.03", Scale::ctcae_4_03, Term::cytokine_release_syndrome},
    {"CTCAE 5.0", Scale::ctcae_5_0, Term::cytokine_release_syndrome},
    {"CTCAE 6.0", Scale::ctcae_6_0, Term::cytokine_release_syndrome},
    {"Lee 2014", Scale::lee_2014, Term::none},
    {"Penn", Scale::penn, Term::none},
    {"CARTOX", Scale::cartox_crs, Term::none},
    {"MSKCC", Scale::mskcc, Term::none},
}};

struct State {
    const char* name;
    void (*tell)(Story&);
    std::array<const char*, kColumns.size()> grades;
};

inline const Instant kAsked = d(3, 15);

// clang-format off
inline const std::array<State, 17> kStates{{
    {"fever only", [](Story& s) { with_crs(s); },
     {"1", "1-2", "1", "1", "1", "1", "1", "1"}},
    {"neutropenic fever, admitted, intravenous antibiotics", [](Story& s) {
         course(with_crs(s), d(3, 9), InterventionKind::hospital_stay, InterventionPhase::start, Indication::fever);
         antibiotic(s.lab(d(3, 9), Analyte::neutrophils, 0.3), d(3, 10), Route::intravenous);
     }, {"1", "2-3", "1", "1", "1", "2", "1", "1"}},
    {"ALT grade 3, no hypotension or hypoxia", [](Story& s) { value(with_crs(s), d(3, 9), Analyte::alt, 240, 40); },
     {"1", "1-3", "1", "1", "2-3", "2", "2-3", "1"}},
    {"dialysis, no hypotension or hypoxia", [](Story& s) {
         course(with_crs(s), d(3, 9), InterventionKind::dialysis, InterventionPhase::start);
     }, {"1", "3-4", "1", "1", "4", "3-4", "4", "1"}},
    {"fresh frozen plasma", [](Story& s) { product(with_crs(s), d(3, 9), BloodProduct::plasma); },
     {"1", "3", "1", "1", "1", "3", "1", "1"}},
    {"cryoprecipitate, bilirubin grade 2", [](Story& s) {
         value(product(with_crs(s), d(3, 9), BloodProduct::cryoprecipitate), d(3, 9), Analyte::bilirubin, 40, 20);
     }, {"1", "3", "1", "1", "2", "3", "2", "1"}},
    {"hypotension, repeated boluses", [](Story& s) {
         low_pressure(with_crs(s), d(3, 11)).bolus(d(3, 11, 20), 500).systolic(d(3, 12), 85).bolus(d(3, 12, 5), 500);
     }, {"2", "2-3", "2", "2", "2", "3", "2", "1-2"}},
    {"hypotension, one bolus", [](Story& s) { low_pressure(with_crs(s), d(3, 11)).bolus(d(3, 11, 20), 500); },
     {"2", "2-3", "2", "2", "2", "1-2", "2", "1-2"}},
    {"low-dose norepinephrine", [](Story& s) { runs(with_crs(s), d(3, 10), Agent::norepinephrine, 5); },
     {"3", "4", "3", "3", "2", "3", "2", "2"}},
    {"high-dose norepinephrine", [](Story& s) { runs(with_crs(s), d(3, 10), Agent::norepinephrine, 25).systolic(d(3, 14), 105); },
     {"3", "4", "3", "3", "3", "4", "3", "2"}},
    {"low-dose norepinephrine + vasopressin", [](Story& s) {
         runs(runs(with_crs(s), d(3, 10), Agent::norepinephrine, 5), d(3, 10), Agent::vasopressin, 0.03, "[iU]/min");
     }, {"3", "4", "3-4", "3-4", "3", "3", "3", "2"}},
    {"norepinephrine + epinephrine, dose known", [](Story& s) {
         runs(runs(with_crs(s), d(3, 10), Agent::norepinephrine, 5), d(3, 10), Agent::epinephrine, 2);
     }, {"4", "4", "4", "4", "3", "3", "3", "2"}},
    {"nasal cannula 2 L/min", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::nasal_cannula, 2); },
     {"2", "2-3", "2", "2", "2", "3", "2", "2"}},
    {"facemask, FiO2 0.35", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::face_mask, 6, 0.35); },
     {"3", "3", "2", "3", "2", "3", "2", "2"}},
    {"high-flow cannula, FiO2 0.6", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::high_flow_nasal, 40, 0.6); },
     {"3", "3", "3", "3", "3", "3", "3", "3"}},
    {"CPAP or BiPAP", [](Story& s) { oxygen(with_crs(s), d(3, 10), OxygenDevice::bipap, std::nullopt, 0.5); },
     {"4", "4", "3-4", "4", "3-4", "3", "3-4", "3-4"}},
    {"intubated, ventilated", [](Story& s) {
         oxygen(with_crs(s), d(3, 10), OxygenDevice::invasive_ventilation, std::nullopt, 0.6, Indication::hypoxia);
     }, {"4", "4", "4", "4", "4", "4", "4", "4"}},
}};
// clang-format on

}  // namespace cellvigil::crs_crosswalk
