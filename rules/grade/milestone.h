// What is not a grade but a fact that cohorts count: a recovery, a course, a state at a landmark. Three-valued: unknown
// is a value. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "rules/grade/assessment.h"

namespace cellvigil {

enum class MilestoneKind : std::uint8_t {
    neutrophil_recovery,  // first of 3 values on different days >= 0.5 x 10*9/L
    platelet_recovery,
    quick_course,         // of neutrophils: recovery without a second dip
    intermittent_course,  // biphasic: recovery, then a second dip
    aplastic_course,      // continuous severe neutropenia of 14 days or more
    cytopenia_recovered_day_90,
    persistent_cytopenia_day_365,
};
inline constexpr int kMilestoneKinds = static_cast<int>(MilestoneKind::persistent_cytopenia_day_365) + 1;
const char* name_of(MilestoneKind kind);

enum class Standing : std::uint8_t { unknown, no, yes };

struct Milestone {
    MilestoneKind kind = MilestoneKind::neutrophil_recovery;
    std::uint16_t infusion = 0;
    Standing standing = Standing::unknown;
    std::optional<std::int32_t> day;  // infusion day on which it was reached
    Flags flags;
    std::array<RecordRef, kMaxEvidence> evidence{};
    bool operator==(const Milestone&) const = default;
};

}  // namespace cellvigil
