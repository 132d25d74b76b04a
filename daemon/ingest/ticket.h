// The answers to one submission of several messages, gathered from the workers that take them. Thread-safe: every
// message is settled once, by the one who has it; the last to be settled calls `done`.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/ingest/inlet.h"

namespace cellvigil::ingest {

class Ticket {
  public:
    using Done = std::function<void(Result<std::vector<Answer>>)>;
    // `messages` > 0.
    Ticket(std::size_t messages, Done done) : answers_(messages), open_(messages), done_(std::move(done)) {}

    // Notes what became of message `index`; nobody is told yet.
    void note(std::uint32_t index, Answer answer) { answers_[index] = std::move(answer); }
    // The message's fate is durable.
    void settle() { count_down(); }
    // The message was not taken, or it is not known whether it was: the whole submission is answered with `error`.
    void fail(const Error& error) {
        {
            const std::lock_guard lock(mutex_);
            if (!error_) error_ = error;
        }
        count_down();
    }

  private:
    void count_down() {
        if (open_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
        if (error_) {
            done_(cellvigil::fail(std::move(*error_)));
        } else {
            done_(std::move(answers_));
        }
    }

    std::vector<Answer> answers_;
    std::atomic<std::size_t> open_;
    Done done_;
    std::mutex mutex_;
    std::optional<Error> error_;
};

// One message's place in a ticket. Empty for messages that nobody waits for.
struct ReplyTo {
    std::shared_ptr<Ticket> ticket;
    std::uint32_t index = 0;
};

}  // namespace cellvigil::ingest
