// Makes dead letters of what was refused before it became a message: batches of their own for the committer, which
// belong to no partition. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "daemon/ingest/refusal.h"
#include "daemon/metrics/counters.h"
#include "daemon/pipeline/batch.h"

namespace cellvigil::pipeline {

inline constexpr std::uint32_t kRefusalsWorker = 0xffff'fffe;  // in Batch::worker

struct RefusalOptions {
    std::function<void(Batch)> submit;
    std::function<Instant()> now;
    std::size_t most_bytes_under_way = 64U << 20U;  // more is `unavailable`
};

class Refusals {
  public:
    // `process` outlives it and every batch it submitted.
    Refusals(RefusalOptions options, metrics::ProcessCounters& process);

    void keep(const std::vector<ingest::Refusal>& refusals, const std::function<void(Result<void>)>& done);
    void close();  // nothing is submitted afterwards: `unavailable`

  private:
    struct UnderWay {
        std::mutex mutex;
        std::size_t bytes = 0;
        bool closed = false;
    };

    const RefusalOptions options_;
    metrics::ProcessCounters& process_;
    const std::shared_ptr<UnderWay> under_way_ = std::make_shared<UnderWay>();
};

}  // namespace cellvigil::pipeline
