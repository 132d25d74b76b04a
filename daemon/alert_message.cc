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

constexpr const char* kKeyDetail = "key";  // a pack's key and its value, beside what the alert rests on

// What follows from the alert itself; not from when, where and by which pack it was told.
wire::Alert said_of(const SubjectAlert& alert) {
    wire::Alert message;
    message.rule = name_of(alert.rule);
    message.severity = wire::alert_severity_of(name_of(alert.urgency));
    message.event_time = alert.at;
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
    message.infusion = alert.infusion;
    message.episode = alert.ordinal;
    return message;
}

// The same part of a message that was told.
wire::Alert said_in(const wire::Alert& told) {
    wire::Alert message;
    message.rule = told.rule;
    message.severity = told.severity;
    message.event_time = told.event_time;
    message.scale = told.scale;
    message.grade = told.grade;
    message.grade_upper = told.grade_upper;
    message.needs_adjudication = told.needs_adjudication;
    message.day = told.day;
    message.zoster = told.zoster;
    message.deciding = told.deciding;
    message.flags = told.flags;
    message.evidence = told.evidence;
    message.code = told.code;
    for (const wire::AlertDetail& detail : told.details)
        if (detail.name != kKeyDetail) message.details.push_back(detail);
    message.infusion = told.infusion;
    message.episode = told.episode;
    return message;
}

template <typename Enum>
std::optional<Enum> named(std::string_view name, int count) {
    for (int i = 0; i < count; ++i)
        if (name == name_of(static_cast<Enum>(i))) return static_cast<Enum>(i);
    return std::nullopt;
}

std::string opening_of(const pipeline::SignalNews& news) {
    switch (news.standing) {
        case pipeline::AlarmStanding::formal:
            break;
        case pipeline::AlarmStanding::provisional:
            return "Provisional, between two looks: the next day close confirms or withdraws it. ";
        case pipeline::AlarmStanding::confirmed:
            return "Confirmed by the day close; the formal alarm stands in its place. ";
        case pipeline::AlarmStanding::not_confirmed:
            return "Withdrawn: the day close does not confirm it. ";
    }
    switch (news.telling) {
        case Telling::crossed:
            return news.revision == 1 ? "" : "Crossed again, after it no longer was: it fires again. ";
        case Telling::further:
            return "Further events since it last fired: it fires again. ";
        case Telling::ended:
            return "No longer crossed, by the facts as they stand now. ";
        case Telling::nothing:
            break;
    }
    return "";
}

}  // namespace

std::string alert_message(const pipeline::AlertNews& news) {
    const SubjectAlert& alert = news.change.alert;
    wire::Alert message = said_of(alert);
    message.alert_id = news.change.alert_id;
    message.revision = news.change.revision;
    message.rule_version = 1;
    message.state = state_of(news.change.kind);
    message.subject_key = news.subject_key;
    message.study = news.subject_key.substr(0, news.subject_key.find('/'));
    message.cohort = news.cohort.substr(news.cohort.find('/') + 1);
    message.site = news.site;
    message.sites = 1;
    message.partition = news.partition;
    message.position = news.position;
    message.raised_at = news.at;
    message.title = title_of(alert.rule);
    message.explanation = explanation_of(news);
    for (const auto& [key, value] : news.keys)
        message.details.push_back({kKeyDetail, value, key, std::nullopt, std::nullopt, ""});
    message.pack_hash = news.pack_hash;
    return wire::encode(message);
}

Result<SubjectAlert> told_before(std::string_view body, const SubjectAlert* now) {
    const auto message = wire::alert_of(body);
    if (!message) return fail(message.error());
    if (now != nullptr && said_of(*now) == said_in(*message)) return *now;
    SubjectAlert alert;
    alert.rule = named<SubjectRule>(message->rule, kSubjectRules).value_or(alert.rule);
    alert.infusion = static_cast<std::uint16_t>(message->infusion);
    alert.ordinal = static_cast<std::uint16_t>(message->episode);
    alert.at = message->event_time;
    alert.day = message->day;
    alert.worst_at = alert.at;
    alert.worst_day = alert.day;
    if (message->grade) alert.grade = static_cast<Grade>(*message->grade);
    if (message->grade_upper) alert.grade_upper = static_cast<Grade>(*message->grade_upper);
    for (const std::string& flag : message->flags)
        if (const auto known = named<Flag>(flag, kFlags)) alert.flags.add(*known);
    for (const Component one : message->deciding) alert.deciding.add(one);
    alert.zoster = message->zoster;
    alert.scale = message->scale;
    for (const Urgency urgency : {Urgency::info, Urgency::medium, Urgency::high, Urgency::immediate})
        if (wire::alert_severity_of(name_of(urgency)) == message->severity) alert.urgency = urgency;
    alert.evidence = message->evidence;
    return alert;
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
