#include "rules/event/codes.h"
#include "rules/grade/describe_parts.h"

namespace cellvigil {
namespace {

const char* words_for(OxygenDevice device) {
    switch (device) {
        case OxygenDevice::unspecified:
            return "oxygen, device not stated";
        case OxygenDevice::room_air:
            return "room air";
        case OxygenDevice::nasal_cannula:
            return "nasal cannula";
        case OxygenDevice::blow_by:
            return "blow-by oxygen";
        case OxygenDevice::high_flow_nasal:
            return "high-flow nasal oxygen";
        case OxygenDevice::face_mask:
            return "facemask";
        case OxygenDevice::venturi:
            return "Venturi mask";
        case OxygenDevice::non_rebreather:
            return "non-rebreather mask";
        case OxygenDevice::partial_rebreather:
            return "partial rebreather mask";
        case OxygenDevice::cpap:
            return "CPAP";
        case OxygenDevice::bipap:
            return "BiPAP";
        case OxygenDevice::invasive_ventilation:
            return "invasive ventilation";
    }
    return "oxygen";
}

const char* words_for(BloodProduct product) {
    switch (product) {
        case BloodProduct::unspecified:
            return "a transfusion, product not stated";
        case BloodProduct::red_cells:
            return "red cells";
        case BloodProduct::platelets:
            return "platelets";
        case BloodProduct::plasma:
            return "plasma";
        case BloodProduct::cryoprecipitate:
            return "cryoprecipitate";
        case BloodProduct::fibrinogen:
            return "fibrinogen";
    }
    return "a transfusion";
}

std::string describe_oxygen(const Intervention& given) {
    std::string text = words_for(given.device);
    if (given.flow_l_min) text += " " + to_text(*given.flow_l_min) + " L/min";
    if (given.fio2) text += ", FiO2 " + to_text(*given.fio2);
    if (given.indication == Indication::comfort) text += " for comfort";
    return text;
}

std::string describe_drug(const Intervention& given) {
    std::string text = given.agent == Agent::other ? given.agent_code : spaced(name_of(given.agent));
    if (given.agent == Agent::none) {
        text = given.kind == InterventionKind::vasopressor     ? "a vasopressor, agent not stated"
               : given.kind == InterventionKind::growth_factor ? "a growth factor, agent not stated"
                                                               : "a drug";
    }
    const bool rate = given.kind == InterventionKind::vasopressor && given.rate && given.rate->micro > 0;
    return rate ? text + " " + to_text(*given.rate) + " " + given.rate_unit : text;
}

std::string describe_given(const Intervention& given) {
    switch (given.kind) {
        case InterventionKind::oxygen:
            return describe_oxygen(given);
        case InterventionKind::ecmo:
            return "ECMO";
        case InterventionKind::fluid_bolus:
            return given.volume_ml ? "fluid bolus of " + to_text(*given.volume_ml) + " mL"
                                   : "fluid bolus, volume not stated";
        case InterventionKind::anaesthesia:
            return "anaesthesia";
        case InterventionKind::dialysis:
            return "dialysis";
        case InterventionKind::transfusion:
            return words_for(given.product);
        case InterventionKind::hospital_stay:
            return "hospital stay";
        case InterventionKind::icu_stay:
            return "intensive care";
        case InterventionKind::unspecified:
        case InterventionKind::vasopressor:
        case InterventionKind::drug:
        case InterventionKind::immunoglobulin:
        case InterventionKind::vaccination:
        case InterventionKind::growth_factor:
            return describe_drug(given);
    }
    return describe_drug(given);
}

}  // namespace

std::string spaced(std::string_view name) {
    std::string text(name);
    for (char& letter : text) {
        if (letter == '_') letter = ' ';
    }
    return text;
}

std::string describe_intervention(const Intervention& given) {
    const std::string text = describe_given(given);
    switch (given.phase) {
        case InterventionPhase::start:
            return text + " started";
        case InterventionPhase::change:
            return text + " charted";
        case InterventionPhase::stop:
            return text + " stopped";
        case InterventionPhase::single:
        case InterventionPhase::unspecified:
            return text + " given";
    }
    return text;
}

}  // namespace cellvigil
