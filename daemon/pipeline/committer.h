// The one thread that writes: takes the ready batches of all workers, puts them all into one transaction, and tells the
// workers what became of it. While the store is away it keeps trying the same commit and nothing is acknowledged;
// partitions that another owner has taken are cut out and the rest is committed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "daemon/metrics/counters.h"
#include "daemon/pipeline/batch.h"
#include "daemon/store/store.h"

namespace cellvigil::pipeline {

struct Receipt {
    Batch batch;  // without its rows
    Fenced fenced;
    bool committed = true;  // false: the committer was stopped first
};

struct CommitterOptions {
    milliseconds first_wait{20};  // back-off while the store is away, doubling
    milliseconds longest_wait = seconds(2);
    milliseconds mark_interval = seconds(5);  // recovery points are stored at most so often
    // Called on the committer's thread.
    std::function<void(Receipt)> give_back;  // to the worker of the batch
    // After it is durable, before anybody is told: everything one transaction held, and the batches it came from.
    std::function<void(const store::Commit&, const std::vector<Batch>&)> committed;
    std::function<void(bool away, const Error&)> store_away;
    std::function<void(const Error&)> fatal;  // the store is damaged, or contradicts itself
};

class Committer {
  public:
    Committer(std::unique_ptr<store::Store> session, metrics::ProcessCounters& process, CommitterOptions options);
    ~Committer();  // stops
    Committer(const Committer&) = delete;
    Committer& operator=(const Committer&) = delete;

    // The caller bounds how many it has under way.
    void submit(Batch batch);
    // Commits what was submitted, at most for so long while the store is away; then gives back the rest uncommitted.
    void stop(milliseconds at_most);
    // How long the store has not answered the commit under way; 0: none is. A store that answers with failures is away,
    // not silent. From any thread.
    milliseconds silent_for() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace cellvigil::pipeline
