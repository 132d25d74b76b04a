// One sink's way through the outbox: its cursor, its waits, its counters. Runs on a thread of its own. Private to the
// dispatcher.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "daemon/alerts/digest_round.h"
#include "daemon/alerts/dispatcher.h"
#include "daemon/alerts/escalation_round.h"
#include "daemon/alerts/flood_gate.h"
#include "daemon/alerts/pruner.h"
#include "daemon/alerts/quiet_gate.h"
#include "daemon/alerts/sink.h"

namespace cellvigil::alerts {

class Courier {
  public:
    Courier(const DispatcherOptions& options, std::unique_ptr<Sink> sink);
    ~Courier();
    Courier(const Courier&) = delete;
    Courier& operator=(const Courier&) = delete;

    // Before start(): this one also prunes the outbox for all of these.
    void also_prune(std::vector<std::string> sinks) { pruner_.emplace(options_, std::move(sinks)); }
    void start();
    void wake();
    void stop();
    // Wakes, then waits until the outbox was seen empty after the call. True: it was, or the sink is disabled.
    bool drain_until(std::chrono::steady_clock::time_point deadline);
    SinkStatus status() const;

  private:
    enum class Next : std::uint8_t { more, rest, retry, end };

    void run();
    Next step();
    Next open();
    Result<std::vector<Notification>> let_through(const std::vector<store::OutboxEntry>& rows);
    Next take_result(const std::vector<store::OutboxEntry>& rows, const Attempt& attempt);
    Next after_failure(const Notification& failed, const Attempt& attempt);
    Next pass_over(const Notification& dead, const Attempt& attempt);
    bool is_given_up(const Attempt& attempt);
    void by_the_clock();
    Next store_failed(const Error& error);
    Result<void> move_cursor(std::int64_t sequence);
    void show_queue(const std::vector<store::OutboxEntry>& rows);
    void wait(Next next);
    double jitter() const;

    const DispatcherOptions& options_;
    const std::unique_ptr<Sink> sink_;
    const std::string name_;
    metrics::ChannelCounters& counters_;
    std::unique_ptr<store::Store> session_;  // this thread's
    std::unique_ptr<Marks> marks_;
    std::int64_t cursor_ = -1;              // -1: not read yet
    bool unsaved_ = false;                  // the store does not know cursor_ yet
    std::uint32_t refusals_ = 0;            // of the notification at the front
    std::optional<Instant> failing_since_;  // of the notification at the front, answered but not taken
    milliseconds next_wait_{0};
    DigestRound digest_;
    EscalationRound escalation_;
    FloodGate flood_;
    QuietGate quiet_;
    std::optional<Pruner> pruner_;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t woken_ = 0;
    std::uint64_t heeded_ = 0;    // woken_ as it was when the outbox was last read
    std::uint64_t empty_at_ = 0;  // woken_ as it was when the outbox was last seen empty
    bool stopping_ = false;
    SinkStatus status_;
    std::thread thread_;
};

}  // namespace cellvigil::alerts
