#include "rules/alert/escalation.h"

#include <algorithm>

namespace cellvigil {
namespace {

void forget_old(FloodState& state, Instant now, const FloodPolicy& policy) {
    std::erase_if(state.sent, [&](Instant at) { return at + policy.within <= now; });
}

}  // namespace

std::vector<EscalationStep> escalation_of(const AlertRecord& record, const Team& team, Instant at) {
    std::vector<EscalationStep> steps;
    if (!is_waiting(record, at)) return steps;
    const Severity quiet_below = std::min(team.ignores_quiet_hours_from, Severity::immediate);
    for (std::size_t i = 0; i < team.levels.size(); ++i) {
        Instant due = record.fired_at + team.levels[i].after[record.severity];
        if (record.severity < quiet_below) due = next_working_time(team.calendar, due);
        if (due != kNever) steps.push_back({i, due});
    }
    return steps;
}

FloodVerdict admit(FloodState& state, Severity severity, Instant now, const FloodPolicy& policy) {
    forget_old(state, now, policy);
    if (severity != Severity::immediate && state.sent.size() >= policy.most) {
        if (state.held == 0) state.held_since = now;
        ++state.held;
        return FloodVerdict::hold;
    }
    state.sent.push_back(now);
    return FloodVerdict::send;
}

std::uint32_t take_summary(FloodState& state, Instant now, const FloodPolicy& policy) {
    forget_old(state, now, policy);
    if (state.held == 0 || state.sent.size() >= policy.most) return 0;
    const std::uint32_t held = state.held;
    state.held = 0;
    state.held_since = kNever;
    state.sent.push_back(now);
    return held;
}

}  // namespace cellvigil
