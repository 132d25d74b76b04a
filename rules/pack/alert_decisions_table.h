// The decisions about subject alerts, for decisions.cc only. Defaults as in the table of docs/alerts.md (HOUSE).
#pragma once

#include "rules/pack/cohort_decisions_table.h"

namespace cellvigil {

template <auto Field>
constexpr Decision alert_limit(const char* key, const char* unit, std::int64_t first, std::int64_t last,
                               const char* question) {
    return whole_number<&RuleSet::alert_limits, Field>(key, unit, first, last, question);
}

// clang-format off
inline constexpr std::array kAlertDecisions{
    alert_limit<&AlertLimits::p01_gap_days>("alerts.p01_gap_d", "d", 0, 30, "How long after the end of antiviral prophylaxis may another course begin without an alert?"),
    alert_limit<&AlertLimits::p01_minimum_day>("alerts.p01_minimum_d", "d", 30, 3650, "Until which day at least is antiviral prophylaxis given, where no policy says it?"),
    alert_limit<&AlertLimits::p01_cd4_valid_days>("alerts.p01_cd4_valid_d", "d", 7, 730, "How old may a CD4 count be when prophylaxis ends?"),
    alert_limit<&AlertLimits::p02_window_days>("alerts.p02_window_d", "d", 30, 730, "Over how long are sinopulmonary infections counted?"),
    alert_limit<&AlertLimits::p02_serious>("alerts.p02_serious", "infections", 1, 10, "How many serious ones with low IgG are an alert?"),
    alert_limit<&AlertLimits::p02_treated>("alerts.p02_treated", "infections", 1, 10, "How many treated ones?"),
    alert_limit<&AlertLimits::p03_after_day>("alerts.p03_after_d", "d", 30, 730, "After which day is the absence of B cells lasting?"),
    alert_limit<&AlertLimits::p04_again_days>("alerts.p04_again_d", "d", 30, 1095, "Within which time of the one before is a zoster a second one?"),
    alert_limit<&AlertLimits::p06_pain_days>("alerts.p06_pain_d", "d", 30, 365, "How long after its rash is pain a neuralgia? Some studies use 30"),
    alert_limit<&AlertLimits::p07_after_day>("alerts.p07_after_d", "d", 14, 90, "After which day are low neutrophils late?"),
    alert_limit<&AlertLimits::p07_below_per_ul>("alerts.p07_below_per_ul", "/uL", 100, 1000, "Below which count are they low?"),
    alert_limit<&AlertLimits::p07_recovered_per_ul>("alerts.p07_recovered_per_ul", "/uL", 500, 3000, "Above which count had they recovered before a second dip?"),
    alert_limit<&AlertLimits::p09_within_minutes>("alerts.p09_within_min", "min", 15, 1440, "Within which time of fever with neutropenia must an antimicrobial begin?"),
    alert_limit<&AlertLimits::p11_count>("alerts.p11_count", "infections", 2, 20, "How many infections in short time are too many?"),
    alert_limit<&AlertLimits::p11_within_days>("alerts.p11_within_d", "d", 14, 730, "In which time?"),
    alert_limit<&AlertLimits::p12_gap_days>("alerts.p12_gap_d", "d", 1, 90, "How long may Pneumocystis prophylaxis be missing while CD4 cells are low?"),
    alert_limit<&AlertLimits::p12_from_day>("alerts.p12_from_d", "d", 0, 120, "From which day is it expected, where no policy says it?"),
    alert_limit<&AlertLimits::p12_hepatitis_b_days>("alerts.p12_hepatitis_b_d", "d", 0, 90, "How long may who was exposed to hepatitis B be without an antiviral?"),
    alert_limit<&AlertLimits::p13_steroid_days>("alerts.p13_steroid_d", "d", 1, 60, "For how long must a systemic glucocorticoid run?"),
    alert_limit<&AlertLimits::p13_after_day>("alerts.p13_after_d", "d", 0, 365, "After which day does a glucocorticoid ask for cover?"),
    alert_limit<&AlertLimits::p13_cmv_within_days>("alerts.p13_cmv_within_d", "d", 1, 60, "How long after that must CMV have been tested?"),
    alert_limit<&AlertLimits::p14_suspect_after_day>("alerts.p14_suspect_after_d", "d", 0, 365, "After which day may enlarged lymph nodes, a mass or a rash be of a T-cell malignancy?"),
    alert_limit<&AlertLimits::p14_cytopenia_after_day>("alerts.p14_cytopenia_after_d", "d", 30, 3650, "After which day may a cytopenia of grade 3 or more that begins after a recovery be?"),
    alert_limit<&AlertLimits::p14_lone_weak_sign>("alerts.p14_lone_weak_sign", "0 no, 1 yes", 0, 1, "Are a rash and a new cytopenia told by themselves (medium), and not only beside enlarged lymph nodes or a mass?"),
    alert_limit<&AlertLimits::p15_early_margin_days>("alerts.p15_early_margin_d", "d", 3, 30, "How far from day 28 may its tests lie?"),
    alert_limit<&AlertLimits::p15_margin_days>("alerts.p15_margin_d", "d", 7, 90, "How far from a later landmark?"),
    alert_limit<&AlertLimits::p15_medium_after_days>("alerts.p15_medium_after_d", "d", 7, 60, "How much later does what is overdue matter more?"),
    alert_limit<&AlertLimits::p15_medium_missing>("alerts.p15_medium_missing", "tests", 1, 4, "And when how many of the four are missing? A single one is a question to the site, no reason to interrupt anybody"),
    alert_limit<&AlertLimits::p15_medium_last_day>("alerts.p15_medium_last_d", "d", 28, 5475, "And up to which landmark? Later ones are yearly visits that change no treatment"),
    alert_limit<&AlertLimits::p16_inactivated_day>("alerts.p16_inactivated_d", "d", 60, 730, "From which day are inactivated vaccines due?"),
    alert_limit<&AlertLimits::p16_zoster_day>("alerts.p16_zoster_d", "d", 60, 1095, "From which day is recombinant zoster vaccine due, where no policy says it?"),
    alert_limit<&AlertLimits::p16_immunoglobulin_free_days>("alerts.p16_immunoglobulin_free_d", "d", 0, 365, "How long after immunoglobulin is a vaccination put off?"),
    alert_limit<&AlertLimits::p18_after_day>("alerts.p18_after_d", "d", 7, 30, "After which day is a fever late for CRS?"),
    alert_limit<&AlertLimits::p18_last_day>("alerts.p18_last_d", "d", 15, 3650, "Up to which day is it looked at as if it might be CRS?"),
    alert_limit<&AlertLimits::p18_apart_hours>("alerts.p18_apart_h", "h", 6, 168, "After how long without fever is a fever a new one?"),
};
// clang-format on

}  // namespace cellvigil
