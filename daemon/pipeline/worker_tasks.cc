// What others ask of a worker: claims, revocations, reload, questions.
#include <algorithm>
#include <future>
#include <memory>
#include <utility>

#include "daemon/pipeline/worker.h"

namespace cellvigil::pipeline {
namespace {

constexpr std::size_t kSubjectsAtOnce = 500;  // judged anew per commit

}  // namespace

// ---- claims
// ---------------------------------------------------------------------------------------------------------------

Result<std::vector<store::Claim>> Worker::claim(std::vector<std::uint32_t> partitions) {
    const auto answer = std::make_shared<std::promise<Result<std::vector<store::Claim>>>>();
    auto answered = answer->get_future();
    recovering_ += static_cast<std::uint32_t>(partitions.size());
    post([this, partitions, answer] {
        auto claims = claim_all(partitions);
        const bool claimed = claims.has_value();
        answer->set_value(std::move(claims));
        if (claimed) make_ready(partitions);
        recovering_ -= static_cast<std::uint32_t>(partitions.size());
    });
    return answered.get();
}

Result<std::vector<store::Claim>> Worker::claim_all(const std::vector<std::uint32_t>& partitions) {
    if (abandoned_ || finished_) return fail(Errc::unavailable, "the worker is stopping");
    std::vector<store::Claim> claims;
    for (const auto partition : partitions) {
        auto claim = shard_.claim(partition, options_.owner);
        if (!claim) {
            for (const auto& done : claims) shard_.drop(done.partition);
            return fail(claim.error());
        }
        if (options_.placed) options_.placed(*claim);
        claims.push_back(*claim);
    }
    return claims;
}

// While the store is away nothing else can be done either, so waiting here costs nothing.
void Worker::make_ready(std::vector<std::uint32_t> partitions) {
    milliseconds wait{20};
    while (!partitions.empty()) {
        const auto partition = partitions.back();
        auto prepared = make_one_ready(partition);
        if (prepared) {
            partitions.pop_back();
            continue;
        }
        shard_.drop(partition);
        if (prepared.error().code != Errc::unavailable) {
            abandoned_ = true;
            if (options_.fatal) options_.fatal(prepared.error());
            return;
        }
        if (!pause_for_store(wait)) return;
        if (auto again = shard_.claim(partition, options_.owner); again && options_.placed) options_.placed(*again);
    }
}

Result<void> Worker::make_one_ready(std::uint32_t partition) {
    if (!shard_.owns(partition)) return fail(Errc::unavailable, "not claimed");
    if (auto recovered = shard_.recover(partition); !recovered) return recovered;
    if (!shard_.judged_by_present_rules(partition)) {
        if (auto judged = judge_anew(partition); !judged) return judged;
    }
    const auto released = shard_.release_held(partition);
    if (!released) return fail(released.error());
    return {};
}

Result<void> Worker::judge_anew(std::uint32_t partition) {
    if (auto begun = shard_.begin_judging_anew(partition); !begun) return begun;
    for (;;) {
        const auto finished = shard_.judge_some(partition, kSubjectsAtOnce);
        if (!finished) return fail(finished.error());
        if (!flush(stop_at_)) return fail(Errc::unavailable, "stopped while judging anew");
        if (!shard_.owns(partition)) return fail(Errc::unavailable, "the partition has another owner");
        if (*finished) return {};
    }
}

// ---- revocations
// ----------------------------------------------------------------------------------------------------------

void Worker::revoke(std::vector<std::uint32_t> partitions, bool lost, bool write_back, milliseconds at_most) {
    const auto done = std::make_shared<std::promise<void>>();
    auto finished = done->get_future();
    const auto until = Clock::now() + at_most;
    post([this, partitions = std::move(partitions), lost, write_back, until, done] {
        let_go(partitions, lost, write_back, until);
        done->set_value();
    });
    finished.wait_until(until);
}

void Worker::let_go(const std::vector<std::uint32_t>& partitions, bool lost, bool write_back, Clock::time_point until) {
    if (!lost && !finished_ && !abandoned_ && flush(until) && write_back) write_back_all(until);
    for (const auto partition : partitions) shard_.drop(partition);
}

// ---- reload
// ---------------------------------------------------------------------------------------------------------------

Result<void> Worker::reload(Settings settings, milliseconds at_most) {
    const auto answer = std::make_shared<std::promise<Result<void>>>();
    auto answered = answer->get_future();
    const auto until = Clock::now() + at_most;
    post([this, settings = std::move(settings), until, answer] { answer->set_value(replace(settings, until)); });
    if (answered.wait_until(until) != std::future_status::ready) return fail(Errc::unavailable, "still busy");
    return answered.get();
}

Result<void> Worker::replace(Settings settings, Clock::time_point until) {
    if (finished_) return fail(Errc::unavailable, "the worker is stopping");
    if (!flush(until)) return fail(Errc::unavailable, "what is under way was not committed in time");
    shard_.replace(std::move(settings));
    for (const auto partition : shard_.owned()) {
        if (!shard_.judged_by_present_rules(partition)) {
            if (auto judged = judge_anew(partition); !judged) return judged;
        }
        const auto released = shard_.release_held(partition);
        if (!released) return fail(released.error());
    }
    flush(until);
    return {};
}

// ---- questions
// ------------------------------------------------------------------------------------------------------------

void Worker::ask(std::function<void(Shard*)> question) {
    post([this, question = std::move(question)] { question(finished_ ? nullptr : &shard_); });
}

}  // namespace cellvigil::pipeline
