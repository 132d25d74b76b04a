// Enumerators of the contract to those of the domain and back. Most share their numbers; those that do not have a table
// here. A number that we do not know reads as `unspecified` and is told.
#pragma once

#include "rules/event/body.h"

namespace cellvigil::wire {

// A number of the contract as an enumerator that shares its numbers; `last` is the highest one.
template <typename Enum>
Enum known(int number, Enum last, bool& unknown) {
    if (number >= 0 && number <= static_cast<int>(last)) return static_cast<Enum>(number);
    unknown = true;
    return static_cast<Enum>(0);
}
template <typename Enum>
int number_of(Enum value) {
    return static_cast<int>(value);
}

OxygenDevice oxygen_device(int number, bool& unknown);
int number_of(OxygenDevice device);
DeathCause death_cause(int number, bool& unknown);
int number_of(DeathCause cause);
// ASTCT_2019 reads as the scale of ICANS where the report is of ICANS, else of CRS.
Scale scale(int number, AdverseEventCategory category, bool& unknown);
int number_of(Scale scale);

}  // namespace cellvigil::wire
