#include "daemon/auth/access.h"

#include <algorithm>
#include <array>

namespace cellvigil::auth {
namespace {

constexpr std::uint32_t bit(Permission permission) { return 1U << static_cast<unsigned>(permission); }
template <typename... Permissions>
constexpr std::uint32_t all(Permissions... permissions) {
    return (bit(permissions) | ...);
}

using enum Permission;
constexpr std::uint32_t allowed(Role role) {
    switch (role) {
        case Role::engine:
            return 0;
        case Role::viewer:
            return all(read_aggregates);
        case Role::reviewer:
            return all(read_aggregates, read_subjects, act_on_alerts);
        case Role::safety_lead:
            return all(read_aggregates, read_subjects, act_on_alerts, judge_signals);
        case Role::case_assessor:
            return all(read_aggregates, read_subjects, act_on_alerts, assess_cases);
        case Role::data_manager:
            return all(read_aggregates, read_subjects, act_on_alerts, send_events, manage_quarantine);
        case Role::administrator:
            return all(read_aggregates, read_config, change_config);
        case Role::auditor:
            return all(read_aggregates, read_subjects, read_config, read_audit);
    }
    return 0;
}

}  // namespace

const char* name_of(Permission permission) {
    constexpr auto kNames =
        std::to_array<const char*>({"read_aggregates", "read_subjects", "send_events", "act_on_alerts", "judge_signals",
                                    "assess_cases", "manage_quarantine", "read_config", "change_config", "read_audit"});
    static_assert(kNames.size() == static_cast<std::size_t>(kPermissions));
    return kNames[static_cast<std::size_t>(permission)];
}

bool allows(Role role, Permission permission) { return (allowed(role) & bit(permission)) != 0; }

bool allows(const Identity& identity, Permission permission) {
    return std::any_of(identity.roles.begin(), identity.roles.end(),
                       [&](Role role) { return allows(role, permission); });
}

}  // namespace cellvigil::auth
