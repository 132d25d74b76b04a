// `cellvigilctl erase STUDY/SUBJECT`: takes a subject out of a store for good. docs/security.md, "Erasing a subject".
#pragma once

#include "daemon/tools/commands.h"

namespace cellvigil::tools {

void add_erase(CLI::App& app, Action& chosen);

}  // namespace cellvigil::tools
