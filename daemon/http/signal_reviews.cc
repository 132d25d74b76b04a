#include "daemon/http/signal_reviews.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "daemon/book/book_json.h"
#include "daemon/book/signals.h"
#include "daemon/http/reads.h"

namespace cellvigil::http {
namespace {

namespace json = boost::json;
using auth::Permission;

json::object signal_json(const book::Signal& signal) {
    json::array steps;
    for (const store::SignalStepRow& row : signal.steps) steps.push_back(book::step_json(row));
    return {{"signal_id", signal.id}, {"stage", name_of(signal.record.stage)}, {"steps", std::move(steps)}};
}

Response list_reviews(const AlertDesk&, store::Store& session, const Request&) {
    const auto ids = session.signals();
    if (!ids) return response_of(fail(ids.error()));
    json::array list;
    for (const std::string& id : *ids) {
        const auto signal = book::signal_of(session, id);
        if (!signal) return response_of(fail(signal.error()));
        list.push_back(signal_json(*signal));
    }
    return ok({{"reviews", std::move(list)}});
}

Response one_review(const AlertDesk&, store::Store& session, const Request& request) {
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
    if (!stage)
        return fail(Errc::invalid, "to: expected detected, validated, not_validated, confirmed, assessed or closed");
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
        const auto field = std::ranges::find(fields, std::string_view(member.key()),
                                             [](const auto& one) { return std::string_view(one.first); });
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
        case book::StepVerdict::repeated:
            return ok(signal_json(*outcome->signal));
        case book::StepVerdict::unknown:
            return problem(404, "not-found", "No such signal", outcome->detail);
        case book::StepVerdict::forbidden:
            return problem(403, "role", "Not this role", outcome->detail);
        case book::StepVerdict::impossible:
            return problem(409, "stage", "Not possible in this stage", outcome->detail);
        case book::StepVerdict::incomplete:
            return problem(422, "incomplete", "The step lacks something", outcome->detail);
        case book::StepVerdict::reused:
            return problem(422, "repeat-differs", "Idempotency-Key of another request", outcome->detail);
    }
    return problem(500, "internal", "Internal error", "");
}

Handler step_handler(const AlertDesk& desk) {
    return [desk](const Request& request, const Reply& reply) {
        auto step = step_in(request);
        if (!step) return reply(bad_body(step.error()));
        const auto actor = actor_of(desk, request, [](Role role) { return role == Role::safety_lead; });
        if (!actor) return reply(nobody());
        step->by = *actor;
        step->at = desk.now();
        const bool taken =
            desk.writer && desk.writer->run([request, step = *step, reply](const Result<store::Store*>& session) {
                if (!session) return reply(response_of(fail(session.error())));
                reply(answer_of(book::take_step(**session, request.captures[0], step, request.idempotency_key)));
            });
        if (!taken) reply(response_of(fail(Errc::unavailable, "too many requests wait")));
    };
}

}  // namespace

std::vector<Route> signal_review_routes(const AlertDesk& desk) {
    const std::string one = "/api/v1/signal-reviews/{signal}";
    const Guard reads = needs(Permission::read_aggregates);
    return {
        {Method::get, "/api/v1/signal-reviews", desk_reader(desk, list_reviews), reads},
        {Method::get, one, desk_reader(desk, one_review), reads},
        {Method::post, one + "/steps", step_handler(desk), needs(Permission::judge_signals)},
    };
}

}  // namespace cellvigil::http
