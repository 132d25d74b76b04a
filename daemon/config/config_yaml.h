// Reads the configuration: one YAML file, then conf.d/*.yaml beside it in the order of their names, then the
// environment. Later ones override single keys; maps merge. Unknown keys, wrong types and values out of range are
// problems, each with file, line and column and what was expected; every problem is reported, not only the first. The
// only user of yaml-cpp beside rule_pack_yaml.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/config.h"
#include "rules/base/result.h"

namespace cellvigil::config {

struct Problem {
    std::string where;  // "/etc/cellvigil/cellvigil.yaml:12:5", "environment CELLVIGIL_HTTP_PORT"
    std::string key;    // "http.port"; empty when the file as a whole is wrong
    std::string what;   // "expected an integer from 0 to 65535, found \"http\""
};
std::string to_text(const Problem& problem);  // one line

// One effective setting, for --print-config.
struct Setting {
    std::vector<std::string> path;  // {"sinks", "webhooks", "safety", "url"}
    std::string value;              // as YAML; secrets redacted; "{}" for a named group
    std::string origin;             // "default", "file:line:column", "environment CELLVIGIL_..."
};

struct Loaded {
    Config config;                  // meaningful only without problems
    std::vector<Setting> settings;  // as a tree, in the table's order
    std::vector<Problem> problems;
    std::vector<std::string> ignored;  // variables CELLVIGIL_... that begin like no setting: to be told in the log
    std::string hash;                  // 16 hex digits of the effective settings, secrets included
};

struct Sources {
    std::string file;                                // empty: defaults and environment only
    std::map<std::string, std::string> environment;  // only names that begin with CELLVIGIL_ are looked at
    // Where systemd puts credentials ($CREDENTIALS_DIRECTORY): a secret's file named without a slash is there. Empty:
    // in the working folder.
    std::string credentials = {};
};
// The process's environment, its CELLVIGIL_ part.
std::map<std::string, std::string> environment_of_process();
std::string credentials_of_process();

// `file` that cannot be read is a problem too.
Loaded load(const Sources& sources);

// The effective configuration as one YAML file, each value with its origin in a comment. Secrets are never printed.
std::string print_config(const Loaded& loaded);
// docs/configuration.md as printed by --print-config-reference.
std::string config_reference();

}  // namespace cellvigil::config
