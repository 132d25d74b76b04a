#include "daemon/store/schema.h"

#include <string>

namespace cellvigil::store {
namespace {

constexpr std::int64_t kApplicationId = 0x4356474c;  // "CVGL", in the file's header: tells `file` and us whose it is

// A released step is never edited: stores in the field have run it. Instants are milliseconds since 1970 UTC.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE deployment (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    input TEXT NOT NULL,
    partitions INTEGER NOT NULL
) STRICT;

CREATE TABLE partition (
    partition INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    owner TEXT NOT NULL,
    next INTEGER NOT NULL,
    log_time INTEGER NOT NULL,
    watermark INTEGER NOT NULL,
    recovery_point INTEGER NOT NULL DEFAULT 0,
    segments INTEGER NOT NULL DEFAULT 0,
    chain BLOB NOT NULL
) STRICT;

CREATE TABLE segment (
    id INTEGER PRIMARY KEY,
    partition INTEGER NOT NULL,
    number INTEGER NOT NULL,
    base INTEGER NOT NULL,
    next INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    controls INTEGER NOT NULL,
    first_append INTEGER NOT NULL,
    last_append INTEGER NOT NULL,
    raw_size INTEGER NOT NULL,
    codec INTEGER NOT NULL,
    chain BLOB NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX segment_order ON segment (partition, next, number);

CREATE TABLE snapshot (
    id INTEGER PRIMARY KEY,
    partition INTEGER NOT NULL,
    subject_key TEXT NOT NULL,
    upto INTEGER NOT NULL,
    raw_size INTEGER NOT NULL,
    compressed INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (partition, subject_key)
) STRICT;

CREATE TABLE cell (
    partition INTEGER NOT NULL,
    cohort TEXT NOT NULL,
    measure TEXT NOT NULL,
    x INTEGER NOT NULL,
    y INTEGER NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (partition, cohort, measure, x, y)
) STRICT, WITHOUT ROWID;

CREATE TABLE alert (
    alert_id TEXT PRIMARY KEY,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL,
    subject_key TEXT NOT NULL,
    cohort TEXT NOT NULL,
    site TEXT NOT NULL,
    partition INTEGER NOT NULL,
    state INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    event_time INTEGER NOT NULL,
    position INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX alert_subject ON alert (subject_key);

CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    alert_id TEXT NOT NULL,
    body BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE delivery (
    sink TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letter (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    partition INTEGER NOT NULL,
    position INTEGER NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    failed_at INTEGER NOT NULL,
    oversize INTEGER NOT NULL,
    requeued INTEGER NOT NULL DEFAULT 0,
    frame_size INTEGER NOT NULL,
    frame BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX dead_letter_position ON dead_letter (partition, position) WHERE position >= 0;

CREATE TABLE held (
    partition INTEGER NOT NULL,
    position INTEGER NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    subject_key TEXT NOT NULL,
    since INTEGER NOT NULL,
    state INTEGER NOT NULL,
    frame_size INTEGER NOT NULL,
    frame BLOB NOT NULL,
    UNIQUE (partition, position)
) STRICT;
CREATE INDEX held_now ON held (partition, position) WHERE state = 0;

CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL,
    chain BLOB NOT NULL
) STRICT;
)sql";

// Every revision of an alert, so that what was known at any time can be read back. What version 1 kept is the latest
// one only; when it was recorded is not known.
constexpr const char* kVersion2 = R"sql(
CREATE TABLE alert_revision (
    alert_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL,
    subject_key TEXT NOT NULL,
    cohort TEXT NOT NULL,
    site TEXT NOT NULL,
    partition INTEGER NOT NULL,
    state INTEGER NOT NULL,
    event_time INTEGER NOT NULL,
    position INTEGER NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (alert_id, revision)
) STRICT;
INSERT INTO alert_revision
    SELECT alert_id, revision, -9223372036854775808, rule, severity, subject_key, cohort, site, partition, state,
           event_time, position, body
    FROM alert ORDER BY alert_id;
)sql";

constexpr const char* kVersion3 = R"sql(
CREATE INDEX alert_raised ON alert (rule, cohort, severity) WHERE state = 0;
)sql";

// What an erasure made of a segment: its link in the chain (its hash as written), and the hash of what is there now.
constexpr const char* kErasure = R"sql(
CREATE TABLE erasure (
    partition INTEGER NOT NULL,
    number INTEGER NOT NULL,
    link BLOB NOT NULL,
    now BLOB NOT NULL,
    PRIMARY KEY (partition, number)
) STRICT, WITHOUT ROWID;
)sql";

// When something is next due of a subject by the calendar alone. Of rows from before it is not known: they are asked.
constexpr const char* kDue = R"sql(
ALTER TABLE snapshot ADD COLUMN due INTEGER NOT NULL DEFAULT -9223372036854775808;
)sql";

