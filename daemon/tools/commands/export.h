// `cellvigilctl export FILE`: the store's journal as a file of frames, for replay, archives and other stores.
#pragma once

#include "daemon/tools/commands.h"

namespace cellvigil::tools {

void add_export(CLI::App& app, Action& chosen);

}  // namespace cellvigil::tools
