// What becomes of an alert between its cause and its documented end: the states of ISA-18.2 (an alarm that clears by
// itself still has to be acknowledged), with closure by two people and withdrawal after a correction. An alert's
// history is a list of actions; its record at any time is the fold over those up to then, so "who knew what on that
// day" has one answer. Nothing is ever deleted. Pure. Requirements and the table of states: docs/alert-lifecycle.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/alert/severity.h"
#include "rules/base/result.h"
#include "rules/base/time.h"

namespace cellvigil {

enum class Role : std::uint8_t {
    engine,
    viewer,
    reviewer,
    safety_lead,
    data_manager,
    administrator,
    auditor,
    case_assessor
};
inline constexpr int kRoles = static_cast<int>(Role::case_assessor) + 1;
const char* name_of(Role role);
std::optional<Role> role_named(std::string_view name);

struct Actor {
    std::string person;  // an id that the deployment's identity provider knows; "engine" for the system itself
    Role role = Role::viewer;
    bool operator==(const Actor&) const = default;
};

// What is known of the cause.
enum class Condition : std::uint8_t {
    provisional,  // seen between two looks; the look confirms or withdraws it
    present,
    cleared,    // was true, is no longer; never of an alert whose cause is an event that happened
    withdrawn,  // a correction took the cause away: it never was
};

// The state that people see. A function of the record and of the time, because a shelf ends by itself.
enum class Stage : std::uint8_t {
    pending,  // provisional, nobody has to act yet
    active,   // unacknowledged
    acknowledged,
    cleared_unacknowledged,
    cleared,  // and acknowledged
    shelved,  // out of sight until a stated end
    withdrawn,
    closing,  // one person has judged it done, another has to agree
    closed,
};
inline constexpr int kStages = static_cast<int>(Stage::closed) + 1;
const char* name_of(Stage stage);

enum class ActionKind : std::uint8_t {
    // of the engine
    raise,
    confirm,
    worsen,
    change,
    clear,
    withdraw,
    // of people
    acknowledge,
    comment,
    assign,
    shelve,
    unshelve,
    propose_closure,
    confirm_closure,
    reject_closure,
    reopen,
    assess,  // says what is known of the alert's case, for the reporting clocks: the reason, in fixed words
};
inline constexpr int kActionKinds = static_cast<int>(ActionKind::assess) + 1;
const char* name_of(ActionKind kind);
std::optional<ActionKind> action_named(std::string_view name);
bool is_of_engine(ActionKind kind);

struct AlertAction {
    ActionKind kind = ActionKind::raise;
    Instant at{};  // when it was recorded; never earlier than the action before it (the book sees to that)
    Actor by;
    std::string reason;  // a code of the deployment's list: "expected_toxicity", "duplicate", ...
    std::string comment;
    std::string assignee;                  // assign: empty takes it from whoever has it
    std::optional<Instant> until;          // shelve: the end, later than `at`
    std::uint32_t revision = 0;            // engine: the alert's revision that this brings
    Severity severity = Severity::medium;  // engine: of that revision
    bool provisional = false;              // raise: between two looks
    // propose_closure: whether one person was enough, by the policy of that day; nullopt: by severity, as by default.
    std::optional<bool> alone;
    bool operator==(const AlertAction&) const = default;
};

struct Signed {  // who, when, with which words
    Actor by;
    Instant at{};
    std::string reason;
    std::string comment;
    bool operator==(const Signed&) const = default;
};

struct AlertRecord {
    bool raised = false;
    Condition condition = Condition::present;
    Severity severity = Severity::medium;
    std::uint32_t revision = 0;
    Instant raised_at{};
    Instant fired_at{};  // raised, or last made active again: what unacknowledged time counts from
    std::optional<Signed> acknowledged;
    std::optional<std::string> assignee;
    std::optional<Signed> shelf;
    Instant shelved_until{};
    std::optional<Signed> proposed;  // closure
    std::optional<Signed> closed;
    std::uint32_t refires = 0;
    std::uint32_t comments = 0;
    bool operator==(const AlertRecord&) const = default;
};

// What a deployment decides, of what people do from now on: a history stands as it was judged on its day. Defaults are
// ours (HOUSE).
struct AlertPolicy {
    std::optional<Severity> comment_from =
        Severity::immediate;                   // acknowledging and closing need a comment from here on
    Severity four_eyes_from = Severity::high;  // closing needs two people from here on
    // The longest shelf; 0: may not be shelved.
    BySeverity<std::chrono::hours> longest_shelf{
        {std::chrono::hours{24 * 30}, std::chrono::hours{24 * 7}, std::chrono::hours{24}, std::chrono::hours{0}}};
    bool operator==(const AlertPolicy&) const = default;
};

// May this role do this? The engine's actions are the engine's alone; viewers and auditors only read.
bool may(Role role, ActionKind kind);

Stage stage_of(const AlertRecord& record, Instant at);
// Does somebody have to act? Active, cleared or withdrawn without an acknowledgement, and not shelved.
bool is_waiting(const AlertRecord& record, Instant at);

// The record after the action. `conflict`: not possible in the present stage (the detail says which it is and what is);
// `invalid`: the action lacks something or the role may not.
Result<AlertRecord> after(const AlertRecord& record, const AlertAction& action, const AlertPolicy& policy);

// The record from the actions with at <= `as_of`, in order. Actions that are not possible are an error: a history holds
// none.
// No policy judges it again: a stricter one of today does not unmake what was done.
Result<AlertRecord> record_as_of(std::span<const AlertAction> history, Instant as_of);

}  // namespace cellvigil
