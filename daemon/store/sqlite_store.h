// The SQLite store's own declaration, for its .cc files: sqlite_open.cc, sqlite_write.cc, sqlite_read.cc,
// sqlite_verify.cc, sqlite_erase.cc.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "daemon/store/block.h"
#include "daemon/store/database.h"
#include "daemon/store/erase.h"
#include "daemon/store/folder_lock.h"
#include "daemon/store/store.h"

namespace cellvigil::store {

enum class Access : std::uint8_t { owner, beside, read_only };

class SqliteStore final : public Store {
  public:
    static Result<std::unique_ptr<Store>> open(const SqliteOptions& options);

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
    Result<std::vector<StoredClose>> day_closes(std::int64_t after, std::size_t at_most) override;
    Result<ClosedCells> closed_cells(std::uint32_t partition) override;
    Result<std::vector<LookRow>> looks(std::int32_t after, std::size_t at_most) override;
    Result<std::optional<LookRow>> last_look() override;
    Result<std::vector<AlertRow>> alerts(std::size_t at_most, std::string_view after_id) override;
    Result<std::vector<AlertRow>> alerts_of(std::string_view subject_key) override;
    Result<std::vector<AlertRevision>> alert_history(std::string_view alert_id) override;
    Result<std::vector<AlertRevision>> alerts_as_of(Instant log_time) override;
    Result<std::vector<ActionRow>> actions_of(std::string_view alert_id) override;
    Result<std::string> case_of(std::string_view alert_id) override;
    Result<std::vector<BookChange>> book_changes(std::int64_t sequence, std::size_t at_most) override;
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
    Result<VerifyReport> verify_audit() override;
    Result<VerifyReport> verify() override;
    Result<std::int64_t> size_bytes() override;
    Result<Checkpointed> checkpoint(bool restart) override;
    Result<Erased> erase(const Erasure& erasure);  // daemon/store/erase.h

  private:
    SqliteStore(std::string path, Access access, std::shared_ptr<FolderLock> lock,
                std::unique_ptr<Connection> connection)
        : path_(std::move(path)), access_(access), lock_(std::move(lock)), connection_(std::move(connection)) {}

    // A partition's place in its journal, as a commit finds it and leaves it.
    struct Tail {
        std::int64_t segments = 0;
        Digest chain{};
    };
    // A row of `segment`, its place in the chain checked or not.
    struct StoredSegment {
        SegmentHeader header;
        Digest chain{};
        std::string body;
    };
    // A small value as it is kept: compressed when that is worth while.
    struct Packed {
        std::int64_t codec = 0;  // a BlockCodec; 0: kept as it is
        std::string buffer;
        std::string_view bytes;
        std::int64_t checksum = 0;
    };

    Result<void> require(Access least) const;
    Result<void> migrate_and_settle(const SqliteOptions& options);
    Result<void> hold_the_moment();

    // Views into room_, until the next call.
    Result<std::vector<PackedBlock>> packed(const std::vector<Segment>& segments);
    Result<void> write_in_transaction(const Commit& commit, const std::vector<PackedBlock>& blocks);
    Result<std::map<std::uint32_t, Tail>> tails_of(const Commit& commit);
    Result<void> put_segments(const Commit& commit, const std::vector<PackedBlock>& blocks,
                              std::map<std::uint32_t, Tail>& tails);
    Result<void> put_advances(const Commit& commit, const std::map<std::uint32_t, Tail>& tails);
    Result<void> put_snapshots(const std::vector<Snapshot>& snapshots);
    Result<void> put_cells(const std::vector<Cell>& cells);
    Result<void> put_alerts(const Commit& commit);
    // The engine's step, with the alert's row. `before`: as the alert stood.
    Result<void> put_engine_action(std::optional<AlertState> before, const AlertRow& row, Instant at);
    Result<void> put_action(const ActionRow& row);
    Result<void> put_histories(const Commit& commit);
    Result<void> put_cases(const std::vector<CaseRow>& cases);
    Result<void> put_change(std::string_view alert_id);
    Result<std::string> token_of(const std::string& subject_key);
    struct LastStep {
        std::uint32_t number = 0;
        Instant at = kAlways;
    };
    Result<LastStep> last_step(const char* sql, std::string_view id);
    Result<void> put_dead_letters(const std::vector<DeadLetter>& letters);
    Result<void> put_held(const std::vector<Held>& held);
    Result<void> put_audit(const std::vector<AuditRow>& rows);
    Result<void> put_days(const Commit& commit);
    Result<void> resolve(const Commit& commit, const Error& error);

    Result<Packed> pack(std::string_view bytes);
    Result<std::string> unpack(std::string_view body, std::int64_t codec, std::int64_t raw_size);
    // Like unpack, for frames, which are always compressed by zstd.
    Result<std::string> unpack_frame(std::string_view body, std::int64_t raw_size);
    Result<std::string> checked_snapshot(const Query& query, int first_column);

    Result<std::optional<StoredSegment>> segment_at(std::uint32_t partition, std::int64_t next, std::int64_t number);
    Result<void> check_journal_end(std::uint32_t partition);
    Result<Digest> chain_before(std::uint32_t partition, std::int64_t next, std::int64_t number);
    // The frames of a segment whose link to `previous` holds, or `corrupt` that names it.
    Result<std::string> frames_of(const StoredSegment& segment, const Digest& previous);

    static constexpr const char* kSegmentErased = "segment.erased";  // in the audit trail, of "partition/number"
    // The hash of what an erasure left of a segment whose link in the chain is `link`; nullopt: none touched it.
    Result<std::optional<Digest>> erased_to(std::uint32_t partition, std::int64_t number, const Digest& link);
    Result<Erased> erase_rows(const Erasure& erasure);
    Result<void> blot_out(const std::string& subject_key);
    Result<void> erase_journal(std::uint32_t partition, const Erasure& erasure, Erased& erased);
    // What became of the segment, as JSON; empty: nothing in it is of the subject.
    Result<std::string> erase_in(const StoredSegment& segment, const Digest& previous, const Erasure& erasure,
                                 Erased& erased);
    Result<void> record_erasure(std::uint32_t partition, const std::string& changes);
    Result<std::uint64_t> erase_letters(const Erasure& erasure);
    Result<std::uint64_t> erase_held(const Erasure& erasure);
    Result<std::uint64_t> drop_rows_of(const char* statement, const std::string& subject_key);

    struct ChainEnd {
        std::uint32_t partition = 0;
        std::int64_t next = 0;
        Tail tail;
    };
    Result<std::vector<ChainEnd>> chain_ends();
    Result<void> verify_journal(const ChainEnd& end, VerifyReport& report);
    Result<void> check_audit(VerifyReport& report);
    Result<void> check_audit_end(std::int64_t last, const Digest& chain, VerifyReport& report);
    Result<void> verify_snapshots(VerifyReport& report);
    Result<void> verify_erasures(VerifyReport& report);
    Result<void> verify_file(VerifyReport& report);

    std::string path_;
    Access access_;
    std::shared_ptr<FolderLock> lock_;
    std::unique_ptr<Connection> connection_;
    Codec codec_;
    std::unique_ptr<char[]> room_;  // for compressed segments, kept from commit to commit
    std::size_t room_size_ = 0;
};

}  // namespace cellvigil::store
