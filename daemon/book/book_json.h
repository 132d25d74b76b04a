// Alerts, histories and audit entries as JSON objects: the same for the API, the command line and the audit trail.
#pragma once

#include <boost/json/object.hpp>
#include <span>

#include "daemon/book/book.h"
#include "daemon/book/deadlines.h"

namespace cellvigil::book {

// null for "before everything" and "never".
boost::json::value time_json(Instant at);
// A revision: of its subject, names it.
boost::json::object alert_json(const store::AlertRow& row);
boost::json::object action_json(const store::ActionRow& row);
// `at`: when it is looked at, for what depends on the time (shelf, waiting). Names the subject.
boost::json::object standing_json(const Standing& standing, Instant at, const AlertPolicy& policy);
boost::json::object deadline_json(const Deadline& deadline, Instant at, UtcOffset offset);
// What is known of the case of one subject: both judgements of causality side by side, and its two dates (C.1.4,
// C.1.5).
boost::json::object case_json(const CaseState& known, const CaseClocks& clocks);
boost::json::object step_json(const store::SignalStepRow& row);
// {"number","at","who","what","object","detail","chain"}: the chain in hexadecimal.
boost::json::object audit_json(const store::AuditEntry& entry);
std::string hex(std::string_view bytes);

}  // namespace cellvigil::book
