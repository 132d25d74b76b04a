#include "daemon/http/alert_actions.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "daemon/book/book.h"
#include "daemon/book/book_json.h"
#include "daemon/book/signals.h"
#include "daemon/http/identity.h"
#include "daemon/http/reads.h"

namespace cellvigil::http {
namespace {

namespace json = boost::json;
using auth::Permission;

constexpr std::size_t kLongestText = 4000;  // of a reason, comment or name
constexpr std::size_t kLongestKey = 200;

struct Verb {
    const char* path;
    ActionKind kind;
};
constexpr std::array kVerbs{
    Verb{"acknowledge", ActionKind::acknowledge}, Verb{"comment", ActionKind::comment},
    Verb{"assign", ActionKind::assign},           Verb{"shelve", ActionKind::shelve},
    Verb{"unshelve", ActionKind::unshelve},       Verb{"close", ActionKind::propose_closure},
    Verb{"confirm", ActionKind::confirm_closure}, Verb{"reject", ActionKind::reject_closure},
    Verb{"reopen", ActionKind::reopen},
};

// The role in which a person does this: the one with the widest say that may. nullopt: none.
template <typename May>
std::optional<Actor> actor_of(const AlertDesk& desk, const Request& request, May may_do) {
    const auth::Identity& identity = identity_of(request);
    if (identity.person == local_identity().person) return desk.local_operator;
    for (const Role role : {Role::safety_lead, Role::reviewer, Role::data_manager}) {
        if (identity.has(role) && may_do(role)) return Actor{identity.person, role};
    }
    return identity.roles.empty() ? std::nullopt : std::optional(Actor{identity.person, identity.roles.front()});
}

Response nobody() {
    return problem(403, "no-actor", "Nobody to sign for this",
                   "an action is a named person's: configure authentication, or http.local_operator.person and "
                   "http.local_operator.role for a daemon on the loopback");
}

Response ok(const json::object& object, const std::string& tag = "") {
    Response response;
    response.body = json::serialize(object) + "\n";
    if (!tag.empty()) response.headers.emplace_back("etag", "\"" + tag + "\"");
    return response;
}

// W/"3-7", "3-7" or 3-7; `*`: whatever stands.
std::string tag_in(std::string_view header) {
    if (header == "*") return {};
    if (header.starts_with("W/")) header.remove_prefix(2);
    if (header.size() >= 2 && header.front() == '"' && header.back() == '"')
        header = header.substr(1, header.size() - 2);
    return std::string(header);
}

// The body's texts, by name; what is not among `names` is an error. An empty body has none.
Result<json::object> body_of(const Request& request, std::initializer_list<std::string_view> names) {
    if (request.body.empty()) return json::object();
    json::error_code error;
    json::value value = json::parse(request.body, error);
    if (error || !value.is_object()) return fail(Errc::invalid, "body: expected a JSON object");
    for (const auto& member : value.as_object()) {
        if (std::ranges::find(names, std::string_view(member.key())) == names.end())
            return fail(Errc::invalid, std::string(member.key()) + ": unknown field");
    }
    return std::move(value.as_object());
}

Result<std::string> text_in(const json::object& body, const char* name) {
    const json::value* value = body.if_contains(name);
    if (value == nullptr || value->is_null()) return std::string();
    if (!value->is_string() || value->as_string().size() > kLongestText)
        return fail(Errc::invalid, std::string(name) + ": expected a text of at most " + std::to_string(kLongestText) + " bytes");
    return std::string(value->as_string());
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

Result<std::optional<Instant>> as_of_in(const Request& request) {
    const auto given = request.query.find("as_of");
    if (given == request.query.end()) return std::optional<Instant>();
    std::string text = given->second;
    std::ranges::replace(text, ' ', '+');
    const auto at = parse_rfc3339(text);
    if (!at) return fail(Errc::invalid, "as_of: expected a time such as 2026-01-05T14:20:00+08:00");
    return std::optional<Instant>(*at);
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
        case book::Verdict::repeated: return ok(book::standing_json(*outcome->standing, desk.now(), desk.policy), tag);
        case book::Verdict::unknown: return refused(404, "not-found", "No such alert");
        case book::Verdict::stale: return refused(412, "stale", "The alert has changed");
        case book::Verdict::forbidden: return refused(403, "role", "Not this role");
        case book::Verdict::impossible: return refused(409, "stage", "Not possible in this stage");
        case book::Verdict::incomplete: return refused(422, "incomplete", "The action lacks something");
        case book::Verdict::reused: return refused(422, "key-reused", "Idempotency-Key of another request");
    }
    return problem(500, "internal", "Internal error", "");
}

Handler action_handler(const AlertDesk& desk, ActionKind kind) {
    return [desk, kind](const Request& request, const Reply& reply) {
        auto action = action_in(request, kind);
        if (!action) return reply(response_of(fail(action.error())));
        if (request.idempotency_key.size() > kLongestKey)
            return reply(response_of(fail(Errc::invalid, "Idempotency-Key: too long")));
        const auto actor = actor_of(desk, request, [kind](Role role) { return may(role, kind); });
        if (!actor) return reply(nobody());
        action->by = *actor;
        action->at = desk.now();
        book::Ask ask{request.captures[0], std::move(*action), tag_in(request.if_match), request.idempotency_key};
        const auto identity = identity_of(request);
        const bool taken = desk.writer && desk.writer->run([desk, ask, identity, reply](const Result<store::Store*>& session) {
            if (!session) return reply(response_of(fail(session.error())));
            const auto there = book::standing_of(**session, ask.alert_id, std::nullopt, desk.policy);
            if (there && !may_see(identity, there->row.subject_key))
                return reply(problem(404, "not-found", "No such alert", ""));
            reply(answer_of(desk, book::act(**session, ask, desk.policy)));
        });
        if (!taken) reply(response_of(fail(Errc::unavailable, "too many requests wait")));
    };
}

using ReadDesk = Response (*)(const AlertDesk& desk, store::Store& session, const Request& request);
Handler desk_reader(const AlertDesk& desk, ReadDesk read) {
    return [desk, read](const Request& request, const Reply& reply) {
        const bool taken = desk.reader && desk.reader->run([desk, read, request, reply](const Result<store::Store*>& session) {
            reply(session ? read(desk, **session, request) : response_of(fail(session.error())));
        });
        if (!taken) reply(response_of(fail(Errc::unavailable, "too many requests wait")));
    };
}

json::array deadlines_json(const AlertDesk& desk, const std::vector<store::ActionRow>& history, const store::AlertRow& row,
                           std::optional<Instant> as_of, Instant at) {
    json::array list;
    const CaseClocks clocks = book::clocks_of_alert(history, row.rule, as_of.value_or(kNever), desk.reporting);
    for (const Deadline& deadline : clocks.deadlines)
        list.push_back(book::deadline_json(deadline, at, desk.reporting.offset));
    return list;
}

Response list_alerts(const AlertDesk& desk, store::Store& session, const Request& request) {
    const auto page = page_of(request);
    if (!page) return response_of(fail(page.error()));
    const auto as_of = as_of_in(request);
    if (!as_of) return response_of(fail(as_of.error()));
    book::Choice choice;
    choice.after = page->after;
    choice.at_most = page->limit;
    choice.as_of = *as_of;
    if (const auto given = request.query.find("stage"); given != request.query.end()) {
        for (int i = 0; i < kStages; ++i) {
            if (given->second == name_of(static_cast<Stage>(i))) choice.stage = static_cast<Stage>(i);
        }
        if (!choice.stage) return response_of(fail(Errc::invalid, "stage: no such stage"));
    }
    if (const auto given = request.query.find("waiting"); given != request.query.end())
        choice.waiting = given->second == "true";
    const Instant at = as_of->value_or(desk.now());
    const auto chosen = book::standings(session, choice, at, desk.policy);
    if (!chosen) return response_of(fail(chosen.error()));
    json::array list;
    for (const book::Standing& one : *chosen) {
        if (!may_see(identity_of(request), one.row.subject_key)) continue;
        list.push_back(book::standing_json(one, at, desk.policy));
    }
    json::object body{{"alerts", std::move(list)}, {"next", nullptr}};
    if (chosen->size() == page->limit) body["next"] = chosen->back().row.alert_id;
    return ok(body);
}

Response one_alert(const AlertDesk& desk, store::Store& session, const Request& request) {
    const auto as_of = as_of_in(request);
    if (!as_of) return response_of(fail(as_of.error()));
    const auto standing = book::standing_of(session, request.captures[0], *as_of, desk.policy);
    if (!standing) return response_of(fail(standing.error()));
    if (!may_see(identity_of(request), standing->row.subject_key)) return problem(404, "not-found", "No such resource", "");
    const auto history = session.actions_of(request.captures[0]);
    if (!history) return response_of(fail(history.error()));
    const Instant at = as_of->value_or(desk.now());
    json::object body = book::standing_json(*standing, at, desk.policy);
    body["deadlines"] = deadlines_json(desk, *history, standing->row, *as_of, at);
    return ok(body, book::tag_of(*standing));
}

Response alert_history(const AlertDesk& desk, store::Store& session, const Request& request) {
    const auto as_of = as_of_in(request);
    if (!as_of) return response_of(fail(as_of.error()));
    const auto standing = book::standing_of(session, request.captures[0], *as_of, desk.policy);
    if (!standing) return response_of(fail(standing.error()));
    if (!may_see(identity_of(request), standing->row.subject_key)) return problem(404, "not-found", "No such resource", "");
    const auto history = session.actions_of(request.captures[0]);
    if (!history) return response_of(fail(history.error()));
    json::array steps;
    for (const store::ActionRow& row : *history) {
        if (*as_of && row.action.at > **as_of) break;
        steps.push_back(book::action_json(row));
    }
    return ok({{"alert_id", request.captures[0]}, {"history", std::move(steps)}}, book::tag_of(*standing));
}

json::object signal_json(const book::Signal& signal) {
    json::array steps;
    for (const store::SignalStepRow& row : signal.steps) steps.push_back(book::step_json(row));
    return {{"signal_id", signal.id}, {"stage", name_of(signal.record.stage)}, {"steps", std::move(steps)}};
}

Response list_signals(const AlertDesk&, store::Store& session, const Request&) {
    const auto ids = session.signals();
    if (!ids) return response_of(fail(ids.error()));
    json::array list;
    for (const std::string& id : *ids) {
        const auto signal = book::signal_of(session, id);
        if (!signal) return response_of(fail(signal.error()));
        list.push_back(signal_json(*signal));
    }
    return ok({{"signals", std::move(list)}});
}

Response signal_steps(const AlertDesk&, store::Store& session, const Request& request) {
    const auto signal = book::signal_of(session, request.captures[0]);
    return signal ? ok(signal_json(*signal)) : response_of(fail(signal.error()));
}

Result<SignalStep> step_in(const Request& request) {
    const auto body = body_of(request, {"to", "reason", "recommendation", "checklist"});
    if (!body) return fail(body.error());
    SignalStep step;
    auto to = text_in(*body, "to");
    if (!to) return fail(to.error());
    const auto stage = signal_stage_named(*to);
    if (!stage) return fail(Errc::invalid, "to: expected detected, validated, not_validated, confirmed, assessed or closed");
    step.to = *stage;
    auto reason = text_in(*body, "reason");
    if (!reason) return fail(reason.error());
    step.reason = std::move(*reason);
    auto recommendation = text_in(*body, "recommendation");
    if (!recommendation) return fail(recommendation.error());
    step.recommendation = std::move(*recommendation);
    const json::value* checklist = body->if_contains("checklist");
    if (checklist == nullptr) return step;
    if (!checklist->is_object()) return fail(Errc::invalid, "checklist: expected an object");
    ValidationChecklist& answers = step.checklist;
    const std::array fields{std::pair("duplicates_removed", &answers.duplicates_removed),
                            std::pair("data_quality_sufficient", &answers.data_quality_sufficient),
                            std::pair("alternative_causes_considered", &answers.alternative_causes_considered),
                            std::pair("already_known", &answers.already_known)};
    for (const auto& member : checklist->as_object()) {
        const auto field = std::ranges::find(fields, std::string_view(member.key()), [](const auto& one) { return std::string_view(one.first); });
        if (field == fields.end() || !member.value().is_bool())
            return fail(Errc::invalid, "checklist." + std::string(member.key()) + ": not an answer that is asked for");
        *field->second = member.value().as_bool();
    }
    return step;
}

Response answer_of(const Result<book::StepOutcome>& outcome) {
    if (!outcome) return response_of(fail(outcome.error()));
    switch (outcome->verdict) {
        case book::StepVerdict::done:
        case book::StepVerdict::repeated: return ok(signal_json(*outcome->signal));
        case book::StepVerdict::unknown: return problem(404, "not-found", "No such signal", outcome->detail);
        case book::StepVerdict::forbidden: return problem(403, "role", "Not this role", outcome->detail);
        case book::StepVerdict::impossible: return problem(409, "stage", "Not possible in this stage", outcome->detail);
        case book::StepVerdict::incomplete: return problem(422, "incomplete", "The step lacks something", outcome->detail);
        case book::StepVerdict::reused: return problem(422, "key-reused", "Idempotency-Key of another request", outcome->detail);
    }
    return problem(500, "internal", "Internal error", "");
}

Handler step_handler(const AlertDesk& desk) {
    return [desk](const Request& request, const Reply& reply) {
        auto step = step_in(request);
        if (!step) return reply(response_of(fail(step.error())));
        const auto actor = actor_of(desk, request, [](Role role) { return role == Role::safety_lead; });
        if (!actor) return reply(nobody());
        step->by = *actor;
        step->at = desk.now();
        const bool taken = desk.writer && desk.writer->run([request, step = *step, reply](const Result<store::Store*>& session) {
            if (!session) return reply(response_of(fail(session.error())));
            reply(answer_of(book::take_step(**session, request.captures[0], step, request.idempotency_key)));
        });
        if (!taken) reply(response_of(fail(Errc::unavailable, "too many requests wait")));
    };
}

Response audit_entries(const AlertDesk&, store::Store& session, const Request& request) {
    const auto page = page_of(request);
    if (!page) return response_of(fail(page.error()));
    std::int64_t first = 0;
    if (!page->after.empty()) {
        if (page->after.size() > 18 || !std::ranges::all_of(page->after, [](char c) { return c >= '0' && c <= '9'; }))
            return response_of(fail(Errc::invalid, "after: expected the next of the page before"));
        first = std::stoll(page->after) + 1;
    }
    const auto entries = session.audit_from(first, page->limit);
    if (!entries) return response_of(fail(entries.error()));
    json::array list;
    for (const store::AuditEntry& entry : *entries) list.push_back(book::audit_json(entry));
    json::object body{{"audit", std::move(list)}, {"next", nullptr}};
    if (entries->size() == page->limit) body["next"] = std::to_string(entries->back().number);
    return ok(body);
}

}  // namespace

Handler audited(const AlertDesk& desk, const char* what, Handler handler) {
    if (!desk.trail) return handler;
    return [trail = desk.trail, now = desk.now, what, handler = std::move(handler)](Request request, Reply reply) {
        json::object query;
        for (const auto& [name, value] : request.query) query[name] = value;
        std::string object;
        for (const std::string& capture : request.captures) object += (object.empty() ? "" : "/") + capture;
        store::AuditRow row{now(), identity_of(request).person, what, object.empty() ? "*" : object,
                            json::serialize(json::object{{"path", request.path}, {"query", std::move(query)}})};
        const bool taken = trail->enter(std::move(row), [handler, request, reply](const Result<void>& written) {
            if (written) return handler(request, reply);
            reply(response_of(fail(Errc::unavailable, "the read could not be entered into the audit trail")));
        });
        if (!taken) reply(response_of(fail(Errc::unavailable, "too many reads wait for the audit trail")));
    };
}

std::vector<Route> alert_routes(const AlertDesk& desk) {
    const std::string alert = "/api/v1/alerts/{id}";
    const Guard reads = needs(Permission::read_subjects);
    std::vector<Route> routes{
        {Method::get, "/api/v1/alerts", audited(desk, "read.alerts", desk_reader(desk, list_alerts)), reads},
        {Method::get, alert, audited(desk, "read.alert", desk_reader(desk, one_alert)), reads},
        {Method::get, alert + "/history", audited(desk, "read.alert", desk_reader(desk, alert_history)), reads},
        {Method::get, "/api/v1/signals", desk_reader(desk, list_signals), needs(Permission::read_aggregates)},
        {Method::get, "/api/v1/signals/{id}/steps", desk_reader(desk, signal_steps), needs(Permission::read_aggregates)},
        {Method::post, "/api/v1/signals/{id}/steps", step_handler(desk), needs(Permission::judge_signals)},
        {Method::get, "/api/v1/audit", audited(desk, "read.audit", desk_reader(desk, audit_entries)),
         needs(Permission::read_audit)},
    };
    for (const Verb& verb : kVerbs) {
        routes.push_back({Method::post, alert + "/" + verb.path, action_handler(desk, verb.kind),
                          needs(Permission::act_on_alerts)});
    }
    return routes;
}

}  // namespace cellvigil::http
