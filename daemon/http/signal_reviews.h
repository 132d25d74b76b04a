// What people make of cohort signals (rules/alert/signal_management.h), step by step. docs/http-api.md.
#pragma once

#include <vector>

#include "daemon/http/desk.h"
#include "daemon/http/message.h"

namespace cellvigil::http {

std::vector<Route> signal_review_routes(const AlertDesk& desk);

}  // namespace cellvigil::http
