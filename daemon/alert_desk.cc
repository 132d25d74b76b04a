#include "daemon/alert_desk.h"

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/clock.h"
#include "daemon/http/audit_reads.h"
#include "daemon/http/identity.h"
#include "daemon/log/log.h"
#include "daemon/wire/encode.h"

namespace cellvigil {

namespace json = boost::json;

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

namespace {

json::value or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

template <typename T>
json::value or_null(const std::optional<T>& value) {
    return value ? json::value(*value) : json::value(nullptr);
}

json::array list_of(const std::vector<std::string>& texts) {
    json::array list;
    for (const std::string& text : texts) list.emplace_back(text);
    return list;
}

json::object detail_json(const wire::AlertDetail& detail) {
    return {
        {"name", detail.name},          {"value", or_null(detail.value)},
        {"unit", or_null(detail.unit)}, {"at", detail.at ? json::value(to_rfc3339(*detail.at)) : json::value(nullptr)},
        {"day", or_null(detail.day)},   {"record", or_null(detail.record)}};
}

Result<json::object> told_in_full(std::string_view body) {
    const auto alert = wire::alert_of(body);
    if (!alert) return fail(alert.error());
    json::array details;
    for (const wire::AlertDetail& detail : alert->details) details.push_back(detail_json(detail));
    return json::object{{"title", alert->title},
                        {"explanation", or_null(alert->explanation)},
                        {"code", or_null(alert->code)},
                        {"grade", or_null(alert->grade)},
                        {"grade_upper", or_null(alert->grade_upper)},
                        {"needs_adjudication", alert->needs_adjudication},
                        {"flags", list_of(alert->flags)},
                        {"details", std::move(details)},
                        {"records", list_of(alert->evidence)},
                        {"pack_hash", alert->pack_hash}};
}

}  // namespace

http::AlertDesk make_desk(const config::Config& config, const TeamCalendar& calendar,
                          const pipeline::OpenStore& open_store) {
    http::AlertDesk desk;
    desk.writer = std::make_shared<http::Reader>(open_store);
    desk.trail = std::make_shared<book::Trail>(open_store);
    desk.now = wall_clock;
    desk.told = told_in_full;
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
