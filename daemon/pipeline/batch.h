// What one worker hands to the committer at once, and what it gets back. Pure values; a batch moves from thread to
// thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/ingest/ticket.h"
#include "daemon/metrics/counters.h"
#include "daemon/store/store.h"

namespace cellvigil::pipeline {

struct Subject;

// A message of the batch whose sender waits.
struct Waiter {
    std::uint32_t partition = 0;
    ingest::ReplyTo reply;
};

// A snapshot under way. `subject` means something to the worker that made it, and only while it owns partition and
// epoch.
struct Written {
    std::uint32_t partition = 0;
    std::int64_t epoch = 0;
    std::int64_t upto = 0;
    Subject* subject = nullptr;
};

struct Mark {  // the recovery point that holds once the batch is committed
    std::uint32_t partition = 0;
    std::int64_t position = 0;
};

struct RaisedCount {
    std::uint32_t partition = 0;
    const char* rule = "";
    const char* severity = "";
    metrics::AlertChange change = metrics::AlertChange::raised;
};

// A site's heartbeat, for the partitions that it did not come in.
struct SiteBeat {
    std::uint32_t partition = 0;  // that it came in
    std::string study;
    std::string site;
    Instant recorded{};
    Instant appended{};
};

// Partitions that another owner has taken, with the epoch under which they were lost.
using Fenced = std::map<std::uint32_t, std::int64_t>;

struct Batch {
    std::uint32_t worker = 0;
    store::Commit commit;  // at most one advance per partition
    std::vector<Waiter> waiters;
    std::vector<Written> written;
    std::vector<Mark> recovery_points;
    std::vector<RaisedCount> alerts;
    std::vector<SiteBeat> beats;     // to be told to the other partitions once committed
    std::vector<std::string> spent;  // empty segments on their way back: what a worker fills next is warm memory
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    std::chrono::steady_clock::time_point opened{};  // first message taken
};

// Removes what belongs to these partitions: they have another owner. Their waiters are told `unavailable`.
void forget_partitions(Batch& batch, const std::set<std::uint32_t>& partitions);

// Tells everybody who waits.
void settle_all(std::vector<Waiter>& waiters);
void fail_all(std::vector<Waiter>& waiters, const Error& error);

}  // namespace cellvigil::pipeline
