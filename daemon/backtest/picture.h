// Operating characteristics as one SVG: a panel per monitor, the cumulative probability of an alarm by months since the
// first infusion, a line per scenario, the exact alpha dashed.
#pragma once

#include <string>
#include <vector>

#include "daemon/backtest/tables.h"

namespace cellvigil::backtest {

std::string as_svg(const Heading& heading, const std::vector<Characteristics>& rows);

}  // namespace cellvigil::backtest
