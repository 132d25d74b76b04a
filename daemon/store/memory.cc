#include "daemon/store/memory.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>

#include "daemon/store/commit_shape.h"
#include "daemon/store/memory_state.h"

namespace cellvigil::store {

MemoryDatabase::MemoryDatabase() : state_(std::make_unique<State>()) {}
MemoryDatabase::~MemoryDatabase() = default;

void MemoryDatabase::fail_writes(WriteFault fault, std::uint64_t writes, std::uint64_t passing) {
    const std::lock_guard guard(state_->mutex);
    state_->fault = fault;
    state_->failing = writes;
    state_->passing = passing;
}

void MemoryDatabase::stop_failing() {
    const std::lock_guard guard(state_->mutex);
    state_->failing = 0;
}

std::uint64_t MemoryDatabase::writes() const {
    const std::lock_guard guard(state_->mutex);
    return state_->written;
}

template <typename Map>
typename Map::mapped_type rows_of(const Map& map, std::string_view id) {
    const auto at = map.find(id);
    return at == map.end() ? typename Map::mapped_type() : at->second;
}

class MemoryStore final : public Store {
  public:
    explicit MemoryStore(std::shared_ptr<MemoryDatabase> database)
        : database_(std::move(database)), state_(*database_->state_) {}

    Result<void> bind(std::string_view input, std::uint32_t partitions) override;
    Result<Shape> shape() override;
    Result<Claim> claim(std::uint32_t partition, std::string_view owner) override;
    Result<void> write(const Commit& commit) override;
    Result<std::optional<Snapshot>> load_subject(std::uint32_t partition, std::string_view subject_key) override;
    Result<std::vector<SubjectIndex>> subjects_of(std::uint32_t partition) override;
    Result<void> read_segments(std::uint32_t partition, std::int64_t from,
                               const std::function<Result<void>(const SegmentRow&)>& visit) override;
    Result<std::int64_t> recovery_point(std::uint32_t partition) override;
    Result<void> set_recovery_point(std::uint32_t partition, std::int64_t position) override;
    Result<std::vector<Cell>> cells_of(std::uint32_t partition) override;
    Result<std::vector<CellSum>> cell_sums() override;
    Result<std::vector<std::string>> named(std::string_view cohort, std::string_view table,
                                           std::size_t at_most) override;
    Result<std::vector<std::uint32_t>> partitions() override;
    Result<std::vector<Claim>> positions() override;
    Result<std::vector<StoredClose>> day_closes(std::int64_t after, std::size_t at_most) override {
        const auto guard = lock();
        return state_.closes_after(after, at_most);
    }
    Result<ClosedCells> closed_cells(std::uint32_t partition) override {
        const auto guard = lock();
        return state_.closed_cells(partition);
    }
    Result<std::vector<LookRow>> looks(std::int32_t after, std::size_t at_most) override {
        const auto guard = lock();
        return state_.looks_after(after, at_most);
    }
    Result<std::optional<LookRow>> last_look() override {
        const auto guard = lock();
        return state_.looks.empty() ? std::optional<LookRow>() : std::optional(state_.looks.rbegin()->second);
    }
    Result<std::vector<AlertRow>> alerts(std::size_t at_most, std::string_view after_id) override;
    Result<std::vector<AlertRow>> alerts_of(std::string_view subject_key) override;
    Result<std::vector<AlertRevision>> alert_history(std::string_view alert_id) override;
    Result<std::vector<AlertRevision>> alerts_as_of(Instant log_time) override;
    Result<std::vector<ActionRow>> actions_of(std::string_view alert_id) override;
    Result<std::string> case_of(std::string_view alert_id) override;
    Result<std::vector<BookChange>> book_changes(std::int64_t sequence, std::size_t at_most) override {
        const auto guard = lock();
        return state_.changes_after(sequence, at_most);
    }
    Result<std::optional<AlertRow>> alert(std::string_view alert_id) override;
    Result<std::vector<SignalStepRow>> signal_steps(std::string_view signal_id) override;
    Result<std::vector<std::string>> signals() override;
    Result<Counts> counts() override;
    Result<std::vector<OutboxEntry>> outbox_after(std::int64_t sequence, std::size_t at_most) override;
    Result<std::int64_t> delivered_upto(std::string_view sink) override;
    Result<void> set_delivered(std::string_view sink, std::int64_t sequence) override;
    Result<std::size_t> prune_outbox(std::int64_t upto, Instant created_before, std::size_t at_most) override;
    Result<std::vector<DeadLetterRow>> dead_letters(std::int64_t after_id, std::size_t at_most) override;
    Result<DeadLetterRow> dead_letter(std::int64_t id) override;
    Result<void> mark_requeued(std::int64_t id) override;
    Result<std::vector<Held>> held(std::uint32_t partition) override;
    Result<std::vector<AuditRow>> audit(std::size_t at_most) override;
    Result<std::vector<AuditEntry>> audit_from(std::int64_t first, std::size_t at_most) override;
    Result<VerifyReport> verify_audit() override {  // memory keeps what it was given
        const auto guard = lock();
        return VerifyReport{.messages = state_.audit.size(), .faults = {}};
    }
    Result<VerifyReport> verify() override;
    Result<std::int64_t> size_bytes() override;
    Result<Checkpointed> checkpoint(bool) override { return Checkpointed{}; }

