// The sinks of a configuration.
#pragma once

#include <memory>
#include <vector>

#include "daemon/alerts/sink.h"
#include "daemon/config/config.h"
#include "rules/base/result.h"

namespace cellvigil {

// `invalid` with the setting that is wrong.
Result<std::vector<std::unique_ptr<alerts::Sink>>> make_sinks(const config::Sinks& wanted);

}  // namespace cellvigil
