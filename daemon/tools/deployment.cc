#include "daemon/tools/deployment.h"

#include "daemon/config/config_yaml.h"
#include "daemon/packs/rule_pack.h"

namespace cellvigil::tools {

Result<Deployment> read_deployment(const std::string& config, const std::string& rule_pack, bool accept_any) {
    config::Sources sources;
    sources.file = config;
    sources.credentials = config::credentials_of_process();
    const config::Loaded loaded = config::load(sources);
    if (!loaded.problems.empty()) {
        std::string all;
        for (const config::Problem& problem : loaded.problems) {
            if (!all.empty()) all += '\n';
            all += config::to_text(problem);
        }
        return fail(Errc::invalid, all);
    }
    auto pack = packs::load_pack(rule_pack.empty() ? loaded.config.rule_pack : rule_pack);
    if (!pack) return fail(pack.error());
    auto directory = std::make_shared<ingest::Directory>(config::directory_of(loaded.config));
    directory->accept_any = accept_any;
    Deployment deployment;
    deployment.directory = std::move(directory);
    deployment.plan = watch_plan(pack->catalogue);
    deployment.rules = std::move(pack->rules);
    deployment.rules.reporting = config::reporting_rules_of(loaded.config.reporting);
    deployment.data_folder = loaded.config.data_folder;
    return deployment;
}

}  // namespace cellvigil::tools
