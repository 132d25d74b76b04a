#include "daemon/book/book.h"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "daemon/book/book_json.h"
#include "daemon/book/case_words.h"

namespace cellvigil::book {
namespace {

constexpr int kAttempts = 16;  // each lost to somebody who acted in between

std::vector<AlertAction> actions_in(const std::vector<store::ActionRow>& rows) {
    std::vector<AlertAction> actions;
    actions.reserve(rows.size());
    for (const store::ActionRow& row : rows) actions.push_back(row.action);
    return actions;
}

Result<Standing> standing_in(store::Store& store, const std::vector<store::ActionRow>& history,
                             std::string_view alert_id, std::optional<Instant> as_of, const store::AlertRow* latest) {
    const auto record = record_as_of(actions_in(history), as_of.value_or(kNever));
    if (!record)
        return fail(Errc::corrupt, "alert " + std::string(alert_id) + ": its history: " + record.error().detail);
    if (!record->raised) return fail(Errc::not_found, "no alert " + std::string(alert_id));
    Standing standing;
    standing.record = *record;
    standing.steps = static_cast<std::uint32_t>(std::count_if(
        history.begin(), history.end(), [&](const auto& row) { return row.action.at <= as_of.value_or(kNever); }));
    if (latest != nullptr && latest->revision == record->revision) {
        standing.row = *latest;
        return standing;
    }
    auto revisions = store.alert_history(alert_id);
    if (!revisions) return fail(revisions.error());
    const auto found = std::find_if(revisions->begin(), revisions->end(),
                                    [&](const auto& one) { return one.row.revision == record->revision; });
    if (found == revisions->end())
        return fail(Errc::corrupt, "alert " + std::string(alert_id) + ": a revision of its history is missing");
    standing.row = std::move(found->row);
    return standing;
}

bool same_request(const store::ActionRow& stored, const Ask& ask) {
    return stored.action.kind == ask.action.kind && stored.action.by.person == ask.action.by.person &&
           stored.action.reason == ask.action.reason && stored.action.comment == ask.action.comment &&
           stored.action.assignee == ask.action.assignee && stored.action.until == ask.action.until;
}

store::AuditRow audit_of(const store::ActionRow& row, const Standing& before, const AlertRecord& after) {
    boost::json::object detail = action_json(row);
    detail["stage_before"] = name_of(stage_of(before.record, row.action.at));
    detail["stage_after"] = name_of(stage_of(after, row.action.at));
    return {row.action.at, row.action.by.person, std::string("alert.") + name_of(row.action.kind), row.alert_id,
            boost::json::serialize(detail)};
}

std::string with_possible(const std::string& detail, const AlertRecord& record, Instant at, const AlertPolicy& policy) {
    std::string text = detail + "; possible now:";
    for (const std::string& name : possible(record, at, policy)) text += " " + name;
    return text;
}

// nullopt: somebody acted in between.
Result<std::optional<Outcome>> try_once(store::Store& store, const Ask& ask, const AlertPolicy& policy) {
    using Answer = std::optional<Outcome>;
    const auto history = store.actions_of(ask.alert_id);
    if (!history) return fail(history.error());
    auto standing = standing_in(store, *history, ask.alert_id, std::nullopt, nullptr);
    if (!standing && standing.error().code == Errc::not_found)
        return Answer(Outcome{Verdict::unknown, standing.error().detail, std::nullopt});
    if (!standing) return fail(standing.error());
    if (!ask.request_key.empty()) {
        const auto before = std::find_if(history->begin(), history->end(),
                                         [&](const auto& row) { return row.request_key == ask.request_key; });
        if (before != history->end()) {
            const bool same = same_request(*before, ask);
            return Answer(Outcome{same ? Verdict::repeated : Verdict::reused,
                                  same ? "" : "this key came before with another request", std::move(*standing)});
        }
    }
    if (!ask.tag.empty() && ask.tag != tag_of(*standing)) {
        return Answer(Outcome{Verdict::stale,
                              "the alert is at " + tag_of(*standing) + ", not at " + ask.tag + ": look again",
                              std::move(*standing)});
    }
    if (!may(ask.action.by.role, ask.action.kind)) {
        return Answer(
            Outcome{Verdict::forbidden,
                    std::string("the role ") + name_of(ask.action.by.role) + " may not " + name_of(ask.action.kind),
                    std::move(*standing)});
    }
    store::ActionRow row{ask.alert_id, history->back().number + 1, ask.action, ask.request_key};
    row.action.at = std::max(row.action.at, history->back().action.at);
    row.action.revision = standing->record.revision;
    row.action.severity = standing->record.severity;
    if (row.action.kind == ActionKind::propose_closure)
        row.action.alone = standing->record.severity < policy.four_eyes_from;
    if (row.action.kind == ActionKind::comment && is_of_case(row.action.reason))
        return Answer(Outcome{Verdict::incomplete,
                              "reason: what is known of a case is said with assess, in the role case_assessor",
                              std::move(*standing)});
    if (row.action.kind == ActionKind::assess) {
        const bool of_signal = standing->row.subject_key.empty() && emerging_issue_said(row.action.reason);
        const auto said = case_event(row.action.reason, row.action.at, {});
        if (!said && !of_signal) return Answer(Outcome{Verdict::incomplete, said.error().detail, std::move(*standing)});
    }
    auto next = after(standing->record, row.action, policy);
    if (!next) {
        const bool impossible = next.error().code == Errc::conflict;
        return Answer(Outcome{impossible ? Verdict::impossible : Verdict::incomplete,
                              impossible ? with_possible(next.error().detail, standing->record, row.action.at, policy)
                                         : next.error().detail,
                              std::move(*standing)});
    }
    store::Commit commit;
    commit.actions.push_back(row);
    commit.audit.push_back(audit_of(row, *standing, *next));
    const auto written = store.write(commit);
    if (!written && written.error().code == Errc::conflict) return Answer();
    if (!written) return fail(written.error());
    standing->record = std::move(*next);
    standing->steps = row.number;
    return Answer(Outcome{Verdict::done, "", std::move(*standing)});
}

}  // namespace

std::string tag_of(const Standing& standing) {
    return std::to_string(standing.record.revision) + "-" + std::to_string(standing.steps);
}

Result<Standing> standing_of(store::Store& store, std::string_view alert_id, std::optional<Instant> as_of) {
    const auto history = store.actions_of(alert_id);
    if (!history) return fail(history.error());
    return standing_in(store, *history, alert_id, as_of, nullptr);
}

Result<std::vector<Standing>> standings(store::Store& store, const Choice& choice, Instant now) {
    std::vector<Standing> chosen;
    const Instant at = choice.as_of.value_or(now);
    for (std::string after = choice.after; chosen.size() < choice.at_most;) {
        const auto rows = store.alerts(choice.at_most, after);
        if (!rows) return fail(rows.error());
        for (const store::AlertRow& row : *rows) {
            if (chosen.size() == choice.at_most) break;
            after = row.alert_id;
            if (choice.shown && !choice.shown(row)) continue;
            const auto history = store.actions_of(row.alert_id);
            if (!history) return fail(history.error());
            auto standing = standing_in(store, *history, row.alert_id, choice.as_of, &row);
            if (!standing && standing.error().code == Errc::not_found) continue;
            if (!standing) return fail(standing.error());
            if (choice.stage && stage_of(standing->record, at) != *choice.stage) continue;
            if (choice.waiting && !is_waiting(standing->record, at)) continue;
            chosen.push_back(std::move(*standing));
        }
        if (rows->size() < choice.at_most) break;
    }
    return chosen;
}

Result<Outcome> act(store::Store& store, const Ask& ask, const AlertPolicy& policy) {
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        auto outcome = try_once(store, ask, policy);
        if (!outcome) return fail(outcome.error());
        if (*outcome) return std::move(**outcome);
    }
    return fail(Errc::unavailable, "others act on this alert at the same time");
}

