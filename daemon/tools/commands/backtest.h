// `cellvigilctl backtest --pack P --scenario S`: how the monitors of a pack behave, by simulation: false alarms, power,
// delay. docs/backtest.md.
#pragma once

#include "daemon/tools/commands.h"

namespace cellvigil::tools {

void add_backtest(CLI::App& app, Action& chosen);

}  // namespace cellvigil::tools
