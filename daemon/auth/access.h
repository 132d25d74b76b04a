// What a role may do with the API, in one table; what is not in it is refused. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/auth/token.h"

namespace cellvigil::auth {

enum class Permission : std::uint8_t {
    read_aggregates,  // cohorts, summaries, signals, sites, data quality: no subject
    read_subjects,    // timelines, explanations, alerts with their subjects, evidence; of the person's studies only;
                      // audited
    send_events,
    act_on_alerts,  // acknowledge, comment, assign: which of them the lifecycle decides by role
    judge_signals,
    assess_cases,  // say what is known of an alert's case: awareness, seriousness, expectedness, causality, reports
                   // sent
    manage_quarantine,
    read_config,
    change_config,
    read_audit,
};
inline constexpr int kPermissions = static_cast<int>(Permission::read_audit) + 1;
const char* name_of(Permission permission);

bool allows(Role role, Permission permission);
bool allows(const Identity& identity, Permission permission);

}  // namespace cellvigil::auth
