// The stopping rule while outcomes are pending: exact, without a model. Patients are ordered by the day of infusion;
// for every prefix of them the events known by now are compared with the boundary. Known events only grow to their
// final number, so an alarm is an alarm of the fully observed rule, raised at the first moment it is certain; error and
// power are exactly the calibrated rule's. Pending patients count in n and can only delay an alarm. Pure.
//
// Patients infused on one day are one look: only ends of days are evaluated. A later registration of an earlier
// infusion, a retraction or an upgrade of a grade changes the table, and the rule is evaluated anew; the alarm that was
// raised is latched by the caller.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rules/stats/binary_boundary.h"

namespace cellvigil {

// Merges by adding patients and known events of equal days.
struct InfusionDayCount {
    std::int32_t day = 0;
    std::int64_t patients = 0;
    std::int64_t known_events = 0;
};

struct PrefixAlarm {
    std::int64_t patients = 0;  // n of the first prefix that crosses
    std::int64_t events = 0;
    bool operator==(const PrefixAlarm&) const = default;
};

// nullopt: no alarm. The table may be in any order and name a day several times. Prefixes beyond the boundary's last
// patient are not evaluated: the rule was planned for so many.
std::optional<PrefixAlarm> prefix_rule(std::vector<InfusionDayCount> table, const BinaryBoundary& boundary);

}  // namespace cellvigil
