#include "rules/grade/render.h"

#include <array>
#include <cstdio>
#include <variant>

#include "rules/event/codes.h"

namespace cellvigil {
namespace {

std::string clock_of(Instant at, UtcOffset offset) {
    const auto local = at + offset;
    const std::chrono::hh_mm_ss clock(local - std::chrono::floor<days>(local));
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%02d:%02d", static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()));
    return text.data();
}

// "angiotensin_ii" as people write it.
std::string words(std::string_view name) {
    std::string text(name);
    for (char& letter : text) {
        if (letter == '_') letter = ' ';
    }
    return text;
}

const char* unit_of(Analyte analyte) {
    switch (analyte) {
        case Analyte::temperature: return " \u00b0C";
        case Analyte::systolic:
        case Analyte::diastolic:
        case Analyte::mean_arterial:
        case Analyte::pao2:
        case Analyte::csf_opening: return " mmHg";
        case Analyte::spo2:
        case Analyte::cd19_percent: return " %";
        case Analyte::oxygen_flow: return " L/min";
        case Analyte::heart_rate:
        case Analyte::respiratory_rate: return " /min";
        case Analyte::neutrophils:
        case Analyte::lymphocytes:
        case Analyte::leukocytes:
        case Analyte::platelets:
        case Analyte::cd4:
        case Analyte::cd19: return " \u00d7 10\u2079/L";
        case Analyte::haemoglobin:
        case Analyte::fibrinogen:
        case Analyte::igg:
        case Analyte::iga:
        case Analyte::igm: return " g/L";
        case Analyte::crp: return " mg/L";
        case Analyte::ferritin: return " \u00b5g/L";
        case Analyte::il6: return " ng/L";
        case Analyte::other:
        case Analyte::fio2:
        case Analyte::gcs:
        case Analyte::rass:
        case Analyte::d_dimer:
        case Analyte::triglycerides:
        case Analyte::ldh:
        case Analyte::ast:
        case Analyte::alt:
        case Analyte::bilirubin:
        case Analyte::bilirubin_direct:
        case Analyte::creatinine:
        case Analyte::prothrombin_time:
        case Analyte::ptt:
        case Analyte::hbv_dna:
        case Analyte::hbsag:
        case Analyte::anti_hbc:
        case Analyte::weight: return "";
    }
    return "";
}

const char* words_for(OxygenDevice device) {
    switch (device) {
        case OxygenDevice::unspecified: return "oxygen, device not stated";
        case OxygenDevice::room_air: return "room air";
        case OxygenDevice::nasal_cannula: return "nasal cannula";
        case OxygenDevice::blow_by: return "blow-by oxygen";
        case OxygenDevice::high_flow_nasal: return "high-flow nasal oxygen";
        case OxygenDevice::face_mask: return "facemask";
        case OxygenDevice::venturi: return "Venturi mask";
        case OxygenDevice::non_rebreather: return "non-rebreather mask";
        case OxygenDevice::partial_rebreather: return "partial rebreather mask";
        case OxygenDevice::cpap: return "CPAP";
        case OxygenDevice::bipap: return "BiPAP";
        case OxygenDevice::invasive_ventilation: return "invasive ventilation";
    }
    return "oxygen";
}

const char* words_for(Consciousness consciousness) {
    switch (consciousness) {
        case Consciousness::unspecified: return "";
        case Consciousness::spontaneous: return "awakens spontaneously";
        case Consciousness::to_voice: return "awakens to voice";
        case Consciousness::to_tactile: return "awakens only to touch";
        case Consciousness::unarousable: return "unarousable";
        case Consciousness::asleep: return "asleep";
        case Consciousness::alert: return "alert";
    }
    return "";
}

const char* words_for(NeuroKind kind) {
    switch (kind) {
        case NeuroKind::unspecified: return "neurological finding";
        case NeuroKind::seizure: return "seizure";
        case NeuroKind::eeg_nonconvulsive_seizure: return "non-convulsive seizure on EEG";
        case NeuroKind::focal_motor_weakness: return "focal motor weakness";
        case NeuroKind::focal_oedema_imaging: return "focal oedema on imaging";
        case NeuroKind::diffuse_oedema_imaging: return "diffuse oedema on imaging";
        case NeuroKind::posturing: return "posturing";
        case NeuroKind::sixth_nerve_palsy: return "sixth nerve palsy";
        case NeuroKind::papilloedema: return "papilloedema";
        case NeuroKind::cushing_triad: return "Cushing triad";
        case NeuroKind::aphasia: return "aphasia";
        case NeuroKind::tremor: return "tremor";
        case NeuroKind::hallucination: return "hallucination";
        case NeuroKind::stroke: return "stroke";
        case NeuroKind::parkinsonism: return "parkinsonism";
        case NeuroKind::cranial_nerve_palsy: return "cranial nerve palsy";
        case NeuroKind::haemorrhage: return "intracranial haemorrhage";
        case NeuroKind::myoclonus: return "myoclonus";
        case NeuroKind::raised_csf_pressure: return "raised cerebrospinal fluid pressure";
        case NeuroKind::headache: return "headache";
        case NeuroKind::personality_or_memory_change: return "personality or memory change";
        case NeuroKind::other: return "other neurological finding";
    }
    return "neurological finding";
}

std::string describe_observation(const Fact& fact) {
    std::string text = fact.analyte == Analyte::spo2 ? "oxygen saturation" : words(name_of(fact.analyte));
    if (fact.analyte == Analyte::systolic || fact.analyte == Analyte::diastolic) text += " pressure";
    if (!fact.has_value) return text + ", value not usable";
    return text + " " + to_text(fact.value) + unit_of(fact.analyte);
}

std::string describe_ice(const IceAssessment& ice) {
    std::string text;
    if (ice.implausible) return "cognitive score out of its range";
    if (ice.total) text = "ICE " + std::to_string(*ice.total);
    if (ice.capd_total) text += (text.empty() ? "CAPD " : ", CAPD ") + std::to_string(*ice.capd_total);
    if (text.empty() && ice.orientation) {
        const auto item = [](const std::optional<std::uint32_t>& points) { return points.value_or(0); };
        text = "ICE " + std::to_string(item(ice.orientation) + item(ice.naming) + item(ice.commands) + item(ice.writing) +
                                       item(ice.attention));
    }
    const char* awake = words_for(ice.consciousness);
    if (*awake != '\0') text += (text.empty() ? "" : ", ") + std::string(awake);
    return text.empty() ? "neurological assessment" : text;
}

std::string describe_finding(const NeuroFinding& finding) {
    std::string text = words_for(finding.kind);
    if (finding.present && !*finding.present) return "no " + text;
    if (finding.depth == WeaknessDepth::deep) text = "deep " + text;
    if (finding.duration_seconds) {
        const std::uint32_t seconds_long = *finding.duration_seconds;
        text += seconds_long % 60 == 0 ? " of " + std::to_string(seconds_long / 60) + " min"
                                       : " of " + std::to_string(seconds_long) + " s";
    }
    if (finding.repetitive.value_or(false)) text += ", repetitive";
    if (finding.returned_to_baseline && !*finding.returned_to_baseline) text += ", without return to baseline";
    return text;
}

std::string describe_oxygen(const Intervention& given) {
    std::string text = words_for(given.device);
    if (given.flow_l_min) text += " " + to_text(*given.flow_l_min) + " L/min";
    if (given.fio2) text += ", FiO2 " + to_text(*given.fio2);
    if (given.indication == Indication::comfort) text += " for comfort";
    return text;
}

std::string describe_intervention(const Intervention& given) {
    std::string text;
    if (given.kind == InterventionKind::oxygen) {
        text = describe_oxygen(given);
    } else if (given.kind == InterventionKind::ecmo) {
        text = "ECMO";
    } else if (given.kind == InterventionKind::fluid_bolus) {
        text = given.volume_ml ? "fluid bolus of " + to_text(*given.volume_ml) + " mL" : "fluid bolus, volume not stated";
    } else if (given.agent == Agent::none) {
        text = given.kind == InterventionKind::vasopressor ? "a vasopressor, agent not stated" : "a drug";
    } else {
        text = given.agent == Agent::other ? given.agent_code : words(name_of(given.agent));
    }
    switch (given.phase) {
        case InterventionPhase::start: return text + " started";
        case InterventionPhase::change: return text + " charted";
        case InterventionPhase::stop: return text + " stopped";
        case InterventionPhase::single:
        case InterventionPhase::unspecified: return text + " given";
    }
    return text;
}

std::string describe_body(const Fact& fact) {
    if (fact.body == nullptr || fact.kind == FactKind::observation) return describe_observation(fact);
    if (const auto* given = std::get_if<Intervention>(fact.body)) return describe_intervention(*given);
    if (const auto* ice = std::get_if<IceAssessment>(fact.body)) return describe_ice(*ice);
    if (const auto* finding = std::get_if<NeuroFinding>(fact.body)) return describe_finding(*finding);
    if (const auto* verdict = std::get_if<Adjudication>(fact.body)) {
        return std::string(name_of(verdict->component)) + " signed as " +
               (verdict->other_cause.empty() ? "of other cause" : "due to " + verdict->other_cause) + " by " + verdict->clinician;
    }
    if (fact.kind == FactKind::death) return "death";
    return words(name_of(fact.kind));
}

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
        text += (text.empty() ? "" : " and ") + (component == Component::raised_icp ? "raised intracranial pressure"
                                                                                     : words(name_of(component)));
    }
    return text;
}

