#include "daemon/store/history.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "rules/base/ensure.h"

namespace cellvigil::store {

ActionKind engine_step(std::optional<AlertState> before, AlertState now, bool worse) {
    const bool stood = before == AlertState::raised || before == AlertState::provisional;
    switch (now) {
        case AlertState::raised:
            if (!stood) return ActionKind::raise;
            if (before == AlertState::provisional) return ActionKind::confirm;
            return worse ? ActionKind::worsen : ActionKind::change;
        case AlertState::provisional:
            return stood ? ActionKind::change : ActionKind::raise;
        case AlertState::cleared:
            return stood ? ActionKind::clear : ActionKind::change;
        case AlertState::withdrawn:
            return ActionKind::withdraw;
    }
    return ActionKind::change;
}

AlertAction engine_action(std::optional<AlertState> before, const AlertRow& row, Instant at, Instant not_before) {
    AlertAction action;
    action.kind = engine_step(before, row.state, row.worse);
    action.at = std::max(at, not_before);
    action.by = {"engine", Role::engine};
    action.revision = row.revision;
    action.severity = severity_named(row.severity).value_or(Severity::medium);
    action.provisional = row.state == AlertState::provisional && action.kind == ActionKind::raise;
    return action;
}

Instant recorded_at(const Commit& commit, const AlertRow& row) {
    const bool of_cohort = row.subject_key.empty();
    const auto advance = std::find_if(commit.advances.begin(), commit.advances.end(),
                                      [&](const Advance& one) { return one.partition == row.partition; });
    if (!of_cohort && advance != commit.advances.end()) return advance->log_time;
    const std::string id = row.alert_id + "." + std::to_string(row.revision);
    const auto told =
        std::find_if(commit.outbox.begin(), commit.outbox.end(), [&](const OutboxRow& one) { return one.id == id; });
    if (told != commit.outbox.end()) return told->created_at;
    return advance == commit.advances.end() ? kAlways : advance->log_time;
}

bool is_open_already(const SignalStepRow& row, std::uint32_t last) {
    return row.step.by.role == Role::engine && last > 0;
}

Result<void> check_next(std::string_view what, std::uint32_t number, Instant at, std::uint32_t last, Instant last_at) {
    if (number != last + 1) {
        return fail(Errc::conflict, std::string(what) + " has " + std::to_string(last) + " steps, this would be step " +
                                        std::to_string(number));
    }
    if (at < last_at) return fail(Errc::invalid, std::string(what) + ": a step before the last one");
    return {};
}

AuditRow with_tokens(const AuditRow& row, const std::map<std::string, std::string>& tokens) {
    AuditRow kept = row;
    kept.subjects.clear();
    for (const auto& [subject, token] : tokens) {
        const std::string name = "subject:" + token;
        if (kept.object == subject) kept.object = name;
        const std::string quoted = '"' + subject + '"';
        for (auto at = kept.detail.find(quoted); at != std::string::npos; at = kept.detail.find(quoted, at))
            kept.detail.replace(at, quoted.size(), '"' + name + '"');
    }
    return kept;
}

std::string random_token() {
    std::array<unsigned char, 16> bytes{};
    ensure(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1, "the system has random bytes");
    std::string text;
    for (const unsigned char byte : bytes) {
        text += "0123456789abcdef"[byte >> 4U];
        text += "0123456789abcdef"[byte & 15U];
    }
    return text;
}

bool is_audit_alone(const Commit& commit) {
    return !commit.audit.empty() && commit.segments.empty() && commit.advances.empty() && commit.snapshots.empty() &&
           commit.cells.empty() && commit.alerts.empty() && commit.outbox.empty() && commit.dead_letters.empty() &&
           commit.held.empty() && commit.actions.empty() && commit.signal_steps.empty() && commit.cases.empty() &&
           commit.day_closes.empty() && commit.looks.empty();
}

}  // namespace cellvigil::store
