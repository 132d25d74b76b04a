// `cellvigilctl grade FILE|-`: grades a file of messages and explains every change. `cellvigilctl replay LOG`: the
// offline oracle, final state and its hash. Both evaluate from scratch (daemon/evaluate).
#pragma once

#include "daemon/tools/commands.h"

namespace cellvigil::tools {

void add_grade(CLI::App& app, Action& chosen);
void add_replay(CLI::App& app, Action& chosen);

}  // namespace cellvigil::tools
