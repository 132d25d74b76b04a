#include "daemon/config/config.h"

namespace cellvigil::config {

std::map<std::string, ingest::Study> embedded_studies() {
    ingest::Study study;
    study.cohorts.insert("C-CAR039");
    for (const char* site : {"site-01", "site-02", "site-03", "site-04"}) {
        ingest::Site at_beijing_time;
        at_beijing_time.offset = hours(8);
        study.sites.emplace(site, std::move(at_beijing_time));
    }
    std::map<std::string, ingest::Study> studies;
    studies.emplace("CCAR039-SIM", std::move(study));
    return studies;
}

ingest::Directory directory_of(const Config& config) {
    ingest::Directory directory;
    directory.studies = config.studies;
    directory.clock_tolerance = config.clock_tolerance;
    directory.clock_limit = config.clock_limit;
    directory.max_value_bytes = config.max_message_bytes;
    directory.max_headers = config.max_headers;
    return directory;
}

std::vector<ReportingRule> reporting_rules_of(const Reporting& reporting) {
    std::vector<ReportingRule> running;
    for (const ReportingRule& shipped : reporting_rules()) {
        const std::string name = name_of(shipped.jurisdiction);
        if (std::ranges::find(reporting.jurisdictions, name) == reporting.jurisdictions.end()) continue;
        const auto own = reporting.rules.find(name);
        running.push_back(own == reporting.rules.end() ? shipped : own->second.rule);
        if (own != reporting.rules.end()) running.back().verified = !own->second.source.empty();
    }
    return running;
}

}  // namespace cellvigil::config
