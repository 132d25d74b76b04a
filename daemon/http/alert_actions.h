// Alerts as people work with them: reading them as of any time, and acting on them. docs/http-api.md,
// docs/alert-lifecycle.md.
#pragma once

#include <vector>

#include "daemon/http/desk.h"
#include "daemon/http/message.h"

namespace cellvigil::http {

std::vector<Route> alert_routes(const AlertDesk& desk);

}  // namespace cellvigil::http
