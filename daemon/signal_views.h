// What the monitors last said, for the API and the metrics.
#pragma once

#include <string>

#include "daemon/metrics/metrics.h"
#include "daemon/pipeline/looks.h"

namespace cellvigil {

// {"through","log_time","looks","expected_false_alarms","signals":[..]}; nullptr: no look yet.
std::string signals_json(const pipeline::Looked* looked);
metrics::Signals signal_gauges(const pipeline::Looked* looked);

}  // namespace cellvigil
