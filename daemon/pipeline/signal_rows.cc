#include <boost/json.hpp>

#include "daemon/pipeline/rows.h"
#include "rules/monitor/day_looks.h"

namespace cellvigil::pipeline {
namespace {

namespace json = boost::json;

const char* name_of(AlarmStanding standing) {
    switch (standing) {
        case AlarmStanding::formal:
            return "formal";
        case AlarmStanding::provisional:
            return "provisional";
        case AlarmStanding::confirmed:
            return "confirmed";
        case AlarmStanding::not_confirmed:
            return "not_confirmed";
    }
    return "";
}

bool is_over(AlarmStanding standing) {
    return standing == AlarmStanding::confirmed || standing == AlarmStanding::not_confirmed;
}

// An alarm that a look finds no longer crossed has cleared; a provisional one is pending until the look settles it.
store::AlertState state_of(const SignalNews& news) {
    switch (news.standing) {
        case AlarmStanding::formal:
            return news.telling == Telling::ended ? store::AlertState::cleared : store::AlertState::raised;
        case AlarmStanding::provisional:
            return store::AlertState::provisional;
        case AlarmStanding::confirmed:
        case AlarmStanding::not_confirmed:
            break;
    }
    return store::AlertState::withdrawn;
}

// An acknowledgement was of fewer, or of a crossing that was corrected away since.
bool fires_again(const SignalNews& news) {
    return news.standing == AlarmStanding::formal && news.revision > 1 && news.telling != Telling::ended;
}

metrics::AlertChange change_of(const SignalNews& news) {
    if (is_over(news.standing)) return metrics::AlertChange::withdrawn;
    return news.revision == 1 ? metrics::AlertChange::raised : metrics::AlertChange::updated;
}

// Everything that the alarm rests on, kept with it in the audit.
std::string payload_of(const SignalNews& news) {
    const MonitorSpec& monitor = news.watch.watch.monitor;
    const Signal& signal = news.found.signal;
    json::object payload{{"rule", cohort_rule_of(monitor.endpoint)},
                         {"monitor", monitor.id},
                         {"cohort", monitor.cohort},
                         {"endpoint", row_of(monitor.endpoint).name},
                         {"method", name_of(monitor.method)},
                         {"standing", name_of(news.standing)},
                         {"revision", news.revision},
                         {"fires_again", fires_again(news)},
                         {"limit_millionths", monitor.limit_millionths},
                         {"alpha_actual", news.watch.boundary.alpha_actual},
                         {"placeholder", monitor.placeholder},
                         {"through_day", news.through},
                         {"events", signal.events},
                         {"subjects", news.found.subjects},
                         {"person_days", signal.person_days},
                         {"expected", signal.expected},
                         {"statistic", signal.statistic},
                         {"threshold", signal.threshold},
                         {"margin", signal.margin},
                         {"log_evalue", signal.log_evalue},
                         {"pack", news.pack},
                         {"pack_hash", news.pack_hash}};
    if (signal.crossed) {
        payload["crossing"] = json::object{{"events", signal.crossed->events},
                                           {"subjects", signal.crossed->subjects},
                                           {"person_days", signal.crossed->person_days},
                                           {"limit", signal.crossed->limit}};
    }
    json::array subjects;
    for (const std::string& subject : news.subjects) subjects.emplace_back(subject);
    payload["contributing_subjects"] = std::move(subjects);
    payload["low_confidence"] = news.found.low_confidence;
    payload["clears"] = signal.crossed ? json::value("One event fewer among those that crossed, by a correction.")
                                       : json::value(nullptr);
    if (!monitor.comparator.empty()) payload["comparator"] = monitor.comparator;
    if (signal.posterior) payload["posterior"] = *signal.posterior;
    if (signal.estimate) payload["estimate"] = *signal.estimate;
    if (signal.interval) payload["interval"] = json::array{signal.interval->lower, signal.interval->upper};
    if (news.watch.power_doubled) payload["power_doubled"] = *news.watch.power_doubled;
    if (!news.watch.boundary.binary.at.empty()) {
        payload["boundary"] = alarm_points(news.watch.boundary.binary);
    } else {
        json::array limits;
        for (const double limit : news.watch.boundary.limits.at) limits.emplace_back(limit);
        payload["boundary"] = std::move(limits);
        payload["unit_per_person_day"] = news.watch.boundary.unit_per_person_day;
    }
    return json::serialize(payload);
}

}  // namespace

void append_signal(Batch& batch, const SignalNews& news, const EncodeSignal& encode) {
    const MonitorSpec& monitor = news.watch.watch.monitor;
    const char* rule = cohort_rule_of(monitor.endpoint);
    const char* severity = severity_of(monitor.endpoint);
    std::string body = encode(news);
    const std::string id(news.alert_id);
    const metrics::AlertChange change = change_of(news);
    batch.commit.alerts.push_back({
        .alert_id = id,
        .rule = rule,
        .severity = severity,
        .subject_key = {},
        .cohort = monitor.cohort,
        .site = {},
        .partition = 0,
        .state = state_of(news),
        .revision = news.revision,
        .event_time = start_of(SiteDate(days(news.through)), UtcOffset(0)),
        .position = 0,
        .body = body,
        .worse = fires_again(news),
    });
    batch.commit.outbox.push_back({
        .id = id + "." + std::to_string(news.revision),
        .alert_id = id,
        .body = std::move(body),
        .created_at = news.at,
    });
    batch.commit.audit.push_back({
        .at = news.at,
        .who = "cellvigild",
        .what = std::string("alert.") + metrics::name_of(change),
        .object = id,
        .detail = payload_of(news),
        .subjects = news.subjects,
    });
    if (news.revision == 1 && news.standing == AlarmStanding::formal) {
        store::SignalStepRow opened{news.watch.alarm_id, 1, {}, {}};
        opened.step.at = news.at;
        opened.step.by = {"engine", Role::engine};
        opened.step.reason = std::string(rule) + " crossed its limit in " + monitor.cohort;
        batch.commit.signal_steps.push_back(std::move(opened));
    }
    batch.alerts.push_back({.partition = 0, .rule = rule, .severity = severity, .change = change});
}

std::string provisional_id(std::string_view alarm_id, std::optional<CalendarDay> base) {
    return digest_of("provisional\n" + std::string(alarm_id) + "\n" +
                     (base ? std::to_string(*base) : "before the first look"));
}

}  // namespace cellvigil::pipeline
