// What the ICD-10 codes of a reported event say of a T-cell malignancy: that it is one, or a sign that may be of one.
// Codes alone (the classification is the WHO's; national ones refine the same three characters), never the words. Pure.
// Source: FDA's class warning of January 2024 on T-cell malignancies after CAR-T therapy; docs/alerts.md, P14.
#pragma once

#include <cstdint>

#include "rules/event/body.h"

namespace cellvigil {

// C84, C86: mature T/NK-cell lymphomas; C91.5, C91.6: T-cell leukaemias.
bool is_t_cell_malignancy(const AdverseEvent& report);

enum class MalignancySign : std::uint8_t {
    none,
    lymph_nodes,  // R59, enlarged lymph nodes
    mass,         // R22, local swelling, mass or lump; R19.0, of the abdomen
    rash,         // R21; says little by itself
};
// The first of them, in this order.
MalignancySign malignancy_sign(const AdverseEvent& report);

}  // namespace cellvigil
