// The known name that somebody probably meant. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cellvigil::ingest {

// The name of `known` with the fewest letters to change, leave out, add or swap, upper or lower case and underscores
// aside; nullptr when the nearest one is further away than a third of the letters. Of two at one distance the first.
const std::string* nearest_name(std::string_view given, const std::vector<std::string>& known);

}  // namespace cellvigil::ingest
