#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

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

    // At the first setting below `path` that was given for these names.
    void report_below(std::string_view path, const Names& names, std::string what) {
        for (const auto& [id, given] : effective_) {
            if (id.second != names || !keys()[id.first].path.starts_with(path)) continue;
            problems_.push_back({given.origin, path_of(keys()[id.first], names), std::move(what)});
            return;
        }
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

bool is_loopback(std::string_view address) { return address.starts_with("127.") || address == "::1"; }

bool is_sink_name(const std::string& name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
}

void check_posted(const PostedSink& sink, std::string_view url_key, Checks& checks) {
    if (!is_sink_name(sink.name)) checks.report(url_key, {sink.name}, "a sink's name is made of a-z, 0-9, _ and -");
    if (!sink.url.starts_with("http://") && !sink.url.starts_with("https://"))
        checks.report(url_key, {sink.name}, "expected an address that begins with http:// or https://");
}

void check_email(const EmailSink& sink, Checks& checks) {
    const Names name{sink.name};
    if (!is_sink_name(sink.name))
        checks.report("sinks.email.<name>.host", name, "a sink's name is made of a-z, 0-9, _ and -");
    if (sink.host.empty()) checks.report("sinks.email.<name>.host", name, "a mail server is needed");
    if (sink.from.empty()) checks.report("sinks.email.<name>.from", name, "a sender is needed");
    if (sink.to.empty()) checks.report("sinks.email.<name>.to", name, "a recipient is needed");
    if (sink.tls != MailSecurity::none) return;
    if (sink.host != "localhost" && !is_loopback(sink.host))
        checks.report("sinks.email.<name>.tls", name, "mail leaves this host with TLS only");
    if (!sink.user.empty()) checks.report("sinks.email.<name>.user", name, "a password is sent with TLS only");
}

void check_sinks(const Config& config, Checks& checks) {
    for (const WebhookSink& sink : config.sinks.webhooks) {
        check_posted(sink, "sinks.webhooks.<name>.url", checks);
        if (sink.secret.empty() && sink.secret_file.empty())
            checks.report("sinks.webhooks.<name>.secret_file", {sink.name},
                          "a webhook needs a secret or a secret_file");
        if (!sink.secret.empty() && !sink.secret.starts_with("whsec_"))
            checks.report("sinks.webhooks.<name>.secret", {sink.name}, "expected a secret that begins with whsec_");
    }
    for (const PostedSink& sink : config.sinks.slack) check_posted(sink, "sinks.slack.<name>.url", checks);
    for (const PostedSink& sink : config.sinks.teams) check_posted(sink, "sinks.teams.<name>.url", checks);
    for (const AlertmanagerSink& sink : config.sinks.alertmanagers)
        check_posted(sink, "sinks.alertmanager.<name>.url", checks);
    for (const EmailSink& sink : config.sinks.emails) check_email(sink, checks);
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
                if (analyte_meant(target) != Analyte::other || agent_meant(target) != Agent::other ||
                    is_cmv_test(target))
                    continue;
                checks.report("studies.<study>.sites.<site>.codes.<code>", {study_name, site_name, code},
                              "expected a LOINC or ATC code of docs/clinical/codes.md, or a name from there");
            }
}

// As cursors, metrics and logs have them; those that can tell of an escalation.
std::set<std::string> names_of(const Sinks& sinks) {
    std::set<std::string> names;
    if (sinks.log) names.insert("log");
    for (const auto& sink : sinks.webhooks) names.insert("webhook:" + sink.name);
    for (const auto& sink : sinks.slack) names.insert("slack:" + sink.name);
    for (const auto& sink : sinks.teams) names.insert("teams:" + sink.name);
    for (const auto& sink : sinks.emails) names.insert("email:" + sink.name);
    return names;
}

void check_reporting(const Config& config, Checks& checks) {
    for (const std::string& name : config.reporting.jurisdictions) {
        const auto rules = reporting_rules();
        const bool known =
            std::ranges::any_of(rules, [&](const ReportingRule& rule) { return name == name_of(rule.jurisdiction); });
        if (!known) checks.report("reporting.jurisdictions", {}, "no jurisdiction is called " + name);
    }
}

void check_own_rules(const Reporting& reporting, Checks& checks) {
    for (const auto& [name, own] : reporting.rules) {
        const std::string path = "reporting.rules.<jurisdiction>.";
        const auto rules = reporting_rules();
        const auto known = std::ranges::find_if(
            rules, [&name = name](const ReportingRule& rule) { return name == name_of(rule.jurisdiction); });
        if (known == rules.end()) {
            checks.report_below(path, {name}, "no jurisdiction is called " + name);
        } else if (known->verified) {
            checks.report_below(path, {name},
                                "the rules of " + name +
                                    " are law, with their source in docs/reporting-clocks.md; only "
                                    "china_trial and china_marketed are the deployment's to say");
        }
        if (std::ranges::find(reporting.jurisdictions, name) == reporting.jurisdictions.end())
            checks.report_below(path, {name}, "has no effect: " + name + " is not among reporting.jurisdictions");
        const ReportingRule& rule = own.rule;
        if (rule.fatal_days > rule.serious_days)
            checks.report_below(path, {name}, "fatal_d is longer than serious_d: the worse event would be due later");
        if (rule.completion_days > 0 && rule.fatal_days == 0)
            checks.report_below(path, {name}, "completion_d completes a fatal report, and fatal_d is 0");
    }
}

