// What an operator can set, as plain values with their defaults. The one table of keys (daemon/config/keys.h) names
// each with its unit, range and meaning; docs/configuration.md is printed from it. Values here are checked: in range
// and consistent.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daemon/ingest/admission.h"
#include "daemon/log/log.h"
#include "rules/base/time.h"

namespace cellvigil::config {

enum class InputMode : std::uint8_t { embedded, kafka };
using Properties = std::map<std::string, std::string>;  // librdkafka's names and values

struct Input {
    InputMode mode = InputMode::embedded;
    std::uint32_t partitions = 4;  // embedded; fixed when the data folder is made
    std::vector<std::string> topics = {"cellvigil.events.v1"};
    std::string group = "cellvigil";
    std::string dead_letter_topic;  // empty: dead letters stay in the store only
    Properties properties;          // `kafka.<property>` overridden by `input.kafka.properties.<property>`
};

struct Workers {
    std::uint32_t count = 0;  // 0: one per two processors, at least one
};

struct Batch {
    std::uint32_t max_events = 100'000;
    std::uint64_t max_bytes = 8U << 20U;
    milliseconds max_wait{100};  // longest a batch is kept open under load
    milliseconds idle{5};        // a batch closes when nothing came for so long
};

struct Http {
    std::string listen = "127.0.0.1";
    std::uint16_t port = 8080;  // 0: any free port, printed at start
    bool allow_remote = false;  // needed to listen beyond loopback: there is no authentication yet
    std::uint64_t max_body_bytes = 16U << 20U;
    std::uint32_t max_header_bytes = 16U << 10U;
    std::uint32_t max_connections = 256;
    milliseconds header_timeout = seconds(10);
    milliseconds body_timeout = seconds(30);
    milliseconds idle_timeout = seconds(60);
    milliseconds answer_timeout = seconds(30);  // how long a request waits for its handler
    std::string operator_person;                // who acts without authentication; empty: nobody
    std::string operator_role = "safety_lead";
};

struct Reporting {
    std::vector<std::string> jurisdictions;  // of rules/alert/reporting_clock.h; empty: no deadlines
    UtcOffset offset{0};                     // the sponsor's: whose calendar the days are of
};

struct WebhookSink {
    std::string name;  // the sink is "webhook:<name>" in cursors, metrics and logs
    std::string url;
    std::string secret;  // whsec_...; never printed; read from secret_file when that is set
    std::string secret_file;
    milliseconds timeout = seconds(15);
    std::string link_base;  // prefix of the link in the payload; empty: no link
    std::string ca_file;    // authorities for https; empty: the system's
};
struct KafkaSink {
    std::string topic = "cellvigil.alerts.v1";
    Properties properties;  // as Input::properties, with `sinks.kafka.properties.<property>`
};
struct Sinks {
    bool log = true;
    std::vector<WebhookSink> webhooks;
    std::optional<KafkaSink> kafka;  // set when sinks.kafka.enabled
};

struct Config {
    std::string data_folder = "cellvigil-data";
    Properties kafka;  // `kafka.<property>`: already merged into the two below
    Input input;
    Workers workers;
    Batch batch;
    std::uint64_t memory_limit_bytes = 1U << 30U;  // subjects kept in memory; the least recently used are written back
    Http http;
    Reporting reporting;
    std::map<std::string, ingest::Study> studies;  // the embedded CCAR039-SIM when none is configured
    milliseconds clock_tolerance = minutes(10);
    milliseconds clock_limit = hours(24);
    std::uint64_t max_message_bytes = 1U << 20U;
    std::uint32_t max_headers = 64;
    std::string rule_pack;  // path; empty: the built-in decisions
    Sinks sinks;
    std::uint32_t min_cell = 5;  // smallest evaluable number whose rates are shown in metrics
    milliseconds metrics_refresh = seconds(1);
    log::Level log_level = log::Level::info;
    bool log_to_stderr = false;
};

// The studies a daemon without any configuration knows.
std::map<std::string, ingest::Study> embedded_studies();
// What admission needs of it.
ingest::Directory directory_of(const Config& config);

}  // namespace cellvigil::config
