// `cellvigilctl send FILE`: what is in a file of frames or of JSON lines, to a daemon, a topic, or another file.
#pragma once

#include "daemon/tools/commands.h"

namespace cellvigil::tools {

void add_send(CLI::App& app, Action& chosen);

}  // namespace cellvigil::tools
