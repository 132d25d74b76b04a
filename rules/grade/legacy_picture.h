// The signs of one moment twice over: what the data say, and the worst that they leave possible; with the records and
// remarks of each component. Pure. Source: docs/clinical/legacy-crs.md.
#pragma once

#include "rules/grade/crs_signs.h"
#include "rules/grade/legacy_crs.h"

namespace cellvigil {

struct LegacyPicture {
    CrsSigns literal;                                     // verdicts applied
    CrsSigns worst;                                       // whatever the cause
    std::array<Part, kCrsSignComponents.size()> parts{};  // flags and records only
    std::array<bool, kCrsSignComponents.size()> elsewhere{};
    std::array<RecordRef, kCrsSignComponents.size()> verdicts{};
    bool temperature_known = false;
    bool dose_missing = false;
    bool dose_undefined = false;  // a pressor without a defined high dose
    bool fio2_missing = false;
    Flags refractory_unsure;  // why the pressure under the dose is not known to be low, or not to be
    bool reference_missing = false;
    bool admission_unknown = false;
    bool intravenous_unclear = false;  // an anticytokine drug: perhaps by mouth, perhaps none of the scale's business

    Part& part(SignComponent component) { return parts[static_cast<std::size_t>(component)]; }
    const Part& part(SignComponent component) const { return parts[static_cast<std::size_t>(component)]; }
};
// Tells the verdicts which components are present, then applies them.
LegacyPicture read_picture(LegacyCrsState& state, Instant at, const FoldContext& context);

}  // namespace cellvigil
