#include "daemon/http/api.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include "daemon/http/alert_actions.h"
#include "daemon/http/audit_reads.h"
#include "daemon/http/events.h"
#include "daemon/http/identity.h"
#include "daemon/http/openapi.h"
#include "daemon/http/reads.h"
#include "daemon/http/signal_reviews.h"

namespace cellvigil::http {
namespace {

using auth::Permission;

Result<std::string> summary(store::Store& session, const Request&) { return summary_json(session); }
Result<std::string> quality(store::Store& session, const Request&) {
    auto text = quality_json(session);
    if (text) *text += "\n";
    return text;
}

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
            passed = passed && (check.passed || !check.needed);
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

Handler signals_handler(const Api& api) {
    return [signals = api.signals](const Request&, const Reply& reply) {
        if (!signals) return reply(response_of(fail(Errc::unavailable, "no monitors are looked at here")));
        reply(response_of(signals()));
    };
}

Handler signal_subjects_handler(const Api& api) {
    return [subjects = api.signal_subjects](const Request& request, const Reply& reply) {
        if (!subjects) return reply(response_of(fail(Errc::unavailable, "no monitors are looked at here")));
        const auth::Identity& identity = identity_of(request);
        reply(response_of(subjects([&](std::string_view key) { return may_see(identity, key); })));
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

Handler timeline_handler(SubjectViews* views) {
    return [views](const Request& request, const Reply& reply) {
        if (views == nullptr) return reply(response_of(fail(Errc::unavailable, "no subjects are kept here")));
        const auto known_at = time_in(request, "known_at");
        if (!known_at) return reply(response_of(fail(known_at.error())));
        views->timeline(request.captures[0], request.captures[1], *known_at, done_of(reply));
    };
}

// What the daemon knows of itself, as it stands.
Handler text_handler(std::function<std::string()> text) {
    return [text = std::move(text)](const Request&, const Reply& reply) {
        reply(response_of(text ? Result<std::string>(text()) : fail(Errc::unavailable, "is not kept here")));
    };
}

Handler stream_handler(Live* live) {
    return [live](const Request& request, const Reply& reply) {
        if (live == nullptr) return reply(response_of(fail(Errc::unavailable, "nothing is streamed here")));
        std::optional<std::int64_t> after;
        if (!request.last_event_id.empty()) {
            std::int64_t number = 0;
            const char* end = request.last_event_id.data() + request.last_event_id.size();
            const auto read = std::from_chars(request.last_event_id.data(), end, number);
            if (read.ec != std::errc{} || read.ptr != end || number < 0)
                return reply(problem(400, "last-event-id", "Bad Last-Event-ID",
                                     "expected the id of an event of this stream",
                                     {{"last-event-id", "expected the id of an event of this stream"}}));
            after = number;
        }
        Response response;
        response.content_type = "text/event-stream";
        response.events = live->join(identity_of(request), after);
        reply(std::move(response));
    };
}

Handler cohort_tables_handler(const Api& api) {
    return [reader = api.slow_reader, tables = api.cohort_tables](const Request& request, const Reply& reply) {
        if (!reader || !tables) return reply(response_of(fail(Errc::unavailable, "no cohorts are kept here")));
        CohortQuestion question;
        question.cohort = request.captures[0] + "/" + request.captures[1];
        if (request.captures.size() > 2) question.table = request.captures[2];
        const auto as_of = time_in(request, "as_of");
        if (!as_of) return reply(response_of(fail(as_of.error())));
        const auto known_at = time_in(request, "known_at");
        if (!known_at) return reply(response_of(fail(known_at.error())));
        question.as_of = *as_of;
        question.known_at = *known_at;
        const bool taken = reader->run([tables, question, reply](Result<store::Store*> session) {
            reply(response_of(session ? tables(**session, question) : fail(session.error())));
        });
        if (!taken) reply(response_of(fail(Errc::unavailable, "too many of these questions wait")));
    };
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
        if (!*since)
            return reply(response_of(fail(Errc::invalid, "since: the time of knowledge to compare with is required")));
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
        {Method::post, "/api/v1/events", post_events(api), needs(Permission::send_events), true},
        {Method::get, "/api/v1/summary", read_handler(api.reader, summary), aggregates},
        {Method::get, "/api/v1/cohorts", read_handler(api.reader, cohort_list_json), aggregates},
        {Method::get, "/api/v1/cohorts/{study}/{cohort}/summary", read_handler(api.reader, cohort_summary_json),
         aggregates},
        {Method::get, "/api/v1/cohorts/{study}/{cohort}/tables", cohort_tables_handler(api), aggregates},
        {Method::get, "/api/v1/cohorts/{study}/{cohort}/tables/{table}", cohort_tables_handler(api), aggregates},
        {Method::get, "/api/v1/sites", text_handler(api.sites), aggregates},
        {Method::get, "/api/v1/rules", text_handler(api.rules), aggregates},
        {Method::get, "/api/v1/data-quality", read_handler(api.reader, quality), aggregates},
        {Method::get, "/api/v1/config", text_handler(api.config), needs(Permission::read_config)},
        {Method::get, "/api/v1/stream", stream_handler(api.live_events), aggregates},
        {Method::get, "/api/v1/openapi.json", text_handler(openapi_json), aggregates},
        {Method::get, "/api/v1/signals", signals_handler(api), aggregates},
        {Method::get, "/api/v1/signals/subjects", signal_subjects_handler(api), of_subjects},
        {Method::get, "/api/v1/dead-letters", read_handler(api.reader, dead_letters_json),
         needs(Permission::manage_quarantine)},
        {Method::get, "/api/v1/quarantine", read_handler(api.reader, quarantine_json), of_subjects},
        {Method::get, subject + "timeline", timeline_handler(api.subjects), of_one_subject},
        {Method::get, subject + "assessments", assessments_handler(api.subjects), of_one_subject},
        {Method::get, subject + "explanation", explanation_handler(api.subjects), of_one_subject},
        {Method::get, subject + "changes", changes_handler(api.subjects), of_one_subject},
        {Method::get, "/metrics", metrics_handler(api), for_scrapers()},
        {Method::get, "/livez", probe_handler(api.live), open_to_all()},
        {Method::get, "/readyz", probe_handler(api.ready), open_to_all()},
        {Method::get, "/startupz", probe_handler(api.started), open_to_all()},
    };
    for (auto* more : {alert_routes, signal_review_routes, audit_routes})
        std::ranges::move(more(desk), std::back_inserter(routes));
    for (Route& route : routes) route = audited(desk, std::move(route));
    return routes;
}

}  // namespace cellvigil::http
