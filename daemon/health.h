// Whether the daemon is alive (else start it again) and ready (else send it nothing). Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

#include "daemon/http/api.h"
#include "daemon/http/server.h"
#include "daemon/input.h"
#include "daemon/pipeline/pipeline.h"

namespace cellvigil {

class Health {
  public:
    // Both outlive this.
    Health(const pipeline::Pipeline& pipeline, const Input& input) : pipeline_(pipeline), input_(input) {}
    // From now on the server's thread is looked at, too. It outlives this.
    void watch(const http::Server& server) { server_ = &server; }

    std::vector<http::Check> live();
    std::vector<http::Check> ready() const;

  private:
    using Clock = std::chrono::steady_clock;
    struct Turns {
        std::uint64_t count = 0;
        Clock::time_point since = Clock::now();
    };

    const pipeline::Pipeline& pipeline_;
    const Input& input_;
    std::atomic<const http::Server*> server_{nullptr};
    std::mutex mutex_;
    std::vector<Turns> turns_;  // of each worker, as last seen to change
};

bool all_passed(const std::vector<http::Check>& checks);

}  // namespace cellvigil
