// Parts of describe_fact() that stand in files of their own. Pure.
#pragma once

#include <string>
#include <string_view>

#include "rules/event/event.h"

namespace cellvigil {

// "angiotensin_ii" as people write it: "angiotensin ii".
std::string spaced(std::string_view name);
// "norepinephrine started", "red cells given".
std::string describe_intervention(const Intervention& given);

}  // namespace cellvigil
