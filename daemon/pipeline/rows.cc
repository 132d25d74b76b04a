#include "daemon/pipeline/rows.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace cellvigil::pipeline {
namespace {

constexpr std::string_view kDaemon = "cellvigild";

const char* audit_name(AlertChangeKind kind) {
    switch (kind) {
        case AlertChangeKind::raised: return "alert.raised";
        case AlertChangeKind::changed: return "alert.changed";
        case AlertChangeKind::withdrawn: return "alert.withdrawn";
    }
    return "";
}

metrics::AlertChange counted_as(AlertChangeKind kind) {
    switch (kind) {
        case AlertChangeKind::raised: return metrics::AlertChange::raised;
        case AlertChangeKind::changed: return metrics::AlertChange::updated;
        case AlertChangeKind::withdrawn: return metrics::AlertChange::withdrawn;
    }
    return metrics::AlertChange::raised;
}

}  // namespace

std::string issues_json(const std::vector<Issue>& issues) {
    boost::json::array list;
    for (const auto& issue : issues) {
        list.push_back({{"path", issue.path}, {"reason", name_of(issue.reason)}, {"detail", issue.detail}});
    }
    return boost::json::serialize(list);
}

store::DeadLetter dead_letter_of(const ingest::MessageView& message, const std::vector<Issue>& issues, std::string frame) {
    const bool oversize = std::any_of(issues.begin(), issues.end(),
                                      [](const Issue& issue) { return issue.reason == Reason::oversize; });
    return {
        .partition = message.partition,
        .position = message.position,
        .reason = issues.empty() ? name_of(Reason::unparsable) : name_of(issues.front().reason),
        .detail = issues_json(issues),
        .failed_at = message.appended_at,
        .frame = std::move(frame),
        .oversize = oversize,
    };
}

store::Held held_of(const ingest::MessageView& message, const std::vector<Issue>& issues, std::string frame) {
    return {
        .partition = message.partition,
        .position = message.position,
        .reason = issues.empty() ? std::string() : name_of(issues.front().reason),
        .detail = issues_json(issues),
        .subject_key = std::string(message.key),
        .since = message.appended_at,
        .state = store::HeldState::held,
        .frame = std::move(frame),
    };
}

std::vector<Issue> flags_as_issues(EventFlags flags) {
    std::vector<Issue> issues;
    for (unsigned i = 0; i < metrics::kFlags; ++i) {
        const auto flag = static_cast<EventFlag>(i);
        if ((flags & bit(flag)) != 0) issues.push_back({.path = {}, .reason = Reason::bad_field, .detail = name_of(flag)});
    }
    return issues;
}

bool held_by_admission(std::string_view reason) {
    static constexpr std::array kReasons{Reason::unknown_study, Reason::unknown_cohort, Reason::unknown_site,
                                         Reason::future_time,   Reason::key_mismatch,   Reason::id_mismatch};
    return std::any_of(kReasons.begin(), kReasons.end(), [&](Reason held) { return reason == name_of(held); });
}

void append_alert(Batch& batch, const AlertNews& news, const EncodeAlert& encode) {
    const AlertChange& change = news.change;
    const SubjectAlert& alert = change.alert;
    const char* rule = name_of(alert.rule);
    const char* severity = severity_of(alert.rule, alert.zoster);
    std::string body = encode(news);
    batch.commit.alerts.push_back({
        .alert_id = change.alert_id,
        .rule = rule,
        .severity = severity,
        .subject_key = std::string(news.subject_key),
        .cohort = std::string(news.cohort),
        .site = std::string(news.site),
        .partition = news.partition,
        .state = change.kind == AlertChangeKind::withdrawn ? store::AlertState::withdrawn : store::AlertState::raised,
        .revision = change.revision,
        .event_time = alert.at,
        .position = news.position,
        .body = body,
        .worse = change.worse,
    });
    batch.commit.outbox.push_back({
        .id = change.alert_id + "." + std::to_string(change.revision),
        .alert_id = change.alert_id,
        .body = std::move(body),
        .created_at = news.at,
    });
    batch.commit.audit.push_back({
        .at = news.at,
        .who = std::string(kDaemon),
        .what = audit_name(change.kind),
        .object = change.alert_id,
        .detail = boost::json::serialize(boost::json::object{{"rule", rule}, {"revision", change.revision}}),
    });
    batch.alerts.push_back(
        {.partition = news.partition, .rule = rule, .severity = severity, .change = counted_as(change.kind)});
}

}  // namespace cellvigil::pipeline
