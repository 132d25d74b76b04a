// report: the numbers and curves of a cohort, from a store or a file, as of any day and as known at any time.
#pragma once

#include "daemon/tools/commands.h"

namespace cellvigil::tools {

void add_report(CLI::App& app, Action& chosen);

}  // namespace cellvigil::tools
