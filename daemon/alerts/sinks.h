// Makers of the sinks that exist.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "daemon/alerts/sink.h"
#include "daemon/kafka/producer.h"
#include "rules/base/result.h"

namespace cellvigil::alerts {

// One line per notification in the process's log, event "alert_raised", "alert_updated" or "alert_withdrawn".
std::unique_ptr<Sink> make_log_sink(Describe describe);

// Standard Webhooks 1.0.0: docs/alerts.md. `invalid` when the address or the secret is not one.
struct WebhookOptions {
    std::string name;                  // the sink is "webhook:<name>"
    std::string url;                   // http or https
    std::string secret;                // whsec_ and 24 to 64 bytes in base64
    milliseconds timeout = seconds(15);  // for the whole exchange
    std::string link_base;             // the payload's link is this and the alert id; empty: no link
    std::string ca_file;               // empty: the system's authorities
    std::function<Instant()> now;      // the wall clock
};
Result<std::unique_ptr<Sink>> make_webhook_sink(WebhookOptions options, Describe describe);

// Key alert id, value the Alert's bytes, header "webhook-id" the outbox id.
struct KafkaSinkOptions {
    std::string topic;
    std::map<std::string, std::string> properties;
    std::function<Result<std::unique_ptr<kafka::Producer>>(kafka::ProducerOptions)> make_producer = kafka::make_producer;
    decltype(&kafka::read_topic) read_topic = &kafka::read_topic;
};
std::unique_ptr<Sink> make_kafka_sink(KafkaSinkOptions options);

}  // namespace cellvigil::alerts
