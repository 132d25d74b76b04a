#include "daemon/pipeline/signal_views.h"

#include <boost/json.hpp>

namespace cellvigil::pipeline {
namespace {

namespace json = boost::json;

constexpr double kMillion = 1e6;

template <typename T>
json::value or_null(const std::optional<T>& value) {
    return value ? json::value(*value) : json::value(nullptr);
}

std::string day_text(CalendarDay day) {
    return to_rfc3339(start_of(SiteDate(days(day)), UtcOffset(0))).substr(0, 10);
}

json::object signal_json(const PreparedWatch& watch, const WatchSignal& found, CalendarDay through) {
    const MonitorSpec& monitor = watch.watch.monitor;
    const Signal& signal = found.signal;
    json::object one{{"rule", cohort_rule_of(monitor.endpoint)},
                     {"monitor", monitor.id},
                     {"cohort", monitor.cohort},
                     {"endpoint", row_of(monitor.endpoint).name},
                     {"method", name_of(monitor.method)},
                     {"limit", static_cast<double>(monitor.limit_millionths) / kMillion},
                     {"limit_of", counts_person_time(monitor.method) ? "person-year" : "subject"},
                     {"placeholder", monitor.placeholder},
                     {"crossed", signal.crossed.has_value()},
                     {"alert_id", watch.alarm_id},
                     {"cannot_signal", nullptr},
                     {"events", signal.events},
                     {"events_by_highest_possible_grade", or_null(found.events_upper)},
                     {"subjects", found.subjects},
                     {"person_days", signal.person_days},
                     {"expected_at_limit", signal.expected},
                     {"estimate", or_null(signal.estimate)},
                     {"lower", nullptr},
                     {"upper", nullptr},
                     {"posterior_above_limit", or_null(signal.posterior)},
                     {"log_evalue", signal.log_evalue},
                     {"selected_across_cohorts", found.selected},
                     {"statistic", signal.statistic},
                     {"threshold", signal.threshold},
                     {"margin", signal.margin},
                     {"next", signal.next},
                     {"plan_used_up", signal.horizon_passed},
                     {"alpha_actual", watch.boundary.alpha_actual},
                     {"power_at_twice_the_limit", or_null(watch.power_doubled)},
                     {"explanation", explanation(watch, found, through)}};
    if (!signal.cannot_signal.empty()) one["cannot_signal"] = signal.cannot_signal;
    if (signal.interval) {
        one["lower"] = signal.interval->lower;
        one["upper"] = signal.interval->upper;
    }
    if (signal.crossed) {
        one["crossing"] = json::object{{"event", signal.crossed->events},
                                       {"subjects", signal.crossed->subjects},
                                       {"person_days", signal.crossed->person_days},
                                       {"limit", signal.crossed->limit}};
    }
    return one;
}

}  // namespace

std::string signals_json(const Looked* looked) {
    json::object all{{"through", nullptr}, {"log_time", nullptr}, {"looks", 0}, {"expected_false_alarms", nullptr}};
    json::array signals;
    if (looked != nullptr) {
        all["through"] = day_text(looked->through);
        if (looked->log_time != kAlways) all["log_time"] = to_rfc3339(looked->log_time);
        all["looks"] = looked->looks;
        all["expected_false_alarms"] = looked->prepared->expected_false_alarms;
        for (std::size_t i = 0; i < looked->signals.size(); ++i)
            signals.push_back(signal_json(looked->prepared->watches[i], looked->signals[i], looked->through));
    }
    all["signals"] = std::move(signals);
    return json::serialize(all) + "\n";
}

metrics::Signals signal_gauges(const Looked* looked) {
    metrics::Signals signals;
    if (looked == nullptr) return signals;
    signals.evaluation_seconds = looked->seconds;
    signals.looks = looked->looks;
    signals.through = start_of(SiteDate(days(looked->through)), UtcOffset(0));
    signals.expected_false_alarms = looked->prepared->expected_false_alarms;
    for (std::size_t i = 0; i < looked->signals.size(); ++i) {
        const MonitorSpec& monitor = looked->prepared->watches[i].watch.monitor;
        const Signal& signal = looked->signals[i].signal;
        metrics::SignalGauges one;
        one.rule = cohort_rule_of(monitor.endpoint);
        one.monitor = monitor.id;
        one.cohort = monitor.cohort;
        one.event = row_of(monitor.endpoint).name;
        one.person_time = counts_person_time(monitor.method);
        one.can_signal = signal.cannot_signal.empty();
        one.crossed = signal.crossed.has_value();
        one.subjects = looked->signals[i].subjects;
        one.events = signal.events;
        one.person_days = signal.person_days;
        one.statistic = signal.statistic;
        one.threshold = signal.threshold;
        one.margin = signal.margin;
        one.posterior = signal.posterior;
        one.estimate = signal.estimate;
        if (signal.interval) {
            one.lower = signal.interval->lower;
            one.upper = signal.interval->upper;
        }
        signals.monitors.push_back(std::move(one));
    }
    return signals;
}

}  // namespace cellvigil::pipeline
