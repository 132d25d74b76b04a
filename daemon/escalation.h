// Which escalation levels of which alerts are due for a sink: the book's records, by the team's calendar
// (rules/alert/escalation.h). Names no subject.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/alerts/dispatcher.h"
#include "daemon/config/config.h"
#include "daemon/store/store.h"
#include "rules/alert/escalation.h"

namespace cellvigil {

// The deployment's team. `invalid`: the time zone is not one that this machine knows.
Result<Team> team_of(const config::Escalation& wanted);

bool is_told(const Team& team, std::string_view sink);  // is it a contact of any level?
// `waiting`: ids of alerts that nobody has acknowledged, or more.
Result<std::vector<alerts::EscalationDue>> escalations_due(store::Store& store, const Team& team,
                                                           std::span<const std::string> waiting, std::string_view sink,
                                                           Instant now);

}  // namespace cellvigil
