#include "daemon/http/audit_reads.h"

#include <algorithm>
#include <boost/json.hpp>
#include <string_view>

#include "daemon/book/book_json.h"
#include "daemon/http/identity.h"
#include "daemon/http/reads.h"

namespace cellvigil::http {
namespace {

namespace json = boost::json;
using auth::Permission;

Response audit_entries(const AlertDesk&, store::Store& session, const Request& request) {
    const auto page = page_of(request, "audit");
    if (!page) return response_of(fail(page.error()));
    std::int64_t first = 0;
    if (!page->after.empty()) {
        if (page->after.size() > 18 || !std::ranges::all_of(page->after, [](char c) { return c >= '0' && c <= '9'; }))
            return response_of(fail(Errc::invalid, "after: expected the next of the page before"));
        first = std::stoll(page->after) + 1;
    }
    auto entries = session.audit_from(first, page->limit + 1);
    if (!entries) return response_of(fail(entries.error()));
    const bool more = entries->size() > page->limit;
    if (more) entries->pop_back();
    json::array list;
    for (const store::AuditEntry& entry : *entries) list.push_back(book::audit_json(entry));
    json::object body{{"audit", std::move(list)}, {"next", nullptr}};
    if (more) body["next"] = cursor_of("audit", std::to_string(entries->back().number));
    return ok(body);
}

store::AuditRow entry_of(const Request& request, const Route& route, const std::string& what, Instant at) {
    json::object query;
    for (const auto& [name, value] : request.query) query[name] = value;
    std::string object;
    for (const std::string& capture : request.captures) object += (object.empty() ? "" : "/") + capture;
    const bool of_subject = !subject_in(request, route).empty();
    store::AuditRow row{at, identity_of(request).person, what, object.empty() ? "*" : object,
                        json::serialize(json::object{{"path", of_subject ? route.pattern : request.path},
                                                     {"query", std::move(query)}})};
    if (of_subject) row.subjects = {row.object};
    return row;
}

}  // namespace

std::vector<Route> audit_routes(const AlertDesk& desk) {
    return {{Method::get, "/api/v1/audit", desk_reader(desk, audit_entries), needs(Permission::read_audit)}};
}

std::string subject_in(const Request& request, const Route& route) {
    if (!route.pattern.starts_with("/api/v1/subjects/") || request.captures.size() < 2) return {};
    return request.captures[0] + "/" + request.captures[1];
}

bool is_audited(const Route& route) {
    if (route.method != Method::get || route.guard.kind != Guard::Kind::permitted) return false;
    return route.guard.permission != Permission::read_aggregates || route.pattern == "/api/v1/stream";
}

std::string audit_name_of(const Route& route) {
    constexpr std::string_view kRoot = "/api/v1/";
    std::string name = "read";
    std::string_view rest = route.pattern;
    if (rest.starts_with(kRoot)) rest.remove_prefix(kRoot.size());
    while (!rest.empty()) {
        const std::string_view word = rest.substr(0, rest.find('/'));
        if (!word.starts_with('{')) name += "." + std::string(word);
        rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    }
    return name;
}

Route audited(const AlertDesk& desk, Route route) {
    if (!desk.trail || !is_audited(route)) return route;
    Route named = route;
    named.handler = {};
    route.handler = [trail = desk.trail, now = desk.now, what = audit_name_of(route), named,
                     handler = std::move(route.handler)](const Request& request, const Reply& reply) {
        if (const auto why = request.query.find("why"); why != request.query.end() && is_too_long(why->second))
            return reply(response_of(
                fail(Errc::invalid, "why: expected at most " + std::to_string(kLongestText) + " characters")));
        const bool taken =
            trail->enter(entry_of(request, named, what, now()), [handler, request, reply](const Result<void>& written) {
                if (written) return handler(request, reply);
                reply(response_of(fail(Errc::unavailable, "the read could not be entered into the audit trail")));
            });
        if (!taken) reply(response_of(fail(Errc::unavailable, "too many reads wait for the audit trail")));
    };
    return route;
}

}  // namespace cellvigil::http
