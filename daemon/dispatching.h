// How alerts are delivered, as configured.
#pragma once

#include "daemon/alerts/dispatcher.h"
#include "daemon/book_gauges.h"
#include "daemon/config/config.h"
#include "daemon/metrics/metrics.h"
#include "rules/alert/escalation.h"
#include "rules/alert/lifecycle.h"

namespace cellvigil {

// All but the store. `metrics` outlives what the options are for.
alerts::DispatcherOptions dispatcher_options(const config::Config& config, const Team& team, BookGauges& book,
                                             metrics::Metrics& metrics);

}  // namespace cellvigil
