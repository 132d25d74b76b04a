#include "rules/grade/render.h"

namespace cellvigil {
namespace {

std::string scale_words(Scale scale) {
    if (scale == Scale::astct_crs_2019) return "CRS";
    if (scale == Scale::astct_icans_2019) return "ICANS";
    return name_of(scale);
}

std::string grade_words(const Assessment& said) {
    const std::string scale = scale_words(said.scale);
    if (said.grade == kNotGradable) {
        if (said.grade_upper == kNotGradable) return scale + " cannot be graded";
        return scale + " cannot be graded, could be as high as " + std::to_string(int{said.grade_upper});
    }
    std::string text = scale + " grade " + std::to_string(int{said.grade});
    if (said.grade_upper > said.grade) text += ", could be as high as " + std::to_string(int{said.grade_upper});
    return text;
}

std::string components_words(const Assessment& said) {
    std::string text;
    for (int i = 0; i < kComponents; ++i) {
        const auto component = static_cast<Component>(i);
        if (!said.deciding.has(component)) continue;
        text += (text.empty() ? "" : " and ") + component_words(component);
    }
    return text;
}

void append_clause(std::string& text, std::string_view clause) {
    text += text.empty() ? "" : "; ";
    text += clause;
}

}  // namespace

std::string_view meaning_of(Flag flag) {
    switch (flag) {
        case Flag::implausible_input:
            return "a value was implausible and not used";
        case Flag::temp_unknown:
            return "no valid temperature";
        case Flag::stale_input:
            return "the deciding value has not been charted lately";
        case Flag::carried_forward:
            return "an older assessment is carried forward";
        case Flag::imputed_date:
            return "a date is only known to the day, month or year";
        case Flag::not_enrolled:
            return "the subject is not enrolled yet";
        case Flag::window_open:
            return "the window is still open";
        case Flag::data_gap:
            return "values are missing for more than a week";
        case Flag::unconfirmed_hypotension:
            return "one low pressure, neither confirmed nor treated";
        case Flag::vasopressin_only:
            return "vasopressin without another vasopressor";
        case Flag::pressor_crossover:
            return "two vasopressors together for less than the overlap that counts";
        case Flag::nonstandard_pressor:
            return "support that is not counted as a vasopressor";
        case Flag::paed_centile:
            return "above the PALS limit, below the centile for the age";
        case Flag::baseline_support:
            return "unchanged from before the infusion";
        case Flag::map_only:
            return "judged by mean pressure alone";
        case Flag::o2_flow_missing:
            return "the oxygen flow is missing";
        case Flag::hfnc_low_flow:
            return "high-flow device at a low flow";
        case Flag::airway_reason:
            return "the reason for intubation is the airway, or not recorded";
        case Flag::comfort_o2:
            return "oxygen for comfort does not count";
        case Flag::untreated_hypoxia:
            return "low saturation on room air";
        case Flag::masked_onset:
            return "fever may be masked by a drug";
        case Flag::no_fever_gate:
            return "no fever, and nothing that masks it";
        case Flag::late_onset:
            return "late onset";
        case Flag::outside_window:
            return "outside the window in which an episode opens";
        case Flag::recurrence:
            return "a recurrence";
        case Flag::recurrence_masked:
            return "a recurrence whose fever may be masked";
        case Flag::infusion_reaction_window:
            return "may be a reaction to the infusion";
        case Flag::physiological_steroid:
            return "replacement steroid only";
        case Flag::alt_cause_suspected:
            return "another cause is named on a message, not signed";
        case Flag::alt_cause_confirmed:
            return "a component is signed as having another cause";
        case Flag::ice_total_mismatch:
            return "ICE items and total disagree; the items count";
        case Flag::ice0_loc_missing:
            return "ICE 0 without a level of consciousness";
        case Flag::sedated:
            return "sedated";
        case Flag::asleep:
            return "asleep";
        case Flag::seizure_at_5min:
            return "a seizure may have been prolonged: five minutes, of unknown length, or return to baseline not "
                   "charted";
        case Flag::icp_measured_only:
            return "raised pressure measured, without imaging or clinical signs";
        case Flag::ice_at_baseline:
            return "ICE at the subject's baseline";
        case Flag::capd_at_baseline:
            return "CAPD at the subject's baseline";
        case Flag::capd_no_baseline:
            return "no CAPD baseline on file";
        case Flag::capd_incomplete:
            return "CAPD not answered in full";
        case Flag::delayed_neurotoxicity:
            return "may be delayed neurotoxicity";
        case Flag::instrument_for_age:
            return "scored by the instrument for another age";
        case Flag::consciousness_from_score:
            return "consciousness is known from RASS or GCS only";
        case Flag::weakness_depth_missing:
            return "the depth of the weakness is missing";
        case Flag::death_cause_unknown:
            return "the cause of death is not settled";
        case Flag::single_value:
            return "a single value";
        case Flag::normal_by_local_range:
            return "normal by the laboratory's own range";
        case Flag::boundary:
            return "a value equal to a limit";
        case Flag::outside_validation:
            return "outside the validated disease";
    }
    return "";
}

std::string render_sentence(const Assessment& said, const FactOf& fact_of, UtcOffset offset, const RuleSet&) {
    if (!said.under_surveillance) return scale_words(said.scale) + ": no longer under surveillance, nothing abnormal";
    std::string text =
        grade_words(said) + " since " + clock_of(said.at, offset) + " on day " + std::to_string(said.day);
    std::string why;
    const std::string components = components_words(said);
    if (!components.empty()) why = components;
    for (const RecordRef record : said.evidence) {
        const Fact* fact = record.known() ? fact_of(record) : nullptr;
        if (fact != nullptr) append_clause(why, describe_fact(*fact, said, offset));
    }
    for (int i = 0; i < kFlags; ++i) {
        const auto flag = static_cast<Flag>(i);
        if (said.flags.has(flag)) append_clause(why, meaning_of(flag));
    }
    if (!why.empty()) text += ": " + why;
    if (said.needs_adjudication()) text += " (needs adjudication)";
    return text;
}

}  // namespace cellvigil
