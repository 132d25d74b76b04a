#include "daemon/health.h"

#include <algorithm>
#include <string>

namespace cellvigil {
namespace {

constexpr seconds kStalledLimit{60};  // a loop that does not turn for so long is not alive

}  // namespace

std::vector<http::Check> Health::live() {
    const auto status = pipeline_.status();
    const auto now = Clock::now();
    bool turning = true;
    {
        const std::lock_guard lock(mutex_);
        turns_.resize(status.turns.size());
        for (std::size_t i = 0; i < status.turns.size(); ++i) {
            if (turns_[i].count != status.turns[i]) turns_[i] = {.count = status.turns[i], .since = now};
            turning = turning && now - turns_[i].since < kStalledLimit;
        }
    }
    // A worker that waits for the store or recovers does not turn, and starting it again would not help.
    turning = turning || status.store_away || status.recovering > 0;
    const http::Server* server = server_;
    return {{.name = "workers_turn", .passed = turning, .detail = {}},
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

bool all_passed(const std::vector<http::Check>& checks) {
    return std::all_of(checks.begin(), checks.end(), [](const http::Check& check) { return check.passed; });
}

}  // namespace cellvigil
