#include "daemon/health.h"

#include <algorithm>
#include <string>
#include <utility>

namespace cellvigil {
namespace {

constexpr seconds kStalledLimit{60};  // a loop that does not turn for so long is not alive
constexpr minutes kSilentLimit{5};    // nor is a store that does not answer a commit for so long

constexpr std::uint32_t kTroubling = 3;  // failures in a row

std::string trouble_of(const std::vector<alerts::SinkStatus>& sinks) {
    std::string text;
    for (const alerts::SinkStatus& sink : sinks) {
        std::string one;
        if (sink.disabled) {
            one = "disabled, " + sink.last_error;
        } else if (sink.failures >= kTroubling) {
            one = std::to_string(sink.failures) + " failures in a row, " + sink.last_error;
        }
        if (sink.passed_over > 0) one += (one.empty() ? "" : ", ") + std::to_string(sink.passed_over) + " passed over";
        if (!one.empty()) text += (text.empty() ? "" : "; ") + sink.name + ": " + one;
    }
    return text;
}

}  // namespace

Health::Health(const pipeline::Pipeline& pipeline, const Input& input,
               std::function<std::vector<alerts::SinkStatus>()> sinks)
    : pipeline_(pipeline), input_(input), sinks_(std::move(sinks)), workers_(kStalledLimit) {}

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
    std::string trouble = trouble_of(sinks_());
    checks.push_back({.name = "sinks_told", .passed = trouble.empty(), .detail = std::move(trouble), .needed = false});
    return checks;
}

std::vector<metrics::ProbeCheck> Health::for_metrics() {
    std::vector<metrics::ProbeCheck> all;
    for (http::Check& one : live())
        all.push_back({.probe = "live", .check = std::move(one.name), .passed = one.passed});
    for (http::Check& one : ready())
        all.push_back({.probe = one.needed ? "ready" : "advice", .check = std::move(one.name), .passed = one.passed});
    return all;
}

std::string Health::sentence() const {
    const auto status = pipeline_.status();
    if (status.store_away) return "the store is away: commits fail and nothing is acknowledged";
    if (status.recovering > 0) return "recovering " + std::to_string(status.recovering) + " partitions";
    const auto checks = ready();
    for (const http::Check& one : checks)
        if (!one.passed && one.needed)
            return "not ready: " + one.name + (one.detail.empty() ? "" : " (" + one.detail + ")");
    std::string text = "taking messages of " + std::to_string(status.partitions.size()) + " partitions";
    for (const http::Check& one : checks)
        if (!one.passed) text += "; " + one.name + " failed: " + one.detail;
    return text;
}

bool all_passed(const std::vector<http::Check>& checks) {
    return std::all_of(checks.begin(), checks.end(),
                       [](const http::Check& check) { return check.passed || !check.needed; });
}

}  // namespace cellvigil
