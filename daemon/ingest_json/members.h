// Where the members of a JSON array stand in its text, without reading them. Pure.
#pragma once

#include <string_view>
#include <vector>

namespace cellvigil::ingest {

// `text` begins with an array, perhaps after white space. Its members, without the white space around them; where the
// text is no JSON any more, the last one goes on to its end.
std::vector<std::string_view> members_of_array(std::string_view text);

}  // namespace cellvigil::ingest
