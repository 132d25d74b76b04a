// Whether the daemon is alive (else start it again) and ready (else send it nothing). Thread-safe.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/alerts/dispatcher.h"
#include "daemon/http/api.h"
#include "daemon/http/server.h"
#include "daemon/input.h"
#include "daemon/metrics/metrics.h"
#include "daemon/pipeline/pipeline.h"
#include "daemon/progress.h"

namespace cellvigil {

class Health {
  public:
    // All outlive this.
    Health(const pipeline::Pipeline& pipeline, const Input& input,
           std::function<std::vector<alerts::SinkStatus>()> sinks);
    // From now on the server's thread is looked at, too. It outlives this.
    void watch(const http::Server& server) { server_ = &server; }

    // Of what the daemon does, not of a timer: workers take turns, the store answers commits, the io thread turns.
    std::vector<http::Check> live();
    std::vector<http::Check> ready() const;
    std::vector<metrics::ProbeCheck> for_metrics();
    std::string sentence() const;  // for people: what it is doing

  private:
    const pipeline::Pipeline& pipeline_;
    const Input& input_;
    const std::function<std::vector<alerts::SinkStatus>()> sinks_;
    std::atomic<const http::Server*> server_{nullptr};
    std::mutex mutex_;
    Progress workers_;  // guarded by the mutex
};

bool all_passed(const std::vector<http::Check>& checks);

}  // namespace cellvigil
