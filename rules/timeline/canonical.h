// One form of a subject's facts and findings that does not depend on the order of arrival: what the state hash covers,
// and how alerts stand in a snapshot. Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/bytes.h"
#include "rules/timeline/records.h"
#include "rules/timeline/subject_timeline.h"

namespace cellvigil {

// The last statement of each scale and term at each instant, without those that repeat the one before.
std::vector<Assessment> settled_assessments(std::vector<Assessment> said);

void write_alert(ByteWriter& out, const SubjectAlert& alert);
SubjectAlert read_alert(ByteReader& in);

std::string canonical_bytes(std::string_view key, const Records& records, const std::vector<std::uint32_t>& live,
                            const Derived& derived, const std::function<std::string(RecordRef)>& name);

}  // namespace cellvigil
