// What a living patient's value can be. Outside the hard limits a value is kept and not used; outside the soft ones it
// is used and marked. Both ends of a range belong to it. HOUSE, table in docs/clinical/units.md. Pure; safe from any
// thread.
#pragma once

#include <cstdint>
#include <span>

#include "rules/base/quantity.h"
#include "rules/event/agent.h"
#include "rules/event/analyte.h"
#include "rules/event/body.h"

namespace cellvigil {

struct Range {
    Quantity first;
    Quantity last;
    constexpr bool holds(Quantity value) const { return first <= value && value <= last; }
};

struct ValueLimits {
    Analyte analyte;
    Range hard;
    Range soft;
    bool whole_numbers;  // scores
};
// One row per analyte with a number.
std::span<const ValueLimits> value_limits();

enum class Plausibility : std::uint8_t { usual, unusual, implausible };

// Of a canonical value. `other` is always usual.
Plausibility plausibility_of(Analyte analyte, Quantity value);

inline constexpr Range kOxygenFlow{whole(0), whole(80)};   // L/min
inline constexpr Range kCannulaFlow{whole(0), whole(15)};  // L/min, nasal cannula other than high-flow
inline constexpr Range kFio2{hundredths(21), whole(1)};    // fraction
Plausibility oxygen_flow_plausibility(OxygenDevice device, Quantity flow_l_min);
Plausibility fio2_plausibility(Quantity fraction);
// Norepinephrine in ug/kg/min and vasopressin in [iU]/min have limits; every rate is at least 0.
Plausibility pressor_plausibility(Agent agent, Quantity rate, std::string_view unit);

// Are all stated scores within their ranges?
bool is_plausible(const IceAssessment& assessment);

}  // namespace cellvigil
