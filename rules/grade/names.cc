#include "rules/grade/assessment.h"

namespace cellvigil {

const char* name_of(Flag flag) {
    switch (flag) {
        case Flag::implausible_input: return "implausible_input";
        case Flag::temp_unknown: return "temp_unknown";
        case Flag::stale_input: return "stale_input";
        case Flag::carried_forward: return "carried_forward";
        case Flag::imputed_date: return "imputed_date";
        case Flag::not_enrolled: return "not_enrolled";
        case Flag::window_open: return "window_open";
        case Flag::data_gap: return "data_gap";
        case Flag::unconfirmed_hypotension: return "unconfirmed_hypotension";
        case Flag::vasopressin_only: return "vasopressin_only";
        case Flag::pressor_crossover: return "pressor_crossover";
        case Flag::nonstandard_pressor: return "nonstandard_pressor";
        case Flag::paed_centile: return "paed_centile";
        case Flag::baseline_support: return "baseline_support";
        case Flag::map_only: return "map_only";
        case Flag::o2_flow_missing: return "o2_flow_missing";
        case Flag::hfnc_low_flow: return "hfnc_low_flow";
        case Flag::airway_reason: return "airway_reason";
        case Flag::comfort_o2: return "comfort_o2";
        case Flag::untreated_hypoxia: return "untreated_hypoxia";
        case Flag::masked_onset: return "masked_onset";
        case Flag::no_fever_gate: return "no_fever_gate";
        case Flag::late_onset: return "late_onset";
        case Flag::outside_window: return "outside_window";
        case Flag::recurrence: return "recurrence";
        case Flag::recurrence_masked: return "recurrence_masked";
        case Flag::infusion_reaction_window: return "infusion_reaction_window";
        case Flag::physiological_steroid: return "physiological_steroid";
        case Flag::alt_cause_suspected: return "alt_cause_suspected";
        case Flag::alt_cause_confirmed: return "alt_cause_confirmed";
        case Flag::ice_total_mismatch: return "ice_total_mismatch";
        case Flag::ice0_loc_missing: return "ice0_loc_missing";
        case Flag::sedated: return "sedated";
        case Flag::asleep: return "asleep";
        case Flag::seizure_at_5min: return "seizure_at_5min";
        case Flag::icp_measured_only: return "icp_measured_only";
        case Flag::ice_at_baseline: return "ice_at_baseline";
        case Flag::capd_at_baseline: return "capd_at_baseline";
        case Flag::capd_no_baseline: return "capd_no_baseline";
        case Flag::capd_incomplete: return "capd_incomplete";
        case Flag::delayed_neurotoxicity: return "delayed_neurotoxicity";
        case Flag::instrument_for_age: return "instrument_for_age";
        case Flag::consciousness_from_score: return "consciousness_from_score";
        case Flag::weakness_depth_missing: return "weakness_depth_missing";
        case Flag::death_cause_unknown: return "death_cause_unknown";
        case Flag::single_value: return "single_value";
        case Flag::normal_by_local_range: return "normal_by_local_range";
        case Flag::boundary: return "boundary";
        case Flag::outside_validation: return "outside_validation";
    }
    return "unknown";
}

const char* name_of(Component component) {
    switch (component) {
        case Component::none: return "none";
        case Component::fever: return "fever";
        case Component::hypotension: return "hypotension";
        case Component::hypoxia: return "hypoxia";
        case Component::ice: return "ice";
        case Component::capd: return "capd";
        case Component::consciousness: return "consciousness";
        case Component::seizure: return "seizure";
        case Component::motor: return "motor";
        case Component::raised_icp: return "icp";
        case Component::death: return "death";
        case Component::whole: return "whole";
        case Component::neutrophils: return "neutrophils";
        case Component::platelets: return "platelets";
        case Component::haemoglobin: return "haemoglobin";
        case Component::leukocytes: return "leukocytes";
        case Component::lymphocytes: return "lymphocytes";
        case Component::organ: return "organ";
    }
    return "unknown";
}

const char* name_of(Scale scale) {
    switch (scale) {
        case Scale::astct_crs_2019: return "ASTCT_CRS_2019";
        case Scale::astct_icans_2019: return "ASTCT_ICANS_2019";
        case Scale::icaht_early: return "ICAHT_EARLY";
        case Scale::icaht_late: return "ICAHT_LATE";
        case Scale::t_icaht: return "T_ICAHT";
        case Scale::ctcae_5_0: return "CTCAE_5_0";
        case Scale::ctcae_6_0: return "CTCAE_6_0";
        case Scale::lee_2014: return "LEE_2014";
        case Scale::penn: return "PENN";
        case Scale::ctcae_4_03: return "CTCAE_4_03";
        case Scale::cartox_crs: return "CARTOX_CRS";
        case Scale::cartox_cres: return "CARTOX_CRES";
        case Scale::iec_hs_2023: return "IEC_HS_2023";
        case Scale::licats_2025: return "LICATS_2025";
        case Scale::mskcc: return "MSKCC";
        case Scale::bmt_ctn: return "BMT_CTN";
        case Scale::car_hematotox: return "CAR_HEMATOTOX";
        case Scale::unspecified: return "UNSPECIFIED";
    }
    return "UNSPECIFIED";
}

}  // namespace cellvigil
