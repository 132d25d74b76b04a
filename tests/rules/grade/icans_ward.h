// What a ward charts about neurology, in short, for the tests of ICANS.
#pragma once

#include <optional>
#include <string>

#include "rules/grade/icans_components.h"
#include "tests/support/fact_story.h"

namespace cellvigil::icans_ward {

using story::d;
using story::Story;

inline Story& adult(Story& s) { return s.adult().infused(); }
inline Story& child(Story& s, std::uint32_t years) { return s.aged_years(years).infused(); }

inline Story& with_baseline_ice(Story& s, std::uint32_t ice) {
    Enrollment enrollment;
    enrollment.age_years = 58;
    enrollment.baseline_ice = ice;
    return s.enrolled(enrollment).infused();
}
inline Story& with_baseline_capd(Story& s, std::uint32_t capd) {
    Enrollment enrollment;
    enrollment.age_years = 11;
    enrollment.baseline_capd = capd;
    return s.enrolled(enrollment).infused();
}
inline Story& delayed_development(Story& s, std::uint32_t years) {
    Enrollment enrollment;
    enrollment.age_years = years;
    enrollment.developmental_delay = true;
    return s.enrolled(enrollment).infused();
}

inline Story& level(Story& s, Instant at, Consciousness consciousness) {
    IceAssessment told;
    told.consciousness = consciousness;
    return s.tell(at, told);
}
inline Story& untested(Story& s, Instant at, Unassessable why) {
    IceAssessment told;
    told.unassessable = why;
    return s.tell(at, told);
}
inline IceAssessment refused_ice() {
    IceAssessment told;
    told.total = 11;
    told.implausible = true;
    told.consciousness = Consciousness::alert;
    return told;
}
inline IceAssessment baseline_ice(std::uint32_t total) {
    IceAssessment told;
    told.total = total;
    told.baseline = true;
    return told;
}
inline IceAssessment ice_parts(std::uint32_t orientation, std::uint32_t naming, std::uint32_t commands,
                               std::uint32_t writing, std::uint32_t attention, std::optional<std::uint32_t> total) {
    IceAssessment told;
    told.orientation = orientation;
    told.naming = naming;
    told.commands = commands;
    told.writing = writing;
    told.attention = attention;
    told.total = total;
    told.consciousness = Consciousness::alert;
    return told;
}
inline IceAssessment capd(std::uint32_t total, Consciousness consciousness = Consciousness::alert) {
    IceAssessment told;
    told.capd_total = total;
    told.consciousness = consciousness;
    return told;
}
inline IceAssessment capd_of_items(std::uint32_t total, std::uint32_t answered) {
    IceAssessment told = capd(total);
    told.capd_items_answered = answered;
    return told;
}
inline IceAssessment capd_at_rass(std::uint32_t total, std::int32_t rass) {
    IceAssessment told = capd(total);
    told.rass = rass;
    return told;
}

inline NeuroFinding finding(NeuroKind kind, std::optional<std::uint32_t> duration_seconds = std::nullopt) {
    NeuroFinding told;
    told.kind = kind;
    told.duration_seconds = duration_seconds;
    return told;
}
inline NeuroFinding absent(NeuroKind kind) {
    NeuroFinding told = finding(kind);
    told.present = false;
    return told;
}
inline NeuroFinding weakness(WeaknessDepth depth) {
    NeuroFinding told = finding(NeuroKind::focal_motor_weakness);
    told.depth = depth;
    return told;
}
inline NeuroFinding suspected(NeuroFinding told) {
    told.other_cause = true;
    return told;
}
inline NeuroFinding opening_pressure(int mmhg) {
    NeuroFinding told = finding(NeuroKind::raised_csf_pressure);
    told.csf_opening = whole(mmhg);
    return told;
}
inline NeuroFinding repetitive(bool returned) {
    NeuroFinding told = finding(NeuroKind::seizure, 60U);
    told.repetitive = true;
    told.returned_to_baseline = returned;
    return told;
}
inline Story& seizure(Story& s, Instant at, std::optional<std::uint32_t> duration_seconds,
                      std::optional<bool> returned = std::nullopt) {
    NeuroFinding told = finding(NeuroKind::seizure, duration_seconds);
    told.returned_to_baseline = returned;
    return s.neuro(at, told);
}

inline Intervention opioid(bool by_infusion) {
    Intervention told;
    told.kind = InterventionKind::drug;
    told.phase = InterventionPhase::start;
    told.agent = Agent::opioid;
    told.by_infusion = by_infusion;
    return told;
}
inline Intervention anaesthesia() {
    Intervention told;
    told.kind = InterventionKind::anaesthesia;
    told.phase = InterventionPhase::start;
    return told;
}

inline std::string names(Flags flags) {
    std::string text;
    for (int i = 0; i < kFlags; ++i) {
        if (flags.has(static_cast<Flag>(i))) text += std::string(name_of(static_cast<Flag>(i))) + " ";
    }
    return text;
}
inline std::string names(Components components) {
    std::string text;
    for (int i = 0; i < kComponents; ++i) {
        if (components.has(static_cast<Component>(i))) text += std::string(name_of(static_cast<Component>(i))) + " ";
    }
    return text;
}

}  // namespace cellvigil::icans_ward
