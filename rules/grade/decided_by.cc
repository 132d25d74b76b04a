#include "rules/grade/decided_by.h"

#include <algorithm>
#include <array>
#include <optional>
#include <variant>

#include "rules/event/agent_groups.h"
#include "rules/pack/decisions.h"

namespace cellvigil {
namespace {

const Intervention* given_in(const Fact& fact) {
    return fact.body == nullptr ? nullptr : std::get_if<Intervention>(fact.body);
}
const NeuroFinding* found_in(const Fact& fact) {
    return fact.body == nullptr ? nullptr : std::get_if<NeuroFinding>(fact.body);
}

bool is_temperature(const Fact& fact) { return fact.analyte == Analyte::temperature; }
bool is_systolic(const Fact& fact) { return fact.analyte == Analyte::systolic; }
bool is_mean_pressure(const Fact& fact) { return fact.analyte == Analyte::mean_arterial; }
bool is_pressure(const Fact& fact) { return is_systolic(fact) || is_mean_pressure(fact); }
bool is_saturation(const Fact& fact) { return fact.analyte == Analyte::spo2; }
bool is_gcs(const Fact& fact) { return fact.analyte == Analyte::gcs; }
bool is_score(const Fact& fact) { return fact.kind == FactKind::ice_assessment; }
bool is_bolus(const Fact& fact) {
    const auto* given = given_in(fact);
    return given != nullptr && given->kind == InterventionKind::fluid_bolus;
}
bool is_pressor(const Fact& fact) {
    const auto* given = given_in(fact);
    return given != nullptr && (given->kind == InterventionKind::vasopressor || supports_pressure(given->agent));
}
bool is_push_dose(const Fact& fact) {
    const auto* given = given_in(fact);
    return is_pressor(fact) && (given->push_dose || given->phase == InterventionPhase::single);
}
bool is_oxygen(const Fact& fact) {
    const auto* given = given_in(fact);
    return given != nullptr && given->kind == InterventionKind::oxygen;
}
bool is_long_anticytokine(const Fact& fact) {
    const auto* given = given_in(fact);
    return given != nullptr && blocks_il6(given->agent);
}
bool is_short_anticytokine(const Fact& fact) {
    const auto* given = given_in(fact);
    return given != nullptr && masks_fever(given->agent) && !blocks_il6(given->agent) && !is_antipyretic(given->agent);
}
bool is_masking(const Fact& fact) {
    const auto* given = given_in(fact);
    return given != nullptr && masks_fever(given->agent);
}
bool is_seizure(const Fact& fact) {
    const auto* found = found_in(fact);
    return found != nullptr &&
           (found->kind == NeuroKind::seizure || found->kind == NeuroKind::eeg_nonconvulsive_seizure);
}
bool is_imaging(const Fact& fact) {
    const auto* found = found_in(fact);
    return found != nullptr &&
           (found->kind == NeuroKind::focal_oedema_imaging || found->kind == NeuroKind::diffuse_oedema_imaging ||
            found->kind == NeuroKind::papilloedema);
}
bool is_sign(const Fact& fact) { return found_in(fact) != nullptr && !is_seizure(fact) && !is_imaging(fact); }

bool is_analyte(const Fact& fact, std::initializer_list<Analyte> analytes) {
    return fact.kind == FactKind::observation &&
           std::find(analytes.begin(), analytes.end(), fact.analyte) != analytes.end();
}
bool is_liver_or_kidney(const Fact& fact) {
    return is_analyte(fact, {Analyte::alt, Analyte::ast, Analyte::bilirubin, Analyte::creatinine});
}
bool is_transaminase(const Fact& fact) { return is_analyte(fact, {Analyte::alt, Analyte::ast}); }
bool is_bilirubin(const Fact& fact) { return is_analyte(fact, {Analyte::bilirubin}); }
bool is_creatinine(const Fact& fact) { return is_analyte(fact, {Analyte::creatinine}); }
bool is_neutrophils(const Fact& fact) { return is_analyte(fact, {Analyte::neutrophils}); }
bool is_ferritin(const Fact& fact) { return is_analyte(fact, {Analyte::ferritin}); }
bool is_antibody(const Fact& fact) { return is_analyte(fact, {Analyte::anti_hbc}); }
bool is_opening_pressure(const Fact& fact) {
    const auto* found = found_in(fact);
    return is_analyte(fact, {Analyte::csf_opening}) || (found != nullptr && found->csf_opening.has_value());
}
bool is_dialysis(const Fact& fact) {
    const auto* given = given_in(fact);
    return given != nullptr && given->kind == InterventionKind::dialysis;
}
bool is_transfusion(const Fact& fact) {
    const auto* given = given_in(fact);
    return given != nullptr && given->kind == InterventionKind::transfusion;
}
bool is_intravenous(const Fact& fact) {
    const auto* given = given_in(fact);
    return given != nullptr && given->kind == InterventionKind::drug &&
           (given->route == Route::intravenous || blocks_il6(given->agent));
}
bool is_course(const Fact& fact) {
    const auto* given = given_in(fact);
    return given != nullptr &&
           (given->kind == InterventionKind::drug || given->kind == InterventionKind::hospital_stay ||
            given->kind == InterventionKind::icu_stay);
}
bool is_report(const Fact& fact) { return fact.kind == FactKind::adverse_event; }

// What a statement is about, as far as keys differ.
enum class Family : std::uint8_t {
    other,
    crs,
    legacy_crs,
    icans,
    neuro,
    fever,
    pressure_terms,
    lab_terms,
    cd4,
    febrile,
    hematotox,
    aplasia,
    igg,
    infections,
    iec_hs,
    hook,
    hbv,
    delayed
};
using Families = BitSet<Family>;

Family family_of_term(Term term) {
    switch (term) {
        case Term::neutrophil_count_decreased:
        case Term::white_blood_cell_decreased:
        case Term::lymphocyte_count_decreased:
        case Term::platelet_count_decreased:
        case Term::anaemia:
            return Family::lab_terms;
        case Term::cd4_decreased:
            return Family::cd4;
        case Term::fever:
            return Family::fever;
        case Term::hypotension:
        case Term::hypoxia:
            return Family::pressure_terms;
        case Term::febrile_neutropenia:
            return Family::febrile;
        case Term::cytokine_release_syndrome:
            return Family::legacy_crs;
        case Term::icans:
            return Family::neuro;
        case Term::infection:
        case Term::sepsis:
        case Term::bacteraemia:
        case Term::shingles:
        case Term::cmv_reactivation:
        case Term::hsv_reactivation:
        case Term::ebv_reactivation:
        case Term::hbv_reactivation:
            return Family::infections;
        case Term::iec_hs:
            return Family::iec_hs;
        case Term::ferritin_hook:
            return Family::hook;
        case Term::hbv_reactivation_suspected:
            return Family::hbv;
        case Term::delayed_neurotoxicity:
            return Family::delayed;
        case Term::prolonged_b_cell_aplasia:
            return Family::aplasia;
        case Term::low_igg:
            return Family::igg;
        case Term::none:
        case Term::lymphocyte_count_increased:
        case Term::leukocytosis:
        case Term::hypogammaglobulinaemia:
        case Term::secondary_malignancy:
        case Term::early:
        case Term::late:
        case Term::t_cell_malignancy:
        case Term::licats:
        case Term::enterocolitis:
            return Family::other;
    }
    return Family::other;
}

Family family_of(Scale scale, Term term) {
    if (scale == Scale::astct_crs_2019) return Family::crs;
    if (scale == Scale::astct_icans_2019) return Family::icans;
    if (scale == Scale::lee_2014 || scale == Scale::penn || scale == Scale::cartox_crs || scale == Scale::mskcc) {
        return Family::legacy_crs;
    }
    if (scale == Scale::cartox_cres) return Family::neuro;
    return scale == Scale::car_hematotox ? Family::hematotox : family_of_term(term);
}

// A key is named when all that its row states is so.
struct Row {
    std::string_view key;
    Families of;
    std::optional<Flag> flag;
    bool (*evidence)(const Fact&) = nullptr;
    Component component = Component::none;
};

constexpr Families kAstctCrs{Family::crs};
constexpr Families kCrs{Family::crs, Family::legacy_crs};
constexpr Families kSigns{Family::crs, Family::legacy_crs, Family::pressure_terms};
constexpr Families kLegacy{Family::legacy_crs};
constexpr Families kIcans{Family::icans, Family::neuro};
constexpr Families kLabs{Family::lab_terms, Family::cd4};
constexpr Families kFebrile{Family::febrile};
constexpr Families kInfections{Family::infections};
constexpr Families kIecHs{Family::iec_hs};
constexpr Families kFerritin{Family::iec_hs, Family::hook};
constexpr std::optional<Flag> kNoFlag;

// clang-format off
constexpr auto kRows = std::to_array<Row>({
    {"crs.vasopressin_alone", kAstctCrs, Flag::vasopressin_only},
    {"crs.overlap_min", kCrs, Flag::pressor_crossover},
    {"crs.overlap_min", kAstctCrs, kNoFlag, is_pressor, Component::hypotension},
    {"crs.sbp_adult", kSigns, kNoFlag, is_systolic},
    {"crs.map_adult", kSigns, kNoFlag, is_mean_pressure},
    {"crs.repeat_after_min", kSigns, kNoFlag, is_pressure},
    {"crs.repeat_within_h", kSigns, kNoFlag, is_pressure},
    {"crs.repeat_after_min", kSigns, kNoFlag, is_saturation},
    {"crs.repeat_within_h", kSigns, kNoFlag, is_saturation},
    {"crs.spo2_untreated", kSigns, kNoFlag, is_saturation},
    {"crs.spo2_suspect", kSigns, kNoFlag, is_saturation},
    {"crs.bolus_adult_ml", kCrs, kNoFlag, is_bolus},
    {"crs.bolus_child_ml_per_kg", kCrs, kNoFlag, is_bolus},
    {"crs.bolus_within_min", kCrs, kNoFlag, is_bolus},
    {"crs.bolus_low_reading_h", kCrs, kNoFlag, is_bolus},
    {"crs.bolus_counts_h", kCrs, kNoFlag, is_bolus},
    {"crs.push_dose_counts_h", kCrs, kNoFlag, is_push_dose},
    {"crs.rescue_counts_h", kCrs, Flag::nonstandard_pressor},
    {"crs.waiver_expiry_h", kAstctCrs, kNoFlag, is_masking},
    {"crs.fever_recent_h", kAstctCrs, kNoFlag, is_temperature, Component::hypotension},
    {"crs.fever_recent_h", kAstctCrs, kNoFlag, is_temperature, Component::hypoxia},
    {"crs.anticytokine_long_d", kCrs, kNoFlag, is_long_anticytokine},
    {"crs.anticytokine_short_h", kCrs, kNoFlag, is_short_anticytokine},
    {"crs.onset_soft_d", kCrs, Flag::late_onset},
    {"crs.onset_hard_d", kCrs, Flag::outside_window},
    {"crs.resolve_h", kCrs, Flag::recurrence},
    {"crs.resolve_h", kCrs, Flag::recurrence_masked},
    {"crs.infusion_reaction_h", kCrs, Flag::infusion_reaction_window},
    {"icans.carry_fresh_h", kIcans, kNoFlag, is_score},
    {"icans.carry_fresh_h", kIcans, Flag::carried_forward},
    {"icans.carry_h", kIcans, kNoFlag, is_score},
    {"icans.seizure_counts_h", kIcans, kNoFlag, is_seizure},
    {"icans.imaging_counts_d", kIcans, kNoFlag, is_imaging},
    {"icans.sign_counts_d", kIcans, kNoFlag, is_sign},
    {"icans.csf_opening", kIcans, Flag::icp_measured_only},
    {"icans.gcs_coma", kIcans, kNoFlag, is_gcs},
    {"icans.gcs_reduced", kIcans, kNoFlag, is_gcs},
    {"icans.sedation_clears_h", kIcans, Flag::sedated},
    {"icans.late_d", kIcans, Flag::delayed_neurotoxicity},
    {"icans.late_d", {Family::delayed}, kNoFlag},
    {"icans.resolve_h", kIcans, Flag::recurrence},
    {"icans.child_below_y", kIcans, Flag::instrument_for_age},
    {"icans.child_below_y", kIcans, kNoFlag, is_score, Component::capd},
    {"validity.temperature_h", kCrs, kNoFlag, is_temperature},
    {"validity.temperature_h", kCrs, Flag::temp_unknown},
    {"validity.pressure_h", kSigns, kNoFlag, is_pressure},
    {"validity.inpatient_pressure_h", kSigns, kNoFlag, is_pressure},
    {"validity.spo2_h", kSigns, kNoFlag, is_saturation},
    {"validity.inpatient_spo2_h", kSigns, kNoFlag, is_saturation},
    {"validity.outpatient_h", kCrs, kNoFlag, is_temperature},
    {"validity.outpatient_h", kSigns, kNoFlag, is_pressure},
    {"validity.outpatient_h", kSigns, kNoFlag, is_saturation},
    {"validity.pressor_charting_h", kSigns, Flag::stale_input, is_pressor},
    {"validity.oxygen_charting_h", kSigns, Flag::stale_input, is_oxygen},
    {"validity.temperature_h", {Family::fever, Family::febrile}, kNoFlag, is_temperature},
    {"validity.outpatient_h", {Family::fever, Family::febrile}, kNoFlag, is_temperature},
    {"episode.unobserved_d",
     {Family::crs, Family::legacy_crs, Family::icans, Family::neuro, Family::febrile, Family::iec_hs}, Flag::unobserved_gap},
    {"episode.unobserved_values_d", {Family::lab_terms, Family::hbv}, Flag::unobserved_gap},
    {"episode.unobserved_cd4_d", {Family::cd4}, Flag::unobserved_gap},
    {"legacy.high_dose_h", kLegacy, kNoFlag, is_pressor},
    {"legacy.boluses_within_h", kLegacy, kNoFlag, is_bolus},
    {"legacy.lab_counts_h", kLegacy, kNoFlag, is_liver_or_kidney},
    {"legacy.dialysis_counts_h", kLegacy, kNoFlag, is_dialysis},
    {"legacy.plasma_counts_h", kLegacy, kNoFlag, is_transfusion},
    {"legacy.intravenous_counts_h", kLegacy, kNoFlag, is_intravenous},
    {"legacy.least_uln_transaminases", kLegacy, Flag::reference_range_missing, is_transaminase},
    {"legacy.least_uln_bilirubin", kLegacy, Flag::reference_range_missing, is_bilirubin},
    {"legacy.least_uln_creatinine", kLegacy, Flag::reference_range_missing, is_creatinine},
    {"ctcae.spo2_normal", {Family::pressure_terms}, kNoFlag, is_saturation},
    {"cres.csf_raised", {Family::neuro}, kNoFlag, is_opening_pressure},
    {"counts.transfusion_d", kLabs, Flag::support_confounds, nullptr, Component::platelets},
    {"counts.transfusion_d", kLabs, Flag::support_confounds, nullptr, Component::haemoglobin},
    {"counts.transfusion_d", kLabs, Flag::transfusion_indicated},
    {"counts.filgrastim_d", kLabs, Flag::support_confounds, nullptr, Component::neutrophils},
    {"counts.filgrastim_d", kLabs, Flag::support_confounds, nullptr, Component::leukocytes},
    {"counts.pegfilgrastim_d", kLabs, Flag::support_confounds, nullptr, Component::neutrophils},
    {"counts.pegfilgrastim_d", kLabs, Flag::support_confounds, nullptr, Component::leukocytes},
    {"counts.tpo_agonist_d", kLabs, Flag::support_confounds, nullptr, Component::platelets},
    {"counts.resolve_values", kLabs, Flag::recurrence},
    {"counts.hematotox_window_d", {Family::hematotox}, kNoFlag},
    {"counts.fever_neutrophils_h", kFebrile, kNoFlag, is_neutrophils},
    {"counts.fever_neutrophils_h", kFebrile, Flag::stale_input},
    {"counts.fever_sustained_min", kFebrile, kNoFlag, is_temperature},
    {"counts.aplasia_after_d", {Family::aplasia}, kNoFlag},
    {"counts.aplasia_apart_d", {Family::aplasia}, kNoFlag},
    {"counts.immunoglobulin_d", {Family::igg}, Flag::support_confounds},
    {"infection.course_before_h", kInfections, kNoFlag, is_course},
    {"infection.course_after_d", kInfections, kNoFlag, is_course},
    {"infection.join_h", kInfections, kNoFlag, is_report},
    {"iec_hs.cluster_h", kIecHs, kNoFlag},
    {"iec_hs.rapid_rise_h", kIecHs, kNoFlag, is_ferritin},
    {"iec_hs.rapid_floor", kIecHs, kNoFlag, is_ferritin},
    {"iec_hs.hook_fall_h", kFerritin, Flag::hook_suspected},
    {"iec_hs.hook_therapy_h", kFerritin, Flag::hook_suspected},
    {"hbv.passive_antibody_d", {Family::hbv}, kNoFlag, is_antibody},
});
// clang-format on

bool holds(const Row& row, const Assessment& said, const FactOf& fact_of) {
    if (!row.of.has(family_of(said.scale, said.term))) return false;
    if (row.flag && !said.flags.has(*row.flag)) return false;
    if (row.component != Component::none && !said.deciding.has(row.component)) return false;
    if (row.evidence == nullptr) return true;
    return std::any_of(said.evidence.begin(), said.evidence.end(), [&](RecordRef record) {
        const Fact* fact = record.known() ? fact_of(record) : nullptr;
        return fact != nullptr && row.evidence(*fact);
    });
}

}  // namespace

std::vector<DecisionUse> decisions_behind(const Assessment& said, const FactOf& fact_of, const RuleSet& rules) {
    std::vector<DecisionUse> uses;
    for (const Decision& decision : decisions()) {
        const bool named = std::any_of(kRows.begin(), kRows.end(), [&](const Row& row) {
            return row.key == decision.key && holds(row, said, fact_of);
        });
        if (!named) continue;
        const auto value = decision.get(rules);
        uses.push_back({decision.key, value ? std::to_string(*value) : "none", decision.unit});
    }
    return uses;
}

bool may_be_named(std::string_view key) {
    return std::any_of(kRows.begin(), kRows.end(), [&](const Row& row) { return row.key == key; });
}

}  // namespace cellvigil
