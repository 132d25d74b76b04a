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
constexpr bool sedates(Agent agent) { return is_between(agent, Agent::propofol, Agent::lorazepam); }

}  // namespace cellvigil
