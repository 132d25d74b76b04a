// What the monitors last said, for the API and the metrics.
#pragma once

#include <string>

#include "daemon/metrics/metrics.h"
#include "daemon/pipeline/looks.h"
#include "daemon/pipeline/pipeline.h"

namespace cellvigil::pipeline {

// {"through","log_time","looks","expected_false_alarms","signals":[..],"budgets":[..],"screens":[..]}; nullptr: no look
// yet. It names nobody.
std::string signals_json(const Looked* looked);
// `waiting`: how long something committed has waited for a look.
metrics::Signals signal_gauges(const Looked* looked, milliseconds waiting);
metrics::Signals signal_gauges(const Pipeline& pipeline);

}  // namespace cellvigil::pipeline
