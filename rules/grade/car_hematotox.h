// CAR-HEMATOTOX (Rejeski 2021): a score of 0 to 7 from values before lymphodepletion; 0 and 1 are low, 2 and more high
// risk of prolonged neutropenia. Validated in large B-cell lymphoma. Source, table, window and our decisions:
// docs/clinical/car-hematotox.md. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "rules/base/quantity.h"
#include "rules/event/analyte.h"
#include "rules/event/body.h"
#include "rules/grade/assessment.h"

namespace cellvigil {

enum class HematotoxItem : std::uint8_t {
    platelets,    // 10*9/L: above 175: 0; 75 to 175, both included: 1; below 75: 2
    neutrophils,  // 10*9/L: above 1.2: 0; below: 1
    haemoglobin,  // g/L: above 90: 0; below: 1
    crp,          // mg/L, not mg/dL: below 30: 0; above: 1
    ferritin,     // ug/L: below 650: 0; 650 to 2000, both included: 1; above 2000: 2
};
inline constexpr std::size_t kHematotoxItems = static_cast<std::size_t>(HematotoxItem::ferritin) + 1;
Analyte analyte_of(HematotoxItem item);

struct ItemValue {
    Quantity value;
    Comparator comparator = Comparator::unspecified;
};
struct ItemPoints {
    std::int32_t least = 0;
    std::int32_t most = 0;  // more than `least`: the value is missing, or bounds it from one side only
    bool boundary = false;  // equal to a limit that the published table leaves open: the point is given
};
ItemPoints points_of(HematotoxItem item, const std::optional<ItemValue>& value);

struct HematotoxScore {
    Grade grade = kNotGradable;  // the sum, when every item has one number of points
    Grade upper = kNotGradable;  // the sum with the most that open items can have
    Flags flags;
};
HematotoxScore car_hematotox(const std::array<std::optional<ItemValue>, kHematotoxItems>& items);
inline bool is_high_risk(Grade score) { return score >= 2; }

// LBCL by our own code, ICD-10 C83.3 and C85.2, or the words "large B-cell".
bool is_large_b_cell_lymphoma(const Coding& indication);

}  // namespace cellvigil
