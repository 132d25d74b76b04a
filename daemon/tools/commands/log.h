// `cellvigilctl log FILE`: what a file of frames holds, and whether it is whole.
#pragma once

#include "daemon/tools/commands.h"

namespace cellvigil::tools {

void add_log(CLI::App& app, Action& chosen);

}  // namespace cellvigil::tools
