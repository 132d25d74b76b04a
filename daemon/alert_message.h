// An alert's change as the message that leaves the daemon.
#pragma once

#include <string>
#include <string_view>

#include "daemon/pipeline/rows.h"
#include "rules/base/result.h"

namespace cellvigil {

// cellvigil.v1.Alert, serialised. Equal news give equal bytes.
std::string alert_message(const pipeline::AlertNews& news);

// The same of a cohort signal.
std::string signal_message(const pipeline::SignalNews& news);
std::string screen_message(const pipeline::ScreenNews& news);

// What the body of an alert that was told says: see pipeline::Rebuilding::told.
Result<SubjectAlert> told_before(std::string_view body, const SubjectAlert* now);

}  // namespace cellvigil
