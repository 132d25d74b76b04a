#include "daemon/book/book_json.h"

#include <boost/json/array.hpp>

#include <cstdio>

namespace cellvigil::book {
namespace {

namespace json = boost::json;

const char* name_of(store::AlertState state) {
    switch (state) {
        case store::AlertState::raised:
            return "raised";
        case store::AlertState::withdrawn:
            return "withdrawn";
        case store::AlertState::cleared:
            return "cleared";
        case store::AlertState::provisional:
            return "provisional";
    }
    return "";
}

json::value signed_json(const std::optional<Signed>& by) {
    if (!by) return nullptr;
    return json::object{{"person", by->by.person},
                        {"role", cellvigil::name_of(by->by.role)},
                        {"at", time_json(by->at)},
                        {"reason", by->reason},
                        {"comment", by->comment}};
}

json::value answer_json(const std::optional<bool>& answer) {
    return answer ? json::value(*answer) : json::value(nullptr);
}

std::string date_text(SiteDate date) {
    const std::chrono::year_month_day ymd{std::chrono::sys_days{date.time_since_epoch()}};
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                  static_cast<unsigned>(ymd.day()));
    return text;
}

}  // namespace

json::value time_json(Instant at) {
    if (at == kAlways || at == kNever) return nullptr;
    return json::value(to_rfc3339(at));
}

json::object alert_json(const store::AlertRow& row) {
    return {{"alert_id", row.alert_id},   {"revision", row.revision},   {"state", name_of(row.state)},
            {"rule", row.rule},           {"severity", row.severity},   {"cohort", row.cohort},
            {"site", row.site},           {"subject", row.subject_key}, {"event_time", time_json(row.event_time)},
            {"partition", row.partition}, {"position", row.position}};
}

json::object action_json(const store::ActionRow& row) {
    const AlertAction& action = row.action;
    json::object object{{"number", row.number},
                        {"action", cellvigil::name_of(action.kind)},
                        {"at", time_json(action.at)},
                        {"person", action.by.person},
                        {"role", cellvigil::name_of(action.by.role)},
                        {"revision", action.revision},
                        {"severity", std::string(cellvigil::name_of(action.severity))}};
    if (!action.reason.empty()) object["reason"] = action.reason;
    if (!action.comment.empty()) object["comment"] = action.comment;
    if (action.kind == ActionKind::assign) object["assignee"] = action.assignee;
    if (action.until) object["until"] = time_json(*action.until);
    if (action.provisional) object["provisional"] = true;
    if (action.alone) object["alone"] = *action.alone;
    return object;
}

json::object standing_json(const Standing& standing, Instant at, const AlertPolicy& policy) {
    const store::AlertRow& row = standing.row;
    const AlertRecord& record = standing.record;
    const Stage stage = stage_of(record, at);
    json::array next;
    for (const std::string& name : possible(record, at, policy)) next.emplace_back(name);
    json::object object = alert_json(row);
    object["stage"] = cellvigil::name_of(stage);
    object["waiting"] = is_waiting(record, at);
    object["raised_at"] = time_json(record.raised_at);
    object["fired_at"] = time_json(record.fired_at);
    object["refires"] = record.refires;
    object["acknowledged"] = signed_json(record.acknowledged);
    object["assignee"] = record.assignee ? json::value(*record.assignee) : json::value(nullptr);
    object["shelved_until"] = stage == Stage::shelved ? time_json(record.shelved_until) : json::value(nullptr);
    object["closure_proposed"] = signed_json(record.proposed);
    object["closed"] = signed_json(record.closed);
    object["comments"] = record.comments;
    object["steps"] = standing.steps;
    object["tag"] = tag_of(standing);
    object["possible"] = std::move(next);
    return object;
}

json::object deadline_json(const Deadline& deadline, Instant at, UtcOffset offset) {
    json::array assumed;
    for (const std::string& what : deadline.assumed) assumed.emplace_back(what);
    const auto days_left = (deadline.due - site_date(at, offset)).count();
    return {{"jurisdiction", cellvigil::name_of(deadline.jurisdiction)},
            {"kind", cellvigil::name_of(deadline.kind)},
            {"clock_start", date_text(deadline.clock_start)},
            {"due", date_text(deadline.due)},
            {"due_in_days", days_left},
            {"overdue", deadline.open() && at >= deadline.due_at},
            {"open", deadline.open()},
            {"void", deadline.void_by_nullification},
            {"because", deadline.because},
            {"assumed", std::move(assumed)},
            {"verified_rule", deadline.verified}};
}

json::object case_json(const CaseState& known, const CaseClocks& clocks) {
    const auto at = [](const std::optional<Instant>& time) { return time ? time_json(*time) : json::value(nullptr); };
    return {{"first_awareness", at(clocks.first_awareness)},
            {"most_recent_information", at(clocks.most_recent)},
            {"serious", answer_json(known.serious)},
            {"fatal_or_life_threatening", answer_json(known.fatal_or_life_threatening)},
            {"unexpected", answer_json(known.unexpected)},
            {"related_by_investigator", answer_json(known.related_by_investigator)},
            {"related_by_sponsor", answer_json(known.related_by_sponsor)},
            {"pending_validity", clocks.pending_validity},
            {"send_without_delay", clocks.send_without_delay}};
}

json::object step_json(const store::SignalStepRow& row) {
    const SignalStep& step = row.step;
    json::object object{
        {"number", row.number},     {"to", cellvigil::name_of(step.to)},        {"at", time_json(step.at)},
        {"person", step.by.person}, {"role", cellvigil::name_of(step.by.role)}, {"reason", step.reason}};
    if (step.to == SignalStage::validated || step.to == SignalStage::not_validated) {
        object["checklist"] =
            json::object{{"duplicates_removed", answer_json(step.checklist.duplicates_removed)},
                         {"data_quality_sufficient", answer_json(step.checklist.data_quality_sufficient)},
                         {"alternative_causes_considered", answer_json(step.checklist.alternative_causes_considered)},
                         {"already_known", answer_json(step.checklist.already_known)}};
    }
    if (!step.recommendation.empty()) object["recommendation"] = step.recommendation;
    return object;
}

std::string hex(std::string_view bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const char byte : bytes) {
        text += kDigits[static_cast<unsigned char>(byte) >> 4U];
        text += kDigits[static_cast<unsigned char>(byte) & 15U];
    }
    return text;
}

// `detail` stays the text that was hashed: whoever checks the chain needs its very bytes.
json::object audit_json(const store::AuditEntry& entry) {
    return {{"number", entry.number},
            {"at", to_rfc3339(entry.row.at)},
            {"at_ms", entry.row.at.time_since_epoch().count()},
            {"who", entry.row.who},
            {"what", entry.row.what},
            {"object", entry.row.object},
            {"subject", entry.subject.empty() ? json::value(nullptr) : json::value(entry.subject)},
            {"detail", entry.row.detail},
            {"chain", hex(entry.chain)}};
}

}  // namespace cellvigil::book
