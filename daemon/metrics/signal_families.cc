#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "daemon/metrics/state.h"
#include "rules/pack/subject_rule.h"

namespace cellvigil::metrics {
namespace {

constexpr double kSecondsPerDay = 86'400;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Labels labels_of(const SignalGauges& one) {
    return {{"rule", one.rule}, {"monitor", one.monitor}, {"cohort", one.cohort}, {"event", one.event}};
}

// Of cohorts. Several monitors may belong to one: which it is, the alert says.
constexpr std::array<std::pair<const char*, const char*>, 14> kCohortRules{{
    {"C00", "Cohort: rate of another endpoint"},
    {"C01", "Cohort: herpes zoster past day 90"},
    {"C02", "Cohort: herpes zoster off prophylaxis"},
    {"C03", "Cohort: severe infections"},
    {"C04", "Cohort: CRS or ICANS"},
    {"C05", "Cohort: cytopenias"},
    {"C06", "Cohort: deaths"},
    {"C07", "Site outlier"},
    {"C08", "Cluster in lots"},
    {"C09", "Later reporting at a site"},
    {"C10", "Incomplete data"},
    {"C11", "Cohort: disseminated herpes zoster"},
    {"C12", "Cohort: second malignancies"},
    {"C13", "Disproportionate reporting of a product"},
}};

void add_rule_names(Families& out) {
    out.gauge("cellvigil_rule_info", "1; what a rule is called, to be joined by `rule`.");
    for (int i = 0; i < kSubjectRules; ++i) {
        const auto rule = static_cast<SubjectRule>(i);
        out.add({{"rule", name_of(rule)}, {"title", title_of(rule)}}, 1.0);
    }
    for (const auto& [rule, title] : kCohortRules) out.add({{"rule", rule}, {"title", title}}, 1.0);
}

void add_screens(Families& out, const Signals& signals) {
    out.gauge("cellvigil_screen_units_raised",
              "Sites, lots, or products with an event, that a screen points at; NaN: it cannot.");
    for (const ScreenGauges& one : signals.screens)
        out.add({{"rule", one.rule}, {"screen", one.screen}, {"cohort", one.cohort}, {"method", one.method}},
                one.can_signal ? static_cast<double>(one.raised) : kNaN);
}

void add_evaluations(Families& out, const Signals& signals, Instant now) {
    out.counter("cellvigil_rule_looks_total", "Looks at all monitors since the start.");
    out.add({}, signals.looks);
    out.histogram("cellvigil_rule_evaluation_seconds", "How long looks at all monitors took.");
    out.add_histogram({}, kEvaluationBounds.data(), signals.evaluations.buckets.data(), kEvaluationBounds.size(),
                      signals.evaluations.sum);
    out.gauge("cellvigil_rule_last_evaluation_timestamp_seconds",
              "Since when the rule has not seen something that was committed; now, while it has seen everything.");
    const double at = std::chrono::duration<double>((now - signals.waiting).time_since_epoch()).count();
    std::set<std::string> rules;
    for (const SignalGauges& one : signals.monitors) rules.insert(one.rule);
    for (const std::string& rule : rules) out.add({{"rule", rule}}, at);
}

}  // namespace

// Small cohorts could tell who it is: their numbers are not shown. Whether an alarm stands always is.
void add_signals(Families& out, const Signals& signals, std::uint32_t min_cell, Instant now) {
    add_rule_names(out);
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
    each("cellvigil_rule_margin_ratio", "How close to the boundary: at 1 or more it alarms.",
         [](const SignalGauges& one) { return one.can_signal ? one.margin : kNaN; });
    each("cellvigil_posterior_exceedance_ratio", "Posterior probability of a rate above the limit; for display only.",
         [](const SignalGauges& one) { return one.posterior.value_or(kNaN); });
    each("cellvigil_monitored_rate", "Events per subject, or per person-year of time at risk.",
         [](const SignalGauges& one) { return one.estimate.value_or(kNaN); });
    each("cellvigil_monitored_rate_lower", "Its lower 95 % limit.",
         [](const SignalGauges& one) { return one.lower.value_or(kNaN); });
    each("cellvigil_monitored_rate_upper", "Its upper 95 % limit.",
         [](const SignalGauges& one) { return one.upper.value_or(kNaN); });
    out.gauge("cellvigil_signal_score",
              "Evidence that the rate is above its limit: natural logarithm of the e-value; 3 is what chance gives "
              "once in 20.");
    for (const SignalGauges& one : signals.monitors) {
        Labels labels = labels_of(one);
        labels.emplace_back("method", one.method);
        const bool small = one.subjects < static_cast<std::int64_t>(min_cell);
        out.add(std::move(labels), small ? kNaN : one.log_evalue);
    }
    out.gauge("cellvigil_monitored_time_seconds", "Time at risk that a monitor of a rate over time counts.");
    for (const SignalGauges& one : signals.monitors) {
        const bool small = one.subjects < static_cast<std::int64_t>(min_cell);
        if (one.person_time)
            out.add(labels_of(one), small ? kNaN : static_cast<double>(one.person_days) * kSecondsPerDay);
    }
    out.gauge("cellvigil_rule_can_signal", "0 while the monitor cannot signal whatever comes.");
    for (const SignalGauges& one : signals.monitors) out.add(labels_of(one), one.can_signal ? 1.0 : 0.0);
    out.gauge("cellvigil_rule_crossed", "1 while the facts as they stand cross the monitor's boundary.");
    for (const SignalGauges& one : signals.monitors) out.add(labels_of(one), one.crossed ? 1.0 : 0.0);
    add_screens(out, signals);
    if (!signals.monitors.empty()) add_evaluations(out, signals, now);
    if (!signals.through) return;
    out.gauge("cellvigil_rule_looked_through_timestamp_seconds", "The last day that the monitors looked at.");
    out.add({}, std::chrono::duration<double>(signals.through->time_since_epoch()).count());
    out.gauge("cellvigil_rule_expected_false_alarms",
              "Alarms to be expected over the monitors' plans although every rate stands at its limit.");
    out.add({}, signals.expected_false_alarms);
}

}  // namespace cellvigil::metrics
