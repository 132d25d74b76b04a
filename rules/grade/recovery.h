// Milestones of blood counts after an infusion: recovery of neutrophils and platelets, the course of neutrophils,
// cytopenia recovered by day 90, severe cytopenia that persists at day 365. Severe is CTCAE 5.0 grade 3 or 4. What a
// milestone does not know it says: unknown is no "no". Sources and our decisions: docs/clinical/recoveries.md. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "rules/grade/day_series.h"
#include "rules/grade/milestone.h"
#include "rules/grade/support.h"
#include "rules/pack/rule_set.h"

namespace cellvigil {

enum class Lineage : std::uint8_t { neutrophils, platelets, haemoglobin };
inline constexpr std::size_t kLineages = 3;

struct CourseOfCounts {
    std::array<const DaySeries*, kLineages> lineages;  // never null; days since 1970
    const SupportSpans* support;
    std::int32_t day_0 = 0;  // of the infusion, since 1970
    std::uint16_t infusion = 0;
    // Infusion days. Nothing after `as_of` is looked at; its own day is.
    std::int32_t as_of = 0;
    std::int32_t died = kNoDay;
    std::int32_t excluded_from = kNoDay;  // first progression, relapse or next therapy
    static constexpr std::int32_t kNoDay = INT32_MAX;
};

// One of each kind, in the order of the kinds.
std::vector<Milestone> milestones_of(const CourseOfCounts& course, const CountsRules& rules);

}  // namespace cellvigil
