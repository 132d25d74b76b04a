// What a new revision did to its alert, for its history. Pure.
#pragma once

#include <map>
#include <string>

#include <optional>

#include "daemon/store/store.h"

namespace cellvigil::store {

// `before`: the state of the revision before; nullopt: there was none.
ActionKind engine_step(std::optional<AlertState> before, AlertState now, bool worse);
// The step as the history keeps it, but for its number. `at` is not before `not_before`, the last step's time.
AlertAction engine_action(std::optional<AlertState> before, const AlertRow& row, Instant at, Instant not_before);
// When a commit's revision was recorded: its partition's log time; of a cohort's, which has no partition's, when its
// notification was made. kAlways: neither.
Instant recorded_at(const Commit& commit, const AlertRow& row);
// An engine's opening of a signal that has steps already changes nothing.
bool is_open_already(const SignalStepRow& row, std::uint32_t last);
// A step of people must have the next number and not lie before the last.
Result<void> check_next(std::string_view what, std::uint32_t number, Instant at, std::uint32_t last, Instant last_at);

// The row as the trail keeps it: each subject that it names under "subject:" and its token.
AuditRow with_tokens(const AuditRow& row, const std::map<std::string, std::string>& tokens);
std::string random_token();  // 32 hex digits
bool is_audit_alone(const Commit& commit);

}  // namespace cellvigil::store
