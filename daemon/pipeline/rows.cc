#include "daemon/pipeline/rows.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace cellvigil::pipeline {
namespace {

constexpr std::string_view kDaemon = "cellvigild";

const char* audit_name(AlertChangeKind kind) {
    switch (kind) {
        case AlertChangeKind::raised:
            return "alert.raised";
        case AlertChangeKind::changed:
            return "alert.changed";
        case AlertChangeKind::withdrawn:
            return "alert.withdrawn";
    }
    return "";
}

metrics::AlertChange counted_as(AlertChangeKind kind) {
    switch (kind) {
        case AlertChangeKind::raised:
            return metrics::AlertChange::raised;
        case AlertChangeKind::changed:
            return metrics::AlertChange::updated;
        case AlertChangeKind::withdrawn:
            return metrics::AlertChange::withdrawn;
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

store::DeadLetter dead_letter_of(const ingest::MessageView& message, const std::vector<Issue>& issues,
                                 std::string frame) {
    const bool oversize =
        std::any_of(issues.begin(), issues.end(), [](const Issue& issue) { return issue.reason == Reason::oversize; });
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

Issue issue_of(Reason reason) {
    switch (reason) {
        case Reason::version_conflict:
            return {"record_version", reason, "this version of the record says something else already"};
        case Reason::id_reuse:
            return {"message_id", reason, "another message came under this id"};
        case Reason::after_death:
            return {"effective", reason, "after the subject's death"};
        case Reason::before_enrolment:
            return {"subject_id", reason, "kept; no enrollment of the subject is known yet"};
        case Reason::unit_slip_suspected:
            return {"observation.quantity", reason, "differs from the value before as if in another unit"};
        case Reason::values_disagree:
            return {"observation.quantity", reason, "does not fit with the subject's other values"};
        case Reason::unparsable:
        case Reason::unknown_framing:
        case Reason::oversize:
        case Reason::missing_field:
        case Reason::bad_field:
        case Reason::out_of_range:
        case Reason::not_finite:
        case Reason::bad_utf8:
        case Reason::bad_time:
        case Reason::wrong_schema:
        case Reason::unknown_study:
        case Reason::unknown_cohort:
        case Reason::unknown_site:
        case Reason::future_time:
        case Reason::key_mismatch:
        case Reason::id_mismatch:
            break;
    }
    return {"", reason, "by the subject's other facts"};  // admission's, which has said more itself
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
    const char* severity = name_of(alert.urgency);
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
