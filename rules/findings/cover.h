// Courses and doses of one purpose, as far as they matter to whether a subject is covered now: what runs, until when
// what has ended covered, when it began and ended last. A course runs from START or CHANGE to its STOP or stated end;
// it is found by its course id, else by its agent. Pure values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/grade/context.h"

namespace cellvigil {

enum class CoverKind : std::uint8_t {
    antiviral,  // active against varicella zoster virus, to prevent or to treat
    pneumocystis,
    hepatitis_b,
    antimicrobial,  // against bacteria, to treat
    steroid,        // systemic glucocorticoid, more than replacement
    immunoglobulin,
    growth_factor,  // of granulocytes
    vaccine,        // any but zoster
    zoster_vaccine,
};
inline constexpr std::size_t kCoverKinds = static_cast<std::size_t>(CoverKind::zoster_vaccine) + 1;

// Which covers an intervention belongs to, a bit each; 0: none.
std::uint32_t covers_of(const Intervention& given);

struct RunningCourse {
    Instant until = kNever;  // stated end
    std::uint64_t course = 0;
    Agent agent = Agent::none;
    bool prevents = false;
    RecordRef record;
    std::string policy;
    bool operator==(const RunningCourse&) const = default;
};

struct Cover {
    std::vector<RunningCourse> running;  // at most kMost
    Instant covered_until = kAlways;     // by what has ended
    Instant began = kAlways;             // last beginning of a course or dose
    RecordRef began_by;
    Instant ended = kAlways;  // last end of a course meant to prevent
    RecordRef ended_by;
    std::string policy;       // of the course that ended
    std::uint16_t begun = 0;  // courses and doses so far
    bool operator==(const Cover&) const = default;
    static constexpr std::size_t kMost = 16;

    bool covers(Instant at) const { return !running.empty() || covered_until >= at; }
    Instant next_end() const;
};

// Takes a fact of this cover; true when a course meant to prevent ended.
bool take_course(Cover& cover, CoverKind kind, const Fact& fact, const Intervention& given, const RuleSet& rules);
// Stated ends up to `at`; true when a course meant to prevent ended.
bool end_courses(Cover& cover, Instant at);

}  // namespace cellvigil
