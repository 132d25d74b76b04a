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
#include "rules/alert/escalation.h"
#include "rules/alert/lifecycle.h"
#include "rules/alert/reporting_clock.h"
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
    std::uint32_t count = 0;  // 0: three per four processors, rounded up
};

struct Batch {
    std::uint32_t max_events = 20'000;
    std::uint64_t max_bytes = 4U << 20U;
    milliseconds max_wait{100};  // longest a batch is kept open under load
    milliseconds idle{5};        // a batch closes when nothing came for so long
};

struct Oidc {  // people, by bearer tokens of an identity provider
    std::string issuer;
    std::string audience;
    std::string jwks;     // file, or http(s) address
    std::string ca_file;  // authorities for an https address; empty: the system's
    std::vector<std::string> algorithms = {"RS256", "ES256", "EdDSA"};
    seconds leeway{60};
    hours longest_life{24};
    std::string roles_claim = "roles";
    std::string studies_claim = "studies";
    std::map<std::string, std::string> roles;  // the provider's names for ours
    bool operator==(const Oidc&) const = default;
};
struct MachineAccess {  // by client certificate
    std::string name;
    std::string certificate;  // subject (RFC 2253) or "DNS:..", "URI:..", "EMAIL:.."
    std::vector<std::string> roles;
    std::vector<std::string> studies;
    bool operator==(const MachineAccess&) const = default;
};

struct Http {
    std::string listen = "127.0.0.1";
    std::uint16_t port = 8080;  // 0: any free port, printed at start
    bool allow_remote = false;  // listens beyond the loopback without authentication or TLS
    bool authentication = false;
    std::string certificate_file;  // empty: plain HTTP
    std::string key_file;
    std::string client_ca_file;
    Oidc oidc;
    std::vector<MachineAccess> machines;
    std::string metrics_token_file;
    std::string metrics_token;  // read from the file; never printed
    std::uint32_t max_streams = 64;
    std::uint64_t max_body_bytes = 16U << 20U;
    std::uint32_t max_header_bytes = 16U << 10U;
    std::uint32_t max_connections = 256;
    milliseconds header_timeout = seconds(10);
    milliseconds body_timeout = seconds(30);
    milliseconds idle_timeout = seconds(60);
    milliseconds answer_timeout = seconds(30);  // how long a request waits for its handler
    std::string operator_person;                // who acts without authentication; empty: nobody
    std::vector<std::string> operator_roles{"safety_lead"};
};

// What a deployment says of a jurisdiction whose rules we could not verify.
struct OwnReportingRule {
    ReportingRule rule;
    std::string source;  // of the rule, in the operator's words
};

struct Reporting {
    std::vector<std::string> jurisdictions;         // of rules/alert/reporting_clock.h; empty: no deadlines
    UtcOffset offset{0};                            // the sponsor's: whose calendar the days are of
    std::map<std::string, OwnReportingRule> rules;  // by jurisdiction: those that have placeholders of ours only
};
// The rules of the jurisdictions that run, in the order of the enumeration.
std::vector<ReportingRule> reporting_rules_of(const Reporting& reporting);

// Who is told of an alert that nobody acknowledges, and when. Levels go by their names' order; without any, nobody is.
struct Escalation {
    std::string zone = "UTC";  // the team's, of the system's time zones
    std::vector<std::string> working_days{"mon", "tue", "wed", "thu", "fri"};
    std::uint32_t opens_h = 8;          // local hour, included
    std::uint32_t closes_h = 17;        // not included
    std::vector<std::string> holidays;  // "2026-12-25"
    Severity ignores_quiet_hours_from = Severity::immediate;
    std::optional<Severity> quiet_hold_below;  // nullopt: quiet hours hold no notification back
    std::map<std::string, EscalationLevel> levels;
};

// What every sink that is posted to has. Secrets are never printed; each may stand in a file instead.
struct PostedSink {
    std::string name;  // with its kind in front in cursors, metrics and logs: "webhook:safety"
    std::string url;
    std::string url_file;
    milliseconds timeout = seconds(15);
    std::string link_base;  // prefix of the link to an alert; empty: no link
    std::string ca_file;    // authorities for https; empty: the system's
    bool internal = false;  // may be told pseudonyms and explanations
    bool digest = false;
};
struct WebhookSink : PostedSink {
    std::string secret;  // whsec_...
    std::string secret_file;
};
struct AlertmanagerSink : PostedSink {
    std::string token;
    std::string token_file;
};
enum class MailSecurity : std::uint8_t { starttls, implicit, none };
struct EmailSink {
    std::string name;
    std::string host;
    std::uint16_t port = 587;
    MailSecurity tls = MailSecurity::starttls;
    std::string user;
    std::string password;
    std::string password_file;
    std::string from;
    std::vector<std::string> to;
    milliseconds timeout = seconds(30);
    std::string link_base;
    std::string ca_file;
    bool internal = false;
    bool digest = false;
};
struct KafkaSink {
    std::string topic = "cellvigil.alerts.v1";
    bool internal = true;
    Properties properties;  // as Input::properties, with `sinks.kafka.properties.<property>`
};
struct Sinks {
    bool log = true;
    std::vector<WebhookSink> webhooks;
    std::vector<PostedSink> slack;
    std::vector<PostedSink> teams;
    std::vector<AlertmanagerSink> alertmanagers;
    std::vector<EmailSink> emails;
    std::optional<KafkaSink> kafka;             // set when sinks.kafka.enabled
    std::vector<std::string> private_networks;  // that webhooks and chats may be in; else the public internet only
    std::uint32_t keep_days = 30;               // of the outbox; 0: for ever
    std::uint32_t digest_hour = 8;              // by digest_offset
    UtcOffset digest_offset{};
    FloodPolicy flood;  // of sinks that people read; most 0: nothing is held back
};

struct Config {
    std::string data_folder = "cellvigil-data";
    Properties kafka;  // `kafka.<property>`: already merged into the two below
    Input input;
    Workers workers;
    Batch batch;
    bool rebuild_store = false;                    // of subjects that another version stored
    std::uint64_t memory_limit_bytes = 1U << 30U;  // subjects kept in memory; the least recently used are written back
    std::uint64_t memory_reserve_bytes = 0;        // taken and touched at the start
    Http http;
    Reporting reporting;
    AlertPolicy alerts;
    Escalation escalation;
    std::map<std::string, ingest::Study> studies;  // the embedded CCAR039-SIM when none is configured
    milliseconds clock_tolerance = minutes(10);
    milliseconds clock_limit = hours(24);
    std::uint64_t max_message_bytes = 1U << 20U;
    std::uint32_t max_headers = 64;
    std::string rule_pack;  // path; empty: the built-in decisions
    Sinks sinks;
    std::uint32_t min_cell = 5;  // smallest evaluable number whose rates are shown in metrics
    milliseconds metrics_refresh = seconds(1);
    seconds metrics_tables_every = minutes(10);  // 0: the tables of whole histories are not computed for metrics
    log::Level log_level = log::Level::info;
    bool log_to_stderr = false;
};

// The studies a daemon without any configuration knows.
std::map<std::string, ingest::Study> embedded_studies();
// What admission needs of it.
ingest::Directory directory_of(const Config& config);

}  // namespace cellvigil::config
