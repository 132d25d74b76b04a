// `cellvigilctl calc FUNCTION '{json}'`: one statistical function of rules/stats for given arguments, so that any
// number the daemon reports can be computed again by hand. The answer is JSON with full precision; null is "undefined"
// or "cannot signal". `calc --list`: every function and its arguments.
#pragma once

#include "daemon/tools/commands.h"

namespace cellvigil::tools {

void add_calc(CLI::App& app, Action& chosen);

}  // namespace cellvigil::tools
