// What the daemon runs with: its configuration as loaded, what was said on the command line on top of it, and what
// follows from both. Read at the start and again on SIGHUP, as a whole or not at all.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/alerts/sink.h"
#include "daemon/config/config_yaml.h"
#include "daemon/pipeline/shard.h"
#include "rules/alert/escalation.h"
#include "rules/base/result.h"
#include "rules/pack/catalogue.h"

namespace cellvigil {

struct CommandLine {
    std::string config_file;
    std::optional<std::string> data_folder;
    std::optional<std::string> http;  // HOST:PORT
};

struct Deployment {
    config::Loaded loaded;
    pipeline::Settings settings;
    Catalogue catalogue;  // of the rule pack: products, profiles, monitors
    std::vector<std::unique_ptr<alerts::Sink>> sinks;
    Team team;
};

// The configuration with the command line applied; its problems are left in it.
config::Loaded load_configuration(const CommandLine& line);
// `invalid` with every problem, one a line.
Result<Deployment> read_deployment(const CommandLine& line);

// Logs as configured from now on, and says which variables of the environment were ignored.
void begin_log(const config::Loaded& loaded);

// As configured, else three for every four processors: the rest is for the committer and for librdkafka.
std::uint32_t workers_of(const config::Config& config);

}  // namespace cellvigil
