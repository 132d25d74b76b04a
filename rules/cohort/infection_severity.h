// How severe an infection was, by every system side by side: none is turned into another. Sources: CTCAE, BMT CTN
// manual of procedures, CIBMTR forms manual ("requires treatment"), the axi-cel series ("severe": intravenous or
// admitted), ICH E2A; docs/clinical/infections.md. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "rules/event/body.h"
#include "rules/grade/milestone.h"
#include "rules/pack/rule_set.h"

namespace cellvigil {

struct InfectionSeverity {
    std::optional<std::uint32_t> ctcae;                // worst grade the site gave, any version; nullopt: none given
    std::optional<std::uint32_t> bmt_ctn;              // 1..3, as the site gave it
    std::optional<std::uint32_t> bmt_ctn_by_class;     // of a zoster, from its class: 1, 2, 3; shown apart
    Standing requires_treatment = Standing::unknown;   // CIBMTR: yes, or nobody said
    Standing treated_or_admitted = Standing::unknown;  // severe in the axi-cel series: intravenous, or in hospital
    Standing serious = Standing::unknown;              // any of the six ICH criteria; no: all six were denied
    bool operator==(const InfectionSeverity&) const = default;
};

// The worse of both, system by system; unknown gives way to no, and no to yes.
void worsen(InfectionSeverity& severity, const InfectionSeverity& by);
InfectionSeverity severity_of(const Infection& infection);
// A treatment course recorded apart from the report.
InfectionSeverity severity_of_treatment(Route route);

// By the pack's system. `unknown`: that system was not used for this infection.
Standing is_severe(const InfectionSeverity& severity, SevereInfection by);
// By any of the systems: the upper count.
bool may_be_severe(const InfectionSeverity& severity);

}  // namespace cellvigil
