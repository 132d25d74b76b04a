#include "daemon/http/alert_actions.h"

#include <boost/json.hpp>

#include "daemon/book/book.h"
#include "daemon/book/book_json.h"
#include "daemon/http/identity.h"
#include "daemon/http/reads.h"

namespace cellvigil::http {
namespace {

namespace json = boost::json;
using auth::Permission;

// W/"3-7", "3-7" or 3-7; `*`: whatever stands.
std::string tag_in(std::string_view header) {
    if (header == "*") return {};
    if (header.starts_with("W/")) header.remove_prefix(2);
    if (header.size() >= 2 && header.front() == '"' && header.back() == '"')
        header = header.substr(1, header.size() - 2);
    return std::string(header);
}

Result<AlertAction> action_in(const Request& request, ActionKind kind) {
    const auto body = body_of(request, {"reason", "comment", "until", "assignee"});
    if (!body) return fail(body.error());
    AlertAction action;
    action.kind = kind;
    std::string until;
    for (const auto& [name, into] : {std::pair("reason", &action.reason), std::pair("comment", &action.comment),
                                     std::pair("assignee", &action.assignee), std::pair("until", &until)}) {
        auto text = text_in(*body, name);
        if (!text) return fail(text.error());
        *into = std::move(*text);
    }
    if (!until.empty()) {
        const auto at = parse_rfc3339(until);
        if (!at) return fail(Errc::invalid, "until: expected a time such as 2026-01-05T14:20:00+08:00");
        action.until = *at;
    }
    return action;
}

Response answer_of(const AlertDesk& desk, const Result<book::Outcome>& outcome) {
    if (!outcome) return response_of(fail(outcome.error()));
    const std::string tag = outcome->standing ? book::tag_of(*outcome->standing) : "";
    const auto refused = [&](int status, const char* slug, const char* title) {
        Response response = problem(status, slug, title, outcome->detail);
        if (!tag.empty()) response.headers.emplace_back("etag", "\"" + tag + "\"");
        return response;
    };
    switch (outcome->verdict) {
        case book::Verdict::done:
        case book::Verdict::repeated:
            return ok(book::standing_json(*outcome->standing, desk.now(), desk.rules->now()->policy), tag);
        case book::Verdict::unknown:
            return refused(404, "not-found", "No such alert");
        case book::Verdict::stale:
            return refused(412, "stale", "The alert has changed");
        case book::Verdict::forbidden:
            return refused(403, "role", "Not this role");
        case book::Verdict::impossible:
            return refused(409, "stage", "Not possible in this stage");
        case book::Verdict::incomplete:
            return refused(422, "incomplete", "The action lacks something");
        case book::Verdict::reused:
            return refused(422, "repeat-differs", "Idempotency-Key of another request");
    }
    return problem(500, "internal", "Internal error", "");
}

Handler action_handler(const AlertDesk& desk, ActionKind kind) {
    return [desk, kind](const Request& request, const Reply& reply) {
        auto action = action_in(request, kind);
        if (!action) return reply(bad_body(action.error()));
        const auto actor = actor_of(desk, request, [kind](Role role) { return may(role, kind); });
        if (!actor) return reply(nobody());
        action->by = *actor;
        action->at = desk.now();
        book::Ask ask{request.captures[0], std::move(*action), tag_in(request.if_match), request.idempotency_key};
        const auto identity = identity_of(request);
        const bool taken =
            desk.writer && desk.writer->run([desk, ask, identity, reply](const Result<store::Store*>& session) {
                if (!session) return reply(response_of(fail(session.error())));
                const auto there = book::standing_of(**session, ask.alert_id, std::nullopt);
                if (there && !may_see(identity, there->row))
                    return reply(problem(404, "not-found", "No such alert", ""));
                reply(answer_of(desk, book::act(**session, ask, desk.rules->now()->policy)));
            });
        if (!taken) reply(response_of(fail(Errc::unavailable, "too many requests wait")));
    };
}

Response list_alerts(const AlertDesk& desk, store::Store& session, const Request& request) {
    const auto page = page_of(request, "alerts");
    if (!page) return response_of(fail(page.error()));
    const auto as_of = time_in(request, "as_of");
    if (!as_of) return response_of(fail(as_of.error()));
    book::Choice choice;
    choice.after = page->after;
    choice.at_most = page->limit + 1;
    choice.shown = [&](const store::AlertRow& row) { return may_see(identity_of(request), row); };
    choice.as_of = *as_of;
    if (const auto given = request.query.find("stage"); given != request.query.end()) {
        for (int i = 0; i < kStages; ++i) {
            if (given->second == name_of(static_cast<Stage>(i))) choice.stage = static_cast<Stage>(i);
        }
        if (!choice.stage) return response_of(fail(Errc::invalid, "stage: no such stage"));
    }
    if (const auto given = request.query.find("waiting"); given != request.query.end()) {
        choice.waiting = given->second == "true";
        if (!choice.waiting && given->second != "false")
            return response_of(fail(Errc::invalid, "waiting: expected true or false"));
    }
    const Instant at = as_of->value_or(desk.now());
    auto chosen = book::standings(session, choice, at);
    if (!chosen) return response_of(fail(chosen.error()));
    const bool more = chosen->size() > page->limit;
    if (more) chosen->pop_back();
    json::array list;
    const auto rules = desk.rules->now();
    for (const book::Standing& one : *chosen) list.push_back(book::standing_json(one, at, rules->policy));
    json::object body{{"alerts", std::move(list)}, {"next", nullptr}};
    if (more) body["next"] = cursor_of("alerts", chosen->back().row.alert_id);
    return ok(body);
}

// What the revision told. The explanation of a cohort's alarm names subjects of any study.
json::value told_json(const AlertDesk& desk, const store::AlertRow& row, const Request& request) {
    if (!desk.told) return nullptr;
    auto told = desk.told(row.body);
    if (!told) return nullptr;
    if (row.subject_key.empty() && !may_see(identity_of(request), std::string_view())) (*told)["explanation"] = nullptr;
    return std::move(*told);
}

Response one_alert(const AlertDesk& desk, store::Store& session, const Request& request) {
    const auto as_of = time_in(request, "as_of");
    if (!as_of) return response_of(fail(as_of.error()));
    const auto standing = book::standing_of(session, request.captures[0], *as_of);
    if (!standing) return response_of(fail(standing.error()));
    if (!may_see(identity_of(request), standing->row)) return problem(404, "not-found", "No such resource", "");
    const auto rules = desk.rules->now();
    const auto clocks = book::clocks_of(session, *standing, *as_of, rules->reporting);
    if (!clocks) return response_of(fail(clocks.error()));
    const auto known = book::case_known(session, *standing, *as_of);
    if (!known) return response_of(fail(known.error()));
    const Instant at = as_of->value_or(desk.now());
    json::object body = book::standing_json(*standing, at, rules->policy);
    body["told"] = told_json(desk, standing->row, request);
    json::array deadlines;
    for (const Deadline& deadline : clocks->deadlines)
        deadlines.push_back(book::deadline_json(deadline, at, rules->reporting.offset));
    body["deadlines"] = std::move(deadlines);
    body["case"] = *known ? json::value(book::case_json(**known, *clocks)) : json::value(nullptr);
    return ok(body, book::tag_of(*standing));
}

Response alert_history(const AlertDesk&, store::Store& session, const Request& request) {
    const auto as_of = time_in(request, "as_of");
    if (!as_of) return response_of(fail(as_of.error()));
    const auto standing = book::standing_of(session, request.captures[0], *as_of);
    if (!standing) return response_of(fail(standing.error()));
    if (!may_see(identity_of(request), standing->row)) return problem(404, "not-found", "No such resource", "");
    const auto history = session.actions_of(request.captures[0]);
    if (!history) return response_of(fail(history.error()));
    json::array steps;
    for (const store::ActionRow& row : *history) {
        if (*as_of && row.action.at > **as_of) break;
        steps.push_back(book::action_json(row));
    }
    return ok({{"alert_id", request.captures[0]}, {"history", std::move(steps)}}, book::tag_of(*standing));
}

Response alert_evidence(const AlertDesk& desk, store::Store& session, const Request& request) {
    const auto revisions = session.alert_history(request.captures[0]);
    if (!revisions) return response_of(fail(revisions.error()));
    if (revisions->empty() || !may_see(identity_of(request), revisions->back().row))
        return problem(404, "not-found", "No such resource", "");
    json::array list;
    for (const store::AlertRevision& revision : *revisions) {
        json::object one = book::alert_json(revision.row);
        one["recorded_at"] = book::time_json(revision.recorded_at);
        one["told"] = told_json(desk, revision.row, request);
        list.push_back(std::move(one));
    }
    const store::AlertRow& now = revisions->back().row;
    const std::string at =
        now.event_time == kAlways || now.event_time == kNever ? "" : "?at=" + to_rfc3339(now.event_time);
    return ok({{"alert", book::alert_json(now)},
               {"revisions", std::move(list)},
               {"explanation", now.subject_key.empty() ? "/api/v1/signals"
                                                       : "/api/v1/subjects/" + now.subject_key + "/explanation" + at}});
}

}  // namespace

std::vector<Route> alert_routes(const AlertDesk& desk) {
    const std::string alert = "/api/v1/alerts/{alert}";
    const Guard reads = needs(Permission::read_subjects);
    std::vector<Route> routes{
        {Method::get, "/api/v1/alerts", desk_reader(desk, list_alerts), reads},
        {Method::get, alert, desk_reader(desk, one_alert), reads},
        {Method::get, alert + "/history", desk_reader(desk, alert_history), reads},
        {Method::get, alert + "/evidence", desk_reader(desk, alert_evidence), reads},
    };
    for (int i = 0; i < kActionKinds; ++i) {
        const auto kind = static_cast<ActionKind>(i);
        if (is_of_engine(kind)) continue;
        const bool of_case = kind == ActionKind::assess;
        routes.push_back({Method::post, alert + "/" + book::verb_of(kind), action_handler(desk, kind),
                          needs(of_case ? Permission::assess_cases : Permission::act_on_alerts)});
    }
    return routes;
}

}  // namespace cellvigil::http
