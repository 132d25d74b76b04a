// The decisions that guidelines leave open, as values: keys of the decision register (docs/clinical/decisions.md) with
// our defaults (HOUSE). A rule pack may replace any; the hash says which values graded. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/alert/reporting_clock.h"
#include "rules/base/bit_set.h"
#include "rules/base/quantity.h"
#include "rules/base/time.h"
#include "rules/event/body.h"
#include "rules/pack/policy.h"
#include "rules/pack/subject_rule.h"

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

// Lee 2014, Penn, CTCAE, CARTOX, MSKCC: what their texts leave open.
struct LegacyRules {
    hours high_dose{3};                            // legacy.high_dose_h: a high dose counts when held this long
    hours boluses_within{24};                      // legacy.boluses_within_h: two boluses this near are "multiple"
    hours lab_counts{48};                          // legacy.lab_counts_h: a liver or kidney value holds
    hours dialysis_counts{72};                     // legacy.dialysis_counts_h: after a session
    hours plasma_counts{24};                       // legacy.plasma_counts_h: after plasma, cryoprecipitate, fibrinogen
    hours intravenous_counts{24};                  // legacy.intravenous_counts_h: after a dose
    Quantity least_uln_transaminases = whole(20);  // legacy.least_uln_transaminases: no limit sent: upper grade, U/L
    Quantity least_uln_bilirubin = whole(10);      // legacy.least_uln_bilirubin: umol/L
    Quantity least_uln_creatinine = whole(40);     // legacy.least_uln_creatinine: umol/L
    Quantity spo2_normal = whole(95);              // ctcae.spo2_normal: no lower limit sent: below is abnormal, %
    Quantity csf_raised = whole(15);               // cres.csf_raised: opening pressure that may be raised, mm[Hg]
};

// Days from the resolution of an infection up to which a new report of the organism is the same episode. The groups are
// those of the BMT CTN manual of procedures; those it does not list are ours.
struct RecurrenceRules {
    std::int32_t bacteria = 7;      // infection.recurrence_bacteria_d
    std::int32_t c_difficile = 30;  // infection.recurrence_c_difficile_d
    std::int32_t herpes = 60;       // infection.recurrence_herpes_d: CMV, HSV, EBV, HHV-6
    std::int32_t respiratory =
        14;  // infection.recurrence_respiratory_d: adeno-, entero-, rhinovirus, influenza, RSV, ...
    std::int32_t sars_cov_2 = 90;     // infection.recurrence_sars_cov_2_d
    std::int32_t bk_virus = 60;       // infection.recurrence_bk_d
    std::int32_t yeast = 14;          // infection.recurrence_yeast_d
    std::int32_t mould = 90;          // infection.recurrence_mould_d
    std::int32_t pneumocystis = 90;   // infection.recurrence_pneumocystis_d
    std::int32_t helicobacter = 365;  // infection.recurrence_helicobacter_d
    std::int32_t hbv = 365;           // infection.recurrence_hbv_d
    std::int32_t other = 14;          // infection.recurrence_other_d
    std::int32_t unknown = 7;         // infection.recurrence_unknown_d: no organism found; merges by site
};

enum class SevereInfection : std::uint8_t { treated_or_admitted = 1, ctcae_3, bmt_ctn_3, serious };

struct InfectionRules {
    std::int32_t zoster_refractory_days = 14;  // infection.zoster_refractory_d: same episode within, from resolution
    std::int32_t delayed_after_day = 90;       // infection.delayed_after_d: "past day 90" means day >= 91
    RecurrenceRules recurrence;
    bool interval_from_onset = false;   // infection.interval_from_onset: 1: from onset, 0: from resolution
    std::int32_t coinfection_days = 3;  // infection.coinfection_d: other organism, same site, onset this close
    std::int32_t fewest_certainty = 2;  // infection.fewest_certainty: 1 possible, 2 probable, 3 proven counts
    SevereInfection severe_by = SevereInfection::ctcae_3;  // infection.severe_by
    hours course_before{48};              // infection.course_before_h: a course or stay this long before the onset
    std::int32_t course_after_days = 14;  // infection.course_after_d: and a course this long after it, treats it
    hours join{24};  // infection.join_h: an adverse event report joins an episode of its term this far outside its span
};

// Each limit is per microlitre, IgG per litre; a value equal to a limit is low.
struct ImmuneRules {
    std::int32_t cd4_valid_days = 120;      // immune.cd4_valid_d: how long a value says what is so
    std::int32_t igg_valid_days = 120;      // immune.igg_valid_d
    std::int32_t cd19_valid_days = 180;     // immune.cd19_valid_d
    std::int32_t alc_valid_days = 30;       // immune.alc_valid_d
    std::int32_t cd4_low_per_ul = 200;      // immune.cd4_low_per_ul
    std::int32_t cd4_very_low_per_ul = 50;  // immune.cd4_very_low_per_ul
    std::int32_t igg_low_g_per_l = 4;       // immune.igg_low_g_per_l
    std::int32_t cd19_low_per_ul = 20;      // immune.cd19_low_per_ul
    std::int32_t alc_low_per_ul = 500;      // immune.alc_low_per_ul
};

