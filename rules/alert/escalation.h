// Who has to be told of an alert that waits, and when: levels with delays, by the team's calendar; immediate alerts
// know no quiet hours. And how a flood is held back without ever holding back an immediate one. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/alert/calendar.h"
#include "rules/alert/lifecycle.h"

namespace cellvigil {

struct EscalationLevel {
    BySeverity<minutes> after{};        // unacknowledged so long; 0 at the first level: at once
    std::vector<std::string> contacts;  // names of channels or people that the deployment knows
    bool operator==(const EscalationLevel&) const = default;
};

struct Team {
    TeamCalendar calendar;
    Severity ignores_quiet_hours_from = Severity::immediate;  // may be lowered, never raised above immediate
    std::vector<EscalationLevel> levels;
    bool operator==(const Team&) const = default;
};

struct EscalationStep {
    std::size_t level = 0;  // 0: the first
    Instant at{};           // when it is due: outside quiet hours where they apply
    bool operator==(const EscalationStep&) const = default;
};

// Every step of an alert that nobody acknowledges, in order, counted from when it (last) fired. Empty when nobody has
// to act at `at`. Steps may lie in the future.
std::vector<EscalationStep> escalation_of(const AlertRecord& record, const Team& team, Instant at);

struct FloodPolicy {
    std::uint32_t most = 20;  // notifications of one channel
    minutes within{10};
    bool operator==(const FloodPolicy&) const = default;
};

struct FloodState {             // of one channel
    std::vector<Instant> sent;  // within the window, ascending
    std::uint32_t held = 0;     // since the last summary
    Instant held_since = kNever;
    bool operator==(const FloodState&) const = default;
};

enum class FloodVerdict : std::uint8_t { send, hold };
// What to do with one notification now. An immediate one is always sent, and counts.
FloodVerdict admit(FloodState& state, Severity severity, Instant now, const FloodPolicy& policy);
// When something was held and the window has room again: the number held, to be told in one summary message; it is 0
// afterwards.
std::uint32_t take_summary(FloodState& state, Instant now, const FloodPolicy& policy);

}  // namespace cellvigil
