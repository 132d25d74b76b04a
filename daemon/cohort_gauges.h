// What follows from whole histories, as numbers for /metrics: cumulative incidence, time at risk by period, delayed
// infections. One subject at a time is read from the store, so memory does not grow with the cohort; what is newer than
// a subject's stored state is in the next round. Names no subject.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "daemon/metrics/metrics.h"
#include "daemon/store/store.h"
#include "rules/pack/rule_set.h"

namespace cellvigil {

// `stop` is asked before each subject; once it says true the answer is `unavailable`. computed_at is the caller's.
Result<metrics::Tables> cohort_gauges(store::Store& session, const RuleSet& rules, const std::function<bool()>& stop);

// The same on a thread of its own, again and again. Thread-safe.
class CohortGauges {
  public:
    struct Options {
        std::function<Result<std::unique_ptr<store::Store>>()> open;
        std::function<std::shared_ptr<const RuleSet>()> rules;  // as they are when a round begins
        std::function<Instant()> now;
        seconds every{600};  // 0: never
    };
    explicit CohortGauges(Options options);
    ~CohortGauges();
    CohortGauges(const CohortGauges&) = delete;
    CohortGauges& operator=(const CohortGauges&) = delete;
    metrics::Tables latest() const;

  private:
    void run();
    void round();

    Options options_;
    mutable std::mutex mutex_;  // guards the next two
    std::condition_variable wake_;
    metrics::Tables latest_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace cellvigil
