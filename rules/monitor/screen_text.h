// Numbers in the sentences of monitors and screens. Pure.
#pragma once

#include <string>
#include <string_view>

namespace cellvigil {

std::string number_text(double value);  // "0.0123", "48", four significant digits
std::string percent_text(double part);  // "18.8 %"
std::string days_text(double days);     // "1 day", "3 days"
// 32 hexadecimal digits of a text; the same everywhere.
std::string id_of(std::string_view text);

}  // namespace cellvigil