void check_escalation(const Config& config, Checks& checks) {
    constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    const Escalation& wanted = config.escalation;
    for (const std::string& day : wanted.working_days)
        if (std::ranges::find(kDays, day) == kDays.end())
            checks.report("escalation.working_days", {},
                          "expected mon, tue, wed, thu, fri, sat or sun, found \"" + day + "\"");
    for (const std::string& date : wanted.holidays)
        if (date.size() != 10 || !parse_rfc3339(date + "T00:00:00Z"))
            checks.report("escalation.holidays", {}, "expected a date such as 2026-12-25, found \"" + date + "\"");
    if (wanted.opens_h >= wanted.closes_h) checks.report("escalation.closes_h", {}, "is not after escalation.opens_h");
    const std::set<std::string> sinks = names_of(config.sinks);
    for (const auto& [name, level] : wanted.levels) {
        if (level.contacts.empty())
            checks.report("escalation.levels.<name>.contacts", {name}, "a level tells somebody");
        for (const std::string& contact : level.contacts)
            if (!sinks.contains(contact))
                checks.report("escalation.levels.<name>.contacts", {name}, "no sink is called \"" + contact + "\"");
    }
}

bool is_role(std::string_view name) {
    return name == "viewer" || name == "reviewer" || name == "safety_lead" || name == "data_manager" ||
           name == "administrator" || name == "auditor" || name == "case_assessor";
}

void check_tls(const Http& http, Checks& checks) {
    if (http.certificate_file.empty() != http.key_file.empty())
        checks.report("http.tls.key_file", {}, "a certificate and its key go together");
    if (!http.client_ca_file.empty() && http.certificate_file.empty())
        checks.report("http.tls.client_ca_file", {}, "client certificates need TLS: http.tls.certificate_file");
    if (!http.machines.empty() && http.client_ca_file.empty())
        checks.report("http.tls.client_ca_file", {}, "http.machines needs the authority of their certificates");
}

void check_oidc(const Oidc& oidc, Checks& checks) {
    if (oidc.issuer.empty()) return;
    if (oidc.audience.empty()) checks.report("http.oidc.audience", {}, "tokens need an audience");
    if (oidc.jwks.empty()) checks.report("http.oidc.jwks", {}, "tokens need the provider's keys");
    if (oidc.roles.empty())
        checks.report("http.oidc.issuer", {}, "no role of the provider means anything: http.oidc.roles");
    for (const std::string& algorithm : oidc.algorithms)
        if (algorithm != "RS256" && algorithm != "ES256" && algorithm != "EdDSA")
            checks.report("http.oidc.algorithms", {}, "expected RS256, ES256 or EdDSA, found \"" + algorithm + "\"");
}

void check_http(const Http& http, Checks& checks) {
    check_tls(http, checks);
    check_oidc(http.oidc, checks);
    for (const MachineAccess& machine : http.machines) {
        const std::string path = "http.machines.<name>.certificate";
        if (machine.certificate.empty() || machine.roles.empty()) {
            const bool roles = machine.roles.empty();
            checks.report(roles ? path : "http.machines.<name>.roles", {machine.name},
                          roles ? "a machine needs roles" : "a machine needs a certificate");
        }
        for (const std::string& role : machine.roles)
            if (!is_role(role))
                checks.report("http.machines.<name>.roles", {machine.name}, "no such role: \"" + role + "\"");
    }
    if (http.authentication && http.oidc.issuer.empty() && http.machines.empty())
        checks.report("http.authentication", {}, "nobody could come in: http.oidc or http.machines is needed");
    if (http.allow_remote || is_loopback(http.listen)) return;
    if (!http.authentication || http.certificate_file.empty())
        checks.report("http.listen", {},
                      "reaches beyond the loopback: that needs http.authentication and http.tls, or http.allow_remote "
                      "where something in front provides them");
}

}  // namespace

void check(const Effective& effective, const Config& config, std::vector<Problem>& problems) {
    Checks checks(effective, problems);
    check_kafka(config, checks);
    check_sinks(config, checks);
    check_studies(config, checks);
    check_codes(config, checks);
    check_reporting(config, checks);
    check_own_rules(config.reporting, checks);
    check_escalation(config, checks);
    check_http(config.http, checks);
    if (config.batch.idle > config.batch.max_wait) checks.report("batch.idle_ms", {}, "is longer than batch.max_ms");
    if (config.clock_limit < config.clock_tolerance)
        checks.report("admission.clock_limit_ms", {}, "is shorter than admission.clock_tolerance_ms");
    if (config.max_message_bytes > config.batch.max_bytes)
        checks.report("batch.max_bytes", {}, "is smaller than admission.max_message_bytes");
}

}  // namespace cellvigil::config
