#include "daemon/settings.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include "daemon/clock.h"
#include "daemon/configured_sinks.h"
#include "daemon/escalation.h"
#include "daemon/log/log.h"
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

}  // namespace

config::Loaded load_configuration(const CommandLine& line) {
    config::Loaded loaded = config::load({.file = line.config_file,
                                          .environment = config::environment_of_process(),
                                          .credentials = config::credentials_of_process()});
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
    pack->rules.reporting = config::reporting_rules_of(config.reporting);
    deployment.settings.rules = std::make_shared<const RuleSet>(std::move(pack->rules));
    deployment.settings.plan = std::make_shared<const WatchPlan>(watch_plan(pack->catalogue));
    deployment.catalogue = std::move(pack->catalogue);
    deployment.settings.directory = std::make_shared<const ingest::Directory>(config::directory_of(config));
    auto team = team_of(config.escalation);
    if (!team) return fail(Errc::invalid, "escalation.zone: " + team.error().detail);
    deployment.team = std::move(*team);
    auto sinks = make_sinks(config.sinks);
    if (!sinks) return fail(sinks.error());
    deployment.sinks = std::move(*sinks);
    return deployment;
}

void begin_log(const config::Loaded& loaded) {
    const config::Config& config = loaded.config;
    log::configure({.level = config.log_level, .to_stderr = config.log_to_stderr, .sink = {}, .now = wall_clock});
    for (const auto& name : loaded.ignored) {
        log::warn({"config", "variable_ignored", "an environment variable names no setting"}, {{"variable", name}});
    }
}

std::uint32_t workers_of(const config::Config& config) {
    if (config.workers.count > 0) return config.workers.count;
    // The rest is for the committer and for librdkafka, which together cost half of what a worker does.
    return std::max(1U, (std::thread::hardware_concurrency() * 3 + 3) / 4);
}

}  // namespace cellvigil
