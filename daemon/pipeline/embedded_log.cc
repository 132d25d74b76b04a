#include "daemon/pipeline/embedded_log.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

#include "rules/base/ensure.h"
#include "rules/base/hash.h"

namespace cellvigil::pipeline {

struct EmbeddedLog::Queued {
    ingest::Submission message;
    std::uint32_t partition = 0;
    ingest::ReplyTo reply;
    bool copy = false;
};

// Shared by all lanes: what waits over all of them is bounded together.
struct EmbeddedLog::State {
    mutable std::mutex mutex;
    std::size_t messages = 0;
    std::size_t bytes = 0;
    bool closed = false;
};

namespace {

// "study/site/<site>": every partition is told, so that each knows how far the site's reports go.
bool is_heartbeat(std::string_view key) {
    const auto slash = key.find('/');
    return slash != std::string_view::npos && key.substr(slash).starts_with("/site/");
}

std::size_t size_of(const ingest::Submission& message) { return message.key.size() + message.value.size(); }

}  // namespace

// One worker's queue. take() moves what waits to a list of its own and hands it out from there without the lock.
class EmbeddedLog::Lane : public ingest::Source {
  public:
    Lane(const EmbeddedLogOptions& options, State& state)
        : options_(options), state_(state), tails_(options.partitions) {}

    std::size_t take(std::size_t at_most, milliseconds wait, ingest::Receiver& receiver) override {
        if (next_ == drawn_.size()) draw(at_most, wait);
        std::size_t taken = 0;
        while (next_ < drawn_.size() && taken < at_most) {
            ++taken;
            if (!hand_over(drawn_[next_++], receiver)) break;
        }
        return taken;
    }

    std::size_t waiting() const override {
        const std::lock_guard lock(state_.mutex);
        return queue_.size() + (drawn_.size() - next_);
    }

    void wake() override {
        const std::lock_guard lock(state_.mutex);
        woken_ = true;
        arrived_.notify_one();
    }

    // Under the lock.
    void push(Queued queued) {
        queue_.push_back(std::move(queued));
        if (queue_.size() == 1) arrived_.notify_one();
    }

    void place(std::uint32_t partition, std::int64_t next, Instant log_time) {
        tails_[partition] = {.next = next, .log_time = log_time};
    }

    void refuse_all() {
        const Error stopped{Errc::unavailable, "the daemon is stopping"};
        for (; next_ < drawn_.size(); ++next_) drawn_[next_].reply.ticket->fail(stopped);
        for (auto& queued : std::exchange(queue_, {})) queued.reply.ticket->fail(stopped);
    }

  private:
    struct Tail {
        std::int64_t next = 0;
        Instant log_time = kAlways;
    };

    void draw(std::size_t at_most, milliseconds wait) {
        drawn_.clear();
        next_ = 0;
        std::unique_lock lock(state_.mutex);
        arrived_.wait_for(lock, wait, [this] { return woken_ || !queue_.empty(); });
        woken_ = false;
        for (std::size_t i = 0; i < at_most && !queue_.empty(); ++i) {
            state_.bytes -= size_of(queue_.front().message);
            --state_.messages;
            drawn_.push_back(std::move(queue_.front()));
            queue_.pop_front();
        }
    }

    bool hand_over(const Queued& queued, ingest::Receiver& receiver) {
        Tail& tail = tails_[queued.partition];
        tail.log_time = std::max(tail.log_time, options_.now());
        const ingest::MessageView view{.partition = queued.partition,
                                       .partition_count = queued.copy ? 0 : options_.partitions,  // not its key's
                                       .position = tail.next,
                                       .appended_at = tail.log_time,
                                       .key = queued.message.key,
                                       .headers = {},
                                       .value = queued.message.value};
        if (!queued.copy) ++tail.next;
        return receiver.receive({.message = view, .tombstone = false, .reply = &queued.reply, .copy = queued.copy});
    }

    const EmbeddedLogOptions& options_;
    State& state_;
    std::condition_variable arrived_;
    std::deque<Queued> queue_;
    bool woken_ = false;
    std::vector<Queued> drawn_;  // the worker's thread only
    std::size_t next_ = 0;
    std::vector<Tail> tails_;  // by partition
};

EmbeddedLog::EmbeddedLog(EmbeddedLogOptions options) : options_(std::move(options)), state_(std::make_unique<State>()) {
    for (std::uint32_t i = 0; i < options_.workers; ++i) lanes_.push_back(std::make_unique<Lane>(options_, *state_));
}

EmbeddedLog::~EmbeddedLog() {
    close();
    refuse_rest();
}

void EmbeddedLog::refuse_rest() {
    for (auto& lane : lanes_) lane->refuse_all();
}

void EmbeddedLog::submit(std::vector<ingest::Submission> messages,
                         std::function<void(Result<std::vector<ingest::Answer>>)> done) {
    if (messages.empty()) return done(std::vector<ingest::Answer>{});
    std::size_t bytes = 0;
    std::size_t count = 0;
    for (const auto& message : messages) {
        const std::size_t times = is_heartbeat(message.key) ? options_.partitions : 1;
        bytes += times * size_of(message);
        count += times;
    }
    {
        const std::lock_guard lock(state_->mutex);
        const bool room = state_->messages + count <= options_.max_waiting_messages &&
                          state_->bytes + bytes <= options_.max_waiting_bytes;
        if (room && !state_->closed) {
            // Answered once the copies are durable too; what became of them is not the sender's.
            const auto ticket = std::make_shared<ingest::Ticket>(
                count, [done = std::move(done), asked = messages.size()](Result<std::vector<ingest::Answer>> answers) {
                    if (answers) answers->resize(asked);
                    done(std::move(answers));
                });
            state_->messages += count;
            state_->bytes += bytes;
            std::uint32_t index = 0;
            auto extra = static_cast<std::uint32_t>(messages.size());
            for (auto& message : messages) {
                const auto partition = partition_of(message.key, options_.partitions);
                for (std::uint32_t other = 0; is_heartbeat(message.key) && other < options_.partitions; ++other) {
                    if (other == partition) continue;
                    lanes_[worker_of(other)]->push(
                        {.message = message, .partition = other, .reply = {ticket, extra++}, .copy = true});
                }
                lanes_[worker_of(partition)]->push(
                    {.message = std::move(message), .partition = partition, .reply = {ticket, index++}});
            }
            return;
        }
    }
    done(fail(Errc::unavailable, "too much is waiting to be taken in"));
}

void EmbeddedLog::close() {
    const std::lock_guard lock(state_->mutex);
    state_->closed = true;
}

std::size_t EmbeddedLog::waiting() const {
    const std::lock_guard lock(state_->mutex);
    return state_->messages;
}

ingest::Source& EmbeddedLog::source(std::uint32_t worker) { return *lanes_.at(worker); }

void EmbeddedLog::place(std::uint32_t partition, std::int64_t next, Instant log_time) {
    ensure(partition < options_.partitions, "a partition of this log");
    lanes_[worker_of(partition)]->place(partition, next, log_time);
}

}  // namespace cellvigil::pipeline
