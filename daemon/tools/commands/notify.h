// `cellvigilctl notify test --sink NAME`: does a configured sink take what it is sent?
#pragma once

#include "daemon/tools/commands.h"

namespace cellvigil::tools {

void add_notify(CLI::App& app, Action& chosen);

}  // namespace cellvigil::tools
