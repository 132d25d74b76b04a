// An estimate as people read it: so many decimals, rounded half up. What is a ratio of counts has
// rules/stats/half_up.h, which rounds exactly. Pure.
#pragma once

#include <string>

namespace cellvigil {

// Within 1e-9 of a half counts as the half, so that the error of the last digit decides nothing. value >= 0 and below
// 10^9, digits 0 to 3.
std::string decimal_half_up(double value, int digits);
// "53.3" of 0.5327.
std::string percent_of_share(double share);

}  // namespace cellvigil
