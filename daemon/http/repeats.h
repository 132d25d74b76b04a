// Answers to requests with an Idempotency-Key, kept for a while so that a repeat gets the same answer and does nothing.
// In memory: after a restart a repeat is a new request, and message ids and revisions keep it harmless. Not
// thread-safe: the io thread's. The time is an argument.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/http/message.h"

namespace cellvigil::http {

class Repeats {
  public:
    using Clock = std::chrono::steady_clock;
    enum class Standing : std::uint8_t {
        fresh,    // go on; finish() must follow
        running,  // the first is not answered yet
        other,    // the key came with another request
        known,    // `answer` is its answer
    };
    struct Found {
        Standing standing = Standing::fresh;
        std::optional<Response> answer;
    };
    // `key`: of one person at one place; `digest`: of the request's body.
    Found begin(const std::string& key, const std::string& digest, Clock::time_point now);
    // An answer of 500 or more, or 429, is forgotten: the repeat may succeed.
    void finish(const std::string& key, const Response& answer, Clock::time_point now);

  private:
    struct Kept {
        std::string digest;
        std::optional<Response> answer;  // nullopt: running
        std::size_t bytes = 0;
    };
    void forget(const std::string& key);
    void let_go(Clock::time_point now);
    std::map<std::string, Kept> kept_;
    std::deque<std::pair<Clock::time_point, std::string>> order_;  // answered ones, oldest first
    std::size_t bytes_ = 0;
};

// 1 to 255 visible characters.
bool is_idempotency_key(std::string_view key);

}  // namespace cellvigil::http
