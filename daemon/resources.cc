#include "daemon/resources.h"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

#include "daemon/alert_message.h"
#include "daemon/clock.h"
#include "daemon/wire/encode.h"
#include "rules/pack/decisions.h"
#include "rules/pack/reported_endpoint.h"

namespace cellvigil {
namespace {

namespace json = boost::json;

json::value time_json(Instant at) {
    if (at == kAlways || at == kNever) return nullptr;
    return json::value(to_rfc3339(at));
}

std::vector<Role> roles_of(const std::vector<std::string>& names) {
    std::vector<Role> roles;
    for (const std::string& name : names)
        if (const auto role = role_named(name)) roles.push_back(*role);
    return roles;
}

std::vector<auth::Algorithm> algorithms_of(const std::vector<std::string>& names) {
    std::vector<auth::Algorithm> algorithms;
    for (const auto one : {auth::Algorithm::rs256, auth::Algorithm::es256, auth::Algorithm::eddsa})
        if (std::ranges::find(names, auth::name_of(one)) != names.end()) algorithms.push_back(one);
    return algorithms;
}

}  // namespace

std::string rules_json(const RuleSet& rules, const Catalogue& catalogue) {
    json::array decided;
    for (const Decision& decision : decisions()) {
        const auto value = decision.get(rules);
        decided.push_back(json::object{{"key", decision.key},
                                       {"value", value ? json::value(*value) : json::value(nullptr)},
                                       {"unit", decision.unit},
                                       {"question", decision.question}});
    }
    json::array monitors;
    for (const MonitorSpec& monitor : catalogue.monitors)
        monitors.push_back(json::object{{"id", monitor.id},
                                        {"cohort", monitor.cohort},
                                        {"endpoint", row_of(monitor.endpoint).name},
                                        {"method", name_of(monitor.method)},
                                        {"limit_millionths", monitor.limit_millionths},
                                        {"placeholder", monitor.placeholder}});
    return json::serialize(json::object{{"pack", rules.pack},
                                        {"hash", rules.hash},
                                        {"decisions", std::move(decided)},
                                        {"monitors", std::move(monitors)}}) +
           "\n";
}

std::string config_json(const config::Loaded& loaded) {
    json::array settings;
    for (const config::Setting& setting : loaded.settings) {
        json::array path;
        for (const std::string& segment : setting.path) path.emplace_back(segment);
        settings.push_back(
            json::object{{"path", std::move(path)}, {"value", setting.value}, {"origin", setting.origin}});
    }
    return json::serialize(json::object{{"hash", loaded.hash}, {"settings", std::move(settings)}}) + "\n";
}

void Sites::see(std::string_view study, std::string_view site, Instant last, Instant complete) {
    const std::string key = std::string(study) + "/" + std::string(site);
    const std::lock_guard lock(mutex_);
    Seen& seen = seen_[key];
    seen.last = std::max(seen.last, last);
    seen.complete = std::max(seen.complete, complete);
}

std::string Sites::json(const config::Config& config) const {
    std::map<std::string, Seen> all;
    for (const auto& [study, of_study] : config.studies)
        for (const auto& [site, ignored] : of_study.sites) all[study + "/" + site];
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [key, seen] : seen_) all[key] = seen;
    }
    json::array rows;
    for (const auto& [key, seen] : all) {
        const auto slash = key.find('/');
        rows.push_back(json::object{{"study", key.substr(0, slash)},
                                    {"site", key.substr(slash + 1)},
                                    {"last_message", time_json(seen.last)},
                                    {"complete_through", time_json(seen.complete)}});
    }
    return json::serialize(json::object{{"sites", std::move(rows)}}) + "\n";
}

void ToldSettings::set(const Deployment& deployment) {
    std::string rules = rules_json(*deployment.settings.rules, deployment.catalogue);
    std::string config = config_json(deployment.loaded);
    const std::lock_guard lock(mutex_);
    rules_ = std::move(rules);
    config_ = std::move(config);
    settings_ = deployment.settings;
}
std::string ToldSettings::rules() const {
    const std::lock_guard lock(mutex_);
    return rules_;
}
std::string ToldSettings::config() const {
    const std::lock_guard lock(mutex_);
    return config_;
}

pipeline::Settings ToldSettings::settings() const {
    const std::lock_guard lock(mutex_);
    return settings_;
}

http::ServerOptions server_options(const config::Http& http) {
    http::ServerOptions options;
    options.listen = http.listen;
    options.port = http.port;
    options.allow_remote = http.allow_remote;
    options.tls = {
        .certificate_file = http.certificate_file, .key_file = http.key_file, .client_ca_file = http.client_ca_file};
    options.auth = auth_options(http);
    options.max_body_bytes = http.max_body_bytes;
    options.max_header_bytes = http.max_header_bytes;
    options.max_connections = http.max_connections;
    options.max_streams = http.max_streams;
    options.header_timeout = http.header_timeout;
    options.body_timeout = http.body_timeout;
    options.idle_timeout = http.idle_timeout;
    options.answer_timeout = http.answer_timeout;
    return options;
}

http::AuthOptions auth_options(const config::Http& http) {
    http::AuthOptions options;
    options.required = http.authentication;
    options.metrics_token = http.metrics_token;
    options.now = wall_clock;
    for (const config::MachineAccess& machine : http.machines)
        options.machines.push_back({.name = machine.name,
                                    .presents = machine.certificate,
                                    .roles = roles_of(machine.roles),
                                    .studies = machine.studies});
    if (!http.authentication || http.oidc.issuer.empty()) return options;
    auth::TokenPolicy policy;
    policy.issuer = http.oidc.issuer;
    policy.audience = http.oidc.audience;
    policy.algorithms = algorithms_of(http.oidc.algorithms);
    policy.leeway = http.oidc.leeway;
    policy.longest_life = http.oidc.longest_life;
    policy.roles_claim = http.oidc.roles_claim;
    policy.studies_claim = http.oidc.studies_claim;
    for (const auto& [name, ours] : http.oidc.roles)
        if (const auto role = role_named(ours)) policy.roles.emplace(name, *role);
    options.tokens = std::move(policy);
    http::KeySource::Options keys;
    keys.fetch = http::fetch_of(http.oidc.jwks, http.oidc.ca_file);
    options.keys = std::make_shared<http::KeySource>(std::move(keys));
    return options;
}

Result<http::AlertTold> told_alert(std::string_view body) {
    const auto alert = wire::alert_of(body);
    if (!alert) return fail(alert.error());
    http::AlertTold told;
    told.subject_key = alert->subject_key;
    told.json = json::serialize(json::object{{"alert_id", alert->alert_id},
                                             {"revision", alert->revision},
                                             {"state", wire::name_of(alert->state)},
                                             {"rule", alert->rule},
                                             {"severity", wire::name_of(alert->severity)},
                                             {"study", alert->study},
                                             {"cohort", alert->cohort},
                                             {"event_time", time_json(alert->event_time)},
                                             {"title", alert->title}});
    return told;
}

}  // namespace cellvigil
