#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "daemon/config/effective.h"
#include "rules/alert/reporting_clock.h"
#include "rules/event/codes.h"

namespace cellvigil::config {
namespace {

// What keeps consumption exact; the daemon sets these itself.
constexpr std::array kFixedProperties{
    "enable.auto.commit",       "enable.auto.offset.store", "auto.offset.reset", "partition.assignment.strategy",
    "allow.auto.create.topics", "isolation.level",          "group.id",          "acks",
    "request.required.acks",    "enable.idempotence",       "partitioner",
};

class Checks {
  public:
    Checks(const Effective& effective, std::vector<Problem>& problems) : effective_(effective), problems_(problems) {}

    void report(std::string_view path, const Names& names, std::string what) {
        const std::size_t place = place_of(path);
        const auto given = effective_.find({place, names});
        problems_.push_back({given == effective_.end() ? "configuration" : given->second.origin,
                             path_of(keys()[place], names), std::move(what)});
    }

    void properties(std::string_view path) {
        const std::size_t place = place_of(path);
        for (const auto& [id, given] : effective_) {
            if (id.first != place) continue;
            if (std::ranges::find(kFixedProperties, id.second.back()) != kFixedProperties.end())
                report(path, id.second, "this property is fixed: it keeps every message counted once");
        }
    }

  private:
    const Effective& effective_;
    std::vector<Problem>& problems_;
};

void check_kafka(const Config& config, Checks& checks) {
    if (config.input.mode == InputMode::kafka && !config.input.properties.contains("bootstrap.servers"))
        checks.report("input.mode", {}, "Kafka input needs kafka.bootstrap.servers");
    if (config.sinks.kafka && !config.sinks.kafka->properties.contains("bootstrap.servers"))
        checks.report("sinks.kafka.enabled", {}, "the Kafka sink needs kafka.bootstrap.servers");
    if (config.input.topics.size() > 16) checks.report("input.kafka.topics", {}, "at most 16 topics");
    for (const std::string& topic : config.input.topics) {
        if (topic == config.input.dead_letter_topic)
            checks.report("input.kafka.dead_letter_topic", {}, "is one of the topics that are read");
        if (config.sinks.kafka && topic == config.sinks.kafka->topic)
            checks.report("sinks.kafka.topic", {}, "is one of the topics that are read");
    }
    checks.properties("kafka.<property>");
    checks.properties("input.kafka.properties.<property>");
    checks.properties("sinks.kafka.properties.<property>");
}

void check_sinks(const Config& config, Checks& checks) {
    for (const WebhookSink& sink : config.sinks.webhooks) {
        const bool plain_name = !sink.name.empty() && std::ranges::all_of(sink.name, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        });
        if (!plain_name)
            checks.report("sinks.webhooks.<name>.url", {sink.name}, "a sink's name is made of a-z, 0-9, _ and -");
        if (!sink.url.starts_with("http://") && !sink.url.starts_with("https://"))
            checks.report("sinks.webhooks.<name>.url", {sink.name},
                          "expected an address that begins with http:// or https://");
        if (sink.secret.empty() && sink.secret_file.empty())
            checks.report("sinks.webhooks.<name>.secret_file", {sink.name},
                          "a webhook needs a secret or a secret_file");
        if (!sink.secret.empty() && !sink.secret.starts_with("whsec_"))
            checks.report("sinks.webhooks.<name>.secret", {sink.name}, "expected a secret that begins with whsec_");
    }
}

void check_studies(const Config& config, Checks& checks) {
    for (const auto& [name, study] : config.studies) {
        if (study.cohorts.empty()) checks.report("studies.<study>.cohorts", {name}, "a study needs a cohort");
        if (study.sites.empty()) checks.report("studies.<study>.cohorts", {name}, "a study needs a site");
        if (name.find('/') != std::string::npos)
            checks.report("studies.<study>.cohorts", {name},
                          "a study's name has no slash: it stands in front of one in keys");
    }
}

void check_codes(const Config& config, Checks& checks) {
    for (const auto& [study_name, study] : config.studies)
        for (const auto& [site_name, site] : study.sites)
            for (const auto& [code, target] : site.code_aliases) {
                if (analyte_meant(target) != Analyte::other || agent_meant(target) != Agent::other) continue;
                checks.report("studies.<study>.sites.<site>.codes.<code>", {study_name, site_name, code},
                              "expected a LOINC or ATC code of docs/clinical/codes.md, or a name from there");
            }
}

void check_reporting(const Config& config, Checks& checks) {
    for (const std::string& name : config.reporting.jurisdictions) {
        const auto rules = reporting_rules();
        const bool known = std::ranges::any_of(
            rules, [&](const ReportingRule& rule) { return name == name_of(rule.jurisdiction); });
        if (!known) checks.report("reporting.jurisdictions", {}, "no jurisdiction is called " + name);
    }
}

bool is_loopback(std::string_view address) { return address.starts_with("127.") || address == "::1"; }

}  // namespace

void check(const Effective& effective, const Config& config, std::vector<Problem>& problems) {
    Checks checks(effective, problems);
    check_kafka(config, checks);
    check_sinks(config, checks);
    check_studies(config, checks);
    check_codes(config, checks);
    check_reporting(config, checks);
    if (!config.http.allow_remote && !is_loopback(config.http.listen))
        checks.report("http.listen", {},
                      "reaches beyond the loopback: that needs http.allow_remote, there is no authentication yet");
    if (config.batch.idle > config.batch.max_wait) checks.report("batch.idle_ms", {}, "is longer than batch.max_ms");
    if (config.clock_limit < config.clock_tolerance)
        checks.report("admission.clock_limit_ms", {}, "is shorter than admission.clock_tolerance_ms");
    if (config.max_message_bytes > config.batch.max_bytes)
        checks.report("batch.max_bytes", {}, "is smaller than admission.max_message_bytes");
}

}  // namespace cellvigil::config
