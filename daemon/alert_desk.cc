#include "daemon/alert_desk.h"

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/clock.h"
#include "daemon/http/audit_reads.h"
#include "daemon/http/identity.h"
#include "daemon/log/log.h"

namespace cellvigil {

http::DeskRules desk_rules_of(const config::Config& config, const TeamCalendar& calendar) {
    return {.policy = config.alerts,
            .reporting = {.rules = config::reporting_rules_of(config.reporting),
                          .offset = config.reporting.offset,
                          .calendar = calendar}};
}

namespace {

http::LocalOperator local_operator_of(const config::Http& http) {
    http::LocalOperator local{http.operator_person, {}};
    for (const std::string& name : http.operator_roles)
        if (const auto role = role_named(name)) local.roles.push_back(*role);
    return local;
}

}  // namespace

http::AlertDesk make_desk(const config::Config& config, const TeamCalendar& calendar,
                          const pipeline::OpenStore& open_store) {
    http::AlertDesk desk;
    desk.writer = std::make_shared<http::Reader>(open_store);
    desk.trail = std::make_shared<book::Trail>(open_store);
    desk.now = wall_clock;
    if (!config.http.operator_person.empty()) desk.local_operator = local_operator_of(config.http);
    desk.rules->replace(desk_rules_of(config, calendar));
    return desk;
}

void enter_audit(store::Store& store, std::string_view what, std::string object, std::string detail) {
    store::Commit commit;
    commit.audit.push_back({.at = wall_clock(),
                            .who = "cellvigild",
                            .what = std::string(what),
                            .object = std::move(object),
                            .detail = std::move(detail)});
    if (auto written = store.write(commit); !written)
        log::error({"audit", "audit_missing", "an entry of the audit trail is missing"},
                   {{"what", what}, {"err", written.error()}});
}

std::string settings_entry(std::string_view before, std::string_view settings) {
    while (settings.ends_with('\n')) settings.remove_suffix(1);
    return R"({"version":")" CELLVIGIL_VERSION R"(","revision":")" CELLVIGIL_REVISION R"(","before":")" +
           std::string(before) + R"(","in_force":)" + std::string(settings) + "}";
}

std::function<void(const http::Request&, const http::Route&, int)> refusals_into(const http::AlertDesk& desk) {
    return [trail = desk.trail, now = desk.now](const http::Request& request, const http::Route& route, int status) {
        if (status != 403) return;
        const std::string subject = http::subject_in(request, route);
        const std::string& path = subject.empty() ? request.path : route.pattern;
        const boost::json::object detail{{"path", path}, {"route", route.pattern}};
        store::AuditRow row{now(), identity_of(request).person, "access.refused", subject.empty() ? path : subject,
                            boost::json::serialize(detail)};
        if (!subject.empty()) row.subjects = {subject};
        const bool taken = trail->enter(std::move(row), {});
        if (!taken)
            log::error({"audit", "audit_missing", "an entry of the audit trail is missing"},
                       {{"what", "access.refused"}});
    };
}

}  // namespace cellvigil
