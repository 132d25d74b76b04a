#include "daemon/config/keys.h"

#include <algorithm>

#include "daemon/config/key_targets.h"

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

constexpr Expected kMinutes = integer(0, 100'000);
constexpr Expected kRole = choice("viewer|reviewer|safety_lead|data_manager|administrator|auditor|case_assessor");
constexpr Expected kDays = integer(0, 3650);

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

    {"workers.count", integer(0, 256), "0", "", false, "Partition workers; 0: three per four processors, rounded up.",
     [](Config& c, const Names&, const Value& v) { c.workers.count = as<std::uint32_t>(v); }},
    {"batch.max_events", integer(1, 10'000'000), "20000", "messages", false, "Most messages of one worker in one transaction.",
     [](Config& c, const Names&, const Value& v) { c.batch.max_events = as<std::uint32_t>(v); }},
    {"batch.max_bytes", bytes(64 * kKiB, kGiB), "4 MiB", "bytes", false, "Most message bytes of one worker in one transaction.",
     [](Config& c, const Names&, const Value& v) { c.batch.max_bytes = as<std::uint64_t>(v); }},
    {"batch.max_ms", integer(1, 60'000), "100", "ms", false, "Longest that a transaction is kept open under load.",
     [](Config& c, const Names&, const Value& v) { c.batch.max_wait = milliseconds(v.number); }},
    {"batch.idle_ms", integer(0, 60'000), "5", "ms", false, "A transaction is closed when nothing has come for so long.",
     [](Config& c, const Names&, const Value& v) { c.batch.idle = milliseconds(v.number); }},
    {"store.rebuild", kBoolean, "false", "", false,
     "A start derives subjects anew from the journal when another version of the program stored them in another form; else it ends with status 78 and changes nothing. The old version cannot read them afterwards.",
     [](Config& c, const Names&, const Value& v) { c.rebuild_store = v.truth; }},
    {"memory.limit_bytes", bytes(16 * kMiB, 1024 * kGiB), "1 GiB", "bytes", false,
     "Subjects kept in memory, all workers together; the least recently used are written back.",
     [](Config& c, const Names&, const Value& v) { c.memory_limit_bytes = as<std::uint64_t>(v); }},
    {"memory.reserve_bytes", bytes(0, 1024 * kGiB), "0", "bytes", false,
     "Taken from the system and touched at the start, for histories to grow into: they then cost no page faults. 0: memory is taken as it is "
     "needed.",
     [](Config& c, const Names&, const Value& v) { c.memory_reserve_bytes = as<std::uint64_t>(v); }},

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
     "Listen beyond the loopback even without authentication or without TLS: only where something in front provides them. "
     "Without it a daemon that lacks either does not start on such an address.",
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
    {"http.local_operator.role", choice("reviewer|safety_lead|data_manager|case_assessor"), "safety_lead", "", false, "In which role.",
     [](Config& c, const Names&, const Value& v) { c.http.operator_roles.front() = v.text; }},
    {"http.local_operator.assesses_cases", kBoolean, "false", "", false, "And as `case_assessor`, too: says what is known of cases.",
     [](Config& c, const Names&, const Value& v) { if (v.truth) c.http.operator_roles.emplace_back("case_assessor"); }},

    {"reporting.jurisdictions", list(true), "", "", true,
     "Whose reporting clocks run on alerts: eu_trial, eu_marketed, uk_trial, us_trial, us_marketed, china_trial, china_marketed.",
     [](Config& c, const Names&, const Value& v) { c.reporting.jurisdictions = v.list; }},
    {"reporting.offset", {.kind = Kind::offset}, "+00:00", "", true, "The sponsor's offset from UTC: whose days are counted.",
     [](Config& c, const Names&, const Value& v) { c.reporting.offset = v.offset; }},

    {"reporting.rules.<jurisdiction>.source", kWord, "", "", true,
     "Where the deployment has this rule from, such as a notice's number: with it the rule counts as verified. Only for jurisdictions with placeholders of ours: china_trial, china_marketed. What is not stated stays as in docs/reporting-clocks.md.",
     [](Config& c, const Names& n, const Value& v) { own_rule(c, n).source = v.text; }},
    {"reporting.rules.<jurisdiction>.fatal_d", kDays, "", "d", true, "Fatal or life-threatening: days from awareness; 0: no clock of its own.", own_days<&ReportingRule::fatal_days>},
    {"reporting.rules.<jurisdiction>.completion_d", kDays, "", "d", true, "To complete an incomplete fatal report, from its due day; 0: none.", own_days<&ReportingRule::completion_days>},
    {"reporting.rules.<jurisdiction>.serious_d", integer(1, 3650), "", "d", true, "Serious: days from awareness.", own_days<&ReportingRule::serious_days>},
    {"reporting.rules.<jurisdiction>.non_serious_d", kDays, "", "d", true, "Not serious; 0: not reported.", own_days<&ReportingRule::non_serious_days>},
    {"reporting.rules.<jurisdiction>.follow_up_d", kDays, "", "d", true, "New information after a report; 0: none.", own_days<&ReportingRule::follow_up_days>},
    {"reporting.rules.<jurisdiction>.unexpected_only", kBoolean, "", "", true, "Expected events have no serious clock.", own_truth<&ReportingRule::unexpected_only>},
    {"reporting.rules.<jurisdiction>.related_only", kBoolean, "", "", true, "Unrelated events have no clock.", own_truth<&ReportingRule::related_only>},
    {"reporting.rules.<jurisdiction>.from_determination", kBoolean, "", "", true, "The serious clock starts with the sponsor's determination.", own_truth<&ReportingRule::from_determination>},

    {"alerts.comment_from", choice("info|medium|high|immediate"), "immediate", "", true,
     "Acknowledging and closing need a comment from this severity on; immediate ones always do.",
     [](Config& c, const Names&, const Value& v) { c.alerts.comment_from = severity_in(v); }},
    {"alerts.four_eyes_from", choice("info|medium|high|immediate"), "high", "", true,
     "Closing needs two people from this severity on; immediate ones always do.",
     [](Config& c, const Names&, const Value& v) { c.alerts.four_eyes_from = severity_in(v); }},
    {"alerts.longest_shelf.info_h", integer(0, 8760), "720", "h", true, "How long such an alert may be put off; 0: not at all.", shelf<Severity::info>},
    {"alerts.longest_shelf.medium_h", integer(0, 8760), "168", "h", true, "The same.", shelf<Severity::medium>},
    {"alerts.longest_shelf.high_h", integer(0, 8760), "24", "h", true, "The same. Immediate alerts are never put off.", shelf<Severity::high>},

    {"escalation.zone", kWord, "UTC", "", true, "The team's time zone, such as Europe/Berlin: what its hours are of.",
     [](Config& c, const Names&, const Value& v) { c.escalation.zone = v.text; }},
    {"escalation.working_days", list(false), "mon,tue,wed,thu,fri", "", true, "Days on which the team works.",
     [](Config& c, const Names&, const Value& v) { c.escalation.working_days = v.list; }},
    {"escalation.opens_h", integer(0, 23), "8", "h", true, "Local hour from which it works; before it are quiet hours.",
     [](Config& c, const Names&, const Value& v) { c.escalation.opens_h = as<std::uint32_t>(v); }},
    {"escalation.closes_h", integer(1, 24), "17", "h", true, "Local hour from which it does not.",
     [](Config& c, const Names&, const Value& v) { c.escalation.closes_h = as<std::uint32_t>(v); }},
    {"escalation.holidays", list(true), "", "", true, "Dates on which it does not work: 2026-12-25.",
     [](Config& c, const Names&, const Value& v) { c.escalation.holidays = v.list; }},
    {"escalation.ignores_quiet_hours_from", choice("info|medium|high|immediate"), "immediate", "", true,
     "Alerts from this severity on are told at any hour; `immediate` ones always are.",
     [](Config& c, const Names&, const Value& v) { c.escalation.ignores_quiet_hours_from = severity_in(v); }},
    {"escalation.quiet_hours_hold_below", choice("off|medium|high|immediate"), "off", "", true,
     "Notifications below this severity wait, at sinks that people read, for the end of quiet hours: then one message says how many came and of which kinds. `immediate` ones never wait.",
     [](Config& c, const Names&, const Value& v) { c.escalation.quiet_hold_below = severity_named(v.text); }},
    {"escalation.levels.<name>.contacts", list(false), "", "", true,
     "Sinks that are told when nobody has acknowledged: `webhook:pager`, `email:leads`, `log`. Levels go by their names' order.",
     [](Config& c, const Names& n, const Value& v) { level(c, n).contacts = v.list; }},
    {"escalation.levels.<name>.immediate_min", kMinutes, "", "min", true, "After so long unacknowledged; 15 when not stated.",
     [](Config& c, const Names& n, const Value& v) { level(c, n).after[Severity::immediate] = minutes(v.number); }},
    {"escalation.levels.<name>.high_min", kMinutes, "", "min", true, "The same; 60 when not stated.",
     [](Config& c, const Names& n, const Value& v) { level(c, n).after[Severity::high] = minutes(v.number); }},
    {"escalation.levels.<name>.medium_min", kMinutes, "", "min", true, "The same; 1440 when not stated.",
     [](Config& c, const Names& n, const Value& v) { level(c, n).after[Severity::medium] = minutes(v.number); }},
    {"escalation.levels.<name>.info_min", kMinutes, "", "min", true, "The same; 10080 when not stated.",
     [](Config& c, const Names& n, const Value& v) { level(c, n).after[Severity::info] = minutes(v.number); }},

    {"http.max_streams", integer(0, 100'000), "64", "connections", false, "Of the connections, those that may be event streams.",
     [](Config& c, const Names&, const Value& v) { c.http.max_streams = as<std::uint32_t>(v); }},
    {"http.authentication", choice("off|on"), "off", "", false,
     "`on`: who asks is asked for (`http.oidc`, `http.machines`), and roles decide. `off`: everybody may do everything; on the "
     "loopback only, unless `http.allow_remote`.",
     [](Config& c, const Names&, const Value& v) { c.http.authentication = v.text == "on"; }},
    {"http.tls.certificate_file", kText, "", "", false, "Certificate chain (PEM); with it the port speaks TLS 1.2 and later only.",
     [](Config& c, const Names&, const Value& v) { c.http.certificate_file = v.text; }},
    {"http.tls.key_file", kText, "", "", false, "The certificate's key (PEM).",
     [](Config& c, const Names&, const Value& v) { c.http.key_file = v.text; }},
    {"http.tls.client_ca_file", kText, "", "", false, "Authorities (PEM) of machines' certificates; empty: none are asked for.",
     [](Config& c, const Names&, const Value& v) { c.http.client_ca_file = v.text; }},
    {"http.oidc.issuer", kText, "", "", false, "`iss` of the tokens, exactly; empty: no tokens are taken.",
     [](Config& c, const Names&, const Value& v) { c.http.oidc.issuer = v.text; }},
    {"http.oidc.audience", kText, "", "", false, "One of the tokens' `aud`.",
     [](Config& c, const Names&, const Value& v) { c.http.oidc.audience = v.text; }},
    {"http.oidc.jwks", kText, "", "", false,
     "The provider's JSON Web Key Set: a file, or an http(s) address. Read at the start, every hour, and when a token names an "
     "unknown key, then at most once a minute. While it cannot be read the keys known last stay.",
     [](Config& c, const Names&, const Value& v) { c.http.oidc.jwks = v.text; }},
    {"http.oidc.ca_file", kText, "", "", false, "Certificate authorities for an https `jwks`; empty: the system's.",
     [](Config& c, const Names&, const Value& v) { c.http.oidc.ca_file = v.text; }},
    {"http.oidc.algorithms", list(false), "RS256,ES256,EdDSA", "", false, "Signatures that are taken; there are no others.",
     [](Config& c, const Names&, const Value& v) { c.http.oidc.algorithms = v.list; }},
    {"http.oidc.leeway_s", integer(0, 600), "60", "s", false, "How far clocks may differ.",
     [](Config& c, const Names&, const Value& v) { c.http.oidc.leeway = seconds(v.number); }},
    {"http.oidc.longest_life_h", integer(1, 8760), "24", "h", false, "A token that is good for longer is refused.",
     [](Config& c, const Names&, const Value& v) { c.http.oidc.longest_life = hours(v.number); }},
    {"http.oidc.roles_claim", kWord, "roles", "", false, "The claim with the roles' names; dots reach into objects.",
     [](Config& c, const Names&, const Value& v) { c.http.oidc.roles_claim = v.text; }},
    {"http.oidc.studies_claim", kWord, "studies", "", false, "The claim with the studies whose subjects may be seen; `*`: all.",
     [](Config& c, const Names&, const Value& v) { c.http.oidc.studies_claim = v.text; }},
    {"http.oidc.roles.<name>", kRole, "", "", false, "What the provider's name of a role means here; other names mean nothing.",
     [](Config& c, const Names& n, const Value& v) { c.http.oidc.roles.insert_or_assign(n[0], v.text); }},
    {"http.machines.<name>.certificate", kWord, "", "", false,
     "A machine, known by its certificate: the subject (`CN=lis,O=Hospital`, RFC 2253) or a name in it (`DNS:lis.example`, "
     "`URI:spiffe://..`, `EMAIL:..`), exactly.",
     [](Config& c, const Names& n, const Value& v) { machine(c, n).certificate = v.text; }},
    {"http.machines.<name>.roles", list(false), "", "", false, "The machine's roles.",
     [](Config& c, const Names& n, const Value& v) { machine(c, n).roles = v.list; }},
    {"http.machines.<name>.studies", list(true), "", "", false, "The studies whose subjects it may see; `*`: all; none when not stated.",
     [](Config& c, const Names& n, const Value& v) { machine(c, n).studies = v.list; }},
    {"http.metrics_token_file", kText, "", "", false, "File with a static token that opens `/metrics` and nothing else.",
     [](Config& c, const Names&, const Value& v) { c.http.metrics_token_file = v.text; }},

    {"sinks.log.enabled", kBoolean, "true", "", true, "Tell alerts in the log.",
     [](Config& c, const Names&, const Value& v) { c.sinks.log = v.truth; }},
    {"sinks.webhooks.<name>.url", kSecret, "", "", true, "Address that alerts are posted to (Standard Webhooks); http or https. Not printed: such addresses carry secrets.",
     [](Config& c, const Names& n, const Value& v) { webhook(c, n).url = v.text; }},
    {"sinks.webhooks.<name>.url_file", kWord, "", "", true, "File that holds the address, instead of `url`.",
     [](Config& c, const Names& n, const Value& v) { webhook(c, n).url_file = v.text; }},
    {"sinks.webhooks.<name>.secret", kSecret, "", "", true, "`whsec_` and the base64 of 24 to 64 bytes; better in a file.",
     [](Config& c, const Names& n, const Value& v) { webhook(c, n).secret = v.text; }},
    {"sinks.webhooks.<name>.secret_file", kWord, "", "", true, "File that holds the secret, instead of `secret`.",
     [](Config& c, const Names& n, const Value& v) { webhook(c, n).secret_file = v.text; }},
    {"sinks.webhooks.<name>.timeout_ms", integer(10, 300'000), "", "ms", true, kTimeout,
     [](Config& c, const Names& n, const Value& v) { webhook(c, n).timeout = milliseconds(v.number); }},
    {"sinks.webhooks.<name>.link_base", kText, "", "", true, kLink,
     [](Config& c, const Names& n, const Value& v) { webhook(c, n).link_base = v.text; }},
    {"sinks.webhooks.<name>.ca_file", kWord, "", "", true, kAuthorities,
     [](Config& c, const Names& n, const Value& v) { webhook(c, n).ca_file = v.text; }},
    {"sinks.webhooks.<name>.internal", kBoolean, "", "", true, kInternal,
     [](Config& c, const Names& n, const Value& v) { webhook(c, n).internal = v.truth; }},
    {"sinks.webhooks.<name>.digest", kBoolean, "", "", true, kDigest,
     [](Config& c, const Names& n, const Value& v) { webhook(c, n).digest = v.truth; }},
    {"sinks.slack.<name>.url", kSecret, "", "", true, "Address of an incoming webhook as Slack has it. Whoever has it may write there.",
     [](Config& c, const Names& n, const Value& v) { slack(c, n).url = v.text; }},
    {"sinks.slack.<name>.url_file", kWord, "", "", true, "File that holds the address, instead of `url`.",
     [](Config& c, const Names& n, const Value& v) { slack(c, n).url_file = v.text; }},
    {"sinks.slack.<name>.timeout_ms", integer(10, 300'000), "", "ms", true, kTimeout,
     [](Config& c, const Names& n, const Value& v) { slack(c, n).timeout = milliseconds(v.number); }},
    {"sinks.slack.<name>.link_base", kText, "", "", true, kLink,
     [](Config& c, const Names& n, const Value& v) { slack(c, n).link_base = v.text; }},
    {"sinks.slack.<name>.ca_file", kWord, "", "", true, kAuthorities,
     [](Config& c, const Names& n, const Value& v) { slack(c, n).ca_file = v.text; }},
    {"sinks.slack.<name>.internal", kBoolean, "", "", true, kInternal,
     [](Config& c, const Names& n, const Value& v) { slack(c, n).internal = v.truth; }},
    {"sinks.slack.<name>.digest", kBoolean, "", "", true, kDigest,
     [](Config& c, const Names& n, const Value& v) { slack(c, n).digest = v.truth; }},
    {"sinks.teams.<name>.url", kSecret, "", "", true, "Address of a Teams Workflows webhook. Whoever has it may write there.",
     [](Config& c, const Names& n, const Value& v) { teams(c, n).url = v.text; }},
    {"sinks.teams.<name>.url_file", kWord, "", "", true, "File that holds the address, instead of `url`.",
     [](Config& c, const Names& n, const Value& v) { teams(c, n).url_file = v.text; }},
    {"sinks.teams.<name>.timeout_ms", integer(10, 300'000), "", "ms", true, kTimeout,
     [](Config& c, const Names& n, const Value& v) { teams(c, n).timeout = milliseconds(v.number); }},
    {"sinks.teams.<name>.link_base", kText, "", "", true, kLink,
     [](Config& c, const Names& n, const Value& v) { teams(c, n).link_base = v.text; }},
    {"sinks.teams.<name>.ca_file", kWord, "", "", true, kAuthorities,
     [](Config& c, const Names& n, const Value& v) { teams(c, n).ca_file = v.text; }},
    {"sinks.teams.<name>.internal", kBoolean, "", "", true, kInternal,
     [](Config& c, const Names& n, const Value& v) { teams(c, n).internal = v.truth; }},
    {"sinks.teams.<name>.digest", kBoolean, "", "", true, kDigest,
     [](Config& c, const Names& n, const Value& v) { teams(c, n).digest = v.truth; }},
    {"sinks.alertmanager.<name>.url", kSecret, "", "", true, "Address of an Alertmanager, without /api/v2.",
     [](Config& c, const Names& n, const Value& v) { alertmanager(c, n).url = v.text; }},
    {"sinks.alertmanager.<name>.url_file", kWord, "", "", true, "File that holds the address, instead of `url`.",
     [](Config& c, const Names& n, const Value& v) { alertmanager(c, n).url_file = v.text; }},
    {"sinks.alertmanager.<name>.token", kSecret, "", "", true, "Bearer token that is sent along; better in a file.",
     [](Config& c, const Names& n, const Value& v) { alertmanager(c, n).token = v.text; }},
    {"sinks.alertmanager.<name>.token_file", kWord, "", "", true, "File that holds the token, instead of `token`.",
     [](Config& c, const Names& n, const Value& v) { alertmanager(c, n).token_file = v.text; }},
    {"sinks.alertmanager.<name>.timeout_ms", integer(10, 300'000), "", "ms", true, kTimeout,
     [](Config& c, const Names& n, const Value& v) { alertmanager(c, n).timeout = milliseconds(v.number); }},
    {"sinks.alertmanager.<name>.link_base", kText, "", "", true, kLink,
     [](Config& c, const Names& n, const Value& v) { alertmanager(c, n).link_base = v.text; }},
    {"sinks.alertmanager.<name>.ca_file", kWord, "", "", true, kAuthorities,
     [](Config& c, const Names& n, const Value& v) { alertmanager(c, n).ca_file = v.text; }},
    {"sinks.alertmanager.<name>.internal", kBoolean, "", "", true, kInternal,
     [](Config& c, const Names& n, const Value& v) { alertmanager(c, n).internal = v.truth; }},
    {"sinks.email.<name>.host", kWord, "", "", true, "Mail server.",
     [](Config& c, const Names& n, const Value& v) { email(c, n).host = v.text; }},
    {"sinks.email.<name>.port", integer(1, 65'535), "", "", true, "587 when not stated.",
     [](Config& c, const Names& n, const Value& v) { email(c, n).port = as<std::uint16_t>(v); }},
    {"sinks.email.<name>.tls", choice("starttls|implicit|none"), "", "", true, "`starttls` when not stated: without TLS nothing is sent. `none` is for a relay on this host.",
     [](Config& c, const Names& n, const Value& v) { email(c, n).tls = v.text == "none" ? MailSecurity::none : v.text == "implicit" ? MailSecurity::implicit : MailSecurity::starttls; }},
    {"sinks.email.<name>.user", kText, "", "", true, "Name to log in with; without one, no login.",
     [](Config& c, const Names& n, const Value& v) { email(c, n).user = v.text; }},
    {"sinks.email.<name>.password", kSecret, "", "", true, "Password to log in with; better in a file.",
     [](Config& c, const Names& n, const Value& v) { email(c, n).password = v.text; }},
    {"sinks.email.<name>.password_file", kWord, "", "", true, "File that holds the password, instead of `password`.",
     [](Config& c, const Names& n, const Value& v) { email(c, n).password_file = v.text; }},
    {"sinks.email.<name>.from", kWord, "", "", true, "Sender; its domain also ends the Message-IDs.",
     [](Config& c, const Names& n, const Value& v) { email(c, n).from = v.text; }},
    {"sinks.email.<name>.to", list(false), "", "", true, "Recipients.",
     [](Config& c, const Names& n, const Value& v) { email(c, n).to = v.list; }},
    {"sinks.email.<name>.timeout_ms", integer(10, 300'000), "", "ms", true, "Time for one mail; 30000 when not stated.",
     [](Config& c, const Names& n, const Value& v) { email(c, n).timeout = milliseconds(v.number); }},
    {"sinks.email.<name>.link_base", kText, "", "", true, kLink,
     [](Config& c, const Names& n, const Value& v) { email(c, n).link_base = v.text; }},
    {"sinks.email.<name>.ca_file", kWord, "", "", true, kAuthorities,
     [](Config& c, const Names& n, const Value& v) { email(c, n).ca_file = v.text; }},
    {"sinks.email.<name>.internal", kBoolean, "", "", true, kInternal,
     [](Config& c, const Names& n, const Value& v) { email(c, n).internal = v.truth; }},
    {"sinks.email.<name>.digest", kBoolean, "", "", true, kDigest,
     [](Config& c, const Names& n, const Value& v) { email(c, n).digest = v.truth; }},
    {"sinks.kafka.enabled", kBoolean, "false", "", true, "Send alerts to a Kafka topic.",
     [](Config& c, const Names&, const Value& v) { if (v.truth && !c.sinks.kafka) c.sinks.kafka.emplace(); }},
    {"sinks.kafka.topic", kWord, "cellvigil.alerts.v1", "", true, "Topic of the alerts; keyed by alert id, may be compacted.",
     [](Config& c, const Names&, const Value& v) { if (c.sinks.kafka) c.sinks.kafka->topic = v.text; }},
    {"sinks.kafka.internal", kBoolean, "true", "", true,
     "Whole alerts, with pseudonyms and records: protect the topic like the data. false: without subject, site, explanation and records.",
     [](Config& c, const Names&, const Value& v) { if (c.sinks.kafka) c.sinks.kafka->internal = v.truth; }},
    {"sinks.kafka.properties.<property>", kProperty, "", "", true,
     "A librdkafka property for the alert sink only; goes before `kafka.<property>`.",
     [](Config& c, const Names& n, const Value& v) { if (c.sinks.kafka) c.sinks.kafka->properties.insert_or_assign(n[0], v.text); }},
    {"sinks.private_networks", list(true), "", "", true,
     "Networks in which webhooks and chats may be, such as `10.1.0.0/16`; else only public addresses are connected to.",
     [](Config& c, const Names&, const Value& v) { c.sinks.private_networks = v.list; }},
    {"sinks.keep_days", integer(0, 3650), "30", "days", true,
     "Age from which notifications that every sink has taken are deleted; 0: never.",
     [](Config& c, const Names&, const Value& v) { c.sinks.keep_days = as<std::uint32_t>(v); }},
    {"sinks.digest.hour", integer(0, 23), "8", "h", true, "Hour of the day at which the daily digest is told.",
     [](Config& c, const Names&, const Value& v) { c.sinks.digest_hour = as<std::uint32_t>(v); }},
    {"sinks.digest.utc_offset", {.kind = Kind::offset}, "+00:00", "", true, "Offset from UTC of that hour.",
     [](Config& c, const Names&, const Value& v) { c.sinks.digest_offset = v.offset; }},
    {"sinks.flood.most", integer(0, 100'000), "20", "notifications", true,
     "Most that a mail, Slack or Teams sink is told within the time below; the rest is held back, and how many and of which kinds it was is told. "
     "`immediate` alerts are never held. 0: no limit.",
     [](Config& c, const Names&, const Value& v) { c.sinks.flood.most = as<std::uint32_t>(v); }},
    {"sinks.flood.within_min", integer(1, 1440), "10", "min", true, "That time.",
     [](Config& c, const Names&, const Value& v) { c.sinks.flood.within = minutes(v.number); }},

    {"metrics.min_cell", integer(1, 1000), "5", "subjects", false,
     "Cohorts with fewer evaluable subjects show no rates in the metrics.",
     [](Config& c, const Names&, const Value& v) { c.min_cell = as<std::uint32_t>(v); }},
    {"metrics.refresh_ms", integer(0, 3'600'000), "1000", "ms", false, "The committed state is read for the metrics at most so often.",
     [](Config& c, const Names&, const Value& v) { c.metrics_refresh = milliseconds(v.number); }},
    {"metrics.tables_every_s", integer(0, 86'400), "600", "s", false,
     "Cumulative incidence, person-time and infections by period are computed for the metrics every so often: a thread reads every subject's stored state, 1 to 2 ms each. 0: never.",
     [](Config& c, const Names&, const Value& v) { c.metrics_tables_every = seconds(v.number); }},
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
