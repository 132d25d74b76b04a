// The audit trail: for its readers, and the entry of every read that may show a subject. docs/audit.md.
#pragma once

#include <string>
#include <vector>

#include "daemon/http/desk.h"
#include "daemon/http/message.h"

namespace cellvigil::http {

std::vector<Route> audit_routes(const AlertDesk& desk);

// Must a read through this route be entered? Every one that needs more than aggregates, and the stream, which names
// subjects to who may see them.
// Whose data the route is about; empty: nobody's in particular.
std::string subject_in(const Request& request, const Route& route);
bool is_audited(const Route& route);
// "read.alerts", "read.alerts.history", "read.subjects.timeline": the pattern's words.
std::string audit_name_of(const Route& route);
// The route, its handler run after the read has been entered: who, the path, and the query as sent; ?why= is the
// reader's own reason. What cannot be entered is not shown: 503.
Route audited(const AlertDesk& desk, Route route);

}  // namespace cellvigil::http
