// Makers of the sinks that exist.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "daemon/alerts/mail_client.h"
#include "daemon/alerts/reach.h"
#include "daemon/alerts/sink.h"
#include "daemon/kafka/producer.h"
#include "rules/base/result.h"

namespace cellvigil::alerts {

// One line per notification in the process's log, event "alert_raised", "alert_updated" or "alert_withdrawn".
std::unique_ptr<Sink> make_log_sink(Describe describe);

// Standard Webhooks 1.0.0: docs/alerts.md. `invalid` when the address or the secret is not one.
struct WebhookOptions {
    std::string name;                    // the sink is "webhook:<name>"
    std::string url;                     // http or https
    std::string secret;                  // whsec_ and 24 to 64 bytes in base64
    milliseconds timeout = seconds(15);  // for the whole exchange
    std::string link_base;               // the payload's link is this and the alert id; empty: no link
    std::string ca_file;                 // empty: the system's authorities
    bool digest = false;                 // the day's digest goes there, too
    DescribeInside inside = {};          // empty: not internal, the payload is thin
    Reach reach = Reach::everywhere();
    std::function<Instant()> now;  // the wall clock
};
Result<std::unique_ptr<Sink>> make_webhook_sink(WebhookOptions options, Describe describe);

enum class ChatKind : std::uint8_t { slack, teams };
struct ChatOptions {
    ChatKind kind = ChatKind::slack;
    std::string name;  // the sink is "slack:<name>" or "teams:<name>"
    std::string url;   // whoever has it may write there
    milliseconds timeout = seconds(15);
    std::string link_base;
    std::string ca_file;
    bool digest = false;
    DescribeInside inside = {};
    Reach reach = Reach::everywhere();
    std::function<Instant()> now;
};
Result<std::unique_ptr<Sink>> make_chat_sink(ChatOptions options, Describe describe);

// Tells every alert that stands again and again, and what has ended for a quarter of an hour.
struct AlertmanagerOptions {
    std::string name;   // the sink is "alertmanager:<name>"
    std::string url;    // "http://127.0.0.1:9093", with its prefix if it has one
    std::string token;  // sent as a bearer token; empty: none
    milliseconds timeout = seconds(15);
    milliseconds resend = seconds(60);  // an alert that is not told again ends after five minutes
    std::string link_base;
    std::string ca_file;
    DescribeInside inside = {};
    std::function<Instant()> now;
};
Result<std::unique_ptr<Sink>> make_alertmanager_sink(AlertmanagerOptions options, Describe describe);

struct MailOptions {
    std::string name;  // the sink is "email:<name>"
    MailServer server;
    std::string from;
    std::vector<std::string> to;
    milliseconds timeout = seconds(30);
    std::string link_base;
    bool digest = false;
    DescribeInside inside = {};
    std::function<Instant()> now;
};
// `invalid` when an address is not one.
Result<std::unique_ptr<Sink>> make_mail_sink(MailOptions options, Describe describe);

// Key alert id, value the Alert's bytes, header "webhook-id" the outbox id. Before the first delivery, and after one of
// which it was not learnt what had arrived, the topic is read back from the last known offsets: what is there already
// is not sent again.
struct KafkaSinkOptions {
    std::string topic;
    std::map<std::string, std::string> properties;
    std::size_t read_back_at_most = 1'000'000;  // records; more than so many since the last start are not looked at
    // Replaced in tests.
    std::function<Result<std::unique_ptr<kafka::Producer>>(kafka::ProducerOptions)> make_producer =
        kafka::make_producer;
    std::function<Result<int>(const std::map<std::string, std::string>& properties, const std::string& topic)>
        partition_count = kafka::partition_count;
    std::function<Result<std::vector<kafka::ReadBack>>(const std::map<std::string, std::string>&, const std::string&,
                                                       const std::map<int, std::int64_t>&, std::size_t)>
        read_topic = kafka::read_topic;
};
std::unique_ptr<Sink> make_kafka_sink(KafkaSinkOptions options);

// A sink that is given the alerts' bytes without what is not for outside.
using Thinning = std::function<Result<std::string>(std::string_view alert)>;
std::unique_ptr<Sink> make_thinned_sink(std::unique_ptr<Sink> inner, Thinning thinning);

}  // namespace cellvigil::alerts
