// What holds for the subject whatever the time: who it is, by its live enrollment, which of its values were judged, by
// live verdicts, and which infusions it had. Used by SubjectTimeline only. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/pack/rule_set.h"
#include "rules/timeline/records.h"

namespace cellvigil {

// Of the given live versions, the enrollment that describes the subject: the last in fold order; kNone: none.
std::uint32_t last_enrollment(const Records& records, const std::vector<std::uint32_t>& live);

bool is_infusion(const Records& records, std::uint32_t version);
bool is_verdict_on_value(const Records& records, std::uint32_t version);

// The live versions that a context is made from.
struct ContextSources {
    std::uint32_t enrollment = kNone;     // as last_enrollment() gives it
    std::vector<std::uint32_t> verdicts;  // on values
    std::vector<std::uint32_t> infusions;
};
SubjectContext context_from(const Records& records, const ContextSources& sources, const RuleSet& rules);

}  // namespace cellvigil
