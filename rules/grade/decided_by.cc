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

// A key is named when all that its row states is so.
struct Row {
    std::string_view key;
    Scale scale;
    std::optional<Flag> flag;
    bool (*evidence)(const Fact&) = nullptr;
    Component component = Component::none;
};

constexpr Scale kCrs = Scale::astct_crs_2019;
constexpr Scale kIcans = Scale::astct_icans_2019;
constexpr std::optional<Flag> kNoFlag;

// clang-format off
constexpr auto kRows = std::to_array<Row>({
    {"crs.vasopressin_alone", kCrs, Flag::vasopressin_only},
    {"crs.overlap_min", kCrs, Flag::pressor_crossover},
    {"crs.overlap_min", kCrs, kNoFlag, is_pressor, Component::hypotension},
    {"crs.sbp_adult", kCrs, kNoFlag, is_systolic},
    {"crs.map_adult", kCrs, kNoFlag, is_mean_pressure},
    {"crs.repeat_after_min", kCrs, kNoFlag, is_pressure},
    {"crs.repeat_within_h", kCrs, kNoFlag, is_pressure},
    {"crs.repeat_after_min", kCrs, kNoFlag, is_saturation},
    {"crs.repeat_within_h", kCrs, kNoFlag, is_saturation},
    {"crs.spo2_untreated", kCrs, kNoFlag, is_saturation},
    {"crs.spo2_suspect", kCrs, kNoFlag, is_saturation},
    {"crs.bolus_adult_ml", kCrs, kNoFlag, is_bolus},
    {"crs.bolus_child_ml_per_kg", kCrs, kNoFlag, is_bolus},
    {"crs.bolus_within_min", kCrs, kNoFlag, is_bolus},
    {"crs.bolus_low_reading_h", kCrs, kNoFlag, is_bolus},
    {"crs.bolus_counts_h", kCrs, kNoFlag, is_bolus},
    {"crs.push_dose_counts_h", kCrs, kNoFlag, is_push_dose},
    {"crs.rescue_counts_h", kCrs, Flag::nonstandard_pressor},
    {"crs.waiver_expiry_h", kCrs, kNoFlag, is_masking},
    {"crs.fever_recent_h", kCrs, kNoFlag, is_temperature, Component::hypotension},
    {"crs.fever_recent_h", kCrs, kNoFlag, is_temperature, Component::hypoxia},
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
    {"icans.resolve_h", kIcans, Flag::recurrence},
    {"icans.child_below_y", kIcans, Flag::instrument_for_age},
    {"icans.child_below_y", kIcans, kNoFlag, is_score, Component::capd},
    {"validity.temperature_h", kCrs, kNoFlag, is_temperature},
    {"validity.temperature_h", kCrs, Flag::temp_unknown},
    {"validity.pressure_h", kCrs, kNoFlag, is_pressure},
    {"validity.inpatient_pressure_h", kCrs, kNoFlag, is_pressure},
    {"validity.spo2_h", kCrs, kNoFlag, is_saturation},
    {"validity.inpatient_spo2_h", kCrs, kNoFlag, is_saturation},
    {"validity.outpatient_h", kCrs, kNoFlag, is_temperature},
    {"validity.outpatient_h", kCrs, kNoFlag, is_pressure},
    {"validity.outpatient_h", kCrs, kNoFlag, is_saturation},
    {"validity.pressor_charting_h", kCrs, Flag::stale_input, is_pressor},
    {"validity.oxygen_charting_h", kCrs, Flag::stale_input, is_oxygen},
});
// clang-format on

bool holds(const Row& row, const Assessment& said, const FactOf& fact_of) {
    if (row.scale != said.scale) return false;
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
