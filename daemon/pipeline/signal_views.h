// What the monitors last said, for the API and the metrics.
#pragma once

#include <string>

#include "daemon/metrics/metrics.h"
#include "daemon/pipeline/looks.h"

namespace cellvigil::pipeline {

// {"through","log_time","looks","expected_false_alarms","signals":[..]}; nullptr: no look yet.
std::string signals_json(const Looked* looked);
metrics::Signals signal_gauges(const Looked* looked);

}  // namespace cellvigil::pipeline
