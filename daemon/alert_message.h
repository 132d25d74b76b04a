// An alert's change as the message that leaves the daemon.
#pragma once

#include <string>

#include "daemon/pipeline/rows.h"

namespace cellvigil {

// cellvigil.v1.Alert, serialised. Equal news give equal bytes.
std::string alert_message(const pipeline::AlertNews& news);

// The same of a cohort signal.
std::string signal_message(const pipeline::SignalNews& news);

}  // namespace cellvigil
