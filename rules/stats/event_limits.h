// Every continuous stopping rule on person-time as one list, and exactly how it behaves. Time is mu, the events
// expected so far at the limit rate. The rule: "the n-th event alarms if it arrives while mu <= at[n - 1]"; a limit of
// 0 or less means that event cannot alarm. Computed once and stored: the hot path compares one number. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace cellvigil {

struct EventLimits {
    std::vector<double> at;  // does not fall with n
};

// How long the rule watches. When mu passes `expected` the epoch is over: keep its result and open a new one with a new
// alpha, never go on with the old limits.
struct Horizon {
    double expected = 0;    // T, above 0
    double first_look = 0;  // D: no alarm before mu reaches it; what was reached by then alarms there. 0 <= D <= T
};

struct EventLimitBehaviour {
    double alarm_probability = 0;
    double alarm_time = 0;  // the mean of mu at the alarm over the paths that alarm, times their probability
};
// When events arrive at `ratio` times the limit rate, ratio >= 0; alarm_probability at ratio 1 is the exact alpha.
// Exact, by the recursion over events (all terms positive). The limits must reach the horizon, or end with the last
// event that can alarm.
EventLimitBehaviour behaviour(const EventLimits& limits, Horizon horizon, double ratio);

struct EventAlarm {
    std::size_t event = 0;  // its number, from 1
    double expected = 0;    // mu when it arrived
    double limit = 0;
};
// The first event that alarms. `arrivals`: mu at each event, ascending. Events after the horizon are another epoch's.
std::optional<EventAlarm> first_alarm(const EventLimits& limits, Horizon horizon, const std::vector<double>& arrivals);

// at_n for n = 1, 2, ... until one reaches T; at most kMostEvents.
constexpr std::size_t kMostEvents = 5000;
template <typename LimitOf>
EventLimits limits_until(double expected, const LimitOf& limit_of) {
    EventLimits limits;
    while (limits.at.size() < kMostEvents && (limits.at.empty() || limits.at.back() < expected))
        limits.at.push_back(limit_of(limits.at.size() + 1));
    return limits;
}

}  // namespace cellvigil
