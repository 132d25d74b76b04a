// The form in which subjects are stored, and what becomes of one that is stored in another: it is derived anew from its
// messages and told again what had been given out about its alerts, so that only what is news is given out. Pure.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/base/result.h"
#include "rules/timeline/published.h"
#include "rules/timeline/subject_timeline.h"

namespace cellvigil {

std::uint8_t snapshot_version();                   // of SubjectTimeline::snapshot(); raised when its form changes
bool is_present_snapshot(std::string_view bytes);  // of this version: what restore() can take

// `derived` as if `told` had been published of it and nothing else.
Result<SubjectTimeline> with_told(const SubjectTimeline& derived, const std::vector<PublishedAlert>& told,
                                  const RuleSet& rules);

}  // namespace cellvigil
