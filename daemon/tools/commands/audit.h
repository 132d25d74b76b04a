// `cellvigilctl audit`: the audit trail, checked and taken out, with or without a daemon beside.
#pragma once

#include "daemon/tools/commands.h"

namespace cellvigil::tools {

void add_audit(CLI::App& app, Action& chosen);

}  // namespace cellvigil::tools
