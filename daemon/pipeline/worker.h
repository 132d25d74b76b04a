// One thread that owns whole partitions: takes from its source, applies through its shard, hands batches to the
// committer and goes on with the next one meanwhile. Everything else that concerns its partitions (claims, revocations,
// reload, questions about a subject) is a task that it runs between two slices of messages.
//
// A batch is closed when it is full, when it is old enough, at once when it holds an alert, and as soon as there is
// nothing more to take while none of its batches is being written: so batches are small when little comes and large
// when much does.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "daemon/ingest/source.h"
#include "daemon/pipeline/committer.h"
#include "daemon/pipeline/shard.h"

namespace cellvigil::pipeline {

struct WorkerOptions {
    ShardOptions shard;
    std::string owner;                    // this process, for people
    std::uint64_t max_messages = 20'000;  // of one batch
    std::uint64_t max_bytes = 4U << 20U;
    milliseconds max_wait{100};                  // from a batch's first message to its closing
    milliseconds idle{5};                        // nothing came for so long: close
    std::uint32_t max_under_way = 3;             // batches at the committer
    milliseconds write_back_after = seconds(1);  // of silence: dirty subjects are written
    std::function<Instant()> now;
    std::function<void(const store::Claim&)> placed;  // on the worker's thread, before the first message
    std::function<void(std::uint32_t partition, const Error&)> broken;
    std::function<void(const Fenced&)> fenced;
    std::function<void(const Error&)> fatal;
};

struct WorkerStatus {
    std::uint32_t recovering = 0;  // partitions that are not yet taking messages
    bool store_away = false;       // waits for the store
    std::uint64_t turns = 0;       // of its loop: liveness
};

class Worker : private ingest::Receiver {
  public:
    Worker(WorkerOptions options, std::unique_ptr<store::Store> session, ingest::Source& source, Committer& committer,
           metrics::WorkerCounters& counters, metrics::ProcessCounters& process);
    ~Worker() override;  // stop() first
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void start();

    // All from other threads.
    // Blocks until they are claimed; their recovery goes on before the next message is taken.
    Result<std::vector<store::Claim>> claim(std::vector<std::uint32_t> partitions);
    // Blocks until the partitions are let go of: committed first unless lost, but at most for so long. `write_back`:
    // dirty subjects are written too, so that the next owner need not read the journal.
    void revoke(std::vector<std::uint32_t> partitions, bool lost, bool write_back, milliseconds at_most);
    // Blocks until rules and held messages are judged anew; `unavailable`: the store is away, or too little time.
    Result<void> reload(Settings settings, milliseconds at_most);
    // `question` runs on the worker's thread between slices; with nullptr when the worker has stopped.
    void ask(std::function<void(Shard*)> question);
    // From the committer.
    void receive_receipt(Receipt receipt);
    // Takes what waits, commits, lets everything go; at most for so long.
    void stop(milliseconds at_most);
    WorkerStatus status() const;

  private:
    using Clock = std::chrono::steady_clock;
    using Task = std::function<void()>;

    void expect(const ingest::MessageView& message) override { shard_.expect(message); }
    void prepare(const ingest::MessageView& message) override { shard_.prepare(message); }
    bool receive(const ingest::Received& received) override;
    void handed_over() override { shard_.settle(); }
    void broken(std::uint32_t partition, const Error& error) override;

    void post(Task task);
    void run();
    void run_mail();
    bool take_receipts(milliseconds wait, bool until_task);
    milliseconds time_to_wait() const;
    bool should_close(std::size_t taken) const;
    void hand_over(Batch batch);
    bool flush(Clock::time_point until);
    void write_back_all(Clock::time_point until);
    bool pause_for_store(milliseconds& wait);
    void wind_up();

    Result<std::vector<store::Claim>> claim_all(const std::vector<std::uint32_t>& partitions);
    void make_ready(std::vector<std::uint32_t> partitions);
    Result<void> make_one_ready(std::uint32_t partition);
    Result<void> judge_anew(std::uint32_t partition);
    void let_go(const std::vector<std::uint32_t>& partitions, bool lost, bool write_back, Clock::time_point until);
    Result<void> replace(Settings settings, Clock::time_point until);

    const WorkerOptions options_;
    const std::unique_ptr<store::Store> session_;
    ingest::Source& source_;
    Committer& committer_;
    metrics::WorkerCounters& counters_;
    Shard shard_;

    // The thread's own.
    std::uint32_t under_way_ = 0;
    bool stopping_ = false;
    bool abandoned_ = false;  // a message could not be taken: nothing after it may be
    Clock::time_point stop_at_ = Clock::time_point::max();
    Clock::time_point last_message_ = Clock::now();
    std::uint32_t sample_every_ = 1;
    std::uint32_t until_sample_ = 1;

    std::mutex mutex_;  // guards the next four
    std::condition_variable mail_;
    std::deque<Task> tasks_;
    std::deque<Receipt> receipts_;
    bool finished_ = false;
    std::atomic<bool> stop_requested_{false};
    std::atomic<std::uint32_t> recovering_{0};
    std::atomic<bool> store_away_{false};
    std::atomic<std::uint64_t> turns_{0};
    std::thread thread_;
};

}  // namespace cellvigil::pipeline
