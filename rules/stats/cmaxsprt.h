// Conditional MaxSPRT (Li and Kulldorff 2010): the comparator's rate is itself estimated, from c events in V
// person-time. With fewer than about 100 of them a rate taken as known triples the false alarms; then use this. Time is
// tau = P / V, the person-time watched over the comparator's. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "rules/stats/event_limits.h"

namespace cellvigil {

// c log(c (1 + tau) / (c + k)) + k log(k (1 + tau) / (tau (c + k))) when k / c > tau, else 0. k >= 0, c >= 1, tau >= 0;
// nullopt: events in no time.
std::optional<double> cmaxsprt_llr(std::int64_t events, std::int64_t history_events, double tau);

// tau_n at which the n-th event has this log likelihood ratio, n >= 1.
double cmaxsprt_limit(double critical_value, std::int64_t event, std::int64_t history_events);

struct ConditionalMaxsprt {
    std::int64_t history_events = 0;          // c >= 1
    std::int32_t fewest_events = 3;           // M >= 1
    std::optional<std::int32_t> most_events;  // K: the watch ends with this event, at most 500
    std::optional<double> most_tau;           // or when tau reaches this. At least one of the two
    double alpha = 0.05;
    // What is added to c in the Gamma distribution of the comparator's rate: 1/2 is Jeffreys' and the default (0.0502
    // where 0.05 is asked); 0 takes the history as ended by its last event (the "liberal" value of R's Sequential).
    double shape_offset = 0.5;
};

// Exact: the mixed process is a Polya process, whose steps are negative binomial. nullopt: cannot signal, M events are
// rarer than alpha within the horizon.
std::optional<double> cmaxsprt_critical_value(const ConditionalMaxsprt& design);

// In units of tau, up to the horizon; 0 before M.
EventLimits cmaxsprt_limits(double critical_value, const ConditionalMaxsprt& design);

// The probability of an alarm when the rate equals the comparator's.
double cmaxsprt_alarm_probability(const EventLimits& limits, const ConditionalMaxsprt& design);

}  // namespace cellvigil
