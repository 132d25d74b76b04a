// The check of `verify` that the journal cannot make by itself: the state that the daemon would recover, against the
// state that the journal amounts to when every subject is derived from scratch.
#pragma once

#include "daemon/tools/commands/verify.h"

namespace cellvigil::tools {

// `invalid` when the configuration or the rule pack cannot be used. What cannot be read back is a fault, not an error.
Result<StateFindings> derived_state(store::Store& store, const std::string& config, const std::string& rules);

}  // namespace cellvigil::tools
