#include "daemon/http/repeats.h"

#include <algorithm>
#include <utility>

namespace cellvigil::http {
namespace {

constexpr std::chrono::hours kKept{24};
constexpr std::size_t kMostAnswers = 10'000;
constexpr std::size_t kMostBytes = 64U << 20U;
constexpr std::size_t kLongestKey = 255;

}  // namespace

bool is_idempotency_key(std::string_view key) {
    return !key.empty() && key.size() <= kLongestKey &&
           std::ranges::all_of(key, [](char c) { return c > ' ' && c < '\x7f'; });
}

void Repeats::forget(const std::string& key) {
    const auto found = kept_.find(key);
    if (found == kept_.end()) return;
    bytes_ -= found->second.bytes;
    kept_.erase(found);
}

void Repeats::let_go(Clock::time_point now) {
    while (!order_.empty() &&
           (now - order_.front().first >= kKept || order_.size() > kMostAnswers || bytes_ > kMostBytes)) {
        forget(order_.front().second);
        order_.pop_front();
    }
}

Repeats::Found Repeats::begin(const std::string& key, const std::string& digest, Clock::time_point now) {
    let_go(now);
    const auto [place, fresh] = kept_.try_emplace(key, Kept{.digest = digest, .answer = {}, .bytes = 0});
    if (fresh) return {};
    if (place->second.digest != digest) return {.standing = Standing::other, .answer = {}};
    if (!place->second.answer) return {.standing = Standing::running, .answer = {}};
    return {.standing = Standing::known, .answer = place->second.answer};
}

void Repeats::finish(const std::string& key, const Response& answer, Clock::time_point now) {
    const auto found = kept_.find(key);
    if (found == kept_.end() || found->second.answer) return;
    if (answer.status >= 500 || answer.status == 429) {
        kept_.erase(found);
        return;
    }
    found->second.answer = answer;
    found->second.bytes = answer.body.size();
    bytes_ += answer.body.size();
    order_.emplace_back(now, key);
    let_go(now);
}

}  // namespace cellvigil::http
