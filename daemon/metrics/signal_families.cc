#include <cmath>
#include <limits>

#include "daemon/metrics/state.h"

namespace cellvigil::metrics {
namespace {

constexpr double kSecondsPerDay = 86'400;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Labels labels_of(const SignalGauges& one) {
    return {{"rule", one.rule}, {"monitor", one.monitor}, {"cohort", one.cohort}, {"event", one.event}};
}

}  // namespace

// Small cohorts could tell who it is: their numbers are not shown. Whether an alarm stands always is.
void add_signals(Families& out, const Signals& signals, std::uint32_t min_cell) {
    const auto each = [&](const char* name, const char* help, auto value) {
        out.gauge(name, help);
        for (const SignalGauges& one : signals.monitors) {
            const bool small = one.subjects < static_cast<std::int64_t>(min_cell);
            out.add(labels_of(one), small ? kNaN : static_cast<double>(value(one)));
        }
    };
    each("cellvigil_rule_statistic", "What the monitor compares, in its method's own scale.",
         [](const SignalGauges& one) { return one.can_signal ? one.statistic : kNaN; });
    each("cellvigil_rule_threshold", "What the monitor compares it with.",
         [](const SignalGauges& one) { return one.can_signal ? one.threshold : kNaN; });
    each("cellvigil_rule_margin_ratio", "Statistic over threshold: 1 or more, and it alarms.",
         [](const SignalGauges& one) { return one.can_signal ? one.margin : kNaN; });
    each("cellvigil_posterior_exceedance_ratio", "Posterior probability of a rate above the limit; for display only.",
         [](const SignalGauges& one) { return one.posterior.value_or(kNaN); });
    each("cellvigil_monitored_rate", "Events per subject, or per person-year of time at risk.",
         [](const SignalGauges& one) { return one.estimate.value_or(kNaN); });
    each("cellvigil_monitored_rate_lower", "Its lower 95 % limit.",
         [](const SignalGauges& one) { return one.lower.value_or(kNaN); });
    each("cellvigil_monitored_rate_upper", "Its upper 95 % limit.",
         [](const SignalGauges& one) { return one.upper.value_or(kNaN); });
    out.gauge("cellvigil_person_time_seconds", "Time at risk of the endpoints that are counted by it.");
    for (const SignalGauges& one : signals.monitors) {
        const bool small = one.subjects < static_cast<std::int64_t>(min_cell);
        if (one.person_time)
            out.add(labels_of(one), small ? kNaN : static_cast<double>(one.person_days) * kSecondsPerDay);
    }
    out.gauge("cellvigil_rule_can_signal", "0 while the monitor cannot signal whatever comes.");
    for (const SignalGauges& one : signals.monitors) out.add(labels_of(one), one.can_signal ? 1.0 : 0.0);
    out.gauge("cellvigil_rule_crossed", "1 while the facts as they stand cross the monitor's boundary.");
    for (const SignalGauges& one : signals.monitors) out.add(labels_of(one), one.crossed ? 1.0 : 0.0);
    if (!signals.through) return;
    out.counter("cellvigil_rule_looks_total", "Looks at all monitors since the start.");
    out.add({}, signals.looks);
    out.gauge("cellvigil_rule_evaluation_seconds", "How long the last look at all monitors took.");
    out.add({}, signals.evaluation_seconds);
    out.gauge("cellvigil_rule_looked_through_timestamp_seconds", "The last day that the monitors looked at.");
    out.add({}, std::chrono::duration<double>(signals.through->time_since_epoch()).count());
    out.gauge("cellvigil_rule_expected_false_alarms",
              "Alarms to be expected over the monitors' plans although every rate stands at its limit.");
    out.add({}, signals.expected_false_alarms);
}

}  // namespace cellvigil::metrics
