#include "daemon/store/database.h"

#include <sqlite3.h>

#include <utility>

#include "daemon/store/gathered_writes.h"
#include "rules/base/ensure.h"

namespace cellvigil::store {
namespace {

Error error_of(sqlite3* database, int code) {
    std::string detail = database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code);
    return {errc_of(code), "sqlite: " + detail + " (" + std::to_string(code) + ")"};
}

}  // namespace

Errc errc_of(int sqlite_code) {
    switch (sqlite_code) {
        case SQLITE_IOERR_SHORT_READ:
        case SQLITE_IOERR_CORRUPTFS:
        case SQLITE_IOERR_DATA:
            return Errc::corrupt;
        default:
            break;
    }
    switch (sqlite_code & 0xff) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Errc::corrupt;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_NOMEM:
        case SQLITE_READONLY:
        case SQLITE_INTERRUPT:
        case SQLITE_IOERR:
        case SQLITE_FULL:
        case SQLITE_CANTOPEN:
        case SQLITE_PROTOCOL:
        case SQLITE_PERM:
        case SQLITE_NOLFS:
            return Errc::unavailable;
        default:
            return Errc::invalid;
    }
}

Query::Query(Query&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)), error_(std::move(other.error_)), bound_(other.bound_) {}

Query::~Query() {
    if (statement_ == nullptr) return;
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

void Query::keep(int code) {
    if (code == SQLITE_OK || error_) return;
    error_ = error_of(statement_ != nullptr ? sqlite3_db_handle(statement_) : nullptr, code);
}

Query& Query::integer(std::int64_t value) {
    if (statement_ != nullptr) keep(sqlite3_bind_int64(statement_, ++bound_, value));
    return *this;
}

Query& Query::text(std::string_view value) {
    if (statement_ != nullptr) {
        keep(sqlite3_bind_text64(statement_, ++bound_, value.empty() ? "" : value.data(), value.size(), SQLITE_STATIC,
                                 SQLITE_UTF8));
    }
    return *this;
}

Query& Query::bytes(std::string_view value) {
    if (statement_ != nullptr) {
        keep(sqlite3_bind_blob64(statement_, ++bound_, value.empty() ? "" : value.data(), value.size(), SQLITE_STATIC));
    }
    return *this;
}

Result<bool> Query::next() {
    if (error_) return fail(*error_);
    ensure(bound_ == sqlite3_bind_parameter_count(statement_), "every parameter is bound");
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    keep(sqlite3_extended_errcode(sqlite3_db_handle(statement_)));
    return fail(*error_);
}

Result<void> Query::run() {
    for (;;) {
        const auto row = next();
        if (!row) return fail(row.error());
        if (!*row) return {};
    }
}

std::int64_t Query::integer_at(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view Query::bytes_at(int column) const {
    const void* data = sqlite3_column_blob(statement_, column);
    const int size = sqlite3_column_bytes(statement_, column);
    return data == nullptr ? std::string_view()
                           : std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(size));
}

void Query::again() {
    if (statement_ == nullptr) return;
    sqlite3_reset(statement_);
    bound_ = 0;
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, OpenMode mode, int busy_timeout_ms) {
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    switch (mode) {
        case OpenMode::create:
            flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
            break;
        case OpenMode::read_write:
            flags |= SQLITE_OPEN_READWRITE;
            break;
        case OpenMode::read_only:
            flags |= SQLITE_OPEN_READONLY;
            break;
    }
    sqlite3* database = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &database, flags, gathered_writes());
    std::unique_ptr<Connection> connection(new Connection(database));
    if (code != SQLITE_OK) {
        Error error = error_of(database, code);
        error.detail = path + ": " + error.detail;
        return fail(std::move(error));
    }
    sqlite3_busy_timeout(database, busy_timeout_ms);
    return connection;
}

Connection::~Connection() {
    for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close_v2(database_);
}

Query Connection::query(const char* sql) {
    sqlite3_stmt*& statement = statements_[sql];
    if (statement == nullptr) {
        const int code = sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
        if (code != SQLITE_OK) return Query(nullptr, error_of(database_, code));
    }
    ensure(sqlite3_stmt_busy(statement) == 0, "a statement is used by one query at a time");
    return Query(statement, std::nullopt);
}

Result<void> Connection::script(const char* sql) {
    const int code = sqlite3_exec(database_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return fail(error_of(database_, code));
    return {};
}

std::int64_t Connection::changed_rows() const { return sqlite3_changes64(database_); }

bool Connection::in_transaction() const { return sqlite3_get_autocommit(database_) == 0; }

Result<Connection::LogState> Connection::checkpoint(bool restart) {
    int frames = 0;
    int copied = 0;
    // The greater part without holding anybody up, also before a restart: what is left to do under the lock is then
    // small.
    int code = sqlite3_wal_checkpoint_v2(database_, nullptr, SQLITE_CHECKPOINT_PASSIVE, &frames, &copied);
    if (code == SQLITE_OK && restart) {
        code = sqlite3_wal_checkpoint_v2(database_, nullptr, SQLITE_CHECKPOINT_RESTART, &frames, &copied);
    }
    if (code != SQLITE_OK) return fail(error_of(database_, code));
    Query query = this->query("PRAGMA page_size");
    const auto row = query.next();
    if (!row) return fail(row.error());
    const std::int64_t page = query.integer_at(0);
    return LogState{frames * page, (frames - copied) * page};
}

Result<Transaction> Transaction::begin(Connection& connection) {
    if (auto begun = connection.query("BEGIN IMMEDIATE").run(); !begun) return fail(begun.error());
    return Transaction(connection);
}

Transaction::~Transaction() {
    // SQLite has ended the transaction by itself after some errors (disk full, I/O).
    if (connection_ != nullptr && connection_->in_transaction()) (void)connection_->query("ROLLBACK").run();
}

Result<void> Transaction::commit() {
    auto committed = connection_->query("COMMIT").run();
    if (committed) connection_ = nullptr;
    return committed;
}

}  // namespace cellvigil::store
