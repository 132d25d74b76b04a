#include "daemon/alert_message.h"

#include "daemon/wire/encode.h"

namespace cellvigil {
namespace {

// What a physician reads: the statement's own sentence, and where it belongs. Names no subject.
std::string explanation_of(const pipeline::AlertNews& news) {
    const SubjectAlert& alert = news.change.alert;
    const std::string infusion = " after infusion " + std::to_string(alert.infusion);
    std::string text;
    const bool graded = alert.scale != Scale::unspecified;
    if (alert.rule == SubjectRule::adverse_event) {
        text = news.sentence + ". The alert's deadlines say where and when it is due.";
    } else {
        text = news.sentence + ". " +
               (graded ? "Episode " + std::to_string(alert.ordinal) + infusion
                       : "After infusion " + std::to_string(alert.infusion)) +
               ".";
    }
    return news.change.kind == AlertChangeKind::withdrawn ? "No longer so, by the facts as they stand now: " + text
                                                          : text;
}

wire::AlertDetail wire_detail(const AlertDetail& detail) {
    wire::AlertDetail told;
    told.name = name_of(detail.what);
    told.value = value_text(detail);
    told.unit = unit_of(detail.what);
    if (detail.at != kAlways) told.at = detail.at;
    if (detail.at != kAlways) told.day = detail.day;
    told.record = detail.source;
    return told;
}

std::optional<std::uint32_t> stated(Grade grade) {
    if (grade == kNotGradable) return std::nullopt;
    return static_cast<std::uint32_t>(grade);
}

wire::AlertState state_of(AlertChangeKind kind) {
    switch (kind) {
        case AlertChangeKind::raised:
            return wire::AlertState::raised;
        case AlertChangeKind::changed:
            return wire::AlertState::updated;
        case AlertChangeKind::withdrawn:
            return wire::AlertState::withdrawn;
    }
    return wire::AlertState::unspecified;
}

wire::AlertState state_of(const pipeline::SignalNews& news) {
    switch (news.standing) {
        case pipeline::AlarmStanding::formal:
            break;
        case pipeline::AlarmStanding::provisional:
            return wire::AlertState::raised;
        case pipeline::AlarmStanding::confirmed:
        case pipeline::AlarmStanding::not_confirmed:
            return wire::AlertState::withdrawn;
    }
    return news.revision == 1 ? wire::AlertState::raised : wire::AlertState::updated;
}

std::string opening_of(const pipeline::SignalNews& news) {
    switch (news.standing) {
        case pipeline::AlarmStanding::formal:
            return news.found.signal.crossed ? "" : "No longer crossed, by the facts as they stand now. ";
        case pipeline::AlarmStanding::provisional:
            return "Provisional, between two looks: the next day close confirms or withdraws it. ";
        case pipeline::AlarmStanding::confirmed:
            return "Confirmed by the day close; the formal alarm stands in its place. ";
        case pipeline::AlarmStanding::not_confirmed:
            return "Withdrawn: the day close does not confirm it. ";
    }
    return "";
}

}  // namespace

std::string alert_message(const pipeline::AlertNews& news) {
    const SubjectAlert& alert = news.change.alert;
    wire::Alert message;
    message.alert_id = news.change.alert_id;
    message.revision = news.change.revision;
    message.rule = name_of(alert.rule);
    message.rule_version = 1;
    message.severity = wire::alert_severity_of(name_of(alert.urgency));
    message.state = state_of(news.change.kind);
    message.subject_key = news.subject_key;
    message.study = news.subject_key.substr(0, news.subject_key.find('/'));
    message.cohort = news.cohort.substr(news.cohort.find('/') + 1);
    message.site = news.site;
    message.sites = 1;
    message.event_time = alert.at;
    message.partition = news.partition;
    message.position = news.position;
    message.raised_at = news.at;
    message.title = title_of(alert.rule);
    message.explanation = explanation_of(news);
    message.scale = alert.scale;
    message.grade = stated(alert.grade);
    message.grade_upper = stated(alert.grade_upper);
    message.needs_adjudication = !alert.flags.empty();
    message.day = alert.day;
    message.zoster = alert.zoster;
    for (int i = 0; i < kComponents; ++i) {
        if (alert.deciding.has(static_cast<Component>(i))) message.deciding.push_back(static_cast<Component>(i));
    }
    for (int i = 0; i < kFlags; ++i) {
        if (alert.flags.has(static_cast<Flag>(i))) message.flags.emplace_back(name_of(static_cast<Flag>(i)));
    }
    message.evidence = alert.evidence;
    message.code = code_of(alert.rule);
    for (const AlertDetail& detail : alert.details) message.details.push_back(wire_detail(detail));
    for (const auto& [key, value] : news.keys)
        message.details.push_back({"key", value, key, std::nullopt, std::nullopt, ""});
    message.pack_hash = news.pack_hash;
    message.infusion = alert.infusion;
    message.episode = alert.ordinal;
    return wire::encode(message);
}

std::string signal_message(const pipeline::SignalNews& news) {
    const MonitorSpec& monitor = news.watch.watch.monitor;
    const bool crossed = news.found.signal.crossed.has_value();
    wire::Alert message;
    message.alert_id = news.alert_id;
    message.revision = news.revision;
    message.rule = cohort_rule_of(monitor.endpoint);
    message.rule_version = 1;
    message.severity = wire::alert_severity_of(severity_of(monitor.endpoint));
    message.state = state_of(news);
    message.cohort = monitor.cohort;
    message.event_time = start_of(SiteDate(days(news.through)), UtcOffset(0));
    message.raised_at = news.at;
    const bool formal = news.standing == pipeline::AlarmStanding::formal;
    message.title =
        std::string(formal ? "Cohort signal: " : "Provisional cohort signal: ") + row_of(monitor.endpoint).words;
    message.explanation = opening_of(news) + explanation(news.watch, news.found, news.through) +
                          (formal ? " It stands until a named person closes it." : "");
    if (!news.subjects.empty())
        message.explanation += " Subjects with the event: " + pipeline::subjects_text(news.subjects) + ".";
    if (news.found.low_confidence) message.flags.emplace_back("low_confidence");
    if (formal && !crossed) message.flags.emplace_back("no_longer_crossed");
    if (!formal) message.flags.emplace_back("provisional");
    if (news.standing == pipeline::AlarmStanding::confirmed) message.flags.emplace_back("confirmed");
    if (news.standing == pipeline::AlarmStanding::not_confirmed) message.flags.emplace_back("not_confirmed");
    if (monitor.placeholder) message.flags.emplace_back("placeholder_limit");
    message.needs_adjudication = true;
    message.pack_hash = news.pack_hash;
    return wire::encode(message);
}

std::string screen_message(const pipeline::ScreenNews& news) {
    wire::Alert message;
    message.alert_id = news.alarm_id;
    message.revision = news.revision;
    message.rule = rule_of(news.spec.method);
    message.rule_version = 1;
    message.severity = wire::alert_severity_of(severity_of(news.spec.method));
    message.state = news.revision == 1 ? wire::AlertState::raised : wire::AlertState::updated;
    message.cohort = news.spec.cohort;
    message.event_time = start_of(SiteDate(days(news.through)), UtcOffset(0));
    message.raised_at = news.at;
    message.title = std::string("Cohort signal: ") + words_of(news.spec.method);
    message.explanation = (news.unit.raised ? "" : "No longer so, by the facts as they stand now. ") + news.unit.words;
    if (!news.unit.raised) message.flags.emplace_back("no_longer_crossed");
    message.needs_adjudication = true;
    message.pack_hash = news.pack_hash;
    return wire::encode(message);
}

}  // namespace cellvigil
