// CARTOX CRES beside ASTCT ICANS: each finding told as a ward charts it, and what both make of it. The page
// docs/clinical/cres.md prints the same table; tests hold both against the code.
#pragma once

#include <algorithm>
#include <array>

#include "tests/rules/grade/icans_ward.h"
#include "tests/rules/grade/legacy_ward.h"

namespace cellvigil::cres_rows {

using namespace icans_ward;
using legacy_ward::all_scales;
using legacy_ward::range_of;
using legacy_ward::said_of;

inline const Instant noon = d(5, 12);

// A CARTOX-10 of this total by its items; no command was asked for.
inline IceAssessment cartox_10(std::uint32_t total) {
    IceAssessment told;
    const auto take = [&total](std::uint32_t most) {
        const std::uint32_t taken = std::min(total, most);
        total -= taken;
        return taken;
    };
    told.orientation = take(4);
    told.naming = take(3);
    told.writing = take(1);
    told.attention = take(1);
    told.head_of_government = take(1);
    told.consciousness = Consciousness::alert;
    return told;
}
inline IceAssessment without_head(std::uint32_t total) {
    IceAssessment told = cartox_10(total);
    told.head_of_government.reset();
    return told;
}
// Ten by both: with the command, and with the head of government.
inline IceAssessment full_score() {
    IceAssessment told = cartox_10(10);
    told.commands = 1;
    return told;
}
inline NeuroFinding papilloedema(std::uint32_t stage) {
    NeuroFinding told = finding(NeuroKind::papilloedema);
    told.papilloedema_stage = stage;
    return told;
}
inline NeuroFinding seizure_of(SeizureType type, std::uint32_t duration_seconds) {
    NeuroFinding told = finding(NeuroKind::seizure, duration_seconds);
    told.seizure_type = type;
    told.returned_to_baseline = true;
    return told;
}
inline Story& well(Story& s) { return adult(s).tell(d(5, 8), full_score()); }

struct Finding {
    const char* name;
    void (*tell)(Story&);
    const char* icans;
    const char* cres;
};
// clang-format off
inline const std::array<Finding, 12> kFindings{{
    {"partial seizure of a minute", [](Story& s) { well(s).neuro(d(5, 11), seizure_of(SeizureType::focal, 60)); }, "3", "3"},
    {"seizure on EEG that responds to a benzodiazepine", [](Story& s) {
         NeuroFinding told = finding(NeuroKind::eeg_nonconvulsive_seizure, 120U);
         told.returned_to_baseline = true;
         well(s).neuro(d(5, 11), told);
     }, "3", "3"},
    {"one brief generalised seizure", [](Story& s) { well(s).neuro(d(5, 11), seizure_of(SeizureType::generalised, 60)); }, "3", "4"},
    {"papilloedema stage 1 or 2", [](Story& s) { well(s).neuro(d(5, 11), papilloedema(2)); }, "4", "3"},
    {"papilloedema stage 3 to 5", [](Story& s) { well(s).neuro(d(5, 11), papilloedema(3)); }, "4", "4"},
    {"diffuse cerebral oedema", [](Story& s) { well(s).neuro(d(5, 11), finding(NeuroKind::diffuse_oedema_imaging)); }, "4", "4"},
    {"opening pressure raised, below 20 mmHg", [](Story& s) { well(s).neuro(d(5, 11), opening_pressure(19)); }, "0", "3"},
    {"opening pressure of 20 mmHg or more", [](Story& s) { well(s).neuro(d(5, 11), opening_pressure(20)); }, "0-4", "4"},
    {"new motor weakness, mild", [](Story& s) { well(s).neuro(d(5, 11), weakness(WeaknessDepth::mild)); }, "0", "4"},
    {"new motor weakness, deep", [](Story& s) { well(s).neuro(d(5, 11), weakness(WeaknessDepth::deep)); }, "4", "4"},
    {"focal oedema on imaging", [](Story& s) { well(s).neuro(d(5, 11), finding(NeuroKind::focal_oedema_imaging)); }, "3", "4"},
    {"obtunded, cannot be assessed", [](Story& s) {
         IceAssessment told;
         told.consciousness = Consciousness::unarousable;
         told.unassessable = Unassessable::unarousable;
         well(s).tell(d(5, 11), told);
     }, "4", "4"},
}};
// clang-format on

}  // namespace cellvigil::cres_rows
