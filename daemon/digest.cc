#include "daemon/digest.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>

#include "daemon/metrics/clinical.h"

namespace cellvigil {
namespace {

constexpr std::size_t kMostNamed = 20;  // sites

// "3: a/b, c/d, e/f"
std::string counted(const std::vector<std::string>& names) {
    std::string text = std::to_string(names.size());
    for (std::size_t i = 0; i < std::min(names.size(), kMostNamed); ++i) text += (i == 0 ? ": " : ", ") + names[i];
    return names.size() > kMostNamed ? text + " and others" : text;
}

std::vector<std::string> silent_sites(const config::Config& config, const std::vector<metrics::SiteSeen>& seen,
                                      Instant now) {
    std::vector<std::string> silent;
    for (const auto& [study_name, study] : config.studies)
        for (const auto& [site_name, site] : study.sites) {
            const bool heard =
                std::ranges::any_of(seen, [&, &of = study_name, &name = site_name](const metrics::SiteSeen& one) {
                    return one.study == of && one.site == name && now - one.last_message < kSilentAfter;
                });
            if (!heard) silent.push_back(study_name + "/" + site_name);
        }
    return silent;
}

}  // namespace

Result<alerts::Announcement> make_digest(store::Store& store, const config::Config& config,
                                         const std::vector<metrics::SiteSeen>& sites, Instant now) {
    const auto counts = store.counts();
    if (!counts) return fail(counts.error());
    const auto cells = store.cell_sums();
    if (!cells) return fail(cells.error());
    const auto positions = store.positions();
    if (!positions) return fail(positions.error());

    std::vector<std::string> studies;
    for (const auto& [name, study] : config.studies) studies.push_back(name);
    std::vector<std::string> cohorts;
    for (const auto& [name, study] : config.studies)
        for (const std::string& cohort : study.cohorts) cohorts.push_back(name + "/" + cohort);
    std::int64_t subjects = 0;
    std::int64_t infused = 0;
    for (const auto& cohort : metrics::cohort_numbers(*cells)) {
        subjects = std::accumulate(cohort.subjects.begin(), cohort.subjects.end(), subjects);
        infused += cohort.infused;
    }
    std::int64_t messages = 0;
    Instant latest = kAlways;
    for (const store::Claim& partition : *positions) {
        messages += partition.next;
        latest = std::max(latest, partition.log_time);
    }
    std::map<std::string, std::int64_t> by_severity;
    std::int64_t standing = 0;
    for (const auto& alert : counts->alerts) {
        by_severity[alert.severity] += alert.count;
        standing += alert.count;
    }
    std::string alerts_text = std::to_string(standing);
    for (const auto& [severity, count] : by_severity) alerts_text += ", " + severity + " " + std::to_string(count);
    std::int64_t held = 0;
    for (const auto& one : counts->held) held += one.count;

    alerts::Announcement digest;
    digest.title = "Still watching: " + std::to_string(standing) + " alerts stand";
    digest.facts = {{"studies", counted(studies)},
                    {"cohorts", counted(cohorts)},
                    {"subjects", std::to_string(subjects) + ", infused " + std::to_string(infused)},
                    {"messages_taken", std::to_string(messages)},
                    {"latest_message", latest == kAlways ? "none" : to_rfc3339(latest)},
                    {"sites_silent_for_72_hours", counted(silent_sites(config, sites, now))},
                    {"alerts_standing", alerts_text},
                    {"messages_quarantined", std::to_string(held)}};
    return digest;
}

}  // namespace cellvigil
