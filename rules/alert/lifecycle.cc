#include "rules/alert/lifecycle.h"

#include <algorithm>
#include <array>

namespace cellvigil {
namespace {

constexpr auto kRoleNames = std::to_array<const char*>(
    {"engine", "viewer", "reviewer", "safety_lead", "data_manager", "administrator", "auditor", "case_assessor"});
constexpr auto kActions = std::to_array<const char*>(
    {"raise", "confirm", "worsen", "change", "clear", "withdraw", "acknowledge", "comment", "assign", "shelve",
     "unshelve", "propose_closure", "confirm_closure", "reject_closure", "reopen", "assess"});
constexpr auto kStageNames = std::to_array<const char*>({"pending", "active", "acknowledged", "cleared_unacknowledged",
                                                         "cleared", "shelved", "withdrawn", "closing", "closed"});
static_assert(kRoleNames.size() == static_cast<std::size_t>(kRoles) &&
              kActions.size() == static_cast<std::size_t>(kActionKinds) &&
              kStageNames.size() == static_cast<std::size_t>(kStages));

Signed signature(const AlertAction& action) { return {action.by, action.at, action.reason, action.comment}; }

bool is_shelved(const AlertRecord& record, Instant at) { return record.shelf && at < record.shelved_until; }

tl::unexpected<Error> not_now(const AlertRecord& record, const AlertAction& action, const char* instead) {
    return fail(Errc::conflict, std::string(name_of(action.kind)) + " is not possible while the alert is " +
                                    name_of(stage_of(record, action.at)) + ": " + instead);
}

bool needs_comment(const AlertRecord& record, const AlertAction& action, const AlertPolicy& policy) {
    return policy.comment_from && record.severity >= *policy.comment_from && action.comment.empty();
}

// A new cause or a worse one makes it everybody's again: the acknowledgement was of something milder.
void fire_again(AlertRecord& record, Instant at) {
    record.acknowledged.reset();
    record.shelf.reset();
    record.proposed.reset();
    record.closed.reset();
    record.fired_at = at;
    ++record.refires;
}

Result<AlertRecord> by_engine(AlertRecord record, const AlertAction& action) {
    if (action.kind == ActionKind::withdraw && !record.raised) {  // a store older than histories kept the end alone
        record.raised = true;
        record.raised_at = action.at;
        record.fired_at = action.at;
    }
    if (action.kind != ActionKind::raise && !record.raised) {
        return fail(Errc::conflict, std::string(name_of(action.kind)) + " of an alert that was never raised");
    }
    const bool again = record.raised;
    switch (action.kind) {
        case ActionKind::raise:
            if (again && record.condition != Condition::withdrawn && record.condition != Condition::cleared) {
                return fail(Errc::conflict, "raise of an alert that stands; a worse cause is worsen");
            }
            record.raised = true;
            // What somebody still has to look at does not leave the list because the new cause is not confirmed yet.
            record.condition =
                action.provisional && !(again && !record.acknowledged) ? Condition::provisional : Condition::present;
            if (again) {
                fire_again(record, action.at);
            } else {
                record.raised_at = action.at;
                record.fired_at = action.at;
            }
            break;
        case ActionKind::confirm:
            if (record.condition != Condition::provisional)
                return fail(Errc::conflict, "confirm of an alert that is not provisional");
            record.condition = Condition::present;
            record.fired_at = action.at;
            break;
        case ActionKind::worsen:
            if (record.condition == Condition::withdrawn || record.condition == Condition::cleared) {
                return fail(Errc::conflict, "worsen of an alert whose cause is gone; raise it again");
            }
            fire_again(record, action.at);
            break;
        case ActionKind::change:
            break;
        case ActionKind::clear:
            if (record.condition == Condition::withdrawn)
                return fail(Errc::conflict, "clear of an alert that was withdrawn");
            record.condition = Condition::cleared;
            break;
        case ActionKind::withdraw:
            record.condition = Condition::withdrawn;
            break;
        case ActionKind::acknowledge:
        case ActionKind::comment:
        case ActionKind::assign:
        case ActionKind::shelve:
        case ActionKind::unshelve:
        case ActionKind::propose_closure:
        case ActionKind::confirm_closure:
        case ActionKind::reject_closure:
        case ActionKind::reopen:
        case ActionKind::assess:
            break;
    }
    record.severity = action.severity;
    record.revision = action.revision;
    return record;
}

Result<AlertRecord> acknowledge(AlertRecord record, const AlertAction& action, const AlertPolicy& policy) {
    if (record.closed) return not_now(record, action, "reopen it first");
    if (record.acknowledged) return not_now(record, action, "somebody has; add a comment");
    if (needs_comment(record, action, policy))
        return fail(Errc::invalid, "comment: an alert of this severity is acknowledged with a comment");
    record.acknowledged = signature(action);
    return record;
}

Result<AlertRecord> shelve(AlertRecord record, const AlertAction& action, const AlertPolicy& policy) {
    if (record.closed || record.condition == Condition::withdrawn)
        return not_now(record, action, "there is nothing to put off");
    const auto longest = policy.longest_shelf[record.severity];
    if (longest.count() == 0)
        return fail(Errc::invalid,
                    "an alert of severity " + std::string(name_of(record.severity)) + " cannot be shelved");
    if (!action.until || *action.until <= action.at)
        return fail(Errc::invalid, "until: a shelf needs an end in the future");
    if (*action.until - action.at > longest) {
        return fail(Errc::invalid, "until: at most " + std::to_string(longest.count()) + " h for severity " +
                                       std::string(name_of(record.severity)));
    }
    if (action.reason.empty() && action.comment.empty()) return fail(Errc::invalid, "reason: a shelf needs one");
    record.shelf = signature(action);
    record.shelved_until = *action.until;
    return record;
}

Result<AlertRecord> propose(AlertRecord record, const AlertAction& action, const AlertPolicy& policy) {
    if (record.closed) return not_now(record, action, "it is closed");
    if (record.proposed) return not_now(record, action, "somebody proposed it; another person confirms or rejects");
    if (!record.acknowledged) return not_now(record, action, "acknowledge it first");
    if (action.reason.empty()) return fail(Errc::invalid, "reason: a closure needs one");
    if (needs_comment(record, action, policy))
        return fail(Errc::invalid, "comment: an alert of this severity is closed with a comment");
    record.proposed = signature(action);
    if (action.alone.value_or(record.severity < policy.four_eyes_from)) record.closed = signature(action);
    return record;
}

Result<AlertRecord> judge_closure(AlertRecord record, const AlertAction& action) {
    if (record.closed || !record.proposed) return not_now(record, action, "nobody has proposed a closure");
    if (action.kind == ActionKind::reject_closure) {
        if (action.comment.empty()) return fail(Errc::invalid, "comment: a rejection says why");
        record.proposed.reset();
        return record;
    }
    if (action.by.person == record.proposed->by.person) {
        return fail(Errc::invalid, "a closure is confirmed by another person than the one who proposed it");
    }
    record.closed = signature(action);
    return record;
}

Result<AlertRecord> by_person(AlertRecord record, const AlertAction& action, const AlertPolicy& policy) {
    if (!record.raised) return fail(Errc::conflict, "the alert was never raised");
    if (action.by.person.empty()) return fail(Errc::invalid, "person: an action is somebody's");
    switch (action.kind) {
        case ActionKind::acknowledge:
            return acknowledge(std::move(record), action, policy);
        case ActionKind::comment:
            if (action.comment.empty()) return fail(Errc::invalid, "comment: empty");
            ++record.comments;
            return record;
        case ActionKind::assess:
            if (action.reason.empty()) return fail(Errc::invalid, "reason: says what is known of the case");
            if (action.comment.empty()) return fail(Errc::invalid, "comment: says where it is known from");
            return record;
        case ActionKind::assign:
            if (record.closed) return not_now(record, action, "reopen it first");
            record.assignee = action.assignee.empty() ? std::nullopt : std::optional(action.assignee);
            return record;
        case ActionKind::shelve:
            return shelve(std::move(record), action, policy);
        case ActionKind::unshelve:
            if (!is_shelved(record, action.at)) return not_now(record, action, "it is not shelved");
            record.shelf.reset();
            return record;
        case ActionKind::propose_closure:
            return propose(std::move(record), action, policy);
        case ActionKind::confirm_closure:
        case ActionKind::reject_closure:
            return judge_closure(std::move(record), action);
        case ActionKind::reopen:
            if (!record.closed) return not_now(record, action, "it is open");
            if (action.reason.empty() && action.comment.empty())
                return fail(Errc::invalid, "reason: reopening needs one");
            record.closed.reset();
            record.proposed.reset();
            return record;
        case ActionKind::raise:
        case ActionKind::confirm:
        case ActionKind::worsen:
        case ActionKind::change:
        case ActionKind::clear:
        case ActionKind::withdraw:
            break;
    }
    return fail(Errc::invalid, "not an action of people");
}

template <typename Enum, std::size_t N>
std::optional<Enum> named(const std::array<const char*, N>& names, std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

}  // namespace

const char* name_of(Role role) { return kRoleNames[static_cast<std::size_t>(role)]; }
std::optional<Role> role_named(std::string_view name) { return named<Role>(kRoleNames, name); }
const char* name_of(Stage stage) { return kStageNames[static_cast<std::size_t>(stage)]; }
const char* name_of(ActionKind kind) { return kActions[static_cast<std::size_t>(kind)]; }
std::optional<ActionKind> action_named(std::string_view name) { return named<ActionKind>(kActions, name); }
bool is_of_engine(ActionKind kind) { return kind <= ActionKind::withdraw; }

bool may(Role role, ActionKind kind) {
    if (role == Role::engine || is_of_engine(kind)) return role == Role::engine && is_of_engine(kind);
    switch (role) {
        case Role::safety_lead:
            return kind != ActionKind::assess;
        case Role::case_assessor:
            return kind == ActionKind::assess || kind == ActionKind::comment;
        case Role::reviewer:
            return kind == ActionKind::comment || kind == ActionKind::assign || kind == ActionKind::acknowledge;
        case Role::data_manager:
            return kind == ActionKind::comment;
        case Role::engine:
        case Role::viewer:
        case Role::administrator:
        case Role::auditor:
            return false;
    }
    return false;
}

Stage stage_of(const AlertRecord& record, Instant at) {
    if (record.closed) return Stage::closed;
    if (record.proposed) return Stage::closing;
    if (record.condition == Condition::withdrawn) return Stage::withdrawn;
    if (is_shelved(record, at)) return Stage::shelved;
    if (record.condition == Condition::provisional) return Stage::pending;
    if (record.condition == Condition::cleared)
        return record.acknowledged ? Stage::cleared : Stage::cleared_unacknowledged;
    return record.acknowledged ? Stage::acknowledged : Stage::active;
}

bool is_waiting(const AlertRecord& record, Instant at) {
    if (!record.raised || record.acknowledged || record.closed) return false;
    const Stage stage = stage_of(record, at);
    return stage == Stage::active || stage == Stage::cleared_unacknowledged || stage == Stage::withdrawn;
}

Result<AlertRecord> after(const AlertRecord& record, const AlertAction& action, const AlertPolicy& policy) {
    if (!may(action.by.role, action.kind)) {
        return fail(Errc::invalid,
                    std::string("the role ") + name_of(action.by.role) + " may not " + name_of(action.kind));
    }
    return is_of_engine(action.kind) ? by_engine(record, action) : by_person(record, action, policy);
}

Result<AlertRecord> record_as_of(std::span<const AlertAction> history, Instant as_of) {
    AlertPolicy policy;
    policy.comment_from.reset();
    policy.longest_shelf.values.fill(std::chrono::hours::max() / 3600000);
    AlertRecord record;
    Instant last = kAlways;
    for (const AlertAction& action : history) {
        if (action.at > as_of) break;
        if (action.at < last) return fail(Errc::invalid, "a history goes forward in time");
        last = action.at;
        auto next = after(record, action, policy);
        if (!next) return next;
        record = std::move(*next);
    }
    return record;
}

}  // namespace cellvigil
