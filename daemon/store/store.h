// The seam to the database: batches in, whole values out. One Commit is one transaction: everything that a batch of
// messages changed, or nothing of it. SQLite (daemon/store/sqlite) and, later, PostgreSQL implement it; tests/contract
// holds both to the same suite. A Store is one session: not thread-safe, each thread opens its own. Several sessions on
// one SQLite file are fine: one writes, any number read.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/store/book_rows.h"
#include "rules/base/result.h"
#include "rules/base/time.h"

namespace cellvigil::store {

// ---- what a commit carries
// ---------------------------------------------------------------------------------------------

// The messages of one partition in this batch, as received: frames of daemon/journal/frame.h, uncompressed here. The
// store compresses the block, hashes the compressed bytes into the partition's chain (chain = SHA-256(previous
// chain || header || compressed)), and appends it. Nothing rewrites a segment except erasure. A partition's segments in
// one commit lie end to end and cover just what its Advance covers, from `expected` to `next`
// (`invalid` otherwise); one that holds control records alone has base = next.
struct Segment {
    std::uint32_t partition = 0;
    std::int64_t base = 0;       // first position covered
    std::int64_t next = 0;       // one past the last; positions may have gaps inside (transactions, compaction)
    std::uint32_t messages = 0;  // frames that are no control records; their positions rise
    std::uint32_t controls = 0;
    Instant first_append{};
    Instant last_append{};
    std::string frames;
};

// Moves a partition's position: succeeds only if the stored row still has `expected` and `epoch`. At most one per
// partition; expected = next moves nothing but proves the ownership.
struct Advance {
    std::uint32_t partition = 0;
    std::int64_t expected = 0;
    std::int64_t next = 0;
    std::int64_t epoch = 0;
    Instant log_time = kAlways;   // largest append time seen
    Instant watermark = kAlways;  // event time up to which the partition's sites have reported
};

// A subject's whole state as of `upto` (exclusive position): replaces a snapshot of the same or an earlier position,
// and is left out when the stored one is later. Opaque to the store.
struct Snapshot {
    std::uint32_t partition = 0;
    std::string subject_key;  // "study/subject"
    std::int64_t upto = 0;
    std::string bytes;
    Instant due = kAlways;  // log time from which something may happen to it by itself; kAlways: not known
};

// The absolute value of one cohort count in one partition; 0 deletes. The cohort's number is the sum over partitions.
// A measure "who/..." names a subject: such cells say who stands in a table with an event, are no sum, and are in
// cells_of() and named() only.
inline constexpr const char* kWho = "who/";
struct Cell {
    std::uint32_t partition = 0;
    std::string cohort;   // "study/cohort"
    std::string measure;  // enumerated in rules/cohort; for example "subjects", "crs_max_grade"
    std::int32_t x = 0;   // grade, state or day
    std::int32_t y = 0;   // stratum, else 0
    std::int64_t value = 0;
};

enum class AlertState : std::uint8_t { raised, withdrawn, cleared, provisional };

// One alert as it now stands: an upsert by id. `revision` counts its changes from 1. Each revision is also kept for
// good (alert_history); one that is already stored, or older than what is stored, changes nothing.
struct AlertRow {
    std::string alert_id;  // deterministic: docs/alerts.md
    std::string rule;
    std::string severity;  // "immediate", "high", "medium", "info"
    std::string subject_key;
    std::string cohort;
    std::string site;
    std::uint32_t partition = 0;
    AlertState state = AlertState::raised;
    std::uint32_t revision = 1;
    Instant event_time{};       // when the condition was first true of the patient
    std::int64_t position = 0;  // of the message that brought this revision
    std::string body;           // cellvigil.v1.Alert, serialised
    bool worse = false;         // than the revision before: it needs somebody's eyes again. Goes into the history only
};

// One thing to tell every sink. The id makes repeats harmless: it stays the same over retries and restarts, and a row
// whose id is already stored is left out.
struct OutboxRow {
    std::string id;  // alert_id + "." + revision
    std::string alert_id;
    std::string body;      // cellvigil.v1.Alert, serialised
    Instant created_at{};  // log time
};

// Stands for the partition of what was refused before it had one.
inline constexpr std::uint32_t kNoPartition = 0xffff'ffff;

// Kept once per (partition, position). A negative position means what was refused before it had one, its partition is
// kNoPartition: each is kept.
struct DeadLetter {
    std::uint32_t partition = 0;
    std::int64_t position = 0;
    std::string reason;  // a Reason's name
    std::string detail;  // issues as JSON: [{"path":..,"reason":..,"detail":..}]; no subject
    Instant failed_at{};
    std::string frame;  // one frame: the message as received, all of its bytes
    bool oversize = false;
};

enum class HeldState : std::uint8_t { held, released, superseded };
struct Held {  // a quarantined message: an upsert by (partition, position)
    std::uint32_t partition = 0;
    std::int64_t position = 0;
    std::string reason;
    std::string detail;
    std::string subject_key;
    Instant since{};
    HeldState state = HeldState::held;
    std::string frame;  // empty when a row is only changed: its state, and reason and detail unless empty
};

struct AuditRow {
    Instant at{};
    std::string who;
    std::string what;  // "alert.raised", "quarantine.released", "config.reloaded", ...
    std::string object;
    std::string detail;  // JSON
    // "study/subject" that `object` is, or texts of `detail` are. The trail calls each "subject:" and a random token of
    // its own, which an erasure forgets: the chain stands and nobody can tell whose it was. Not stored otherwise.
    std::vector<std::string> subjects = {};
};

// What a cell became more by between two closes of a partition.
struct CellDelta {
    std::string cohort;
    std::string measure;
    std::int32_t x = 0;
    std::int64_t by = 0;
    bool operator==(const CellDelta&) const = default;
};

// A partition closed these days (since 1970-01-01) at this place of its log, and with what. Never changed afterwards:
// one that is stored already is left out.
struct DayCloseRow {
    std::uint32_t partition = 0;
    std::int32_t first_day = 0;
    std::int32_t through = 0;
    std::int64_t position = 0;
    Instant log_time{};
    std::int64_t late = 0;
    bool silent = false;
    std::string rules;
    std::vector<CellDelta> deltas;
    bool operator==(const DayCloseRow&) const = default;
};

// A look at the monitors, as it was taken. Never changed afterwards: a second one of the same day is left out.
struct LookRow {
    std::int32_t day = 0;
    Instant log_time{};
    std::int64_t late = 0;
    std::string pack;
    std::string pack_hash;
    std::string sums;     // digest of what it was taken from
    std::string outcome;  // rules/monitor/day_looks.h
    bool operator==(const LookRow&) const = default;
};

struct Commit {
    std::vector<Segment> segments;
    std::vector<Advance> advances;
    std::vector<Snapshot> snapshots;
    std::vector<Cell> cells;
    std::vector<AlertRow> alerts;
    std::vector<OutboxRow> outbox;
    std::vector<DeadLetter> dead_letters;
    std::vector<Held> held;
    std::vector<AuditRow> audit;
    std::vector<ActionRow> actions;  // of people
    std::vector<SignalStepRow> signal_steps;
    std::vector<CaseRow> cases;
    std::vector<DayCloseRow> day_closes;
    std::vector<LookRow> looks;
};

// ---- what a store answers
// ----------------------------------------------------------------------------------------------

struct Claim {
    std::uint32_t partition = 0;
    std::int64_t epoch = 0;
    std::int64_t next = 0;  // the position to read from
    Instant log_time = kAlways;
    Instant watermark = kAlways;
};

struct SegmentRow {
    std::uint32_t partition = 0;
    std::int64_t base = 0;
    std::int64_t next = 0;
    std::uint32_t messages = 0;
    std::string frames;  // decompressed and checked against the chain
};

struct DeadLetterRow {
    std::int64_t id = 0;
    DeadLetter letter;  // frame left empty by list
    bool requeued = false;
};

struct OutboxEntry {
    std::int64_t sequence = 0;
    OutboxRow row;
};

struct SubjectIndex {  // one row per snapshot: what recovery needs to know before loading any
    std::string subject_key;
    std::uint32_t partition = 0;
    std::int64_t upto = 0;
    Instant due = kAlways;
};

struct AlertRevision {  // an alert as it stood from `recorded_at` on
    AlertRow row;
    Instant recorded_at =
        kAlways;  // log time of the commit that brought it (its partition's Advance); kAlways: it had none
};

struct AuditEntry {
    std::int64_t number = 0;  // from 0
    AuditRow row;
    std::string chain;         // 32 bytes: SHA-256 over the entry before and this one
    std::string subject = {};  // whom a token in `object` stands for; empty: none, or erased
};

struct Checkpointed {                  // what a checkpoint found and left
    std::int64_t log_bytes = 0;        // in the write-ahead log
    std::int64_t remaining_bytes = 0;  // of them not yet copied into the database
};

struct StoredClose {  // a close, and where it stands among all
    std::int64_t sequence = 0;
    DayCloseRow row;
};

struct ClosedCells {                      // what a partition's closes add up to
    std::optional<std::int32_t> through;  // the latest day closed
    std::int64_t late = 0;
    std::vector<CellDelta> cells;  // their sums that are not 0
};

struct CellSum {  // over partitions
    std::string cohort;
    std::string measure;
    std::int32_t x = 0;
    std::int32_t y = 0;
    std::int64_t value = 0;
};

struct Counts {      // of what stands now; groups of nothing are left out
    struct Alerts {  // raised and not withdrawn
        std::string rule;
        std::string cohort;
        std::string severity;
        std::int64_t count = 0;
        bool operator==(const Alerts&) const = default;
    };
    struct Held {
        std::string reason;
        std::int64_t count = 0;
        bool operator==(const Held&) const = default;
    };
    std::vector<Alerts> alerts;  // by rule, cohort, severity
    std::vector<Held> held;      // by reason
};

struct VerifyReport {
    std::uint64_t segments = 0;
    std::uint64_t messages = 0;
    std::vector<std::string> faults;  // empty: whole
};

// What bind() has fixed.
struct Shape {
    std::string input;  // empty: nothing has bound the store yet
    std::uint32_t partitions = 0;
};

class Store {
  public:
    virtual ~Store() = default;