// Histories of alerts and signals, and where the audit trail ends. What the engine did to each alert so far follows
// from its revisions; whether one was worse than the one before is not known of them.
constexpr const char* kHistories = R"sql(
CREATE TABLE alert_action (
    alert_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    reason TEXT NOT NULL,
    comment TEXT NOT NULL,
    assignee TEXT NOT NULL,
    until INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    severity TEXT NOT NULL,
    provisional INTEGER NOT NULL,
    request_key TEXT NOT NULL,
    PRIMARY KEY (alert_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO alert_action
    SELECT alert_id, row_number() OVER history, max(recorded_at) OVER history,
           CASE WHEN state = 1 THEN 'withdraw'
                WHEN lag(state, 1, 1) OVER history = 1 THEN 'raise'
                ELSE 'change' END,
           'engine', 'engine', '', '', '', -9223372036854775808, revision, severity, 0, ''
    FROM alert_revision
    WINDOW history AS (PARTITION BY alert_id ORDER BY revision);

CREATE TABLE signal_step (
    signal_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    stage TEXT NOT NULL,
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    reason TEXT NOT NULL,
    duplicates_removed INTEGER NOT NULL,
    data_quality_sufficient INTEGER NOT NULL,
    alternative_causes_considered INTEGER NOT NULL,
    already_known INTEGER NOT NULL,
    recommendation TEXT NOT NULL,
    request_key TEXT NOT NULL,
    PRIMARY KEY (signal_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_end (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    number INTEGER NOT NULL,
    chain BLOB NOT NULL
) STRICT;
INSERT INTO audit_end SELECT 1, number, chain FROM audit ORDER BY number DESC LIMIT 1;
)sql";

// Looks at the monitors, and what every partition closed each day with.
constexpr const char* kDayCloses = R"sql(
CREATE TABLE day_close (
    sequence INTEGER PRIMARY KEY,
    partition INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    through INTEGER NOT NULL,
    position INTEGER NOT NULL,
    log_time INTEGER NOT NULL,
    late INTEGER NOT NULL,
    silent INTEGER NOT NULL,
    rules TEXT NOT NULL,
    UNIQUE (partition, through)
) STRICT;

CREATE TABLE day_cell (
    close INTEGER NOT NULL,
    cohort TEXT NOT NULL,
    measure TEXT NOT NULL,
    x INTEGER NOT NULL,
    by INTEGER NOT NULL,
    PRIMARY KEY (close, cohort, measure, x)
) STRICT, WITHOUT ROWID;

CREATE TABLE look (
    day INTEGER PRIMARY KEY,
    log_time INTEGER NOT NULL,
    late INTEGER NOT NULL,
    pack TEXT NOT NULL,
    pack_hash TEXT NOT NULL,
    sums TEXT NOT NULL,
    outcome TEXT NOT NULL
) STRICT;
)sql";

// Cases of adverse event reports, beside their alerts. Which histories changed, and in which order: each alert stands
// here once, with its last change, so that readers who keep numbers need not fold all of them again. What the audit
// trail calls a subject: dropped with the subject, and then nobody can tell.
constexpr const char* kCases = R"sql(
CREATE TABLE case_report (
    alert_id TEXT PRIMARY KEY,
    versions BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE book_change (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    alert_id TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO book_change (alert_id) SELECT alert_id FROM alert ORDER BY alert_id;

ALTER TABLE alert_action ADD COLUMN alone INTEGER NOT NULL DEFAULT -1;

CREATE TABLE subject_token (
    subject_key TEXT PRIMARY KEY,
    token TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;
)sql";

// Nothing in the tables: segments may have a codec that programs of before do not read.
constexpr const char* kFrameBlocks = "SELECT 1";

Result<std::int64_t> integer_of(Connection& connection, const char* sql) {
    Query query = connection.query(sql);
    const auto row = query.next();
    if (!row) return fail(row.error());
    return *row ? query.integer_at(0) : std::int64_t{0};
}

// 0: an empty file.
Result<std::int64_t> version_of(Connection& connection) {
    const auto application = integer_of(connection, "PRAGMA application_id");
    if (!application) return fail(application.error());
    const auto tables = integer_of(connection, "SELECT count(*) FROM sqlite_schema");
    if (!tables) return fail(tables.error());
    if (*application == 0 && *tables == 0) return 0;
    if (*application != kApplicationId) return fail(Errc::corrupt, "an SQLite database, but not a Cellvigil store");
    return integer_of(connection, "SELECT max(version) FROM schema_version");
}

Error newer(std::int64_t found) {
    return {Errc::invalid, "the store has schema version " + std::to_string(found) +
                               ", this program knows versions up to " + std::to_string(newest_version()) +
                               ": run a newer program on it"};
}

Result<void> apply(Connection& connection, const Migration& step) {
    if (auto done = connection.script(step.sql); !done) return done;
    return connection.query("INSERT INTO schema_version (version, applied_at) VALUES (?, unixepoch() * 1000)")
        .integer(step.version)
        .run();
}

}  // namespace

const std::vector<Migration>& migrations() {
    static const std::vector<Migration> steps{{1, kVersion1},  {2, kVersion2}, {3, kVersion3},
                                              {4, kErasure},   {5, kDue},      {6, kHistories},
                                              {7, kDayCloses}, {8, kCases},    {9, kFrameBlocks}};
    return steps;
}

std::int64_t newest_version() { return migrations().back().version; }

Result<void> migrate(Connection& connection) {
    auto transaction = Transaction::begin(connection);
    if (!transaction) return fail(transaction.error());
    const auto found = version_of(connection);
    if (!found) return fail(found.error());
    if (*found > newest_version()) return fail(newer(*found));
    if (*found == newest_version()) return {};
    if (*found == 0) {
        const std::string first =
            "PRAGMA application_id = " + std::to_string(kApplicationId) +
            "; CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT";
        if (auto done = connection.script(first.c_str()); !done) return done;
    }
    for (const Migration& step : migrations()) {
        if (step.version <= *found) continue;
        if (auto done = apply(connection, step); !done) return done;
    }
    return transaction->commit();
}

Result<void> require_newest_version(Connection& connection) {
    const auto found = version_of(connection);
    if (!found) return fail(found.error());
    if (*found > newest_version()) return fail(newer(*found));
    if (*found < newest_version()) {
        return fail(Errc::invalid, "the store has schema version " + std::to_string(*found) + ", this program needs " +
                                       std::to_string(newest_version()) + ": open it once for writing");
    }
    return {};
}

}  // namespace cellvigil::store
