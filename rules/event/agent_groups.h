// Groups of agents, as the enumeration lists them. Source: docs/clinical/codes.md. Pure.
#pragma once

#include "rules/event/agent.h"

namespace cellvigil {

constexpr bool is_between(Agent agent, Agent first, Agent last) { return agent >= first && agent <= last; }

// Whatever raises the blood pressure: vasopressors, inotropes, oral pressors, rescue for vasoplegia.
constexpr bool supports_pressure(Agent agent) {
    return is_between(agent, Agent::norepinephrine, Agent::hydroxocobalamin);
}
// Its receptor's or its own blocker: interleukin-6 in the blood rises artificially.
constexpr bool blocks_il6(Agent agent) { return is_between(agent, Agent::tocilizumab, Agent::sarilumab); }
constexpr bool is_anticytokine(Agent agent) { return is_between(agent, Agent::tocilizumab, Agent::ruxolitinib); }
constexpr bool is_glucocorticoid(Agent agent) {
    return is_between(agent, Agent::dexamethasone, Agent::glucocorticoid_other);
}
constexpr bool is_antipyretic(Agent agent) { return is_between(agent, Agent::paracetamol, Agent::aspirin); }
constexpr bool masks_fever(Agent agent) {
    return is_anticytokine(agent) || is_glucocorticoid(agent) || is_antipyretic(agent);
}
// Active against varicella zoster virus.
constexpr bool is_zoster_antiviral(Agent agent) {
    return is_between(agent, Agent::aciclovir, Agent::valganciclovir) || agent == Agent::foscarnet;
}
constexpr bool is_hepatitis_b_antiviral(Agent agent) { return is_between(agent, Agent::entecavir, Agent::lamivudine); }
// Active against Pneumocystis.
constexpr bool is_pneumocystis_agent(Agent agent) { return is_between(agent, Agent::cotrimoxazole, Agent::dapsone); }
constexpr bool is_zoster_vaccine(Agent agent) {
    return agent == Agent::zoster_vaccine_recombinant || agent == Agent::zoster_vaccine_live;
}
constexpr bool sedates(Agent agent) { return is_between(agent, Agent::propofol, Agent::lorazepam); }

}  // namespace cellvigil
