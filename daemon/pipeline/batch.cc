#include "daemon/pipeline/batch.h"

#include <algorithm>

namespace cellvigil::pipeline {
namespace {

template <typename Rows>
void erase_of(Rows& rows, const std::set<std::uint32_t>& partitions) {
    std::erase_if(rows, [&](const auto& row) { return partitions.contains(row.partition); });
}

}  // namespace

void forget_partitions(Batch& batch, const std::set<std::uint32_t>& partitions) {
    auto& commit = batch.commit;
    std::set<std::string> alerts;
    for (const auto& row : commit.alerts) {
        if (partitions.contains(row.partition)) alerts.insert(row.alert_id);
    }
    std::erase_if(commit.outbox, [&](const store::OutboxRow& row) { return alerts.contains(row.alert_id); });
    std::erase_if(commit.audit, [&](const store::AuditRow& row) { return alerts.contains(row.object); });
    std::erase_if(commit.cases, [&](const store::CaseRow& row) { return alerts.contains(row.alert_id); });
    erase_of(commit.segments, partitions);
    erase_of(commit.advances, partitions);
    erase_of(commit.snapshots, partitions);
    erase_of(commit.cells, partitions);
    erase_of(commit.alerts, partitions);
    erase_of(commit.dead_letters, partitions);
    erase_of(commit.held, partitions);
    erase_of(commit.day_closes, partitions);
    erase_of(batch.written, partitions);
    erase_of(batch.recovery_points, partitions);
    erase_of(batch.alerts, partitions);
    erase_of(batch.beats, partitions);
    std::vector<Waiter> cut_off;
    const auto keep = std::stable_partition(batch.waiters.begin(), batch.waiters.end(), [&](const Waiter& waiter) {
        return !partitions.contains(waiter.partition);
    });
    std::move(keep, batch.waiters.end(), std::back_inserter(cut_off));
    batch.waiters.erase(keep, batch.waiters.end());
    fail_all(cut_off, {Errc::unavailable, "the partition has another owner"});
}

void settle_all(std::vector<Waiter>& waiters) {
    for (const auto& waiter : waiters) waiter.reply.ticket->settle();
    waiters.clear();
}

void fail_all(std::vector<Waiter>& waiters, const Error& error) {
    for (const auto& waiter : waiters) waiter.reply.ticket->fail(error);
    waiters.clear();
}

}  // namespace cellvigil::pipeline