  private:
    std::lock_guard<std::mutex> lock() const { return std::lock_guard(state_.mutex); }

    std::shared_ptr<MemoryDatabase> database_;
    MemoryDatabase::State& state_;
};

Result<void> MemoryStore::bind(std::string_view input, std::uint32_t partitions) {
    const auto guard = lock();
    if (partitions == 0) return fail(Errc::invalid, "a deployment has partitions");
    if (state_.bound == 0) {
        state_.input = input;
        state_.bound = partitions;
    }
    if (state_.input != input) {
        return fail(Errc::invalid, "the store was made for input " + state_.input + ", asked " + std::string(input));
    }
    if (state_.bound == partitions) return {};
    return fail(Errc::invalid, "the store was made for partitions " + std::to_string(state_.bound) + ", asked " +
                                   std::to_string(partitions));
}

Result<Shape> MemoryStore::shape() {
    const auto guard = lock();
    return Shape{state_.input, state_.bound};
}

Result<Claim> MemoryStore::claim(std::uint32_t partition, std::string_view) {
    const auto guard = lock();
    if (state_.bound != 0 && partition >= state_.bound) {
        return fail(Errc::invalid, "partition " + std::to_string(partition) + " of " + std::to_string(state_.bound));
    }
    Claim& claim = state_.partitions[partition].claim;
    claim.partition = partition;
    ++claim.epoch;
    return claim;
}

Result<void> MemoryStore::write(const Commit& commit) {
    const auto guard = lock();
    if (auto shape = check_shape(commit); !shape) return shape;
    if (state_.failing > 0 && state_.passing > 0) {
        --state_.passing;
    } else if (state_.failing > 0) {
        --state_.failing;
        switch (state_.fault) {
            case WriteFault::unavailable:
                return fail(Errc::unavailable, "the database is away (on request)");
            case WriteFault::conflict:
                return fail(Errc::conflict, "somebody else owns the partition (on request)");
            case WriteFault::corrupt:
                return fail(Errc::corrupt, "the database is damaged (on request)");
            case WriteFault::unknown_not_applied:
                return fail(Errc::unavailable, "the commit did not take place (on request)");
            case WriteFault::unknown_applied:
                break;
        }
    }
    if (auto may = state_.may_apply(commit); !may) return may;
    state_.apply(commit);
    return {};
}

Result<std::optional<Snapshot>> MemoryStore::load_subject(std::uint32_t partition, std::string_view subject_key) {
    const auto guard = lock();
    const auto& snapshots = state_.partitions[partition].snapshots;
    const auto at = snapshots.find(std::string(subject_key));
    return at == snapshots.end() ? std::optional<Snapshot>() : std::optional(at->second);
}

Result<std::vector<SubjectIndex>> MemoryStore::subjects_of(std::uint32_t partition) {
    const auto guard = lock();
    std::vector<SubjectIndex> index;
    for (const auto& [key, snapshot] : state_.partitions[partition].snapshots)
        index.push_back({key, partition, snapshot.upto, snapshot.due});
    return index;
}

Result<void> MemoryStore::read_segments(std::uint32_t partition, std::int64_t from,
                                        const std::function<Result<void>(const SegmentRow&)>& visit) {
    for (std::size_t i = 0;; ++i) {
        SegmentRow row;
        {
            const auto guard = lock();  // not held while visiting: `visit` may call this store
            const auto& segments = state_.partitions[partition].segments;
            if (i >= segments.size()) return {};
            const Segment& segment = segments[i];
            if (segment.next < from || (segment.next == from && segment.base != segment.next)) continue;
            row = {partition, segment.base, segment.next, segment.messages, segment.frames};
        }
        if (auto visited = visit(row); !visited) return visited;
    }
}

Result<std::int64_t> MemoryStore::recovery_point(std::uint32_t partition) {
    const auto guard = lock();
    const auto at = state_.partitions.find(partition);
    return at == state_.partitions.end() ? 0 : at->second.recovery_point;
}

Result<void> MemoryStore::set_recovery_point(std::uint32_t partition, std::int64_t position) {
    const auto guard = lock();
    const auto at = state_.partitions.find(partition);
    if (at == state_.partitions.end() || at->second.claim.epoch == 0) {
        return fail(Errc::not_found, "partition " + std::to_string(partition) + " was never claimed");
    }
    at->second.recovery_point = position;
    return {};
}

Result<std::vector<Cell>> MemoryStore::cells_of(std::uint32_t partition) {
    const auto guard = lock();
    std::vector<Cell> cells;
    for (const auto& [key, value] : state_.partitions[partition].cells) {
        const auto& [cohort, measure, x, y] = key;
        cells.push_back({partition, cohort, measure, x, y, value});
    }
    return cells;
}

Result<std::vector<CellSum>> MemoryStore::cell_sums() {
    const auto guard = lock();
    return state_.cell_sums();
}

Result<std::vector<std::string>> MemoryStore::named(std::string_view cohort, std::string_view table,
                                                    std::size_t at_most) {
    const auto guard = lock();
    return state_.named(cohort, table, at_most);
}

Result<std::vector<std::uint32_t>> MemoryStore::partitions() {
    const auto guard = lock();
    std::vector<std::uint32_t> numbers;
    for (const auto& [number, partition] : state_.partitions) {
        if (partition.claim.epoch > 0) numbers.push_back(number);
    }
    return numbers;
}

Result<std::vector<Claim>> MemoryStore::positions() {
    const auto guard = lock();
    std::vector<Claim> claims;
    for (const auto& [number, partition] : state_.partitions) {
        if (partition.claim.epoch > 0) claims.push_back(partition.claim);
    }
    return claims;
}

Result<std::vector<AlertRow>> MemoryStore::alerts(std::size_t at_most, std::string_view after_id) {
    const auto guard = lock();
    std::vector<AlertRow> rows;
    for (auto at = state_.alerts.upper_bound(std::string(after_id)); at != state_.alerts.end() && rows.size() < at_most;
         ++at) {
        rows.push_back(at->second.back().row);
    }
    return rows;
}

Result<std::vector<AlertRow>> MemoryStore::alerts_of(std::string_view subject_key) {
    const auto guard = lock();
    std::vector<AlertRow> rows;
    for (const auto& [id, revisions] : state_.alerts) {
        if (revisions.back().row.subject_key == subject_key) rows.push_back(revisions.back().row);
    }
    return rows;
}

Result<std::vector<AlertRevision>> MemoryStore::alert_history(std::string_view alert_id) {
    const auto guard = lock();
    const auto at = state_.alerts.find(std::string(alert_id));
    return at == state_.alerts.end() ? std::vector<AlertRevision>() : at->second;
}

Result<std::vector<AlertRevision>> MemoryStore::alerts_as_of(Instant log_time) {
    const auto guard = lock();
    std::vector<AlertRevision> rows;
    for (const auto& [id, revisions] : state_.alerts) {
        const auto last = std::find_if(revisions.rbegin(), revisions.rend(),
                                       [&](const AlertRevision& one) { return one.recorded_at <= log_time; });
        if (last != revisions.rend()) rows.push_back(*last);
    }
    return rows;
}

Result<std::vector<OutboxEntry>> MemoryStore::outbox_after(std::int64_t sequence, std::size_t at_most) {
    const auto guard = lock();
    std::vector<OutboxEntry> entries;
    for (const OutboxEntry& entry : state_.outbox) {
        if (entry.sequence > sequence && entries.size() < at_most) entries.push_back(entry);
    }
    return entries;
}

Result<std::int64_t> MemoryStore::delivered_upto(std::string_view sink) {
    const auto guard = lock();
    const auto at = state_.delivered.find(sink);
    return at == state_.delivered.end() ? 0 : at->second;
}

Result<void> MemoryStore::set_delivered(std::string_view sink, std::int64_t sequence) {
    const auto guard = lock();
    state_.delivered[std::string(sink)] = sequence;
    return {};
}

Result<std::size_t> MemoryStore::prune_outbox(std::int64_t upto, Instant created_before, std::size_t at_most) {
    const auto guard = lock();
    std::size_t pruned = 0;
    std::erase_if(state_.outbox, [&](const OutboxEntry& entry) {
        const bool old = entry.sequence <= upto && entry.row.created_at < created_before && pruned < at_most;
        if (old) state_.outbox_ids.erase(entry.row.id);
        pruned += old ? 1U : 0U;
        return old;
    });
    return pruned;
}

Result<std::vector<DeadLetterRow>> MemoryStore::dead_letters(std::int64_t after_id, std::size_t at_most) {
    const auto guard = lock();
    std::vector<DeadLetterRow> rows;
    for (const DeadLetterRow& row : state_.dead_letters) {
        if (row.id <= after_id || rows.size() >= at_most) continue;
        rows.push_back(row);
        rows.back().letter.frame.clear();
    }
    return rows;
}

Result<DeadLetterRow> MemoryStore::dead_letter(std::int64_t id) {
    const auto guard = lock();
    for (const DeadLetterRow& row : state_.dead_letters) {
        if (row.id == id) return row;
    }
    return fail(Errc::not_found, "no dead letter has id " + std::to_string(id));
}

Result<void> MemoryStore::mark_requeued(std::int64_t id) {
    const auto guard = lock();
    for (DeadLetterRow& row : state_.dead_letters) {
        if (row.id != id) continue;
        row.requeued = true;
        return {};
    }
    return fail(Errc::not_found, "no dead letter has id " + std::to_string(id));
}

Result<Counts> MemoryStore::counts() {
    const auto guard = lock();
    return state_.counts();
}

Result<std::vector<Held>> MemoryStore::held(std::uint32_t partition) {
    const auto guard = lock();
    std::vector<Held> rows;
    for (const auto& [place, one] : state_.held) {
        if (place.first == partition && one.state == HeldState::held) rows.push_back(one);
    }
    return rows;
}

Result<std::vector<AuditRow>> MemoryStore::audit(std::size_t at_most) {
    const auto guard = lock();
    std::vector<AuditRow> rows(state_.audit.rbegin(), state_.audit.rend());
    if (rows.size() > at_most) rows.resize(at_most);
    return rows;
}

Result<std::vector<AuditEntry>> MemoryStore::audit_from(std::int64_t first, std::size_t at_most) {
    const auto guard = lock();
    return state_.audit_from(first, at_most);
}

Result<std::vector<ActionRow>> MemoryStore::actions_of(std::string_view alert_id) {
    const auto guard = lock();
    return rows_of(state_.actions, alert_id);
}

Result<std::string> MemoryStore::case_of(std::string_view alert_id) {
    const auto guard = lock();
    return state_.case_of(alert_id);
}

Result<std::optional<AlertRow>> MemoryStore::alert(std::string_view alert_id) {
    const auto guard = lock();
    return state_.alert(alert_id);
}

Result<std::vector<SignalStepRow>> MemoryStore::signal_steps(std::string_view signal_id) {
    const auto guard = lock();
    return rows_of(state_.signal_steps, signal_id);
}

Result<std::vector<std::string>> MemoryStore::signals() {
    const auto guard = lock();
    std::vector<std::string> ids;
    for (const auto& entry : state_.signal_steps) ids.push_back(entry.first);
    return ids;
}

Result<VerifyReport> MemoryStore::verify() {
    const auto guard = lock();
    return state_.verified();
}

Result<std::int64_t> MemoryStore::size_bytes() {
    const auto guard = lock();
    std::int64_t size = 0;
    for (const auto& [number, partition] : state_.partitions) {
        for (const Segment& segment : partition.segments) size += static_cast<std::int64_t>(segment.frames.size());
        for (const auto& [key, snapshot] : partition.snapshots)
            size += static_cast<std::int64_t>(snapshot.bytes.size());
    }
    return size;
}

std::unique_ptr<Store> open_memory(std::shared_ptr<MemoryDatabase> database) {
    return std::make_unique<MemoryStore>(std::move(database));
}

}  // namespace cellvigil::store