void append_clause(std::string& text, std::string_view clause) {
    text += text.empty() ? "" : "; ";
    text += clause;
}

}  // namespace

std::string describe_fact(const Fact& fact, const Assessment& said, UtcOffset offset) {
    const bool running = fact.kind == FactKind::intervention && fact.body != nullptr &&
                         std::get<Intervention>(*fact.body).phase == InterventionPhase::start;
    std::string text = describe_body(fact) + (running ? " " : " at ") + clock_of(fact.at, offset);
    const auto days_before = (site_date(said.at, offset) - site_date(fact.at, offset)).count();
    if (days_before != 0) text += " on day " + std::to_string(said.day - days_before);
    return text;
}

std::string_view meaning_of(Flag flag) {
    switch (flag) {
        case Flag::implausible_input: return "a value was implausible and not used";
        case Flag::temp_unknown: return "no valid temperature";
        case Flag::stale_input: return "the deciding value has not been charted lately";
        case Flag::carried_forward: return "an older assessment is carried forward";
        case Flag::imputed_date: return "a date is only known to the day, month or year";
        case Flag::not_enrolled: return "the subject is not enrolled yet";
        case Flag::window_open: return "the window is still open";
        case Flag::data_gap: return "values are missing for more than a week";
        case Flag::unconfirmed_hypotension: return "one low pressure, neither confirmed nor treated";
        case Flag::vasopressin_only: return "vasopressin without another vasopressor";
        case Flag::pressor_crossover: return "two vasopressors together for less than the overlap that counts";
        case Flag::nonstandard_pressor: return "support that is not counted as a vasopressor";
        case Flag::paed_centile: return "above the PALS limit, below the centile for the age";
        case Flag::baseline_support: return "unchanged from before the infusion";
        case Flag::map_only: return "judged by mean pressure alone";
        case Flag::o2_flow_missing: return "the oxygen flow is missing";
        case Flag::hfnc_low_flow: return "high-flow device at a low flow";
        case Flag::airway_reason: return "the reason for intubation is the airway, or not recorded";
        case Flag::comfort_o2: return "oxygen for comfort does not count";
        case Flag::untreated_hypoxia: return "low saturation on room air";
        case Flag::masked_onset: return "fever may be masked by a drug";
        case Flag::no_fever_gate: return "no fever, and nothing that masks it";
        case Flag::late_onset: return "late onset";
        case Flag::outside_window: return "outside the window in which an episode opens";
        case Flag::recurrence: return "a recurrence";
        case Flag::recurrence_masked: return "a recurrence whose fever may be masked";
        case Flag::infusion_reaction_window: return "may be a reaction to the infusion";
        case Flag::physiological_steroid: return "replacement steroid only";
        case Flag::alt_cause_suspected: return "another cause is named on a message, not signed";
        case Flag::alt_cause_confirmed: return "a component is signed as having another cause";
        case Flag::ice_total_mismatch: return "ICE items and total disagree; the items count";
        case Flag::ice0_loc_missing: return "ICE 0 without a level of consciousness";
        case Flag::sedated: return "sedated";
        case Flag::asleep: return "asleep";
        case Flag::seizure_at_5min: return "a seizure may have been prolonged: five minutes, of unknown length, or return to baseline not charted";
        case Flag::icp_measured_only: return "raised pressure measured, without imaging or clinical signs";
        case Flag::ice_at_baseline: return "ICE at the subject's baseline";
        case Flag::capd_at_baseline: return "CAPD at the subject's baseline";
        case Flag::capd_no_baseline: return "no CAPD baseline on file";
        case Flag::capd_incomplete: return "CAPD not answered in full";
        case Flag::delayed_neurotoxicity: return "may be delayed neurotoxicity";
        case Flag::instrument_for_age: return "scored by the instrument for another age";
        case Flag::consciousness_from_score: return "consciousness is known from RASS or GCS only";
        case Flag::weakness_depth_missing: return "the depth of the weakness is missing";
        case Flag::death_cause_unknown: return "the cause of death is not settled";
        case Flag::single_value: return "a single value";
        case Flag::normal_by_local_range: return "normal by the laboratory's own range";
        case Flag::boundary: return "a value equal to a limit";
        case Flag::outside_validation: return "outside the validated disease";
    }
    return "";
}

std::string render_sentence(const Assessment& said, const FactOf& fact_of, UtcOffset offset, const RuleSet&) {
    if (!said.under_surveillance) return scale_words(said.scale) + ": no longer under surveillance, nothing abnormal";
    std::string text = grade_words(said) + " since " + clock_of(said.at, offset) + " on day " + std::to_string(said.day);
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
