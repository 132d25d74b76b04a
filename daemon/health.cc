#include "daemon/health.h"

#include <algorithm>
#include <string>
#include <utility>

namespace cellvigil {
namespace {

constexpr seconds kStalledLimit{60};  // a loop that does not turn for so long is not alive
constexpr minutes kSilentLimit{5};    // nor is a store that does not answer a commit for so long

}  // namespace

Health::Health(const pipeline::Pipeline& pipeline, const Input& input)
    : pipeline_(pipeline), input_(input), workers_(kStalledLimit) {}

std::vector<http::Check> Health::live() {
    const auto status = pipeline_.status();
    bool turning = true;
    {
        const std::lock_guard lock(mutex_);
        turning = workers_.standing_still(status.turns, Progress::Time::clock::now()) == 0;
    }
    // A worker that waits for the store or recovers does not turn, and starting it again would not help.
    turning = turning || status.store_away || status.recovering > 0;
    const http::Server* server = server_;
    return {{.name = "workers_turn", .passed = turning, .detail = {}},
            {.name = "store_answers", .passed = status.store_silent < kSilentLimit, .detail = {}},
            {.name = "io_turns", .passed = server == nullptr || server->loop_lag() < kStalledLimit, .detail = {}}};
}

std::vector<http::Check> Health::ready() const {
    const auto status = pipeline_.status();
    auto checks = input_.checks(status);
    checks.push_back({.name = "replay_done",
                      .passed = status.recovering == 0,
                      .detail = std::to_string(status.recovering) + " partitions recovering"});
    checks.push_back({.name = "store_writable", .passed = !status.store_away, .detail = {}});
    return checks;
}

std::vector<metrics::ProbeCheck> Health::for_metrics() {
    std::vector<metrics::ProbeCheck> all;
    for (http::Check& one : live())
        all.push_back({.probe = "live", .check = std::move(one.name), .passed = one.passed});
    for (http::Check& one : ready())
        all.push_back({.probe = "ready", .check = std::move(one.name), .passed = one.passed});
    return all;
}

std::string Health::sentence() const {
    const auto status = pipeline_.status();
    if (status.store_away) return "the store is away: commits fail and nothing is acknowledged";
    if (status.recovering > 0) return "recovering " + std::to_string(status.recovering) + " partitions";
    for (const http::Check& one : ready())
        if (!one.passed) return "not ready: " + one.name + (one.detail.empty() ? "" : " (" + one.detail + ")");
    return "taking messages of " + std::to_string(status.partitions.size()) + " partitions";
}

bool all_passed(const std::vector<http::Check>& checks) {
    return std::all_of(checks.begin(), checks.end(), [](const http::Check& check) { return check.passed; });
}

}  // namespace cellvigil
