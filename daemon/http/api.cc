#include "daemon/http/api.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/http/events.h"
#include "daemon/http/reads.h"

namespace cellvigil::http {
namespace {

using auth::Permission;

template <Result<std::string> (*Paged)(store::Store&, const Page&)>
Result<std::string> paged(store::Store& session, const Request& request) {
    const auto page = page_of(request);
    if (!page) return fail(page.error());
    return Paged(session, *page);
}

Result<std::string> summary(store::Store& session, const Request&) { return summary_json(session); }

Handler metrics_handler(const Api& api) {
    return [reader = api.reader, text = api.metrics_text](const Request&, const Reply& reply) {
        const bool taken = reader && text && reader->run([text, reply](const Result<store::Store*>&) {
            Response response;
            response.content_type = "text/plain; version=0.0.4; charset=utf-8";
            response.body = text();
            reply(std::move(response));
        });
        if (!taken) reply(response_of(fail(Errc::unavailable, "too many requests wait")));
    };
}

// As Kubernetes' own components answer: one word, or with ?verbose one line per check.
Handler probe_handler(Probe probe) {
    return [probe = std::move(probe)](const Request& request, const Reply& reply) {
        const std::vector<Check> checks = probe ? probe() : std::vector<Check>{};
        bool passed = true;
        std::string lines;
        for (const Check& check : checks) {
            passed = passed && check.passed;
            lines += (check.passed ? "[+]" : "[-]") + check.name + (check.passed ? " ok" : " failed");
            if (!check.detail.empty()) lines += ": " + check.detail;
            lines += '\n';
        }
        Response response;
        response.status = passed ? 200 : 503;
        response.content_type = "text/plain; charset=utf-8";
        response.body = (request.query.contains("verbose") ? lines : "") + (passed ? "ok\n" : "failed\n");
        reply(std::move(response));
    };
}

SubjectViews::Done done_of(const Reply& reply) {
    return [reply](const Result<std::string>& json) { reply(response_of(json)); };
}

Handler assessments_handler(SubjectViews* views) {
    return [views](const Request& request, const Reply& reply) {
        if (views == nullptr) return reply(response_of(fail(Errc::unavailable, "no subjects are kept here")));
        views->assessments(request.captures[0], request.captures[1], done_of(reply));
    };
}

// A time in the query; nullopt within: not given.
Result<std::optional<Instant>> time_in(const Request& request, const char* name) {
    const auto given = request.query.find(name);
    if (given == request.query.end()) return std::optional<Instant>();
    std::string text = given->second;
    std::ranges::replace(text, ' ', '+');  // a plus that was not escaped
    const auto read = parse_rfc3339(text);
    if (!read)
        return fail(Errc::invalid, std::string(name) + ": expected a time such as 2026-01-05T14:20:00+08:00");
    return std::optional<Instant>(*read);
}

Handler explanation_handler(SubjectViews* views) {
    return [views](const Request& request, const Reply& reply) {
        if (views == nullptr) return reply(response_of(fail(Errc::unavailable, "no subjects are kept here")));
        const auto at = time_in(request, "at");
        if (!at) return reply(response_of(fail(at.error())));
        const auto known_at = time_in(request, "known_at");
        if (!known_at) return reply(response_of(fail(known_at.error())));
        views->explanation(request.captures[0], request.captures[1], *at, *known_at, done_of(reply));
    };
}

Handler changes_handler(SubjectViews* views) {
    return [views](const Request& request, const Reply& reply) {
        if (views == nullptr) return reply(response_of(fail(Errc::unavailable, "no subjects are kept here")));
        const auto since = time_in(request, "since");
        if (!since) return reply(response_of(fail(since.error())));
        if (!*since) return reply(response_of(fail(Errc::invalid, "since: the time of knowledge to compare with is required")));
        const auto known_at = time_in(request, "known_at");
        if (!known_at) return reply(response_of(fail(known_at.error())));
        if (*known_at && **known_at < **since)
            return reply(response_of(fail(Errc::invalid, "known_at: is before since")));
        const auto at = time_in(request, "at");
        if (!at) return reply(response_of(fail(at.error())));
        views->changes(request.captures[0], request.captures[1], **since, *known_at, *at, done_of(reply));
    };
}

}  // namespace

std::vector<Route> api_routes(const Api& api) {
    const std::string subject = "/api/v1/subjects/{study}/{subject}/";
    const Guard aggregates = needs(Permission::read_aggregates);
    const Guard of_subjects = needs(Permission::read_subjects);
    const Guard of_one_subject = needs_in_study(Permission::read_subjects);
    AlertDesk desk = api.desk;
    if (!desk.reader) desk.reader = api.reader;
    std::vector<Route> routes{
        {Method::post, "/api/v1/events", post_events(api), needs(Permission::send_events)},
        {Method::get, "/api/v1/summary", read_handler(api.reader, summary), aggregates},
        {Method::get, "/api/v1/dead-letters", audited(desk, "read.dead_letters", read_handler(api.reader, paged<dead_letters_json>)),
         needs(Permission::manage_quarantine)},
        {Method::get, "/api/v1/quarantine", audited(desk, "read.quarantine", read_handler(api.reader, paged<quarantine_json>)), of_subjects},
        {Method::get, subject + "assessments", audited(desk, "read.subject", assessments_handler(api.subjects)), of_one_subject},
        {Method::get, subject + "explanation", audited(desk, "read.subject", explanation_handler(api.subjects)), of_one_subject},
        {Method::get, subject + "changes", audited(desk, "read.subject", changes_handler(api.subjects)), of_one_subject},
        {Method::get, "/metrics", metrics_handler(api), for_scrapers()},
        {Method::get, "/livez", probe_handler(api.live), open_to_all()},
        {Method::get, "/readyz", probe_handler(api.ready), open_to_all()},
        {Method::get, "/startupz", probe_handler(api.started), open_to_all()},
    };
    std::vector<Route> of_alerts = alert_routes(desk);
    std::ranges::move(of_alerts, std::back_inserter(routes));
    return routes;
}

}  // namespace cellvigil::http
