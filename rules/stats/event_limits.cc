#include "rules/stats/event_limits.h"

#include <algorithm>

#include "rules/base/ensure.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {
namespace {

constexpr double kNegligible = 1e-40;

// P(N = k) and P(N >= k) of a Poisson count for k = 0, 1, 2, ... until they no longer matter.
struct PoissonSteps {
    std::vector<double> mass;
    std::vector<double> tail;

    double at_least(std::size_t k) const { return k < tail.size() ? tail[k] : 0; }
};

// From the mode outwards, each from its neighbour: one special function a table.
PoissonSteps poisson_steps(double mean) {
    const auto mode = static_cast<std::size_t>(mean);
    PoissonSteps steps;
    steps.mass.assign(mode + 1, 0);
    steps.mass[mode] = special::poisson_mass(static_cast<double>(mode), mean);
    for (std::size_t k = mode; k > 0 && steps.mass[k] > kNegligible; --k)
        steps.mass[k - 1] = steps.mass[k] * static_cast<double>(k) / mean;
    while (steps.mass.back() > kNegligible)
        steps.mass.push_back(steps.mass.back() * mean / static_cast<double>(steps.mass.size()));
    steps.tail.assign(steps.mass.size(), 0);
    double sum = 0;
    for (std::size_t k = steps.mass.size(); k-- > 0;) steps.tail[k] = sum += steps.mass[k];
    return steps;
}

// Paths without an alarm by their number of events: what each of `steps` more events makes of them, fewer than `limit`
// kept.
std::vector<double> advanced(const std::vector<double>& state, const std::vector<double>& steps, std::size_t limit) {
    std::vector<double> next(limit, 0);
    for (std::size_t i = 0; i < state.size(); ++i) {
        if (state[i] < kNegligible) continue;
        const std::size_t most = std::min(steps.size(), limit > i ? limit - i : 0);
        for (std::size_t j = 0; j < most; ++j) next[i + j] += state[i] * steps[j];
    }
    return next;
}

}  // namespace

EventLimitBehaviour behaviour(const EventLimits& limits, Horizon horizon, double ratio) {
    ensure(horizon.expected > 0 && horizon.first_look >= 0, "a horizon lies ahead");
    ensure(horizon.first_look <= horizon.expected && ratio >= 0, "the first look is within the horizon");
    EventLimitBehaviour result;
    if (ratio == 0) return result;
    std::vector<double> state{1.0};
    double t = 0;
    std::size_t n = 1;
    if (horizon.first_look > 0) {
        while (n <= limits.at.size() && limits.at[n - 1] < horizon.first_look) ++n;
        t = horizon.first_look;
        const PoissonSteps steps = poisson_steps(ratio * t);
        state = advanced(state, steps.mass, n);
        result.alarm_probability = steps.at_least(n);
        result.alarm_time = t * result.alarm_probability;
    }
    for (; n <= limits.at.size() && t < horizon.expected; ++n) {
        const double until = std::min(limits.at[n - 1], horizon.expected);
        if (until <= t) continue;
        const PoissonSteps steps = poisson_steps(ratio * (until - t));
        // The alarm is the n-th event within the span: the k-th from i, whose mean time is t + k / ratio. Sums of
        // tails, so that nothing cancels.
        for (std::size_t i = 0; i < state.size(); ++i) {
            const std::size_t k = n - i;
            result.alarm_probability += state[i] * steps.at_least(k);
            result.alarm_time +=
                state[i] * (t * steps.at_least(k) + static_cast<double>(k) / ratio * steps.at_least(k + 1));
        }
        state = advanced(state, steps.mass, n);
        t = until;
    }
    return result;
}

std::optional<EventAlarm> first_alarm(const EventLimits& limits, Horizon horizon, const std::vector<double>& arrivals) {
    // Before the first look nothing alarms; at it the events so far do if the last of them may still come then.
    std::size_t seen = 0;
    if (horizon.first_look > 0) {
        while (seen < arrivals.size() && arrivals[seen] <= horizon.first_look) ++seen;
        for (std::size_t n = std::min(seen, limits.at.size()); n >= 1; --n) {
            if (limits.at[n - 1] >= horizon.first_look)
                return EventAlarm{.event = n, .expected = horizon.first_look, .limit = limits.at[n - 1]};
        }
    }
    for (std::size_t i = seen; i < arrivals.size() && i < limits.at.size(); ++i) {
        if (arrivals[i] > horizon.expected) break;
        const double limit = limits.at[i];
        if (limit > 0 && arrivals[i] <= limit)
            return EventAlarm{.event = i + 1, .expected = arrivals[i], .limit = limit};
    }
    return std::nullopt;
}

}  // namespace cellvigil
