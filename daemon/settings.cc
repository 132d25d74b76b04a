#include "daemon/settings.h"

#include <charconv>

#include "daemon/alert_message.h"
#include "daemon/alerts/sinks.h"
#include "daemon/clock.h"
#include "daemon/packs/rule_pack.h"

namespace cellvigil {
namespace {

void apply_http(const std::string& text, config::Loaded& loaded) {
    const auto colon = text.rfind(':');
    unsigned port = 0;
    const char* end = text.data() + text.size();
    const bool has_port = colon != std::string::npos && colon + 1 < text.size() &&
                          std::from_chars(text.data() + colon + 1, end, port).ptr == end && port <= 65'535;
    if (!has_port || colon == 0) {
        loaded.problems.push_back(
            {.where = "command line", .key = "--http", .what = "expected HOST:PORT, found \"" + text + "\""});
        return;
    }
    loaded.config.http.listen = text.substr(0, colon);
    loaded.config.http.port = static_cast<std::uint16_t>(port);
}

Result<std::vector<std::unique_ptr<alerts::Sink>>> make_sinks(const config::Sinks& wanted) {
    std::vector<std::unique_ptr<alerts::Sink>> sinks;
    if (wanted.log) sinks.push_back(alerts::make_log_sink(thin_alert));
    for (const auto& webhook : wanted.webhooks) {
        auto made = alerts::make_webhook_sink({.name = webhook.name,
                                               .url = webhook.url,
                                               .secret = webhook.secret,
                                               .timeout = webhook.timeout,
                                               .link_base = webhook.link_base,
                                               .ca_file = webhook.ca_file,
                                               .now = wall_clock},
                                              thin_alert);
        if (!made) return fail(Errc::invalid, "sinks.webhooks." + webhook.name + ": " + made.error().detail);
        sinks.push_back(std::move(*made));
    }
    if (wanted.kafka) {
        alerts::KafkaSinkOptions options;
        options.topic = wanted.kafka->topic;
        options.properties = wanted.kafka->properties;
        sinks.push_back(alerts::make_kafka_sink(std::move(options)));
    }
    return sinks;
}

}  // namespace

config::Loaded load_configuration(const CommandLine& line) {
    config::Loaded loaded = config::load({.file = line.config_file, .environment = config::environment_of_process()});
    if (line.data_folder) loaded.config.data_folder = *line.data_folder;
    if (line.http) apply_http(*line.http, loaded);
    return loaded;
}

Result<Deployment> read_deployment(const CommandLine& line) {
    Deployment deployment;
    deployment.loaded = load_configuration(line);
    if (!deployment.loaded.problems.empty()) {
        std::string text;
        for (const auto& problem : deployment.loaded.problems) text += config::to_text(problem) + "\n";
        return fail(Errc::invalid, std::move(text));
    }
    const config::Config& config = deployment.loaded.config;
    auto pack = packs::load_pack(config.rule_pack);
    if (!pack) return fail(Errc::invalid, pack.error().detail);
    deployment.settings.rules = std::make_shared<const RuleSet>(std::move(pack->rules));
    deployment.catalogue = std::move(pack->catalogue);
    deployment.settings.directory = std::make_shared<const ingest::Directory>(config::directory_of(config));
    auto sinks = make_sinks(config.sinks);
    if (!sinks) return fail(sinks.error());
    deployment.sinks = std::move(*sinks);
    return deployment;
}

}  // namespace cellvigil
