// A time zone's changes of offset, from the system's zone data (TZif, RFC 8536). Read once: rules/ sees values only.
#pragma once

#include <string_view>
#include <vector>

#include "rules/alert/calendar.h"
#include "rules/base/result.h"

namespace cellvigil {

// "Europe/Berlin"; "UTC" needs no data. `invalid`: there is no such zone here, or its file is not one. What the file
// states as a rule for the years after its last change is not followed: Debian's files state every change until 2037.
Result<std::vector<OffsetChange>> offsets_of_zone(std::string_view name);
// The same from a file's bytes.
Result<std::vector<OffsetChange>> offsets_in(std::string_view tzif);

}  // namespace cellvigil
