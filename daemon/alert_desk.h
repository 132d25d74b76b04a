// What the alert book needs of a configuration: the desk that people work at through the API, the reports that are due,
// and entries of the daemon's own in the audit trail.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "daemon/book/deadlines.h"
#include "daemon/config/config.h"
#include "daemon/http/desk.h"
#include "daemon/http/server.h"
#include "daemon/pipeline/pipeline.h"
#include "daemon/store/store.h"

namespace cellvigil {

// What a reload replaces at the desk.
http::DeskRules desk_rules_of(const config::Config& config, const TeamCalendar& calendar);
http::AlertDesk make_desk(const config::Config& config, const TeamCalendar& calendar,
                          const pipeline::OpenStore& open_store);

// "daemon.started", "config.reloaded": `object` is the configuration's hash, `detail` JSON. A failure is logged: the
// daemon's own doings are told, not asked for.
void enter_audit(store::Store& store, std::string_view what, std::string object, std::string detail);
// The detail of such an entry: what runs, the settings in force without secrets (`settings`: JSON), the hash before.
std::string settings_entry(std::string_view before, std::string_view settings);
// For the server: what a named person was refused is entered too.
std::function<void(const http::Request&, const http::Route&, int)> refusals_into(const http::AlertDesk& desk);

}  // namespace cellvigil
