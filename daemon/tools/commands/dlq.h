// `cellvigilctl dlq list|show|requeue`: the dead letters of a store.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/tools/commands.h"

namespace cellvigil::tools {

void add_dlq(CLI::App& app, Action& chosen);

// The third of them, in dlq_requeue.cc: `dlq` is the command above it.
void add_dlq_requeue(CLI::App& dlq, Action& chosen);

}  // namespace cellvigil::tools
