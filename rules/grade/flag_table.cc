// Every flag with its name and what it means to a reader, in the order of the enumeration.
#include <array>

#include "rules/grade/flag.h"

namespace cellvigil {
namespace {

struct Row {
    Flag flag;
    const char* name;
    std::string_view meaning;
};

// clang-format off
constexpr auto kRows = std::to_array<Row>({
    {Flag::implausible_input, "implausible_input", "a value was implausible and not used"},
    {Flag::temp_unknown, "temp_unknown", "no valid temperature"},
    {Flag::stale_input, "stale_input", "a value that it rests on has not been charted lately"},
    {Flag::carried_forward, "carried_forward", "an older assessment is carried forward"},
    {Flag::imputed_date, "imputed_date", "a date is only known to the day, month or year"},
    {Flag::not_enrolled, "not_enrolled", "the subject is not enrolled yet"},
    {Flag::window_open, "window_open", "the window is still open"},
    {Flag::data_gap, "data_gap", "values are missing for more than a week"},
    {Flag::unconfirmed_hypotension, "unconfirmed_hypotension", "one low pressure, neither confirmed nor treated"},
    {Flag::vasopressin_only, "vasopressin_only", "vasopressin without another vasopressor"},
    {Flag::pressor_crossover, "pressor_crossover", "two vasopressors together for less than the overlap that counts"},
    {Flag::nonstandard_pressor, "nonstandard_pressor", "support that is not counted as a vasopressor"},
    {Flag::paed_centile, "paed_centile", "above the PALS limit, below the centile for the age"},
    {Flag::baseline_support, "baseline_support", "unchanged from before the infusion"},
    {Flag::map_only, "map_only", "judged by mean pressure alone"},
    {Flag::o2_flow_missing, "o2_flow_missing", "the oxygen flow is missing"},
    {Flag::hfnc_low_flow, "hfnc_low_flow", "high-flow device at a low flow"},
    {Flag::airway_reason, "airway_reason", "the reason for intubation is the airway, or not recorded"},
    {Flag::comfort_o2, "comfort_o2", "oxygen for comfort does not count"},
    {Flag::untreated_hypoxia, "untreated_hypoxia", "low saturation on room air"},
    {Flag::masked_onset, "masked_onset", "fever may be masked by a drug"},
    {Flag::no_fever_gate, "no_fever_gate", "no fever, and nothing that masks it"},
    {Flag::late_onset, "late_onset", "late onset"},
    {Flag::outside_window, "outside_window", "outside the window in which an episode opens"},
    {Flag::recurrence, "recurrence", "a recurrence"},
    {Flag::recurrence_masked, "recurrence_masked", "a recurrence whose fever may be masked"},
    {Flag::infusion_reaction_window, "infusion_reaction_window", "may be a reaction to the infusion"},
    {Flag::physiological_steroid, "physiological_steroid", "replacement steroid only"},
    {Flag::alt_cause_suspected, "alt_cause_suspected", "another cause is named on a message, not signed"},
    {Flag::alt_cause_confirmed, "alt_cause_confirmed", "a component is signed as having another cause"},
    {Flag::ice_total_mismatch, "ice_total_mismatch", "ICE items and total disagree; the items count"},
    {Flag::ice0_loc_missing, "ice0_loc_missing", "ICE 0 without a level of consciousness"},
    {Flag::sedated, "sedated", "sedated"},
    {Flag::asleep, "asleep", "asleep"},
    {Flag::seizure_at_5min, "seizure_at_5min", "a seizure may have been prolonged: five minutes, of unknown length, or return to baseline not charted"},
    {Flag::icp_measured_only, "icp_measured_only", "raised pressure measured, without imaging or clinical signs"},
    {Flag::ice_at_baseline, "ice_at_baseline", "ICE at the subject's baseline"},
    {Flag::capd_at_baseline, "capd_at_baseline", "CAPD at the subject's baseline"},
    {Flag::capd_no_baseline, "capd_no_baseline", "no CAPD baseline on file"},
    {Flag::capd_incomplete, "capd_incomplete", "CAPD not answered in full"},
    {Flag::delayed_neurotoxicity, "delayed_neurotoxicity", "may be delayed neurotoxicity"},
    {Flag::instrument_for_age, "instrument_for_age", "scored by the instrument for another age"},
    {Flag::consciousness_from_score, "consciousness_from_score", "consciousness is known from RASS or GCS only"},
    {Flag::weakness_depth_missing, "weakness_depth_missing", "the depth of the weakness is missing"},
    {Flag::death_cause_unknown, "death_cause_unknown", "the cause of death is not settled"},
    {Flag::single_value, "single_value", "a single value"},
    {Flag::normal_by_local_range, "normal_by_local_range", "normal by the laboratory's own range"},
    {Flag::boundary, "boundary", "a value equal to a limit"},
    {Flag::outside_validation, "outside_validation", "outside the validated disease"},
    {Flag::reference_range_missing, "reference_range_missing", "the laboratory's reference range is missing"},
    {Flag::baseline_abnormal, "baseline_abnormal", "abnormal before the infusion already"},
    {Flag::support_confounds, "support_confounds", "a transfusion or a growth factor may carry the value"},
    {Flag::transfusion_indicated, "transfusion_indicated", "a transfusion was given above the limit at which the number alone would grade"},
    {Flag::after_lymphodepletion, "after_lymphodepletion", "measured after lymphodepletion had begun, for want of an earlier value"},
    {Flag::ambiguous_scale, "ambiguous_scale", "the scale's text allows more than one grade"},
    {Flag::dose_missing, "dose_missing", "the dose or the weight is missing"},
    {Flag::fio2_missing, "fio2_missing", "the inspired oxygen fraction is not known"},
    {Flag::admission_unknown, "admission_unknown", "whether the patient was admitted for it is not known"},
    {Flag::suspicion, "suspicion", "a suspicion for a clinician to judge, not a diagnosis"},
    {Flag::hook_suspected, "hook_suspected", "ferritin may read falsely low (hook effect)"},
    {Flag::disseminated_zoster, "disseminated_zoster", "two or more non-adjacent dermatomes, or visceral disease"},
    {Flag::unconfirmed_infection, "unconfirmed_infection", "the infection is not confirmed"},
    {Flag::relapse_possible, "relapse_possible", "progression or a next therapy may explain it"},
    {Flag::treatment_unknown, "treatment_unknown", "how it was treated is not known"},
    {Flag::required_item_missing, "required_item_missing", "what the definition requires was not measured, or cannot be judged"},
    {Flag::hepatitis_flare, "hepatitis_flare", "ALT at least 3 times baseline and above 100 U/L"},
    {Flag::always_serious, "always_serious", "always serious: samples for the transgene test, manufacturer and regulator to be told"},
    {Flag::unobserved_gap, "unobserved_gap", "the episode went unobserved for longer than the limit: it may have ended unseen"},
});
// clang-format on

constexpr bool in_order() {
    for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (kRows[i].flag != static_cast<Flag>(i)) return false;
    }
    return kRows.size() == static_cast<std::size_t>(kFlags);
}
static_assert(in_order(), "a row for every flag, in the order of the enumeration");

}  // namespace

const char* name_of(Flag flag) { return kRows[static_cast<std::size_t>(flag)].name; }
std::string_view meaning_of(Flag flag) { return kRows[static_cast<std::size_t>(flag)].meaning; }

}  // namespace cellvigil
