// What a tool must know of a deployment: its directory of studies and its rules, from the same configuration file as
// the daemon.
#pragma once

#include <memory>
#include <string>

#include "daemon/ingest/admission.h"
#include "rules/base/result.h"
#include "rules/monitor/watch_plan.h"
#include "rules/pack/rule_set.h"

namespace cellvigil::tools {

struct Deployment {
    std::shared_ptr<const ingest::Directory> directory;
    RuleSet rules;
    WatchPlan plan;  // of the same pack
    std::string data_folder;
};

// `config` empty: the daemon's embedded defaults; with `accept_any`, every study, cohort and site is known. `rule_pack`
// overrides the configuration's. `invalid` with every problem, one a line.
Result<Deployment> read_deployment(const std::string& config, const std::string& rule_pack, bool accept_any);

}  // namespace cellvigil::tools
