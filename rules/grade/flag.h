// The remarks that a statement carries. Every flag asks for adjudication. Names and meanings: flag_table.cc. Pure.
#pragma once

#include <cstdint>
#include <string_view>

#include "rules/base/bit_set.h"

namespace cellvigil {

// clang-format off
enum class Flag : std::uint8_t {
    // data
    implausible_input, temp_unknown, stale_input, carried_forward, imputed_date, not_enrolled, window_open, data_gap,
    // CRS
    unconfirmed_hypotension, vasopressin_only, pressor_crossover, nonstandard_pressor, paed_centile, baseline_support, map_only,
    o2_flow_missing, hfnc_low_flow, airway_reason, comfort_o2, untreated_hypoxia, masked_onset, no_fever_gate, late_onset,
    outside_window, recurrence, recurrence_masked, infusion_reaction_window, physiological_steroid,
    // attribution
    alt_cause_suspected, alt_cause_confirmed,
    // ICANS
    ice_total_mismatch, ice0_loc_missing, sedated, asleep, seizure_at_5min, icp_measured_only, ice_at_baseline, capd_at_baseline,
    capd_no_baseline, capd_incomplete, delayed_neurotoxicity, instrument_for_age, consciousness_from_score,
    weakness_depth_missing,
    // death
    death_cause_unknown,
    // laboratory scales
    single_value, normal_by_local_range, boundary, outside_validation,
    // added after the first version: new ones go at the end of their group's block below, never in between (snapshots hold bits)
    reference_range_missing, baseline_abnormal, support_confounds, transfusion_indicated, after_lymphodepletion,  // laboratory
    ambiguous_scale, dose_missing, fio2_missing, admission_unknown,                         // legacy CRS and CRES scales
    suspicion, hook_suspected, disseminated_zoster, unconfirmed_infection, relapse_possible, // suspicions and infections
    treatment_unknown, required_item_missing, hepatitis_flare, always_serious,
};
// clang-format on
inline constexpr int kFlags = static_cast<int>(Flag::always_serious) + 1;
using Flags = BitSet<Flag, 2>;

// "unconfirmed_hypotension".
const char* name_of(Flag flag);
// What a flag means, in words: "one low pressure, neither confirmed nor treated".
std::string_view meaning_of(Flag flag);

}  // namespace cellvigil
