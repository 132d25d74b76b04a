#include <string_view>
#include <variant>

#include "rules/event/codes.h"
#include "rules/grade/describe_parts.h"
#include "rules/grade/render.h"

namespace cellvigil {
namespace {

const char* unit_of(Analyte analyte) {
    switch (analyte) {
        case Analyte::temperature:
            return " \u00b0C";
        case Analyte::systolic:
        case Analyte::diastolic:
        case Analyte::mean_arterial:
        case Analyte::pao2:
        case Analyte::csf_opening:
            return " mmHg";
        case Analyte::spo2:
        case Analyte::cd19_percent:
            return " %";
        case Analyte::oxygen_flow:
            return " L/min";
        case Analyte::heart_rate:
        case Analyte::respiratory_rate:
            return " /min";
        case Analyte::neutrophils:
        case Analyte::lymphocytes:
        case Analyte::leukocytes:
        case Analyte::platelets:
        case Analyte::cd4:
        case Analyte::cd19:
            return " \u00d7 10\u2079/L";
        case Analyte::haemoglobin:
        case Analyte::fibrinogen:
        case Analyte::igg:
        case Analyte::iga:
        case Analyte::igm:
            return " g/L";
        case Analyte::crp:
            return " mg/L";
        case Analyte::ferritin:
            return " \u00b5g/L";
        case Analyte::il6:
            return " ng/L";
        case Analyte::alt:
        case Analyte::ast:
            return " U/L";
        case Analyte::bilirubin:
        case Analyte::creatinine:
            return " \u00b5mol/L";
        case Analyte::weight:
            return " kg";
        case Analyte::hbv_dna:
            return " IU/mL";
        case Analyte::other:
        case Analyte::fio2:
        case Analyte::gcs:
        case Analyte::rass:
        case Analyte::d_dimer:
        case Analyte::triglycerides:
        case Analyte::ldh:
        case Analyte::bilirubin_direct:
        case Analyte::prothrombin_time:
        case Analyte::ptt:
        case Analyte::hbsag:
        case Analyte::anti_hbc:
            return "";
    }
    return "";
}

const char* words_for(Consciousness consciousness) {
    switch (consciousness) {
        case Consciousness::unspecified:
            return "";
        case Consciousness::spontaneous:
            return "awakens spontaneously";
        case Consciousness::to_voice:
            return "awakens to voice";
        case Consciousness::to_tactile:
            return "awakens only to touch";
        case Consciousness::unarousable:
            return "unarousable";
        case Consciousness::asleep:
            return "asleep";
        case Consciousness::alert:
            return "alert";
    }
    return "";
}

const char* words_for(NeuroKind kind) {
    switch (kind) {
        case NeuroKind::unspecified:
            return "neurological finding";
        case NeuroKind::seizure:
            return "seizure";
        case NeuroKind::eeg_nonconvulsive_seizure:
            return "non-convulsive seizure on EEG";
        case NeuroKind::focal_motor_weakness:
            return "focal motor weakness";
        case NeuroKind::focal_oedema_imaging:
            return "focal oedema on imaging";
        case NeuroKind::diffuse_oedema_imaging:
            return "diffuse oedema on imaging";
        case NeuroKind::posturing:
            return "posturing";
        case NeuroKind::sixth_nerve_palsy:
            return "sixth nerve palsy";
        case NeuroKind::papilloedema:
            return "papilloedema";
        case NeuroKind::cushing_triad:
            return "Cushing triad";
        case NeuroKind::aphasia:
            return "aphasia";
        case NeuroKind::tremor:
            return "tremor";
        case NeuroKind::hallucination:
            return "hallucination";
        case NeuroKind::stroke:
            return "stroke";
        case NeuroKind::parkinsonism:
            return "parkinsonism";
        case NeuroKind::cranial_nerve_palsy:
            return "cranial nerve palsy";
        case NeuroKind::haemorrhage:
            return "intracranial haemorrhage";
        case NeuroKind::myoclonus:
            return "myoclonus";
        case NeuroKind::raised_csf_pressure:
            return "raised cerebrospinal fluid pressure";
        case NeuroKind::headache:
            return "headache";
        case NeuroKind::personality_or_memory_change:
            return "personality or memory change";
        case NeuroKind::other:
            return "other neurological finding";
    }
    return "neurological finding";
}

std::string words_for(Analyte analyte) {
    if (analyte == Analyte::spo2) return "oxygen saturation";
    if (analyte == Analyte::alt) return "ALT";
    if (analyte == Analyte::ast) return "AST";
    if (analyte == Analyte::ldh) return "LDH";
    if (analyte == Analyte::crp) return "CRP";
    if (analyte == Analyte::il6) return "interleukin-6";
    if (analyte == Analyte::igg) return "IgG";
    if (analyte == Analyte::iga) return "IgA";
    if (analyte == Analyte::igm) return "IgM";
    if (analyte == Analyte::cd4) return "CD4 cells";
    if (analyte == Analyte::cd19) return "CD19 cells";
    if (analyte == Analyte::cd19_percent) return "CD19 cells of the lymphocytes";
    if (analyte == Analyte::d_dimer) return "D-dimer";
    if (analyte == Analyte::ptt) return "PTT";
    if (analyte == Analyte::bilirubin_direct) return "direct bilirubin";
    if (analyte == Analyte::fio2) return "FiO2";
    if (analyte == Analyte::pao2) return "PaO2";
    if (analyte == Analyte::rass) return "RASS";
    if (analyte == Analyte::gcs) return "GCS";
    if (analyte == Analyte::hbv_dna) return "HBV DNA";
    if (analyte == Analyte::hbsag) return "HBsAg";
    if (analyte == Analyte::anti_hbc) return "anti-HBc";
    if (analyte == Analyte::csf_opening) return "opening pressure of the cerebrospinal fluid";
    return spaced(name_of(analyte));
}

const char* words_for(Unassessable why) {
    switch (why) {
        case Unassessable::unspecified:
            return "";
        case Unassessable::unarousable:
            return "not testable, unarousable";
        case Unassessable::sedated:
            return "not tested, sedated";
        case Unassessable::language:
            return "not tested for want of a common language";
        case Unassessable::age:
            return "not tested because of the age";
        case Unassessable::refused:
            return "test refused";
        case Unassessable::other:
            return "not tested";
        case Unassessable::intubated:
            return "not tested, intubated";
    }
    return "";
}

// The parts count where all are given, as in grading.
std::string describe_score(const IceAssessment& ice) {
    std::string text;
    if (ice.orientation && ice.naming && ice.commands && ice.writing && ice.attention) {
        text = "ICE " + std::to_string(*ice.orientation + *ice.naming + *ice.commands + *ice.writing + *ice.attention);
    } else if (ice.total) {
        text = "ICE " + std::to_string(*ice.total);
    }
    if (!ice.capd_total) return text;
    text += (text.empty() ? "CAPD " : ", CAPD ") + std::to_string(*ice.capd_total);
    const std::uint32_t answered = ice.capd_items_answered.value_or(8);
    return answered < 8 ? text + " of " + std::to_string(answered) + " items" : text;
}

const char* sign_of(Comparator comparator) {
    switch (comparator) {
        case Comparator::unspecified:
            return "";
        case Comparator::less:
            return "<";
        case Comparator::less_or_equal:
            return "\u2264";
        case Comparator::greater_or_equal:
            return "\u2265";
        case Comparator::greater:
            return ">";
    }
    return "";
}

std::string describe_observation(const Fact& fact) {
    std::string text = words_for(fact.analyte);
    if (fact.analyte == Analyte::systolic || fact.analyte == Analyte::diastolic) text += " pressure";
    const auto* said = fact.body == nullptr ? nullptr : std::get_if<Observation>(fact.body);
    if (!fact.has_value) {
        if (said != nullptr && said->truth) return text + (*said->truth ? " positive" : " negative");
        return text + ", value not usable";
    }
    text += " " + std::string(sign_of(fact.comparator));
    if (said != nullptr && said->in_mmol_per_litre && said->value_as_sent) {
        return text + to_text(*said->value_as_sent) + " mmol/L";
    }
    return text + to_text(fact.value) + unit_of(fact.analyte);
}

std::string describe_ice(const IceAssessment& ice) {
    if (ice.implausible) return "cognitive score out of its range";
    std::string text = describe_score(ice);
    for (const char* clause : {words_for(ice.consciousness), words_for(ice.unassessable)}) {
        if (*clause != '\0') text += (text.empty() ? "" : ", ") + std::string(clause);
    }
    if (ice.rass) text += (text.empty() ? "RASS " : ", RASS ") + std::to_string(*ice.rass);
    return text.empty() ? "neurological assessment" : text;
}

std::string describe_finding(const NeuroFinding& finding) {
    std::string text = words_for(finding.kind);
    if (finding.present && !*finding.present) return "no " + text;
    if (finding.kind == NeuroKind::focal_motor_weakness && finding.depth != WeaknessDepth::unspecified) {
        text = (finding.depth == WeaknessDepth::deep ? "deep " : "mild ") + text;
    }
    if (finding.csf_opening) text += " of " + to_text(*finding.csf_opening) + " mmHg";
    if (finding.duration_seconds) {
        const std::uint32_t seconds_long = *finding.duration_seconds;
        text += seconds_long % 60 == 0 ? " of " + std::to_string(seconds_long / 60) + " min"
                                       : " of " + std::to_string(seconds_long) + " s";
    }
    if (finding.repetitive.value_or(false)) text += ", repetitive";
    if (finding.returned_to_baseline && !*finding.returned_to_baseline) text += ", without return to baseline";
    return text;
}

std::string describe_verdict(const Adjudication& verdict) {
    std::string text =
        (is_on_value(verdict.verdict) ? "value " + verdict.judged_record : component_words(verdict.component)) +
        " signed as ";
    switch (verdict.verdict) {
        case Verdict::other_cause:
            text += verdict.other_cause.empty() ? "of other cause" : "due to " + verdict.other_cause;
            break;
        case Verdict::due_to_therapy:
            text += "due to the therapy";
            break;
        case Verdict::value_confirmed:
            text += "right";
            break;
        case Verdict::value_rejected:
            text += "wrong";
            break;
        case Verdict::undetermined:
        case Verdict::unspecified:
            text += "undetermined";
            break;
    }
    return verdict.clinician.empty() ? text : text + " by " + verdict.clinician;
}

std::string describe_body(const Fact& fact) {
    if (fact.body == nullptr || fact.kind == FactKind::observation) return describe_observation(fact);
    if (const auto* given = std::get_if<Intervention>(fact.body)) return describe_intervention(*given);
    if (const auto* ice = std::get_if<IceAssessment>(fact.body)) return describe_ice(*ice);
    if (const auto* finding = std::get_if<NeuroFinding>(fact.body)) return describe_finding(*finding);
    if (const auto* verdict = std::get_if<Adjudication>(fact.body)) {
        return describe_verdict(*verdict);
    }
    if (fact.kind == FactKind::death) return "death";
    if (fact.kind == FactKind::infection || fact.kind == FactKind::adverse_event) return describe_report(*fact.body);
    return spaced(name_of(fact.kind));
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

}  // namespace cellvigil
