#include "daemon/config/keys.h"

#include <algorithm>

namespace cellvigil::config {
namespace {

constexpr std::int64_t kKiB = 1 << 10;
constexpr std::int64_t kMiB = 1 << 20;
constexpr std::int64_t kGiB = 1 << 30;
constexpr Expected kText{.kind = Kind::text};
constexpr Expected kWord{.kind = Kind::text, .may_be_empty = false};
constexpr Expected kSecret{.kind = Kind::secret};
constexpr Expected kProperty{.kind = Kind::property};
constexpr Expected kBoolean{.kind = Kind::boolean};
constexpr Expected kGroup{.kind = Kind::group};
constexpr Expected integer(std::int64_t first, std::int64_t last) {
    return {.kind = Kind::integer, .first = first, .last = last};
}
constexpr Expected bytes(std::int64_t first, std::int64_t last) {
    return {.kind = Kind::bytes, .first = first, .last = last};
}
constexpr Expected choice(std::string_view choices) { return {.kind = Kind::choice, .choices = choices}; }
constexpr Expected list(bool may_be_empty) { return {.kind = Kind::list, .may_be_empty = may_be_empty}; }

template <typename T>
T as(const Value& value) {
    return static_cast<T>(value.number);
}

ingest::Site& site(Config& c, const Names& names) { return c.studies[names[0]].sites[names[1]]; }

WebhookSink& webhook(Config& c, const Names& names) {
    const auto found = std::ranges::find(c.sinks.webhooks, names[0], &WebhookSink::name);
    if (found != c.sinks.webhooks.end()) return *found;
    WebhookSink fresh;
    fresh.name = names[0];
    return c.sinks.webhooks.emplace_back(std::move(fresh));
}

// clang-format off
constexpr Key kRows[] = {
    {"data_folder", kWord, "cellvigil-data", "", false,
     "Folder of the embedded store. Made when it is not there; one daemon at a time uses it.",
     [](Config& c, const Names&, const Value& v) { c.data_folder = v.text; }},
    {"log.level", choice("debug|info|warn|error"), "info", "", true,
     "Least severe lines that are written. Subjects are named at debug only.",
     [](Config& c, const Names&, const Value& v) { c.log_level = log::level_of(v.text).value_or(log::Level::info); }},
    {"log.output", choice("stdout|stderr"), "stdout", "", false, "Where the JSON lines go.",
     [](Config& c, const Names&, const Value& v) { c.log_to_stderr = v.text == "stderr"; }},

    {"input.mode", choice("embedded|kafka"), "embedded", "", false,
     "Where messages come from: the daemon's own log, filled by HTTP, or Kafka topics. Fixed when the data folder is made.",
     [](Config& c, const Names&, const Value& v) { c.input.mode = v.text == "kafka" ? InputMode::kafka : InputMode::embedded; }},
    {"input.embedded.partitions", integer(1, 256), "4", "", false,
     "Partitions of the embedded log. Fixed when the data folder is made.",
     [](Config& c, const Names&, const Value& v) { c.input.partitions = as<std::uint32_t>(v); }},
    {"input.kafka.topics", list(false), "cellvigil.events.v1", "", false, "Topics to read, at most 16.",
     [](Config& c, const Names&, const Value& v) { c.input.topics = v.list; }},
    {"input.kafka.group", kWord, "cellvigil", "", false, "Consumer group. Positions are kept in the store, not in the group.",
     [](Config& c, const Names&, const Value& v) { c.input.group = v.text; }},
    {"input.kafka.dead_letter_topic", kText, "", "", false,
     "Topic that gets a copy of every rejected message; empty: they stay in the store only.",
     [](Config& c, const Names&, const Value& v) { c.input.dead_letter_topic = v.text; }},
    {"input.kafka.properties.<property>", kProperty, "", "", false,
     "A librdkafka property for the consumer only; goes before `kafka.<property>`.",
     [](Config& c, const Names& n, const Value& v) { c.input.properties.insert_or_assign(n[0], v.text); }},
    {"kafka.<property>", kProperty, "", "", false,
     "A librdkafka property for every client (consumer, producers, alert sink): `bootstrap.servers`, TLS, SASL, timeouts. "
     "What keeps the daemon exact is fixed and refused here.",
     [](Config& c, const Names& n, const Value& v) { c.kafka.insert_or_assign(n[0], v.text); }},

    {"workers.count", integer(0, 256), "0", "", false, "Partition workers; 0: one per two processors, at least one.",
     [](Config& c, const Names&, const Value& v) { c.workers.count = as<std::uint32_t>(v); }},
    {"batch.max_events", integer(1, 10'000'000), "100000", "messages", false, "Most messages of one worker in one transaction.",
     [](Config& c, const Names&, const Value& v) { c.batch.max_events = as<std::uint32_t>(v); }},
    {"batch.max_bytes", bytes(64 * kKiB, kGiB), "8 MiB", "bytes", false, "Most message bytes of one worker in one transaction.",
     [](Config& c, const Names&, const Value& v) { c.batch.max_bytes = as<std::uint64_t>(v); }},
    {"batch.max_ms", integer(1, 60'000), "100", "ms", false, "Longest that a transaction is kept open under load.",
     [](Config& c, const Names&, const Value& v) { c.batch.max_wait = milliseconds(v.number); }},
    {"batch.idle_ms", integer(0, 60'000), "5", "ms", false, "A transaction is closed when nothing has come for so long.",
     [](Config& c, const Names&, const Value& v) { c.batch.idle = milliseconds(v.number); }},
    {"memory.limit_bytes", bytes(16 * kMiB, 1024 * kGiB), "1 GiB", "bytes", false,
     "Subjects kept in memory, all workers together; the least recently used are written back.",
     [](Config& c, const Names&, const Value& v) { c.memory_limit_bytes = as<std::uint64_t>(v); }},

    {"admission.clock_tolerance_ms", integer(0, 86'400'000), "600000", "ms", true,
     "A message whose times lie further ahead of the log is flagged.",
     [](Config& c, const Names&, const Value& v) { c.clock_tolerance = milliseconds(v.number); }},
    {"admission.clock_limit_ms", integer(0, 31'536'000'000), "86400000", "ms", true,
     "A message whose times lie further ahead of the log is quarantined.",
     [](Config& c, const Names&, const Value& v) { c.clock_limit = milliseconds(v.number); }},
    {"admission.max_message_bytes", bytes(kKiB, 16 * kMiB), "1 MiB", "bytes", true, "A longer message is rejected.",
     [](Config& c, const Names&, const Value& v) { c.max_message_bytes = as<std::uint64_t>(v); }},
    {"admission.max_headers", integer(0, 1024), "64", "headers", true, "A message with more headers is rejected.",
     [](Config& c, const Names&, const Value& v) { c.max_headers = as<std::uint32_t>(v); }},

    {"studies.<study>.cohorts", list(false), "", "", true,
     "Cohorts of a study; messages of others are quarantined. Without any study the embedded study `CCAR039-SIM` is known.",
     [](Config& c, const Names& n, const Value& v) { c.studies[n[0]].cohorts = {v.list.begin(), v.list.end()}; }},
    {"studies.<study>.sites.<site>", kGroup, "", "", true, "A site of the study; messages of others are quarantined.",
     [](Config& c, const Names& n, const Value&) { site(c, n); }},
    {"studies.<study>.sites.<site>.utc_offset", {.kind = Kind::offset}, "", "", true,
     "The site's offset from UTC where a message states none; decides which calendar day is day 0.",
     [](Config& c, const Names& n, const Value& v) { site(c, n).offset = v.offset; }},
    {"studies.<study>.sites.<site>.units.<alias>", kWord, "", "", true,
     "What a unit as the site writes it means in UCUM: `THOU/uL: \"10*3/uL\"`.",
     [](Config& c, const Names& n, const Value& v) { site(c, n).unit_aliases.insert_or_assign(n[2], v.text); }},
    {"studies.<study>.sites.<site>.codes.<code>", kWord, "", "", true,
     "What a code of the site's own means: a LOINC or ATC code that rules ask about, or our name: `ANC: neutrophils`, `KREA: \"2160-0\"`.",
     [](Config& c, const Names& n, const Value& v) { site(c, n).code_aliases.insert_or_assign(n[2], v.text); }},
    {"rules.pack", kText, "", "", true, "Rule pack file; empty: the built-in decisions.",
     [](Config& c, const Names&, const Value& v) { c.rule_pack = v.text; }},

    {"http.listen", kWord, "127.0.0.1", "", false, "Address to listen on, not a name.",
     [](Config& c, const Names&, const Value& v) { c.http.listen = v.text; }},
    {"http.port", integer(0, 65'535), "8080", "", false, "Port to listen on; 0: any free one, told in the log.",
     [](Config& c, const Names&, const Value& v) { c.http.port = as<std::uint16_t>(v); }},
    {"http.allow_remote", kBoolean, "false", "", false,
     "Listen beyond the loopback. There is no authentication yet: put a proxy with it in front.",
     [](Config& c, const Names&, const Value& v) { c.http.allow_remote = v.truth; }},
    {"http.max_body_bytes", bytes(kKiB, kGiB), "16 MiB", "bytes", false, "A longer request body is answered 413.",
     [](Config& c, const Names&, const Value& v) { c.http.max_body_bytes = as<std::uint64_t>(v); }},
    {"http.max_header_bytes", bytes(kKiB, kMiB), "16 KiB", "bytes", false, "Longer request headers are answered 431.",
     [](Config& c, const Names&, const Value& v) { c.http.max_header_bytes = as<std::uint32_t>(v); }},
    {"http.max_connections", integer(1, 100'000), "256", "connections", false, "Further connections are answered 503 and closed.",
     [](Config& c, const Names&, const Value& v) { c.http.max_connections = as<std::uint32_t>(v); }},
    {"http.header_timeout_ms", integer(10, 600'000), "10000", "ms", false, "Time for a request's headers, from their first byte.",
     [](Config& c, const Names&, const Value& v) { c.http.header_timeout = milliseconds(v.number); }},
    {"http.body_timeout_ms", integer(10, 3'600'000), "30000", "ms", false, "Time for a request's body, and for taking an answer.",
     [](Config& c, const Names&, const Value& v) { c.http.body_timeout = milliseconds(v.number); }},
    {"http.idle_timeout_ms", integer(10, 3'600'000), "60000", "ms", false, "A connection without a request is closed after it.",
     [](Config& c, const Names&, const Value& v) { c.http.idle_timeout = milliseconds(v.number); }},
    {"http.answer_timeout_ms", integer(10, 3'600'000), "30000", "ms", false, "A request that takes longer is answered 504.",
     [](Config& c, const Names&, const Value& v) { c.http.answer_timeout = milliseconds(v.number); }},
    {"http.local_operator.person", kText, "", "", false,
     "Who acts on alerts when nobody is authenticated, on the loopback; empty: such actions are refused.",
     [](Config& c, const Names&, const Value& v) { c.http.operator_person = v.text; }},
    {"http.local_operator.role", choice("reviewer|safety_lead|data_manager"), "safety_lead", "", false, "In which role.",
     [](Config& c, const Names&, const Value& v) { c.http.operator_role = v.text; }},

    {"reporting.jurisdictions", list(true), "", "", false,
     "Whose reporting clocks run on alerts: eu_trial, eu_marketed, uk_trial, us_trial, us_marketed, china_trial, china_marketed.",
     [](Config& c, const Names&, const Value& v) { c.reporting.jurisdictions = v.list; }},
    {"reporting.offset", {.kind = Kind::offset}, "+00:00", "", false, "The sponsor's offset from UTC: whose days are counted.",
     [](Config& c, const Names&, const Value& v) { c.reporting.offset = v.offset; }},

    {"sinks.log.enabled", kBoolean, "true", "", true, "Tell alerts in the log.",
     [](Config& c, const Names&, const Value& v) { c.sinks.log = v.truth; }},
    {"sinks.webhooks.<name>.url", kSecret, "", "", true,
     "Address that alerts are posted to (Standard Webhooks); http or https. Not printed: such addresses carry secrets.",
     [](Config& c, const Names& n, const Value& v) { webhook(c, n).url = v.text; }},
    {"sinks.webhooks.<name>.secret", kSecret, "", "", true, "`whsec_` and the base64 of 24 to 64 bytes; better in a file.",
     [](Config& c, const Names& n, const Value& v) { webhook(c, n).secret = v.text; }},
    {"sinks.webhooks.<name>.secret_file", kWord, "", "", true, "File that holds the secret, instead of `secret`.",
     [](Config& c, const Names& n, const Value& v) { webhook(c, n).secret_file = v.text; }},
    {"sinks.webhooks.<name>.timeout_ms", integer(10, 300'000), "", "ms", true, "Time for one delivery; 15000 when not stated.",
     [](Config& c, const Names& n, const Value& v) { webhook(c, n).timeout = milliseconds(v.number); }},
    {"sinks.webhooks.<name>.link_base", kText, "", "", true, "Prefix of the link in the payload; the alert's id follows.",
     [](Config& c, const Names& n, const Value& v) { webhook(c, n).link_base = v.text; }},
    {"sinks.webhooks.<name>.ca_file", kWord, "", "", true, "Certificate authorities for https; else the system's.",
     [](Config& c, const Names& n, const Value& v) { webhook(c, n).ca_file = v.text; }},
    {"sinks.kafka.enabled", kBoolean, "false", "", true, "Send alerts to a Kafka topic.",
     [](Config& c, const Names&, const Value& v) { if (v.truth && !c.sinks.kafka) c.sinks.kafka.emplace(); }},
    {"sinks.kafka.topic", kWord, "cellvigil.alerts.v1", "", true, "Topic of the alerts; keyed by alert id, may be compacted.",
     [](Config& c, const Names&, const Value& v) { if (c.sinks.kafka) c.sinks.kafka->topic = v.text; }},
    {"sinks.kafka.properties.<property>", kProperty, "", "", true,
     "A librdkafka property for the alert sink only; goes before `kafka.<property>`.",
     [](Config& c, const Names& n, const Value& v) { if (c.sinks.kafka) c.sinks.kafka->properties.insert_or_assign(n[0], v.text); }},

    {"metrics.min_cell", integer(1, 1000), "5", "subjects", false,
     "Cohorts with fewer evaluable subjects show no rates in the metrics.",
     [](Config& c, const Names&, const Value& v) { c.min_cell = as<std::uint32_t>(v); }},
    {"metrics.refresh_ms", integer(0, 3'600'000), "1000", "ms", false, "The committed state is read for the metrics at most so often.",
     [](Config& c, const Names&, const Value& v) { c.metrics_refresh = milliseconds(v.number); }},
};
// clang-format on

}  // namespace

std::span<const Key> keys() { return kRows; }

bool is_secret(const Key& key, const Names& names) {
    if (key.expected.kind == Kind::secret) return true;
    if (key.expected.kind != Kind::property) return false;
    for (const std::string_view word : {"password", "secret", "key", "token", "sasl", "pem", "jaas"})
        if (names.back().find(word) != std::string::npos) return true;
    return false;
}

bool has_names(const Key& key) { return key.path.find('<') != std::string_view::npos; }

std::string environment_name(const Key& key) {
    std::string name = "CELLVIGIL_";
    for (const char c : key.path) name += c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return name;
}

std::vector<std::string> segments_of(std::string_view path) {
    std::vector<std::string> segments;
    while (true) {
        const auto dot = path.find('.');
        segments.emplace_back(path.substr(0, dot));
        if (dot == std::string_view::npos) return segments;
        path.remove_prefix(dot + 1);
    }
}

}  // namespace cellvigil::config
