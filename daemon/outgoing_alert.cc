#include "daemon/outgoing_alert.h"

#include "daemon/wire/encode.h"

namespace cellvigil {

Result<alerts::Thin> thin_alert(std::string_view bytes) {
    const auto message = wire::alert_of(bytes);
    if (!message) return fail(message.error());
    return alerts::Thin{
        .state = wire::name_of(message->state),
        .revision = message->revision,
        .rule = message->rule,
        .rule_version = message->rule_version,
        .severity = wire::name_of(message->severity),
        .study = message->study,
        .cohort = message->cohort,
        .sites = message->sites,
        .event_time = message->event_time,
        .title = message->title,
    };
}

Result<alerts::Inside> inside_alert(std::string_view bytes) {
    const auto message = wire::alert_of(bytes);
    if (!message) return fail(message.error());
    return alerts::Inside{.subject = message->subject_key, .site = message->site, .explanation = message->explanation};
}

Severity severity_of_alert(std::string_view bytes) {
    const auto message = wire::alert_of(bytes);
    if (!message) return Severity::immediate;
    return severity_named(wire::name_of(message->severity)).value_or(Severity::immediate);
}

std::string kind_of_alert(std::string_view bytes) {
    const auto message = wire::alert_of(bytes);
    if (!message) return "unreadable";
    return message->title.empty() ? message->rule : message->rule + " " + message->title;
}

Result<std::string> thin_message(std::string_view bytes) {
    auto message = wire::alert_of(bytes);
    if (!message) return fail(message.error());
    message->subject_key.clear();
    message->site.clear();
    message->explanation.clear();
    message->evidence.clear();
    message->details.clear();
    return wire::encode(*message);
}

}  // namespace cellvigil