    // Fixes the deployment's shape on first use; afterwards fails with `invalid` when it differs ("partitions 16, asked
    // 8"; input "kafka:cellvigil.events.v1" or "embedded").
    virtual Result<void> bind(std::string_view input, std::uint32_t partitions) = 0;
    virtual Result<Shape> shape() = 0;

    // Takes a partition over: raises its epoch, so that a former owner's commits fail. Creates it at position 0.
    virtual Result<Claim> claim(std::uint32_t partition, std::string_view owner) = 0;

    // All or nothing. `conflict`: another owner has advanced or claimed a partition: nothing was written, drop the
    // state. `unavailable`: nothing was written; retry the same commit later (busy, disk full). `corrupt`: stop. An
    // outcome that could not be learnt is resolved inside by reading the position rows, never reported as success
    // unless they say so.
    virtual Result<void> write(const Commit& commit) = 0;

    // nullopt: no snapshot.
    virtual Result<std::optional<Snapshot>> load_subject(std::uint32_t partition, std::string_view subject_key) = 0;
    virtual Result<std::vector<SubjectIndex>> subjects_of(std::uint32_t partition) = 0;
    // Segments of a partition with next > from, in order, to `visit`; stops at the first error it returns. A segment of
    // control records alone that stands at `from` comes too: its records carry their own sequence. `visit` may call
    // this store. `corrupt` names the partition and the segment whose bytes or place in the chain are not what was
    // written.
    virtual Result<void> read_segments(std::uint32_t partition, std::int64_t from,
                                       const std::function<Result<void>(const SegmentRow&)>& visit) = 0;
    // Smallest position that any subject's recovery still needs; segments before it are covered by snapshots. A
    // partition without the mark recovers from 0.
    virtual Result<std::int64_t> recovery_point(std::uint32_t partition) = 0;
    virtual Result<void> set_recovery_point(std::uint32_t partition, std::int64_t position) = 0;

