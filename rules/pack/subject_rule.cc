#include "rules/pack/subject_rule.h"

#include <array>

namespace cellvigil {
namespace {

struct Row {
    const char* name;
    const char* code;
    const char* title;
    const char* keys;
};

// In the order of the enumeration.
// clang-format off
constexpr std::array<Row, kSubjectRules> kRows{{
    {"crs_grade_3", "", "Cytokine release syndrome of grade 3 or higher", ""},
    {"icans_grade_3", "", "Neurotoxicity (ICANS) of grade 3 or higher", ""},
    {"toxicity_death", "", "Death from a toxicity of the therapy", ""},
    {"herpes_zoster", "P04", "Herpes zoster after the infusion", "alerts.p04_again_d infection.zoster_refractory_d"},
    {"P01", "P01", "Antiviral prophylaxis ended early", "alerts.p01_gap_d alerts.p01_minimum_d alerts.p01_cd4_valid_d immune.cd4_low_per_ul"},
    {"P02", "P02", "Low IgG with sinopulmonary infections and no replacement", "alerts.p02_window_d alerts.p02_serious alerts.p02_treated immune.igg_low_g_per_l immune.igg_valid_d prophylaxis.immunoglobulin_covers_d"},
    {"P03", "P03", "B cells absent and IgG low past month 6", "alerts.p03_after_d immune.cd19_low_per_ul immune.cd19_valid_d immune.igg_low_g_per_l immune.igg_valid_d"},
    {"P05", "P05", "Severe herpes zoster", "infection.zoster_refractory_d"},
    {"P06", "P06", "Pain persists after herpes zoster", "alerts.p06_pain_d"},
    {"P07", "P07", "Severe neutropenia late or again", "alerts.p07_after_d alerts.p07_below_per_ul alerts.p07_recovered_per_ul"},
    {"P08", "P08", "Severe cytopenia persists at a landmark", "counts.persistent_apart_d cohort.landmark_slack_d"},
    {"P09", "P09", "Fever with neutropenia and no antimicrobial recorded in time", "alerts.p09_within_min counts.fever_neutrophils_h counts.fever_sustained_min counts.fever_resolve_h"},
    {"P10", "P10", "Severe late or fatal infection", "infection.delayed_after_d"},
    {"P11", "P11", "Infections come again", "alerts.p11_count alerts.p11_within_d"},
    {"P12", "P12", "Prophylaxis is missing", "alerts.p12_gap_d alerts.p12_from_d alerts.p12_hepatitis_b_d immune.cd4_low_per_ul immune.cd4_valid_d"},
    {"P13", "P13", "Glucocorticoid without cover or without a CMV test", "alerts.p13_steroid_d alerts.p13_after_d alerts.p13_cmv_within_d"},
    {"P14", "P14", "Second malignancy", "alerts.p14_suspect_after_d alerts.p14_cytopenia_after_d alerts.p14_lone_weak_sign"},
    {"P15", "P15", "Landmark tests are overdue", "alerts.p15_early_margin_d alerts.p15_margin_d alerts.p15_medium_after_d alerts.p15_medium_missing alerts.p15_medium_last_d"},
    {"P16", "P16", "Vaccination is due", "alerts.p16_inactivated_d alerts.p16_zoster_d alerts.p16_immunoglobulin_free_d"},
    {"P17", "P17", "Infection after another therapy began", ""},
    {"P18", "P18", "Fever late after the infusion", "alerts.p18_after_d alerts.p18_last_d alerts.p18_apart_h"},
    {"adverse_event", "", "Adverse event with a reporting clock", ""},
}};
// clang-format on

const Row& row_of(SubjectRule rule) { return kRows[static_cast<std::size_t>(rule)]; }

}  // namespace

const char* name_of(SubjectRule rule) { return row_of(rule).name; }
const char* code_of(SubjectRule rule) { return row_of(rule).code; }
const char* title_of(SubjectRule rule) { return row_of(rule).title; }
const char* keys_of(SubjectRule rule) { return row_of(rule).keys; }

std::optional<SubjectRule> subject_rule_coded(std::string_view code) {
    for (int i = 0; i < kSubjectRules; ++i) {
        const auto rule = static_cast<SubjectRule>(i);
        if (kSwitchedRules.has(rule) && code == code_of(rule)) return rule;
    }
    return std::nullopt;
}

}  // namespace cellvigil