struct ProphylaxisRules {
    std::int32_t immunoglobulin_covers_days = 28;  // prophylaxis.immunoglobulin_covers_d
    std::int32_t pentamidine_covers_days = 28;     // prophylaxis.pentamidine_covers_d: one inhaled or intravenous dose
};

// Which statements show that a subject was under observation.
enum class FollowedBy : std::uint8_t { surveillance = 1, contact, any_fact };
enum class GradeSource : std::uint8_t { computed = 1, site, computed_else_site };

struct CohortRules {
    FollowedBy infections_followed_by = FollowedBy::surveillance;  // cohort.infections_followed_by
    FollowedBy survival_followed_by = FollowedBy::contact;         // cohort.survival_followed_by
    std::int32_t acute_last_day = 30;   // cohort.acute_d: CRS, ICANS; the last day of window W0
    std::int32_t counts_last_day = 90;  // cohort.counts_d: worst blood counts
    std::int32_t late_last_day = 365;   // cohort.late_d: the last day of window W2
    std::int32_t landmark_slack = 30;   // cohort.landmark_slack_d: tests this far from a landmark belong to it
    std::int32_t fewest_at_risk = 10;   // cohort.fewest_at_risk: estimates with fewer at risk are marked
    GradeSource grade_source = GradeSource::computed;  // endpoint.grade_source
};

// When a day is over for the monitors: it closes in a partition once the slowest of the sites that still write has
// written something this much later than its end. rules/monitor/day_clock.h.
struct DayCloseRules {
    std::int32_t lateness_h = 24;  // day_close.lateness_h: reports of a day may be written this long after it
    std::int32_t grace_h = 12;     // day_close.grace_h: after midnight UTC; the last time zone's day ends 12 h later
    std::int32_t activity_h = 72;  // day_close.activity_h: a site that lags behind the others longer holds nothing up
};

// When a cohort's alarm that stands fires again: by so many further events since it last fired, or by this share of
// those it fired with where that is more. rules/monitor/alarm_course.h.
struct RefireRules {
    std::int32_t events = 1;    // refire.events
    std::int32_t percent = 10;  // refire.percent; 0: `events` alone decides
    bool operator==(const RefireRules&) const = default;
};

// Days are calendar days; a support given that many days before a value, or longer ago, no longer carries it.
struct CountsRules {
    std::int32_t transfusion_days = 7;        // counts.transfusion_d: red cells, platelets
    std::int32_t filgrastim_days = 7;         // counts.filgrastim_d
    std::int32_t pegfilgrastim_days = 14;     // counts.pegfilgrastim_d
    std::int32_t tpo_agonist_days = 14;       // counts.tpo_agonist_d
    std::int32_t immunoglobulin_days = 28;    // counts.immunoglobulin_d
    std::int32_t resolve_values = 3;          // counts.resolve_values: on different days, they end an episode
    std::int32_t landmark_margin_days = 14;   // counts.landmark_margin_d: a value this near to a landmark tells of it
    std::int32_t persistent_apart_days = 7;   // counts.persistent_apart_d
    std::int32_t course_last_day = 60;        // counts.course_last_d: last day of the neutrophils' course
    std::int32_t dip_after_day = 21;          // counts.dip_after_d: a second dip is later than this
    std::int32_t hematotox_window_days = 14;  // counts.hematotox_window_d: values from this many days before infusion
    hours fever_neutrophils{48};              // counts.fever_neutrophils_h: a count this old still tells
    minutes fever_sustained{60};              // counts.fever_sustained_min: longer is sustained
    hours fever_resolve{24};               // counts.fever_resolve_h: no febrile neutropenia this long ends the episode
    std::int32_t aplasia_after_day = 180;  // counts.aplasia_after_d: B cells count from the day after
    std::int32_t aplasia_apart_days = 28;  // counts.aplasia_apart_d: two low values at least this far apart
};

// Values that do not fit with the subject's other values (rules/timeline/cross_check.h).
struct QualityRules {
    std::optional<hours> slip_within{
        72};  // quality.slip_within_h: how old the value compared with may be; none: never held
    std::int32_t slip_count_from = 500;  // quality.slip_count_from: ratio of cell counts, either way
    std::int32_t slip_count_to = 2000;   // quality.slip_count_to
    std::int32_t slip_tenfold_from = 9;  // quality.slip_tenfold_from: ratio of haemoglobin and CRP
    std::int32_t slip_tenfold_to = 11;   // quality.slip_tenfold_to
    std::int32_t differential_percent =
        105;               // quality.differential_percent: more of the leukocytes than this is a misfit
    days il6_blocked{14};  // quality.il6_blocked_d: interleukin-6 is marked so long after a blocker
};

