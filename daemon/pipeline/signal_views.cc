#include "daemon/pipeline/signal_views.h"

#include <boost/json.hpp>

#include "daemon/pipeline/screen_views.h"
#include "daemon/views/borrowing_json.h"
#include "rules/cohort/borrowing.h"

namespace cellvigil::pipeline {
namespace {

namespace json = boost::json;

constexpr double kMillion = 1e6;

template <typename T>
json::value or_null(const std::optional<T>& value) {
    return value ? json::value(*value) : json::value(nullptr);
}

std::string day_text(CalendarDay day) { return to_rfc3339(start_of(SiteDate(days(day)), UtcOffset(0))).substr(0, 10); }

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
                     {"light", name_of(found.light)},
                     {"low_confidence", found.low_confidence},
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

// Of the last look; before the first one what is live, which says nothing formal.
struct Shown {
    const std::vector<WatchSignal>& signals;
    std::optional<CalendarDay> through;
    bool formal = false;
};
Shown shown_of(const Looked& looked) {
    if (!looked.signals.empty()) return {looked.signals, looked.through, true};
    return {looked.live, looked.live_through, false};
}

bool crossed_now(const Looked& looked, std::size_t i) {
    return i < looked.live.size() && looked.live[i].signal.crossed.has_value();
}

}  // namespace

std::string signals_json(const Looked* looked) {
    json::object all{{"through", nullptr},
                     {"log_time", nullptr},
                     {"looks", 0},
                     {"late_facts", 0},
                     {"provisional_through", nullptr},
                     {"expected_false_alarms", nullptr}};
    json::array signals;
    if (looked != nullptr) {
        if (looked->through) all["through"] = day_text(*looked->through);
        if (looked->log_time != kAlways) all["log_time"] = to_rfc3339(looked->log_time);
        if (looked->live_through) all["provisional_through"] = day_text(*looked->live_through);
        all["looks"] = looked->looks;
        all["late_facts"] = looked->late;
        all["expected_false_alarms"] = looked->prepared->expected_false_alarms;
        const Shown shown = shown_of(*looked);
        for (std::size_t i = 0; i < shown.signals.size(); ++i) {
            json::object one = signal_json(looked->prepared->watches[i], shown.signals[i], shown.through.value_or(0));
            const Signal& signal = shown.signals[i].signal;
            one["reference"] = views::borrowing_json(
                borrowing_of(looked->prepared->plan.catalogue, looked->prepared->watches[i].watch.monitor,
                             {signal.events, signal.subjects, signal.person_days}));
            one["formal"] = shown.formal;
            one["crossed"] = shown.formal && shown.signals[i].signal.crossed.has_value();
            one["crossed_provisionally"] = crossed_now(*looked, i);
            signals.push_back(std::move(one));
        }
    }
    all["signals"] = std::move(signals);
    all["budgets"] = budgets_json(looked);
    all["screens"] = screens_json(looked);
    return json::serialize(all) + "\n";
}

metrics::Signals signal_gauges(const Looked* looked, milliseconds waiting) {
    metrics::Signals signals;
    if (looked == nullptr) return signals;
    signals.waiting = waiting;
    signals.screens = screen_gauges(*looked);
    const Shown shown = shown_of(*looked);
    signals.evaluations = looked->evaluations;
    signals.looks = looked->looks;
    if (looked->through) signals.through = start_of(SiteDate(days(*looked->through)), UtcOffset(0));
    signals.expected_false_alarms = looked->prepared->expected_false_alarms;
    for (std::size_t i = 0; i < shown.signals.size(); ++i) {
        const MonitorSpec& monitor = looked->prepared->watches[i].watch.monitor;
        const Signal& signal = shown.signals[i].signal;
        metrics::SignalGauges one;
        one.rule = cohort_rule_of(monitor.endpoint);
        one.method = name_of(monitor.method);
        one.log_evalue = signal.log_evalue;
        one.monitor = monitor.id;
        one.cohort = monitor.cohort;
        one.event = row_of(monitor.endpoint).name;
        one.person_time = counts_person_time(monitor.method);
        one.can_signal = signal.cannot_signal.empty();
        one.crossed = shown.formal && signal.crossed.has_value();
        one.subjects = shown.signals[i].subjects;
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

metrics::Signals signal_gauges(const Pipeline& pipeline) {
    return signal_gauges(pipeline.looked().get(), pipeline.looks_wait());
}

}  // namespace cellvigil::pipeline
