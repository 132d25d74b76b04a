// `cellvigilctl explain SUBJECT [--at T] [--known-at T]`: why a subject's grades stand as they do, from a daemon's data
// folder (which may be in use) or from a file of messages.
#pragma once

#include "daemon/tools/commands.h"

namespace cellvigil::tools {

void add_explain(CLI::App& app, Action& chosen);

}  // namespace cellvigil::tools
