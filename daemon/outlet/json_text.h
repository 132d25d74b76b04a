// A line of JSON for one message: the envelope as docs/json.md has it, or, for bytes that are no envelope,
// {"raw":"<base64>","key":"..."}, so that a file of lines holds every message of a stream. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cellvigil::outlet {

std::string line_of(std::string_view key, std::string_view value);
// The bytes of a raw line; nullopt for any other.
std::optional<std::string> raw_of_line(std::string_view line);
// "study/subject", or "study/site/site_id" without a subject; a raw line's own key. Empty when the line says none.
std::string key_of_line(std::string_view line);

}  // namespace cellvigil::outlet
