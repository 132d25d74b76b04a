#include "rules/grade/values.h"

#include <variant>

#include "rules/event/agent_groups.h"
#include "rules/event/codes.h"
#include "rules/event/units.h"

namespace cellvigil {
namespace {

constexpr std::string_view kScore = "{score}";

std::string_view sign_of(Comparator comparator) {
    switch (comparator) {
        case Comparator::unspecified:
            return "";
        case Comparator::less:
            return "<";
        case Comparator::less_or_equal:
            return "<=";
        case Comparator::greater_or_equal:
            return ">=";
        case Comparator::greater:
            return ">";
    }
    return "";
}

class Values {
  public:
    void add(std::string_view what, std::string value, std::string_view unit) {
        values_.push_back({what, std::move(value), std::string(unit)});
    }
    void add(std::string_view what, const std::optional<Quantity>& value, std::string_view unit) {
        if (value) add(what, to_text(*value), unit);
    }
    void add_score(std::string_view what, const std::optional<std::uint32_t>& score) {
        if (score) add(what, std::to_string(*score), kScore);
    }
    std::vector<NamedValue> take() && { return std::move(values_); }

  private:
    std::vector<NamedValue> values_;
};

void add_observation(Values& values, const Fact& fact) {
    if (!fact.has_value) return;
    const std::string sign(sign_of(fact.comparator));
    const std::string_view unit = canonical_unit(fact.analyte);
    values.add(name_of(fact.analyte), sign + to_text(fact.value), unit);
    const auto* said = fact.body == nullptr ? nullptr : std::get_if<Observation>(fact.body);
    if (said == nullptr) return;
    if (said->in_mmol_per_litre && said->value_as_sent) {
        values.add("as_sent", sign + to_text(*said->value_as_sent), "mmol/L");
    }
    values.add("reference_low", said->reference_low, unit);
    values.add("reference_high", said->reference_high, unit);
}

void add_scores(Values& values, const IceAssessment& said) {
    if (said.orientation && said.naming && said.commands && said.writing && said.attention) {
        values.add_score("ice", *said.orientation + *said.naming + *said.commands + *said.writing + *said.attention);
    } else {
        values.add_score("ice", said.total);
    }
    values.add_score("capd", said.capd_total);
    if (said.rass) values.add("rass", std::to_string(*said.rass), kScore);
}

void add_intervention(Values& values, const Intervention& given) {
    values.add("flow", given.flow_l_min, "L/min");
    values.add("fio2", given.fio2, "1");
    values.add("rate", given.rate, given.rate_unit);
    values.add("dose", given.dose, given.dose_unit);
    values.add("volume", given.volume_ml, "mL");
    values.add("duration", given.duration_min, "min");
}

Components components_of_analyte(Analyte analyte) {
    switch (analyte) {
        case Analyte::temperature:
            return {Component::fever};
        case Analyte::systolic:
        case Analyte::diastolic:
        case Analyte::mean_arterial:
            return {Component::hypotension};
        case Analyte::spo2:
        case Analyte::fio2:
        case Analyte::oxygen_flow:
        case Analyte::pao2:
            return {Component::hypoxia};
        case Analyte::gcs:
        case Analyte::rass:
            return {Component::ice, Component::capd, Component::consciousness};
        case Analyte::csf_opening:
            return {Component::raised_icp};
        case Analyte::neutrophils:
            return {Component::neutrophils};
        case Analyte::platelets:
            return {Component::platelets};
        case Analyte::haemoglobin:
            return {Component::haemoglobin};
        case Analyte::leukocytes:
            return {Component::leukocytes};
        case Analyte::lymphocytes:
        case Analyte::cd4:
        case Analyte::cd19:
        case Analyte::cd19_percent:
            return {Component::lymphocytes};
        case Analyte::other:
        case Analyte::heart_rate:
        case Analyte::respiratory_rate:
        case Analyte::crp:
        case Analyte::ferritin:
        case Analyte::il6:
        case Analyte::fibrinogen:
        case Analyte::d_dimer:
        case Analyte::triglycerides:
        case Analyte::ldh:
        case Analyte::ast:
        case Analyte::alt:
        case Analyte::bilirubin:
        case Analyte::bilirubin_direct:
        case Analyte::creatinine:
        case Analyte::igg:
        case Analyte::iga:
        case Analyte::igm:
        case Analyte::prothrombin_time:
        case Analyte::ptt:
        case Analyte::hbv_dna:
        case Analyte::hbsag:
        case Analyte::anti_hbc:
        case Analyte::weight:
            return {Component::organ};
    }
    return {};
}

Components components_of_finding(NeuroKind kind) {
    if (kind == NeuroKind::seizure || kind == NeuroKind::eeg_nonconvulsive_seizure) return {Component::seizure};
    if (kind == NeuroKind::focal_motor_weakness) return {Component::motor};
    return {Component::raised_icp};
}

Components components_of_intervention(const Intervention& given) {
    switch (given.kind) {
        case InterventionKind::oxygen:
        case InterventionKind::ecmo:
            return {Component::hypoxia};
        case InterventionKind::vasopressor:
        case InterventionKind::fluid_bolus:
            return {Component::hypotension};
        case InterventionKind::transfusion:
            return {Component::platelets, Component::haemoglobin};
        case InterventionKind::growth_factor:
            return {Component::neutrophils, Component::platelets};
        case InterventionKind::anaesthesia:
            return {Component::ice, Component::capd, Component::consciousness};
        case InterventionKind::drug:
            if (masks_fever(given.agent)) return {Component::fever};
            if (sedates(given.agent)) return {Component::ice, Component::capd, Component::consciousness};
            return supports_pressure(given.agent) ? Components{Component::hypotension} : Components{Component::organ};
        case InterventionKind::unspecified:
        case InterventionKind::immunoglobulin:
        case InterventionKind::dialysis:
        case InterventionKind::icu_stay:
        case InterventionKind::hospital_stay:
        case InterventionKind::vaccination:
            return {Component::organ};
    }
    return {};
}

}  // namespace

std::vector<NamedValue> values_of(const Fact& fact) {
    Values values;
    if (fact.kind == FactKind::observation) {
        add_observation(values, fact);
    } else if (fact.body != nullptr) {
        if (const auto* ice = std::get_if<IceAssessment>(fact.body)) add_scores(values, *ice);
        if (const auto* given = std::get_if<Intervention>(fact.body)) add_intervention(values, *given);
        if (const auto* finding = std::get_if<NeuroFinding>(fact.body)) {
            if (finding->duration_seconds) values.add("duration", std::to_string(*finding->duration_seconds), "s");
            values.add("csf_opening", finding->csf_opening, "mm[Hg]");
        }
    }
    return std::move(values).take();
}

Components components_of(const Fact& fact) {
    if (fact.kind == FactKind::observation) return components_of_analyte(fact.analyte);
    if (fact.kind == FactKind::death) return {Component::death};
    if (fact.kind == FactKind::ice_assessment) return {Component::ice, Component::capd, Component::consciousness};
    if (fact.body == nullptr) return {};
    if (const auto* finding = std::get_if<NeuroFinding>(fact.body)) return components_of_finding(finding->kind);
    if (const auto* given = std::get_if<Intervention>(fact.body)) return components_of_intervention(*given);
    if (const auto* verdict = std::get_if<Adjudication>(fact.body)) return {verdict->component};
    return {};
}

}  // namespace cellvigil
