// `cellvigilctl alert`: alerts, their histories and what people do with them.
#pragma once

#include "daemon/tools/commands.h"

namespace cellvigil::tools {

void add_alert(CLI::App& app, Action& chosen);

}  // namespace cellvigil::tools
