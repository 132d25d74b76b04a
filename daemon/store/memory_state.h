// What a memory store holds, and how a commit changes it; for memory.cc.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "daemon/store/memory.h"

namespace cellvigil::store {

using CellKey = std::tuple<std::string, std::string, std::int32_t, std::int32_t>;  // cohort, measure, x, y
using Place = std::pair<std::uint32_t, std::int64_t>;                              // partition, position

struct MemoryPartition {
    Claim claim;
    std::int64_t recovery_point = 0;
    std::vector<Segment> segments;
    std::map<std::string, Snapshot> snapshots;
    std::map<CellKey, std::int64_t> cells;
};

struct MemoryDatabase::State {
    mutable std::mutex mutex;
    std::string input;
    std::uint32_t bound = 0;  // partitions; 0: not bound yet
    std::map<std::uint32_t, MemoryPartition> partitions;
    std::map<std::string, std::vector<AlertRevision>> alerts;  // by revision
    std::vector<OutboxEntry> outbox;
    std::set<std::string> outbox_ids;
    std::int64_t last_outbox = 0;  // sequence
    std::map<std::string, std::int64_t, std::less<>> delivered;
    std::vector<DeadLetterRow> dead_letters;
    std::set<Place> dead_places;
    std::map<Place, Held> held;
    std::vector<AuditRow> audit;
    std::map<std::string, std::vector<ActionRow>, std::less<>> actions;           // by number
    std::map<std::string, std::vector<SignalStepRow>, std::less<>> signal_steps;  // by number
    std::map<std::string, std::string, std::less<>> cases;
    std::map<std::string, std::string> tokens;                 // of the audit trail, by subject
    std::map<std::string, std::int64_t, std::less<>> changes;  // by alert: its last
    std::int64_t last_change = 0;
    std::vector<StoredClose> day_closes;
    std::map<std::int32_t, LookRow> looks;

    WriteFault fault{};
    std::uint64_t failing = 0;
    std::uint64_t passing = 0;
    std::uint64_t written = 0;

    // Everything that can refuse a commit, before anything is changed.
    Result<void> may_apply(const Commit& commit) const;
    void apply(const Commit& commit);
    void apply_alerts(const Commit& commit);
    void apply_letters(const Commit& commit);
    Result<void> may_take_histories(const Commit& commit) const;
    Result<std::vector<AuditEntry>> audit_from(std::int64_t first, std::size_t at_most) const;
    void apply_days(const Commit& commit);

    std::string case_of(std::string_view alert_id) const;
    std::optional<AlertRow> alert(std::string_view alert_id) const;
    std::vector<BookChange> changes_after(std::int64_t sequence, std::size_t at_most) const;
    Counts counts() const;
    VerifyReport verified() const;
    std::vector<CellSum> cell_sums() const;
    std::vector<std::string> named(std::string_view cohort, std::string_view table, std::size_t at_most) const;
    std::vector<StoredClose> closes_after(std::int64_t sequence, std::size_t at_most) const;
    ClosedCells closed_cells(std::uint32_t partition) const;
    std::vector<LookRow> looks_after(std::int32_t day, std::size_t at_most) const;
};

}  // namespace cellvigil::store
