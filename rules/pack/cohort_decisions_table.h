// The decisions about infections, immune state and cohort counts, for decisions.cc only. Every default is ours (HOUSE)
// but the recurrence intervals that the BMT CTN manual lists.
#pragma once

#include <array>
#include <type_traits>

#include "rules/pack/decisions.h"

namespace cellvigil {

// The decision that sets one integer, flag or enumerator of one part of the rules.
template <auto Part, auto Field>
constexpr Decision whole_number(const char* key, const char* unit, std::int64_t first, std::int64_t last,
                                const char* question) {
    return {key,
            unit,
            first,
            last,
            question,
            false,
            [](const RuleSet& rules) -> std::optional<std::int64_t> {
                return static_cast<std::int64_t>((rules.*Part).*Field);
            },
            [](RuleSet& rules, std::optional<std::int64_t> value) {
                auto& field = (rules.*Part).*Field;
                field = static_cast<std::remove_reference_t<decltype(field)>>(value.value_or(0));
            }};
}
template <auto Field>
constexpr Decision recurrence(const char* key, const char* question) {
    return {key,
            "d",
            1,
            730,
            question,
            false,
            [](const RuleSet& rules) -> std::optional<std::int64_t> { return rules.infection.recurrence.*Field; },
            [](RuleSet& rules, std::optional<std::int64_t> value) {
                rules.infection.recurrence.*Field = static_cast<std::int32_t>(value.value_or(0));
            }};
}

// clang-format off
inline constexpr std::array kCohortDecisions{
    recurrence<&RecurrenceRules::bacteria>("infection.recurrence_bacteria_d", "Up to how long after resolution is the same bacterium the same episode?"),
    recurrence<&RecurrenceRules::c_difficile>("infection.recurrence_c_difficile_d", "The same for Clostridioides difficile"),
    recurrence<&RecurrenceRules::herpes>("infection.recurrence_herpes_d", "The same for CMV, HSV, EBV and HHV-6"),
    recurrence<&RecurrenceRules::respiratory>("infection.recurrence_respiratory_d", "The same for adeno-, entero- and rhinovirus, influenza, parainfluenza and RSV"),
    recurrence<&RecurrenceRules::sars_cov_2>("infection.recurrence_sars_cov_2_d", "The same for SARS-CoV-2, which the manual does not list"),
    recurrence<&RecurrenceRules::bk_virus>("infection.recurrence_bk_d", "The same for BK polyomavirus"),
    recurrence<&RecurrenceRules::yeast>("infection.recurrence_yeast_d", "The same for yeast"),
    recurrence<&RecurrenceRules::mould>("infection.recurrence_mould_d", "The same for mould"),
    recurrence<&RecurrenceRules::pneumocystis>("infection.recurrence_pneumocystis_d", "The same for Pneumocystis, which the manual does not list"),
    recurrence<&RecurrenceRules::helicobacter>("infection.recurrence_helicobacter_d", "The same for Helicobacter"),
    recurrence<&RecurrenceRules::hbv>("infection.recurrence_hbv_d", "The same for hepatitis B virus, which the manual does not list"),
    recurrence<&RecurrenceRules::other>("infection.recurrence_other_d", "The same for any other organism"),
    recurrence<&RecurrenceRules::unknown>("infection.recurrence_unknown_d", "The same at one site when no organism was found"),
    whole_number<&RuleSet::infection, &InfectionRules::interval_from_onset>("infection.interval_from_onset", "0 no, 1 yes", 0, 1, "Do these intervals run from onset instead of resolution?"),
    whole_number<&RuleSet::infection, &InfectionRules::coinfection_days>("infection.coinfection_d", "d", 0, 30, "How close must onsets of two organisms at one site be to be one episode?"),
    whole_number<&RuleSet::infection, &InfectionRules::fewest_certainty>("infection.fewest_certainty", "1 possible, 2 probable, 3 proven", 1, 3, "From which certainty does an infection count?"),
    whole_number<&RuleSet::infection, &InfectionRules::severe_by>("infection.severe_by", "1 IV or admitted, 2 CTCAE 3, 3 BMT CTN 3, 4 serious", 1, 4, "By which system is an infection severe?"),
    whole_number<&RuleSet::immune, &ImmuneRules::cd4_valid_days>("immune.cd4_valid_d", "d", 7, 730, "How long does a CD4 count say what is so?"),
    whole_number<&RuleSet::immune, &ImmuneRules::igg_valid_days>("immune.igg_valid_d", "d", 7, 730, "How long does an IgG level?"),
    whole_number<&RuleSet::immune, &ImmuneRules::cd19_valid_days>("immune.cd19_valid_d", "d", 7, 730, "How long does a B cell count?"),
    whole_number<&RuleSet::immune, &ImmuneRules::alc_valid_days>("immune.alc_valid_d", "d", 7, 730, "How long does a lymphocyte count?"),
    whole_number<&RuleSet::immune, &ImmuneRules::cd4_low_per_ul>("immune.cd4_low_per_ul", "/uL", 50, 500, "Up to which count are CD4 cells low?"),
    whole_number<&RuleSet::immune, &ImmuneRules::cd4_very_low_per_ul>("immune.cd4_very_low_per_ul", "/uL", 10, 200, "Up to which count very low?"),
    whole_number<&RuleSet::immune, &ImmuneRules::igg_low_g_per_l>("immune.igg_low_g_per_l", "g/L", 2, 7, "Up to which level is IgG low?"),
    whole_number<&RuleSet::immune, &ImmuneRules::cd19_low_per_ul>("immune.cd19_low_per_ul", "/uL", 1, 100, "Up to which count are B cells absent?"),
    whole_number<&RuleSet::immune, &ImmuneRules::alc_low_per_ul>("immune.alc_low_per_ul", "/uL", 100, 1000, "Up to which count are lymphocytes low?"),
    whole_number<&RuleSet::prophylaxis, &ProphylaxisRules::immunoglobulin_covers_days>("prophylaxis.immunoglobulin_covers_d", "d", 7, 90, "How long does a dose of immunoglobulin replace?"),
    whole_number<&RuleSet::prophylaxis, &ProphylaxisRules::pentamidine_covers_days>("prophylaxis.pentamidine_covers_d", "d", 7, 60, "How long does a dose of pentamidine cover?"),
    whole_number<&RuleSet::cohorts, &CohortRules::infections_followed_by>("cohort.infections_followed_by", "1 surveillance, 2 contact, 3 any fact", 1, 3, "What shows that infections were asked about?"),
    whole_number<&RuleSet::cohorts, &CohortRules::survival_followed_by>("cohort.survival_followed_by", "1 surveillance, 2 contact, 3 any fact", 1, 3, "What shows that a subject was alive?"),
    whole_number<&RuleSet::cohorts, &CohortRules::acute_last_day>("cohort.acute_d", "d", 14, 30, "Which is the last day of the acute window?"),
    whole_number<&RuleSet::cohorts, &CohortRules::counts_last_day>("cohort.counts_d", "d", 28, 365, "Up to which day does the worst blood count matter?"),
    whole_number<&RuleSet::cohorts, &CohortRules::late_last_day>("cohort.late_d", "d", 180, 730, "Which is the last day of the third window?"),
    whole_number<&RuleSet::cohorts, &CohortRules::landmark_slack>("cohort.landmark_slack_d", "d", 7, 60, "How far from a landmark may its tests lie?"),
    whole_number<&RuleSet::cohorts, &CohortRules::fewest_at_risk>("cohort.fewest_at_risk", "subjects", 0, 100, "With fewer at risk, is an estimate marked?"),
    whole_number<&RuleSet::cohorts, &CohortRules::grade_source>("endpoint.grade_source", "1 computed, 2 site, 3 computed, else site", 1, 3, "Whose grade do cohorts count?"),
    whole_number<&RuleSet::day_close, &DayCloseRules::lateness_h>("day_close.lateness_h", "h", 0, 336, "How long after a day do monitors wait for its reports to be written?"),
    whole_number<&RuleSet::day_close, &DayCloseRules::grace_h>("day_close.grace_h", "h", 0, 72, "How long after midnight UTC is a day over at every site?"),
    whole_number<&RuleSet::day_close, &DayCloseRules::activity_h>("day_close.activity_h", "h", 12, 720, "A site lagging how far behind the others no longer holds a day open?"),
    whole_number<&RuleSet::refire, &RefireRules::events>("refire.events", "events", 1, 1000, "How many further events fire a cohort's alarm that stands again?"),
    whole_number<&RuleSet::refire, &RefireRules::percent>("refire.percent", "%", 0, 100, "Or by which share of the events it fired with, where that is more?"),
};
// clang-format on

}  // namespace cellvigil
