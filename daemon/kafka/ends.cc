#include "daemon/kafka/ends.h"

#include <chrono>
#include <optional>

namespace cellvigil::kafka {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kQueryTimeoutMs = 1000;
constexpr seconds kSweep{1};

void ask(EndsView& view, std::uint32_t partition) {
    std::int64_t low = 0;
    std::int64_t high = 0;
    const auto error = rd_kafka_query_watermark_offsets(
        view.client.get(), view.topic.c_str(), static_cast<std::int32_t>(partition), &low, &high, kQueryTimeoutMs);
    view.pokes.fetch_add(1, std::memory_order_relaxed);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return;
    view.connected = true;
    const std::lock_guard lock(view.mutex);
    for (auto& end : view.ends) {
        if (end.partition == partition) end.high = high;
    }
}

std::optional<std::uint32_t> assigned_at(EndsView& view, std::size_t turn) {
    const std::lock_guard lock(view.mutex);
    if (view.ends.empty()) return std::nullopt;
    return view.ends[turn % view.ends.size()].partition;
}

std::size_t assigned_count(EndsView& view) {
    const std::lock_guard lock(view.mutex);
    return view.ends.size();
}

// false: stop.
bool pause(EndsView& view) {
    std::unique_lock lock(view.mutex);
    const bool poking = view.poke_interval.count() > 0 && view.flowing;
    view.changed.wait_for(lock, poking ? view.poke_interval : milliseconds(20), [&] { return view.stopping; });
    return !view.stopping;
}

void run(const std::shared_ptr<EndsView>& view) {
    auto next_sweep = Clock::now();
    std::size_t turn = 0;
    while (pause(*view)) {
        if (Clock::now() >= next_sweep) {
            const auto count = assigned_count(*view);
            for (std::size_t i = 0; i < count && pause(*view); ++i) {
                if (const auto partition = assigned_at(*view, i)) ask(*view, *partition);
            }
            next_sweep = Clock::now() + kSweep;
        } else if (view->poke_interval.count() > 0 && view->flowing) {
            if (const auto partition = assigned_at(*view, turn++)) ask(*view, *partition);
        }
    }
    const std::lock_guard lock(view->mutex);
    view->finished = true;
    view->changed.notify_all();
}

}  // namespace

Ends::Ends(std::shared_ptr<EndsView> view) : view_(std::move(view)), thread_([copy = view_] { run(copy); }) {}

Ends::~Ends() {
    std::unique_lock lock(view_->mutex);
    view_->stopping = true;
    view_->changed.notify_all();
    const bool finished =
        view_->changed.wait_for(lock, milliseconds(2 * kQueryTimeoutMs), [this] { return view_->finished; });
    lock.unlock();
    if (finished) {
        thread_.join();
    } else {
        thread_.detach();
    }
}

}  // namespace cellvigil::kafka
