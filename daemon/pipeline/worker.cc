#include "daemon/pipeline/worker.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "rules/base/ensure.h"

namespace cellvigil::pipeline {
namespace {

constexpr std::size_t kSlice = 4096;      // messages between two looks at the mail
constexpr std::size_t kManyAtOnce = 256;  // in one slice: from here on not every message is timed
constexpr std::uint32_t kSampleEvery = 64;
constexpr milliseconds kQuiet{50};

}  // namespace

Worker::Worker(WorkerOptions options, std::unique_ptr<store::Store> session, ingest::Source& source,
               Committer& committer, metrics::WorkerCounters& counters, metrics::ProcessCounters& process)
    : options_(std::move(options)),
      session_(std::move(session)),
      source_(source),
      committer_(committer),
      counters_(counters),
      shard_(options_.shard, *session_, counters, process) {}

Worker::~Worker() { ensure(!thread_.joinable(), "a worker is stopped before it is destroyed"); }

void Worker::start() {
    thread_ = std::thread([this] { run(); });
}

// ---- the loop
// -------------------------------------------------------------------------------------------------------------

void Worker::run() {
    pthread_setname_np(pthread_self(), "cv:worker");
    while (!abandoned_) {
        turns_.fetch_add(1, std::memory_order_relaxed);
        run_mail();
        if (stopping_ && (source_.waiting() == 0 || Clock::now() >= stop_at_)) break;
        if (under_way_ >= options_.max_under_way) {
            take_receipts(kQuiet, true);
            continue;
        }
        const auto room = options_.max_messages - std::min(options_.max_messages, shard_.messages());
        const std::size_t taken = source_.take(std::min<std::size_t>(kSlice, room), time_to_wait(), *this);
        if (taken > 0) last_message_ = Clock::now();
        sample_every_ = taken < kManyAtOnce ? 1 : kSampleEvery;
        if (should_close(taken)) {
            hand_over(shard_.close());
        } else if (taken == 0 && under_way_ == 0 && !shard_.anything() &&
                   Clock::now() - last_message_ > options_.write_back_after) {
            if (Batch idle = shard_.close_idle(); !idle.written.empty()) hand_over(std::move(idle));
        }
    }
    wind_up();
}

void Worker::wind_up() {
    const auto until = std::min(stop_at_, Clock::now() + seconds(60));
    if (!abandoned_ && flush(until)) write_back_all(until);
    for (const auto partition : shard_.owned()) shard_.drop(partition);
    std::deque<Task> rest;
    {
        const std::lock_guard lock(mutex_);
        finished_ = true;
        rest = std::exchange(tasks_, {});
    }
    for (const auto& task : rest) task();
}

milliseconds Worker::time_to_wait() const {
    if (!shard_.anything()) return kQuiet;
    if (under_way_ == 0 && shard_.awaited()) return milliseconds(0);
    const auto age = std::chrono::duration_cast<milliseconds>(Clock::now() - shard_.opened());
    return std::clamp(options_.max_wait - age, milliseconds(0), std::max(options_.idle, milliseconds(1)));
}

bool Worker::should_close(std::size_t taken) const {
    if (!shard_.anything()) return false;
    if (shard_.messages() >= options_.max_messages || shard_.bytes() >= options_.max_bytes || shard_.urgent())
        return true;
    const auto age = Clock::now() - shard_.opened();
    if (age >= options_.max_wait) return true;
    if (under_way_ > 0) return false;
    if (taken == 0) return true;
    return source_.waiting() == 0 && (shard_.awaited() || age >= options_.idle);
}

bool Worker::receive(const ingest::Received& received) {
    if (abandoned_) {
        if (received.reply != nullptr) received.reply->ticket->fail({Errc::unavailable, "the daemon is stopping"});
        return false;
    }
    const bool sampled = --until_sample_ == 0;
    const std::size_t waiting = shard_.waiting();
    const auto started = sampled ? Clock::now() : Clock::time_point{};
    milliseconds wait{20};
    for (Taken taken = shard_.take(received); taken != Taken::done; taken = shard_.take(received)) {
        if (taken == Taken::store_away && pause_for_store(wait)) continue;
        if (taken == Taken::corrupt && options_.fatal) options_.fatal(shard_.failure());
        if (received.reply != nullptr) received.reply->ticket->fail({Errc::unavailable, "the store is away"});
        abandoned_ = true;
        return false;
    }
    if (sampled) {
        const std::chrono::duration<double> took = Clock::now() - started;
        const std::chrono::duration<double> delay = options_.now() - received.message.appended_at;
        // One that waits is timed when it is applied, with others.
        if (shard_.waiting() == waiting)
            counters_.processing[shard_.last_payload()].observe(took.count(), sample_every_);
        counters_.ingest_delay.observe(std::max(delay.count(), 0.0), sample_every_);
        until_sample_ = sample_every_;
    }
    return shard_.bytes() < options_.max_bytes && !shard_.urgent();
}

void Worker::broken(std::uint32_t partition, const Error& error) {
    shard_.set_broken(partition);
    if (options_.broken) options_.broken(partition, error);
}

// In the middle of a message: no task can run. false: told to stop.
bool Worker::pause_for_store(milliseconds& wait) {
    store_away_ = true;
    std::unique_lock lock(mutex_);
    mail_.wait_for(lock, wait, [this] { return stop_requested_.load(); });
    wait = std::min(wait * 2, milliseconds(1000));
    store_away_ = false;
    return !stop_requested_;
}

// ---- batches
// --------------------------------------------------------------------------------------------------------------

void Worker::hand_over(Batch batch) {
    ++under_way_;
    committer_.submit(std::move(batch));
}

// Waits for the first one at most so long, or until a task comes; false: none came.
bool Worker::take_receipts(milliseconds wait, bool until_task) {
    std::deque<Receipt> receipts;
    {
        std::unique_lock lock(mutex_);
        mail_.wait_for(lock, wait, [&] { return !receipts_.empty() || (until_task && !tasks_.empty()); });
        receipts = std::exchange(receipts_, {});
    }
    for (Receipt& receipt : receipts) {
        --under_way_;
        shard_.settled(receipt.batch, receipt.fenced);
        if (!receipt.committed) abandoned_ = true;
        if (!receipt.fenced.empty() && options_.fenced) options_.fenced(receipt.fenced);
    }
    return !receipts.empty();
}

// Everything taken so far is committed; false: not in time.
bool Worker::flush(Clock::time_point until) {
    if (shard_.anything()) hand_over(shard_.close());
    while (under_way_ > 0) {
        if (Clock::now() >= until) return false;
        take_receipts(milliseconds(20), false);
    }
    return !abandoned_;
}

void Worker::write_back_all(Clock::time_point until) {
    while (Clock::now() < until && !abandoned_) {
        Batch batch = shard_.close_idle();
        if (batch.written.empty()) return;
        hand_over(std::move(batch));
        if (!flush(until)) return;
    }
}

// ---- mail
// -----------------------------------------------------------------------------------------------------------------

void Worker::run_mail() {
    for (;;) {
        take_receipts(milliseconds(0), false);
        Task task;
        {
            const std::lock_guard lock(mutex_);
            if (tasks_.empty()) return;
            task = std::move(tasks_.front());
            tasks_.pop_front();
        }
        task();
    }
}

void Worker::post(Task task) {
    {
        const std::lock_guard lock(mutex_);
        if (!finished_) {
            tasks_.push_back(std::exchange(task, nullptr));
            mail_.notify_one();
        }
    }
    if (task) return task();  // the thread has let everything go
    source_.wake();
}

void Worker::receive_receipt(Receipt receipt) {
    {
        const std::lock_guard lock(mutex_);
        receipts_.push_back(std::move(receipt));
        mail_.notify_one();
    }
    source_.wake();
}

void Worker::stop(milliseconds at_most) {
    stop_requested_ = true;
    post([this, at_most] {
        stop_at_ = Clock::now() + at_most;
        stopping_ = true;
    });
    if (thread_.joinable()) thread_.join();
}

WorkerStatus Worker::status() const { return {.recovering = recovering_, .store_away = store_away_, .turns = turns_}; }

}  // namespace cellvigil::pipeline
