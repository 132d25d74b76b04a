// `cellvigilctl import sdtm DIR`: an SDTM study to messages, with an account of every row.
#pragma once

#include "daemon/tools/commands.h"

namespace cellvigil::tools {

void add_import(CLI::App& app, Action& chosen);

}  // namespace cellvigil::tools
