// What a patient with CRS shows and is given, and what each of the older CRS scales makes of it, component by
// component. No grade is ever mapped to another scale's grade. Source: Lee 2014, Penn (Porter), CTCAE 4.03 / 5.0 / 6.0,
// CARTOX (Neelapu 2018), MSKCC (Park 2018), as docs/clinical/legacy-crs.md has them. Pure; safe from any thread.
#pragma once

#include <array>
#include <cstdint>

#include "rules/grade/assessment.h"

namespace cellvigil {

enum class PressorUse : std::uint8_t { none, one, with_vasopressin, multiple };
enum class OxygenSupport : std::uint8_t {
    none,
    low_flow,   // cannula up to and including 6 L/min, blow-by, or hypoxia without oxygen yet
    high_flow,  // cannula above 6 L/min, masks
    positive_pressure,
    ventilation,  // or ECMO
};

struct CrsSigns {
    bool fever = false;             // 38.0 Cel or more
    bool hypotension = false;       // low or treated, without a vasopressor
    bool repeated_boluses = false;  // two or more for it
    PressorUse pressors = PressorUse::none;
    bool high_dose = false;      // held long enough
    bool pressors_long = false;  // for 24 h or more
    bool refractory = false;     // pressure still low under a high dose
    OxygenSupport oxygen = OxygenSupport::none;
    bool fio2_from_40 = false;  // inspired fraction of 0.40 or more
    Grade transaminases = 0;    // by CTCAE, 0..4
    Grade bilirubin = 0;
    Grade creatinine = 0;
    bool dialysis = false;
    bool plasma = false;       // fresh frozen plasma, cryoprecipitate or fibrinogen
    bool admitted = false;     // for CRS: begun with or after its onset
    bool intravenous = false;  // intravenous therapy other than fluids for pressure
    bool operator==(const CrsSigns&) const = default;
};

// The grades that a scale's text allows for one component; ambiguous when the text leaves it open.
struct GradeRange {
    Grade low = 0;
    Grade high = 0;
    bool ambiguous = false;
    bool operator==(const GradeRange&) const = default;
};

inline constexpr std::array kCrsSignComponents{Component::fever, Component::hypotension, Component::hypoxia,
                                               Component::organ};
enum class SignComponent : std::uint8_t { fever, hypotension, hypoxia, organ };

struct CrsReading {
    std::array<GradeRange, kCrsSignComponents.size()> parts{};  // in the order of kCrsSignComponents
    const GradeRange& of(SignComponent part) const { return parts[static_cast<std::size_t>(part)]; }
    Grade low() const;  // the worst of the components
    Grade high() const;
    bool operator==(const CrsReading&) const = default;
};

// Lee 2014, Penn, CTCAE 4.03, 5.0 and 6.0, CARTOX CRS and MSKCC; another scale reads as nothing.
CrsReading read_signs(Scale scale, const CrsSigns& signs);

}  // namespace cellvigil