    virtual Result<std::vector<Cell>> cells_of(std::uint32_t partition) = 0;
    virtual Result<std::vector<CellSum>> cell_sums() = 0;  // one consistent snapshot
    // What follows "who/<table>/" in a cohort's measures over all partitions, ascending; at most so many.
    virtual Result<std::vector<std::string>> named(std::string_view cohort, std::string_view table,
                                                   std::size_t at_most) = 0;
    virtual Result<std::vector<std::uint32_t>> partitions() = 0;
    virtual Result<std::vector<Claim>> positions() = 0;  // without claiming

    // Day closes after `sequence`, in order of it; in each partition that is the order of their days.
    virtual Result<std::vector<StoredClose>> day_closes(std::int64_t after, std::size_t at_most) = 0;
    virtual Result<ClosedCells> closed_cells(std::uint32_t partition) = 0;
    // Looks at days later than `after`, by day; the last one of all.
    virtual Result<std::vector<LookRow>> looks(std::int32_t after, std::size_t at_most) = 0;
    virtual Result<std::optional<LookRow>> last_look() = 0;

    virtual Result<std::vector<AlertRow>> alerts(std::size_t at_most, std::string_view after_id = {}) = 0;
    virtual Result<std::vector<AlertRow>> alerts_of(std::string_view subject_key) = 0;

