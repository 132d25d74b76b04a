#include "rules/pack/decisions.h"

#include <algorithm>
#include <array>

namespace cellvigil {
namespace {

// Every default and limit here is ours (HOUSE) and wants a clinician's sign-off.
// clang-format off
constexpr std::array kDecisions{
    Decision{"crs.vasopressin_alone", "grade", 2, 3, "Which grade is vasopressin (or terlipressin) without another vasopressor?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.vasopressin_alone; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.vasopressin_alone = static_cast<std::int32_t>(v.value_or(0)); }},
    Decision{"crs.overlap_min", "min", 0, 240, "How long must two vasopressors run together to be multiple?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.overlap.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.overlap = minutes(v.value_or(0)); }},
    Decision{"crs.sbp_adult", "mm[Hg]", 70, 110, "Below which systolic pressure is an adult hypotensive?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.systolic_adult.micro / 1'000'000; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.systolic_adult = whole(v.value_or(0)); }},
    Decision{"crs.map_adult", "mm[Hg]", 50, 80, "Below which mean pressure, when no systolic is sent?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.map_adult.micro / 1'000'000; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.map_adult = whole(v.value_or(0)); }},
    Decision{"crs.spo2_untreated", "%", 80, 95, "Below which saturation on room air, read twice, is hypoxia without oxygen?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.spo2_untreated.micro / 1'000'000; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.spo2_untreated = whole(v.value_or(0)); }},
    Decision{"crs.spo2_suspect", "%", 80, 97, "Below which single saturation on room air is the upper grade raised?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.spo2_suspect.micro / 1'000'000; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.spo2_suspect = whole(v.value_or(0)); }},
    Decision{"crs.bolus_adult_ml", "mL", 100, 1000, "From which volume is a fluid bolus a treatment of hypotension?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.bolus_adult_ml.micro / 1'000'000; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.bolus_adult_ml = whole(v.value_or(0)); }},
    Decision{"crs.bolus_child_ml_per_kg", "mL/kg", 5, 30, "The same for children, per kilogram", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.bolus_child_ml_per_kg.micro / 1'000'000; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.bolus_child_ml_per_kg = whole(v.value_or(0)); }},
    Decision{"crs.bolus_within_min", "min", 10, 240, "Within which time must the bolus run?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.bolus_within.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.bolus_within = minutes(v.value_or(0)); }},
    Decision{"crs.bolus_low_reading_h", "h", 1, 12, "How long before the bolus may the low reading lie?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.bolus_low_reading.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.bolus_low_reading = hours(v.value_or(0)); }},
    Decision{"crs.bolus_counts_h", "h", 1, 24, "How long does a bolus count as hypotension?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.bolus_counts.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.bolus_counts = hours(v.value_or(0)); }},
    Decision{"crs.repeat_after_min", "min", 1, 60, "How far apart must two readings be to confirm each other, at least?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.repeat_after.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.repeat_after = minutes(v.value_or(0)); }},
    Decision{"crs.repeat_within_h", "h", 1, 24, "And at most?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.repeat_within.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.repeat_within = hours(v.value_or(0)); }},
    Decision{"crs.push_dose_counts_h", "h", 1, 24, "How long does a push dose of a pressor count?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.push_dose_counts.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.push_dose_counts = hours(v.value_or(0)); }},
    Decision{"crs.rescue_counts_h", "h", 1, 72, "How long do methylene blue, hydroxocobalamin and single oral pressor doses count?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.rescue_counts.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.rescue_counts = hours(v.value_or(0)); }},
    Decision{"crs.waiver_expiry_h", "h", 6, 720, "After how long does the fever waiver of a dose expire within an episode?", true,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.waiver_expiry ? std::optional<std::int64_t>(r.crs.waiver_expiry->count()) : std::nullopt; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.waiver_expiry = v ? std::optional<hours>(hours(*v)) : std::nullopt; }},
    Decision{"crs.fever_recent_h", "h", 1, 72, "How long does a fever keep the gate open in an open episode?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.fever_recent.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.fever_recent = hours(v.value_or(0)); }},
    Decision{"crs.onset_soft_d", "d", 7, 30, "After which day is a first onset flagged as late?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.onset_soft_day; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.onset_soft_day = static_cast<std::int32_t>(v.value_or(0)); }},
    Decision{"crs.onset_hard_d", "d", 14, 60, "After which day does a first fever no longer open an episode by itself?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.onset_hard_day; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.onset_hard_day = static_cast<std::int32_t>(v.value_or(0)); }},
    Decision{"crs.resolve_h", "h", 12, 168, "How long must every sign be absent for the episode to end?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.resolve.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.resolve = hours(v.value_or(0)); }},
    Decision{"crs.infusion_reaction_h", "h", 1, 72, "Up to how long after the infusion is fever flagged as a possible infusion reaction?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.infusion_reaction.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.infusion_reaction = hours(v.value_or(0)); }},
    Decision{"crs.anticytokine_long_d", "d", 1, 60, "How long are tocilizumab, siltuximab and sarilumab on board?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.long_anticytokine.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.long_anticytokine = days(v.value_or(0)); }},
    Decision{"crs.anticytokine_short_h", "h", 6, 336, "How long are steroids, anakinra, emapalumab and ruxolitinib on board?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.crs.short_anticytokine.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.crs.short_anticytokine = hours(v.value_or(0)); }},
    Decision{"icans.carry_fresh_h", "h", 1, 24, "How long does an ICE, CAPD or consciousness assessment count as new?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.icans.carry_fresh.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.icans.carry_fresh = hours(v.value_or(0)); }},
    Decision{"icans.carry_h", "h", 6, 72, "How long is it carried forward, flagged?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.icans.carry.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.icans.carry = hours(v.value_or(0)); }},
    Decision{"icans.seizure_counts_h", "h", 1, 168, "How long does a seizure count?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.icans.seizure_counts.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.icans.seizure_counts = hours(v.value_or(0)); }},
    Decision{"icans.imaging_counts_d", "d", 1, 60, "How long does oedema on imaging count unless resolved?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.icans.imaging_counts.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.icans.imaging_counts = days(v.value_or(0)); }},
    Decision{"icans.sign_counts_d", "d", 1, 60, "How long do weakness, posturing, a sixth nerve palsy and Cushing's triad count unless said absent?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.icans.sign_counts.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.icans.sign_counts = days(v.value_or(0)); }},
    Decision{"icans.csf_opening", "mm[Hg]", 15, 30, "From which opening pressure on is the upper grade raised?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.icans.csf_opening.micro / 1'000'000; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.icans.csf_opening = whole(v.value_or(0)); }},
    Decision{"icans.gcs_coma", "{score}", 3, 10, "Up to which GCS, where no level is charted, is the upper grade 4?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.icans.gcs_coma; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.icans.gcs_coma = static_cast<std::int32_t>(v.value_or(0)); }},
    Decision{"icans.gcs_reduced", "{score}", 8, 14, "Up to which GCS, where no level is charted, is the upper grade 3?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.icans.gcs_reduced; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.icans.gcs_reduced = static_cast<std::int32_t>(v.value_or(0)); }},
    Decision{"icans.sedation_clears_h", "h", 6, 96, "How long after sedation does being unarousable count again?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.icans.sedation_clears.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.icans.sedation_clears = hours(v.value_or(0)); }},
    Decision{"icans.late_d", "d", 14, 90, "After which day is a first sign flagged as delayed neurotoxicity?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.icans.late_day; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.icans.late_day = static_cast<std::int32_t>(v.value_or(0)); }},
    Decision{"icans.resolve_h", "h", 12, 168, "How long must every sign be absent for the episode to end?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.icans.resolve.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.icans.resolve = hours(v.value_or(0)); }},
    Decision{"icans.child_below_y", "years", 10, 13, "Below which age is CAPD used instead of ICE?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.icans.child_below_years; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.icans.child_below_years = static_cast<std::int32_t>(v.value_or(0)); }},
    Decision{"validity.temperature_h", "h", 1, 48, "How long does a temperature hold?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.validity.temperature.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.validity.temperature = hours(v.value_or(0)); }},
    Decision{"validity.pressure_h", "h", 1, 48, "How long does a blood pressure hold when the setting is unknown?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.validity.pressure.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.validity.pressure = hours(v.value_or(0)); }},
    Decision{"validity.spo2_h", "h", 1, 48, "How long does a saturation hold when the setting is unknown?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.validity.spo2.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.validity.spo2 = hours(v.value_or(0)); }},
    Decision{"validity.inpatient_pressure_h", "h", 1, 48, "How long does a blood pressure hold in hospital?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.validity.inpatient_pressure.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.validity.inpatient_pressure = hours(v.value_or(0)); }},
    Decision{"validity.inpatient_spo2_h", "h", 1, 48, "How long does a saturation hold in hospital?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.validity.inpatient_spo2.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.validity.inpatient_spo2 = hours(v.value_or(0)); }},
    Decision{"validity.outpatient_h", "h", 4, 96, "How long does any vital sign hold out of hospital?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.validity.outpatient.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.validity.outpatient = hours(v.value_or(0)); }},
    Decision{"validity.pressor_charting_h", "h", 1, 48, "After how long without charting is a running pressor flagged?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.validity.pressor_charting.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.validity.pressor_charting = hours(v.value_or(0)); }},
    Decision{"validity.oxygen_charting_h", "h", 1, 96, "After how long without charting is running oxygen flagged?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.validity.oxygen_charting.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.validity.oxygen_charting = hours(v.value_or(0)); }},
    Decision{"infection.zoster_refractory_d", "d", 1, 90, "Up to how long after resolution is zoster the same episode?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.infection.zoster_refractory_days; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.infection.zoster_refractory_days = static_cast<std::int32_t>(v.value_or(0)); }},
    Decision{"infection.delayed_after_d", "d", 28, 180, "After which day is an infection delayed?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.infection.delayed_after_day; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.infection.delayed_after_day = static_cast<std::int32_t>(v.value_or(0)); }},
    Decision{"infection.course_before_h", "h", 0, 168, "How long before an infection's onset may its treatment or its hospital stay have begun?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.infection.course_before.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.infection.course_before = hours(v.value_or(0)); }},
    Decision{"infection.course_after_d", "d", 1, 90, "How long after an infection's onset does a course still treat it?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.infection.course_after_days; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.infection.course_after_days = static_cast<std::int32_t>(v.value_or(0)); }},
    Decision{"infection.join_h", "h", 0, 168, "How far outside an infection's span does an adverse event report of its term still belong to it?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.infection.join.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.infection.join = hours(v.value_or(0)); }},
    Decision{"iec_hs.cluster_h", "h", 24, 168, "Within which time must the items of IEC-HS fall?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.suspicion.cluster.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.suspicion.cluster = hours(v.value_or(0)); }},
    Decision{"iec_hs.rapid_rise_h", "h", 12, 96, "Within which time is a doubled ferritin rapidly rising?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.suspicion.rapid_rise.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.suspicion.rapid_rise = hours(v.value_or(0)); }},
    Decision{"iec_hs.rapid_floor", "ug/L", 100, 10000, "From which ferritin on can a rise be rapid?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.suspicion.rapid_floor.micro / 1'000'000; },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.suspicion.rapid_floor = whole(v.value_or(0)); }},
    Decision{"iec_hs.hook_fall_h", "h", 6, 72, "Within which time is a ferritin that falls by more than 90 % suspect?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.suspicion.hook_fall.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.suspicion.hook_fall = hours(v.value_or(0)); }},
    Decision{"iec_hs.hook_therapy_h", "h", 12, 336, "How long before the low ferritin may a treatment explain the fall?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.suspicion.hook_therapy.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.suspicion.hook_therapy = hours(v.value_or(0)); }},
    Decision{"hbv.passive_antibody_d", "d", 30, 365, "How long after immunoglobulin may a new anti-HBc be passive?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.suspicion.passive_antibody.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.suspicion.passive_antibody = days(v.value_or(0)); }},
    Decision{"report.tolerance_h", "h", 0, 168, "How far outside an episode may a site's report date lie to be about it?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.report_tolerance.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.report_tolerance = hours(v.value_or(0)); }},
    Decision{"infusion.split_h", "h", 1, 96, "Within which time are two infusions of one lot one split dose?", false,
             [](const RuleSet& r) -> std::optional<std::int64_t> { return r.split_infusion.count(); },
             [](RuleSet& r, std::optional<std::int64_t> v) { r.split_infusion = hours(v.value_or(0)); }},
};
// clang-format on

std::string shown(const std::optional<std::int64_t>& value) { return value ? std::to_string(*value) : "none"; }

}  // namespace

std::span<const Decision> decisions() { return kDecisions; }

const Decision* find_decision(std::string_view key) {
    const auto found = std::find_if(kDecisions.begin(), kDecisions.end(), [&](const Decision& d) { return key == d.key; });
    return found == kDecisions.end() ? nullptr : &*found;
}

std::string decision_lines(const RuleSet& rules) {
    std::string lines;
    for (const Decision& decision : kDecisions) {
        lines.append(decision.key).append("=").append(shown(decision.get(rules))).append("\n");
    }
    return lines;
}

std::string decisions_markdown() {
    std::string text = "| Key | Default | Unit | Allowed | What the guideline leaves open |\n|---|---|---|---|---|\n";
    for (const Decision& decision : kDecisions) {
        text.append("| `").append(decision.key).append("` | ").append(shown(decision.get(RuleSet{})));
        text.append(" | ").append(decision.unit).append(" | ").append(std::to_string(decision.first)).append(" to ");
        text.append(std::to_string(decision.last)).append(decision.may_be_none ? ", or none" : "").append(" | ");
        text.append(decision.question).append(" |\n");
    }
    return text;
}

}  // namespace cellvigil
