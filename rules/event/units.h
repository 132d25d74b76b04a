// Units as sent to canonical amounts. UCUM is case sensitive; spellings in wide use are understood through a table. A
// unit is read by its name only: no number is ever taken for another unit because of its size. Conversion factors are
// exact rationals, applied in 128 bits, half away from zero. Source: docs/clinical/units.md. Pure; safe from any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "rules/base/quantity.h"
#include "rules/event/analyte.h"

namespace cellvigil {

// canonical = (amount - zero) * numerator / denominator
struct UnitRule {
    Analyte analyte;
    std::string_view unit;  // UCUM
    std::int64_t numerator;
    std::int64_t denominator;
    std::int64_t zero_micro;  // where the unit's scale has its zero, millionths of the unit: 32 for [degF]
};

// Every accepted unit; the canonical one comes first within its analyte. Analytes with a yes/no result have none.
std::span<const UnitRule> unit_rules();
// "" for `other` and yes/no results.
std::string_view canonical_unit(Analyte analyte);

// The UCUM spelling of a unit: itself when it is accepted anywhere, else from the table of spellings ("mmHg",
// "THOU/uL", "x10^9/L", micro signs), with annotations such as {cells} taken off (but not {FEU}, {DDU}, {score}).
// Empty: unknown. "C", "F" and "G/L" are unknown on purpose: coulomb, farad, and gram or giga; a site's own table says
// what it means.
std::string_view ucum_of(std::string_view unit);

// The rule for an analyte and a unit as sent; nullptr: unknown, or not accepted for it. No unit at all is accepted for
// scores only.
const UnitRule* find_unit(Analyte analyte, std::string_view unit);

// nullopt: does not fit.
std::optional<Quantity> to_canonical(Quantity amount, const UnitRule& rule);

// Rate of a vasopressor: "ug/kg/min", "ug/min" or "[iU]/min" from what is sent (mg/h among it). nullopt: unit unknown,
// or does not fit.
struct PressorRate {
    Quantity rate;
    std::string_view unit;
};
std::optional<PressorRate> pressor_rate(Quantity amount, std::string_view unit);

// A dose of cells in millions, in all or per kilogram of body weight. nullopt: unit unknown, or does not fit.
struct CellDose {
    Quantity millions;
    bool per_kg = false;
};
std::optional<CellDose> cell_dose(Quantity amount, std::string_view unit);

}  // namespace cellvigil