const char* verb_of(ActionKind kind) {
    switch (kind) {
        case ActionKind::propose_closure:
            return "close";
        case ActionKind::confirm_closure:
            return "confirm";
        case ActionKind::reject_closure:
            return "reject";
        case ActionKind::acknowledge:
        case ActionKind::comment:
        case ActionKind::assign:
        case ActionKind::shelve:
        case ActionKind::unshelve:
        case ActionKind::reopen:
        case ActionKind::assess:
            return name_of(kind);
        case ActionKind::raise:
        case ActionKind::confirm:
        case ActionKind::worsen:
        case ActionKind::change:
        case ActionKind::clear:
        case ActionKind::withdraw:
            break;
    }
    return "";
}

std::vector<std::string> possible(const AlertRecord& record, Instant at, const AlertPolicy& policy) {
    std::vector<std::string> names;
    for (int i = 0; i < kActionKinds; ++i) {
        AlertAction action;
        action.kind = static_cast<ActionKind>(i);
        if (is_of_engine(action.kind)) continue;
        action.at = at;
        action.by = {"somebody else", action.kind == ActionKind::assess ? Role::case_assessor : Role::safety_lead};
        action.reason = "x";
        action.comment = "x";
        action.assignee = "x";
        action.until = at + std::chrono::minutes(1);
        if (after(record, action, policy)) names.emplace_back(verb_of(action.kind));
    }
    return names;
}

}  // namespace cellvigil::book
