// The decisions that guidelines leave open, as values: keys of the decision register (docs/clinical/decisions.md) with
// our defaults (HOUSE). A rule pack may replace any; the hash says which values graded. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/base/bit_set.h"
#include "rules/base/quantity.h"
#include "rules/base/time.h"
#include "rules/event/body.h"

namespace cellvigil {

struct CrsRules {
    std::int32_t vasopressin_alone = 3;          // crs.vasopressin_alone: 2 or 3
    minutes overlap{30};                         // crs.overlap_min: two pressors together this long are "multiple"
    Quantity systolic_adult = whole(90);         // crs.sbp_adult: below is low, mm[Hg]
    Quantity map_adult = whole(65);              // crs.map_adult: below is low when only MAP is sent, mm[Hg]
    Quantity spo2_untreated = whole(90);         // crs.spo2_untreated: below, twice, on room air: component 2, %
    Quantity spo2_suspect = whole(92);           // crs.spo2_suspect: below, once: upper 2, %
    Quantity bolus_adult_ml = whole(250);        // crs.bolus_adult_ml: at least
    Quantity bolus_child_ml_per_kg = whole(10);  // crs.bolus_child_ml_per_kg: at least
    minutes bolus_within{60};                    // crs.bolus_within_min: given over at most
    hours bolus_low_reading{2};                  // crs.bolus_low_reading_h: a low reading at most this long before
    hours bolus_counts{4};                       // crs.bolus_counts_h: hypotension after a bolus lasts this long
    minutes repeat_after{5};                     // crs.repeat_after_min: two readings at least this far apart
    hours repeat_within{4};                      // crs.repeat_within_h: and at most this far
    hours push_dose_counts{4};                   // crs.push_dose_counts_h
    hours rescue_counts{24};             // crs.rescue_counts_h: methylene blue, hydroxocobalamin, oral pressor doses
    std::optional<hours> waiver_expiry;  // crs.waiver_expiry_h: none within the episode
    hours fever_recent{24};              // crs.fever_recent_h
    std::int32_t onset_soft_day = 14;    // crs.onset_soft_d: later first onset is flagged
    std::int32_t onset_hard_day = 21;    // crs.onset_hard_d: later first onset is not opened
    hours resolve{24};                   // crs.resolve_h: signs absent this long end the episode
    hours infusion_reaction{24};         // crs.infusion_reaction_h: fever this early is flagged
    days long_anticytokine{14};          // crs.anticytokine_long_d: tocilizumab, siltuximab, sarilumab on board
    hours short_anticytokine{48};        // crs.anticytokine_short_h: steroid, anakinra, others on board
};

struct IcansRules {
    hours carry_fresh{12};     // icans.carry_fresh_h: ICE, CAPD, consciousness as new
    hours carry{24};           // icans.carry_h: carried with a flag up to here
    hours seizure_counts{24};  // icans.seizure_counts_h: after the last seizure
    days imaging_counts{7};    // icans.imaging_counts_d: oedema and papilloedema, unless resolved before
    days sign_counts{
        7};  // icans.sign_counts_d: weakness, posturing, VI palsy, Cushing triad, unless said absent before
    hours sedation_clears{24};  // icans.sedation_clears_h: still unarousable this long after sedation counts
    Quantity csf_opening =
        whole(20);              // icans.csf_opening: an opening pressure from here on raises the upper grade, mm[Hg]
    std::int32_t gcs_coma = 8;  // icans.gcs_coma: GCS at most this, no level charted: upper 4
    std::int32_t gcs_reduced = 12;        // icans.gcs_reduced: GCS at most this, no level charted: upper 3
    std::int32_t late_day = 28;           // icans.late_d: first sign later is flagged delayed_neurotoxicity
    hours resolve{24};                    // icans.resolve_h
    std::int32_t child_below_years = 12;  // icans.child_below_y: CAPD below, ICE from here (ASTCT)
};

struct ValidityRules {
    hours temperature{8};         // validity.temperature_h
    hours pressure{4};            // validity.pressure_h: setting unknown
    hours spo2{4};                // validity.spo2_h: setting unknown
    hours inpatient_pressure{6};  // validity.inpatient_pressure_h
    hours inpatient_spo2{6};      // validity.inpatient_spo2_h
    hours outpatient{26};         // validity.outpatient_h: every vital sign
    hours pressor_charting{4};    // validity.pressor_charting_h: still counted, flagged
    hours oxygen_charting{12};    // validity.oxygen_charting_h: still counted, flagged
};

struct InfectionRules {
    std::int32_t zoster_refractory_days = 14;  // infection.zoster_refractory_d: same episode within, from resolution
    std::int32_t delayed_after_day = 90;       // infection.delayed_after_d: "past day 90" means day >= 91
    hours course_before{48};                   // infection.course_before_h: a course or stay this long before the onset
    std::int32_t course_after_days = 14;       // infection.course_after_d: and a course this long after it, treats it
    hours join{24};  // infection.join_h: an adverse event report joins an episode of its term this far outside its span
};

struct SuspicionRules {
    hours cluster{72};               // iec_hs.cluster_h: the items fall within, both ends included
    hours rapid_rise{48};            // iec_hs.rapid_rise_h: ferritin more than doubled within
    Quantity rapid_floor = whole(500);  // iec_hs.rapid_floor: and at least this, ug/L
    hours hook_fall{24};             // iec_hs.hook_fall_h: ferritin fell by more than 90 % within
    hours hook_therapy{72};          // iec_hs.hook_therapy_h: unless treated this long before the low value
    days passive_antibody{180};      // hbv.passive_antibody_d: anti-HBc this long after immunoglobulin may be passive
};

using ScaleSet = BitSet<Scale>;
// What is graded unless a pack says otherwise. ASTCT CRS and ICANS always are: subject alerts rest on them.
inline constexpr ScaleSet kDefaultScales{Scale::astct_crs_2019, Scale::astct_icans_2019, Scale::icaht_early,
                                         Scale::icaht_late,     Scale::t_icaht,          Scale::ctcae_5_0,
                                         Scale::iec_hs_2023,    Scale::licats_2025,      Scale::car_hematotox};
// All that can be computed from raw data.
inline constexpr ScaleSet kComputedScales{
    Scale::astct_crs_2019, Scale::astct_icans_2019, Scale::icaht_early, Scale::icaht_late,
    Scale::t_icaht,        Scale::ctcae_5_0,        Scale::ctcae_6_0,   Scale::lee_2014,
    Scale::penn,           Scale::ctcae_4_03,       Scale::cartox_crs,  Scale::cartox_cres,
    Scale::iec_hs_2023,    Scale::licats_2025,      Scale::mskcc,       Scale::car_hematotox};

struct RuleSet {
    ScaleSet scales = kDefaultScales;                             // of cohorts that are not named below
    std::vector<std::pair<std::string, ScaleSet>> cohort_scales;  // "study/cohort", ascending
    ScaleSet scales_for(std::string_view cohort) const {
        for (const auto& [name, chosen] : cohort_scales) {
            if (name == cohort) return chosen;
        }
        return scales;
    }
    CrsRules crs;
    IcansRules icans;
    ValidityRules validity;
    InfectionRules infection;
    SuspicionRules suspicion;
    hours report_tolerance{24};     // report.tolerance_h: a site's grade is compared with an episode this far outside its span
    hours split_infusion{24};       // infusion.split_h: same lot within: one day 0
    UtcOffset fallback_offset{0};   // used when neither the message nor the site states one
    std::string pack = "built-in";  // name of the pack
    std::string hash = "built-in";  // of the pack's content; "built-in": the defaults above
};

}  // namespace cellvigil
