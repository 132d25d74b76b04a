// Who may do what with the API: the whole table.
#include "daemon/auth/access.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace cellvigil::auth {
namespace {

TEST(Access, is_just_this_table) {
    using enum Permission;
    const std::map<Role, std::set<Permission>> table{
        {Role::engine, {}},
        {Role::viewer, {read_aggregates}},
        {Role::reviewer, {read_aggregates, read_subjects, act_on_alerts}},
        {Role::safety_lead, {read_aggregates, read_subjects, act_on_alerts, judge_signals}},
        {Role::case_assessor, {read_aggregates, read_subjects, act_on_alerts, assess_cases}},
        {Role::data_manager, {read_aggregates, read_subjects, act_on_alerts, send_events, manage_quarantine}},
        {Role::administrator, {read_aggregates, read_config, change_config}},
        {Role::auditor, {read_aggregates, read_subjects, read_config, read_audit}},
    };
    for (const auto& [role, permissions] : table) {
        for (int i = 0; i < kPermissions; ++i) {
            const auto permission = static_cast<Permission>(i);
            EXPECT_EQ(allows(role, permission), permissions.contains(permission))
                << cellvigil::name_of(role) << " " << name_of(permission);
        }
    }
}

TEST(Access, several_roles_add_up) {
    Identity identity;
    identity.roles = {Role::viewer, Role::auditor};
    EXPECT_TRUE(allows(identity, Permission::read_audit));
    EXPECT_FALSE(allows(identity, Permission::change_config));
    identity.roles = {};
    EXPECT_FALSE(allows(identity, Permission::read_aggregates));
}

}  // namespace
}  // namespace cellvigil::auth
