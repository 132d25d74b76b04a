#include "daemon/configured_sinks.h"

#include <string>
#include <utility>

#include "daemon/alerts/sinks.h"
#include "daemon/clock.h"
#include "daemon/outgoing_alert.h"

namespace cellvigil {
namespace {

alerts::DescribeInside inside_if(bool internal) {
    if (internal) return inside_alert;
    return {};
}

// What postings share.
template <typename Options>
Options posting(const config::PostedSink& from) {
    Options options;
    options.name = from.name;
    options.url = from.url;
    options.timeout = from.timeout;
    options.link_base = from.link_base;
    options.ca_file = from.ca_file;
    options.inside = inside_if(from.internal);
    options.now = wall_clock;
    return options;
}

Result<std::unique_ptr<alerts::Sink>> make(const config::WebhookSink& from, const alerts::Reach& reach) {
    auto options = posting<alerts::WebhookOptions>(from);
    options.secret = from.secret;
    options.digest = from.digest;
    options.reach = reach;
    return alerts::make_webhook_sink(std::move(options), thin_alert);
}

Result<std::unique_ptr<alerts::Sink>> make(const config::PostedSink& from, alerts::ChatKind kind,
                                           const alerts::Reach& reach) {
    auto options = posting<alerts::ChatOptions>(from);
    options.kind = kind;
    options.digest = from.digest;
    options.reach = reach;
    return alerts::make_chat_sink(std::move(options), thin_alert);
}

Result<std::unique_ptr<alerts::Sink>> make(const config::AlertmanagerSink& from) {
    auto options = posting<alerts::AlertmanagerOptions>(from);
    options.token = from.token;
    return alerts::make_alertmanager_sink(std::move(options), thin_alert);
}

alerts::MailTls tls_of(config::MailSecurity wanted) {
    switch (wanted) {
        case config::MailSecurity::starttls:
            return alerts::MailTls::starttls;
        case config::MailSecurity::implicit:
            return alerts::MailTls::implicit;
        case config::MailSecurity::none:
            return alerts::MailTls::none;
    }
    return alerts::MailTls::starttls;
}

Result<std::unique_ptr<alerts::Sink>> make(const config::EmailSink& from) {
    alerts::MailOptions options;
    options.name = from.name;
    options.server = {.host = from.host,
                      .port = from.port,
                      .tls = tls_of(from.tls),
                      .user = from.user,
                      .password = from.password,
                      .ca_file = from.ca_file};
    options.from = from.from;
    options.to = from.to;
    options.timeout = from.timeout;
    options.link_base = from.link_base;
    options.digest = from.digest;
    options.inside = inside_if(from.internal);
    options.now = wall_clock;
    return alerts::make_mail_sink(std::move(options), thin_alert);
}

std::unique_ptr<alerts::Sink> make(const config::KafkaSink& from) {
    alerts::KafkaSinkOptions options;
    options.topic = from.topic;
    options.properties = from.properties;
    auto sink = alerts::make_kafka_sink(std::move(options));
    return from.internal ? std::move(sink) : alerts::make_thinned_sink(std::move(sink), thin_message);
}

}  // namespace

Result<std::vector<std::unique_ptr<alerts::Sink>>> make_sinks(const config::Sinks& wanted) {
    auto reach = alerts::Reach::public_and(wanted.private_networks);
    if (!reach) return fail(Errc::invalid, "sinks.private_networks: " + reach.error().detail);
    std::vector<std::unique_ptr<alerts::Sink>> sinks;
    std::string fault;
    const auto add = [&](const char* kind, const std::string& name, Result<std::unique_ptr<alerts::Sink>> made) {
        if (made) {
            sinks.push_back(std::move(*made));
        } else if (fault.empty()) {
            fault = std::string("sinks.") + kind + "." + name + ": " + made.error().detail;
        }
    };
    if (wanted.log) sinks.push_back(alerts::make_log_sink(thin_alert));
    for (const auto& one : wanted.webhooks) add("webhooks", one.name, make(one, *reach));
    for (const auto& one : wanted.slack) add("slack", one.name, make(one, alerts::ChatKind::slack, *reach));
    for (const auto& one : wanted.teams) add("teams", one.name, make(one, alerts::ChatKind::teams, *reach));
    for (const auto& one : wanted.alertmanagers) add("alertmanager", one.name, make(one));
    for (const auto& one : wanted.emails) add("email", one.name, make(one));
    if (wanted.kafka) sinks.push_back(make(*wanted.kafka));
    if (!fault.empty()) return fail(Errc::invalid, std::move(fault));
    return sinks;
}

}  // namespace cellvigil
