// `cellvigilctl simulate`: a cohort with a known truth as messages, or a ward's load for benchmarks.
#pragma once

#include "daemon/tools/commands.h"

namespace cellvigil::tools {

void add_simulate(CLI::App& app, Action& chosen);

}  // namespace cellvigil::tools