struct SuspicionRules {
    hours cluster{72};                  // iec_hs.cluster_h: the items fall within, both ends included
    hours rapid_rise{48};               // iec_hs.rapid_rise_h: ferritin more than doubled within
    Quantity rapid_floor = whole(500);  // iec_hs.rapid_floor: and at least this, ug/L
    hours hook_fall{24};                // iec_hs.hook_fall_h: ferritin fell by more than 90 % within
    hours hook_therapy{72};             // iec_hs.hook_therapy_h: unless treated this long before the low value
    days passive_antibody{180};  // hbv.passive_antibody_d: anti-HBc this long after immunoglobulin may be passive
};

// Limits of subject alerts (docs/alerts.md): keys alerts.<name>. "Before" and "below" do not include the limit.
struct AlertLimits {
    std::int32_t p01_gap_days = 3;
    std::int32_t p01_minimum_day = 365;
    std::int32_t p01_cd4_valid_days = 120;
    std::int32_t p02_window_days = 183;
    std::int32_t p02_serious = 1;
    std::int32_t p02_treated = 2;
    std::int32_t p03_after_day = 180;
    std::int32_t p04_again_days = 365;
    std::int32_t p06_pain_days = 90;
    std::int32_t p07_after_day = 30;
    std::int32_t p07_below_per_ul = 500;
    std::int32_t p07_recovered_per_ul = 1500;
    std::int32_t p09_within_minutes = 60;
    std::int32_t p11_count = 3;
    std::int32_t p11_within_days = 90;
    std::int32_t p12_gap_days = 14;
    std::int32_t p12_from_day = 30;
    std::int32_t p12_hepatitis_b_days = 7;
    std::int32_t p13_steroid_days = 5;
    std::int32_t p13_after_day = 30;
    std::int32_t p13_cmv_within_days = 7;
    std::int32_t p15_early_margin_days = 14;
    std::int32_t p15_margin_days = 30;
    std::int32_t p15_medium_after_days = 30;
    std::int32_t p15_medium_missing = 2;
    std::int32_t p15_medium_last_day = 365;
    std::int32_t p14_suspect_after_day = 30;
    std::int32_t p14_cytopenia_after_day = 90;
    bool p14_lone_weak_sign = true;
    std::int32_t p16_inactivated_day = 180;
    std::int32_t p16_zoster_day = 365;
    std::int32_t p16_immunoglobulin_free_days = 60;
    std::int32_t p18_after_day = 14;
    std::int32_t p18_last_day = 90;
    std::int32_t p18_apart_hours = 24;
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

// An episode ends by observed absence only. How long nothing may tell of it before that is said: HOUSE.
struct EpisodeRules {
    days unobserved{14};         // episode.unobserved_d: signs that are charted several times a day
    days unobserved_values{42};  // episode.unobserved_values_d: counts and virus loads, controlled at visits
    days unobserved_cd4{120};    // episode.unobserved_cd4_d: controlled quarterly
};

struct RuleSet {
    ScaleSet scales = kDefaultScales;                             // of cohorts that are not named below
    std::vector<std::pair<std::string, ScaleSet>> cohort_scales;  // "study/cohort", ascending
    ScaleSet scales_for(std::string_view cohort) const {
        for (const auto& [name, chosen] : cohort_scales) {
            if (name == cohort) return chosen;
        }
        return scales;
    }
    SubjectRuleSet alerts = kSwitchedRules;                             // of cohorts that are not named below
    std::vector<std::pair<std::string, SubjectRuleSet>> cohort_alerts;  // "study/cohort", ascending
    SubjectRuleSet alerts_for(std::string_view cohort) const {
        for (const auto& [name, chosen] : cohort_alerts) {
            if (name == cohort) return chosen;
        }
        return alerts;
    }
    AlertLimits alert_limits;
    // The deployment's jurisdictions, no part of a pack: an adverse event report that has a clock in one of them is an
    // alert. Empty: none is.
    std::vector<ReportingRule> reporting;
    std::vector<ProphylaxisPolicy> policies;  // the pack's; the first of a kind where a course names none
    EpisodeRules episode;
    CrsRules crs;
    IcansRules icans;
    LegacyRules legacy;
    ValidityRules validity;
    InfectionRules infection;
    CountsRules counts;
    QualityRules quality;
    ImmuneRules immune;
    ProphylaxisRules prophylaxis;
    CohortRules cohorts;
    DayCloseRules day_close;
    RefireRules refire;
    SuspicionRules suspicion;
    hours report_tolerance{
        24};  // report.tolerance_h: a site's grade is compared with an episode this far outside its span
    hours split_infusion{24};        // infusion.split_h: same lot within: one day 0
    hours named_split_infusion{96};  // infusion.named_split_h: naming one of the index within: one day 0
    UtcOffset fallback_offset{0};    // used when neither the message nor the site states one
    std::string pack = "built-in";   // name of the pack
    std::string hash = "built-in";   // of the pack's content; "built-in": the defaults above
};

}  // namespace cellvigil
