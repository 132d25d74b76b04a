// A grade as the site reports it that differs from the one computed on the same scale. Neither overwrites the other.
// Pure.
#pragma once

#include "rules/grade/assessment.h"

namespace cellvigil {

struct Disagreement {
    Scale scale = Scale::unspecified;
    Term term = Term::none;
    std::uint16_t infusion = 0;
    Instant at{};  // event time of the report
    Grade reported = kNotGradable;
    Grade computed = kNotGradable;  // the highest of the episode, or of the day, that the report is about
    Grade computed_upper = kNotGradable;
    RecordRef report;                                // the site's record
    std::array<RecordRef, kMaxEvidence> evidence{};  // what the computed grade rests on
    bool operator==(const Disagreement&) const = default;
};

}  // namespace cellvigil
