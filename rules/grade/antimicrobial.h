// Which infections a drug is given against, and by which route where the message does not say. By substance; other
// drugs by the main group of their ATC code (J01, J04 bacteria; J02 fungi; J05 viruses; P01 protozoa and pneumocystis).
// Source: docs/clinical/infection-grades.md. Pure.
#pragma once

#include "rules/event/body.h"

namespace cellvigil {

// Given to treat, not to prevent: marked as treatment, with no indication of prophylaxis.
bool is_antimicrobial_treatment(const Intervention& given);
// May the course treat this infection? An organism that is not known may be treated by anything.
bool may_treat(const Intervention& given, PathogenClass pathogen, Organism organism);
// As stated; else intravenous when by infusion or only given so, oral when only given so; else unspecified.
Route route_of(const Intervention& given);

}  // namespace cellvigil
