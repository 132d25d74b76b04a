// Alerts and signals as people work with them: reading them as of any time, acting on them, the steps of signals, and the
// audit trail for its readers. docs/http-api.md, docs/alert-lifecycle.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/book/deadlines.h"
#include "daemon/book/trail.h"
#include "daemon/http/message.h"
#include "daemon/http/reader.h"
#include "rules/alert/lifecycle.h"
#include "rules/base/time.h"

namespace cellvigil::http {

struct AlertDesk {
    std::shared_ptr<Reader> reader;
    std::shared_ptr<Reader> writer;  // people's steps; its session may write
    std::shared_ptr<book::Trail> trail;  // nullptr: reads are not audited (tests of other routes)
    std::function<Instant()> now;
    AlertPolicy policy;
    book::Reporting reporting;
    // Who acts when nobody was authenticated, on the loopback; nullopt: nobody may.
    std::optional<Actor> local_operator;
};

std::vector<Route> alert_routes(const AlertDesk& desk);
// The handler, run after the read has been entered into the audit trail. `what`: "read.subject", "read.alerts", ... The
// entry says who, the path, and the query as sent; ?why= is the reader's own reason.
Handler audited(const AlertDesk& desk, const char* what, Handler handler);

}  // namespace cellvigil::http
