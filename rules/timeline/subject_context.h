// What holds for the subject whatever the time: who it is, by its live enrollment, and which of its values were judged,
// by live verdicts. Used by SubjectTimeline only. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/pack/rule_set.h"
#include "rules/timeline/records.h"

namespace cellvigil {

// Of the given live versions, the enrollment that describes the subject: the last in fold order; kNone: none.
std::uint32_t last_enrollment(const Records& records, const std::vector<std::uint32_t>& live);

bool is_verdict_on_value(const Records& records, std::uint32_t version);

// `enrollment` as last_enrollment() gives it; `verdicts`: the live verdicts on values.
SubjectContext context_from(const Records& records, std::uint32_t enrollment,
                            const std::vector<std::uint32_t>& verdicts, const RuleSet& rules);

}  // namespace cellvigil
