// An episode of cytopenia: CTCAE grade 3 or 4 of one count. It opens with the first such value and ends when enough
// consecutive values on different days are milder, the first of them not carried by a transfusion or a growth factor;
// it is resolved at that first value. A value of a day that had a severe one does not count. HOUSE:
// docs/clinical/recoveries.md. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "rules/grade/assessment.h"
#include "rules/grade/watch.h"

namespace cellvigil {

struct CytopeniaTrack {
    Scale scale = Scale::unspecified;
    Term term = Term::none;
    bool open = false;
    std::uint16_t closed = 0;             // episodes of this infusion that have ended
    Episode current;                      // meaningful while open
    std::int32_t severe_day = INT32_MIN;  // last one
    std::int32_t milder_day = INT32_MIN;  // last one of the run of milder days
    std::int32_t milder_days = 0;         // 0: no run
    Instant milder_since{};
    EpisodeWatch watch;
    bool operator==(const CytopeniaTrack&) const = default;
};

struct GradedValue {
    Instant at{};
    std::int32_t day = 0;  // site-local
    Grade grade = kNotGradable;
    Grade upper = kNotGradable;
    bool carried = false;  // by a support
    RecordRef record;
};
struct CytopeniaLimits {
    std::int32_t resolve_values = 3;  // milder days that end an episode
    days unobserved{42};              // longer without a value: it may have ended unseen
};
// The episode, when the value ends it. A value that may be severe or not changes nothing but that it was told.
std::optional<Episode> note_value(CytopeniaTrack& track, const GradedValue& value, std::uint16_t infusion,
                                  const CytopeniaLimits& limits);
// True when the open episode has been without a value for longer than the limit, and that was not noted before.
bool note_silence(CytopeniaTrack& track, Instant at, const CytopeniaLimits& limits);

}  // namespace cellvigil
