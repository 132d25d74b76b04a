// What a shard has recorded and not yet applied: see waiting.h.
#include <algorithm>
#include <numeric>
#include <utility>

#include "daemon/pipeline/shard.h"

namespace cellvigil::pipeline {
namespace {

// In the order of the log; what is not an alert's stands before `from`.
template <typename Row>
void arrange(std::vector<Row>& rows, std::size_t from, const std::vector<std::size_t>& order) {
    std::vector<Row> arranged;
    arranged.reserve(order.size());
    for (const std::size_t place : order) arranged.push_back(std::move(rows[from + place]));
    std::move(arranged.begin(), arranged.end(), rows.begin() + static_cast<std::ptrdiff_t>(from));
}

}  // namespace

Taken Shard::accept_ahead(Partition& partition, const ingest::Received& received, const Expected::Entry& entry) {
    const Event& event = entry.admitted.event;
    const bool tells_time = event.origin != DataOrigin::backfill;
    if (tells_time) {
        const Taken done = reach(partition, event.recorded_at, received.message.appended_at, received.message.position);
        if (done != Taken::done) return done;
    }
    put_by(partition, received, entry);
    if (tells_time) see_recorded(partition, received, event, entry.subject->site_clock);
    return Taken::done;
}

void Shard::put_by(Partition& partition, const ingest::Received& received, const Expected::Entry& entry) {
    Subject& subject = *entry.subject;
    if (waiting_in_ != &partition) settle();
    if (waiting_.empty()) {
        waiting_in_ = &partition;
        alerts_before_ = open_.commit.alerts.size();
    }
    subject.partitions = received.message.partition_count;
    const std::size_t frame_at = partition.open_bytes();
    const std::size_t frame_size = record(partition, received).size();
    partition.mark_dirty(subject, received.message.position);
    waiting_.add(subject, {.what = &entry,
                           .message = &received.message,
                           .frame_at = frame_at,
                           .frame_size = frame_size,
                           .log_time = partition.log_time()});
}

void Shard::apply_waiting(Partition& partition, Subject& subject) {
    std::uint32_t place = std::exchange(subject.first_waiting, kNoneWaits);
    while (place != kNoneWaits) {
        const WaitingEvent waiting = waiting_[place];
        const Event& event = waiting.what->admitted.event;
        const ApplyOutcome outcome =
            apply(partition, subject, event, waiting.what->keys, {waiting.message->position, waiting.log_time});
        conclude(partition, {.message = *waiting.message}, partition.open_frame(waiting.frame_at, waiting.frame_size),
                 event, outcome);
        place = waiting.next;
    }
}

void Shard::settle() {
    expected_.release();
    if (waiting_.empty()) return;
    const auto started = std::chrono::steady_clock::now();
    Partition& partition = *waiting_in_;
    const auto& subjects = waiting_.subjects();
    const std::size_t count = subjects.size();
    // What a subject's events touch comes in three steps, each when what it needs has come.
    const auto fetch = [&](std::size_t i, std::size_t step) {
        if (i >= count) return;
        const Subject& subject = *subjects[i];
        if (subject.first_waiting == kNoneWaits) return;
        if (step == 0) return subject.timeline.prefetch();
        if (step == 2) return subject.timeline.prefetch_last();
        for (std::uint32_t at = subject.first_waiting; at != kNoneWaits; at = waiting_[at].next)
            subject.timeline.prefetch(waiting_[at].what->keys);
    };
    constexpr std::size_t kFirst = 6;
    constexpr std::size_t kNext = 4;
    constexpr std::size_t kLast = 2;
    for (std::size_t i = 0; i < kFirst; ++i) fetch(i, 0);
    for (std::size_t i = 0; i < kNext; ++i) fetch(i, 1);
    for (std::size_t i = 0; i < kLast; ++i) fetch(i, 2);
    for (std::size_t i = 0; i < count; ++i) {
        fetch(i + kFirst, 0);
        fetch(i + kNext, 1);
        fetch(i + kLast, 2);
        apply_waiting(partition, *subjects[i]);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    const auto events = static_cast<double>(waiting_.size());
    counters_.processing[metrics::index_of(FactKind::observation)].observe(took.count() / events, waiting_.size());
    waiting_.clear();
    waiting_in_ = nullptr;
    arrange_alerts();
}

// Alerts leave in the order of what they come from.
void Shard::arrange_alerts() {
    auto& commit = open_.commit;
    const std::size_t fresh = commit.alerts.size() - alerts_before_;
    if (fresh < 2) return;
    std::vector<std::size_t> order(fresh);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return commit.alerts[alerts_before_ + a].position < commit.alerts[alerts_before_ + b].position;
    });
    arrange(commit.alerts, alerts_before_, order);
    arrange(commit.outbox, commit.outbox.size() - fresh, order);
    arrange(commit.audit, commit.audit.size() - fresh, order);
}

}  // namespace cellvigil::pipeline
