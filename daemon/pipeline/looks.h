// The one who looks at the monitors: behind the commit, from the committed sums alone, whenever something that they count has
// changed. A look is a function of the sums and the day (rules/monitor); what it finds is raised through the committer. An
// alarm is one row under an id of its own, so it is raised once, whoever looks and however often; it is never withdrawn by
// a look: when late facts undo the crossing, a further revision says so. One thread with a session of its own.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "daemon/pipeline/batch.h"
#include "daemon/pipeline/rows.h"
#include "daemon/pipeline/shard.h"
#include "rules/monitor/evaluation.h"

namespace cellvigil::pipeline {

inline constexpr std::uint32_t kLooksWorker = 0xffff'ffff;  // in Batch::worker

// What the last look saw. A value; shared between threads as const.
struct Looked {
    std::shared_ptr<const Prepared> prepared;
    std::vector<WatchSignal> signals;  // in the order of prepared->watches
    CalendarDay through = 0;           // the last day looked at
    Instant log_time = kAlways;
    double seconds = 0;                // that the evaluation took, reading the sums not included
    std::uint64_t looks = 0;           // since the start
};

struct LookOptions {
    Settings settings;
    EncodeSignal encode;
    std::function<void(Batch)> submit;
    milliseconds every{500};  // at most so often
};

// Does the commit change what monitors look at?
bool concerns_looks(const store::Commit& commit);

class Looks {
  public:
    Looks(LookOptions options, std::unique_ptr<store::Store> session);
    ~Looks();
    Looks(const Looks&) = delete;
    Looks& operator=(const Looks&) = delete;

    // From any thread.
    void wake();
    void settled();  // the batch that was submitted is through, or was given up
    void replace(Settings settings);
    std::shared_ptr<const Looked> latest() const;
    void stop();  // ends the thread; nothing is submitted afterwards

  private:
    void run();
    Result<void> look_once();
    void raise(const Looked& looked, const std::vector<store::AlertRow>& standing, const RuleSet& rules);

    LookOptions options_;
    std::unique_ptr<store::Store> session_;
    mutable std::mutex mutex_;  // guards the next five
    std::condition_variable changed_;
    bool stopping_ = false;
    bool wanted_ = true;
    bool under_way_ = false;
    Settings settings_;
    std::shared_ptr<const Looked> latest_;
    std::shared_ptr<const Prepared> prepared_;  // the thread's own, as is the next
    std::shared_ptr<const WatchPlan> prepared_for_;
    std::thread thread_;
};

}  // namespace cellvigil::pipeline