    virtual Result<std::vector<AlertRevision>> alert_history(std::string_view alert_id) = 0;  // by revision
    // Every alert as it stood at that log time, by id.
    virtual Result<std::vector<AlertRevision>> alerts_as_of(Instant log_time) = 0;

    virtual Result<std::vector<ActionRow>> actions_of(std::string_view alert_id) = 0;         // by number
    virtual Result<std::vector<SignalStepRow>> signal_steps(std::string_view signal_id) = 0;  // by number
    virtual Result<std::vector<std::string>> signals() = 0;  // ids of those with a step, ascending

    virtual Result<std::string> case_of(std::string_view alert_id) = 0;  // empty: it is no adverse event report
    // Alerts that changed after `sequence`, by their last change. An erased subject's come no more.
    virtual Result<std::vector<BookChange>> book_changes(std::int64_t sequence, std::size_t at_most) = 0;
    virtual Result<std::optional<AlertRow>> alert(std::string_view alert_id) = 0;  // as it now stands

    virtual Result<Counts> counts() = 0;  // cheap: for every scrape

    // The outbox after `sequence`, in order.
    virtual Result<std::vector<OutboxEntry>> outbox_after(std::int64_t sequence, std::size_t at_most) = 0;
    virtual Result<std::int64_t> delivered_upto(std::string_view sink) = 0;  // 0: nothing yet
    virtual Result<void> set_delivered(std::string_view sink, std::int64_t sequence) = 0;
    // Takes away the first entries of the outbox, `at_most`, with sequence <= upto that were created before a time; how
    // many. Sequences are never given anew.
    virtual Result<std::size_t> prune_outbox(std::int64_t upto, Instant created_before, std::size_t at_most) = 0;

    virtual Result<std::vector<DeadLetterRow>> dead_letters(std::int64_t after_id, std::size_t at_most) = 0;
    virtual Result<DeadLetterRow> dead_letter(std::int64_t id) = 0;  // with its frame
    virtual Result<void> mark_requeued(std::int64_t id) = 0;
    virtual Result<std::vector<Held>> held(std::uint32_t partition) = 0;  // state held, with frames

    virtual Result<std::vector<AuditRow>> audit(std::size_t at_most) = 0;  // newest first
    // From `first` on, ascending.
    virtual Result<std::vector<AuditEntry>> audit_from(std::int64_t first, std::size_t at_most) = 0;
    // The trail alone: every entry's hash, the numbers, and that the last entry is the one that was written last.
    // `segments` of the report is 0, `messages` the number of entries.
    virtual Result<VerifyReport> verify_audit() = 0;

    // Walks every chain, compares every hash, checks that ranges are contiguous and without overlap.
    virtual Result<VerifyReport> verify() = 0;
    virtual Result<std::int64_t> size_bytes() = 0;

    // Copies the write-ahead log into the database. Nothing does so by itself: call it every 50 to 200 ms from a thread
    // of its own with a session of its own. `restart` false never blocks a writer; `restart` true also makes the next
    // commit begin the log anew, holding writers up meanwhile (call it when log_bytes passes some 160 MB);
    // `unavailable` when somebody is in the way.
    virtual Result<Checkpointed> checkpoint(bool restart) = 0;
};

// Opens (creating, migrating) the SQLite store in a folder: <folder>/cellvigil.db. WAL, synchronous=FULL.
// `read_only` refuses writes (`invalid`) and does not create. A second writing process on the folder gets `conflict`
// ("in use by process 4711"); sessions of one process share it. A schema newer than this program is `invalid`; what is
// not a store, or damaged, is `corrupt`.
struct SqliteOptions {
    std::string folder;
    bool read_only = false;
    int busy_timeout_ms = 5000;
    bool beside = false;      // a tool beside a running daemon: may mark_requeued and set_delivered, nothing else
    bool one_moment = false;  // with read_only: everything read is of the moment of opening, whatever is written since
    std::int64_t max_bytes = 0;  // of the database; beyond it writes are `unavailable`. 0: the disk's size
};
Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options);  // in memory: daemon/store/memory.h

}  // namespace cellvigil::store
