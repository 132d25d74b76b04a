// SQLite behind a few small types: a connection with its prepared statements, a query, a transaction. Not thread-safe;
// one connection per thread. Values reach SQL as bound parameters only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "rules/base/result.h"
#include "rules/base/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace cellvigil::store {

// What an SQLite result code asks of the caller: `corrupt` for damaged bytes, `unavailable` for what can pass (busy,
// disk full, I/O, memory), `invalid` for what cannot.
Errc errc_of(int sqlite_code);

// One use of a prepared statement. Bind in order, then step; the statement goes back to its connection in the end. A
// failure anywhere is kept and comes out of next() and run(). Bound text must live as long as the query.
class Query {
  public:
    Query(sqlite3_stmt* statement, std::optional<Error> error) : statement_(statement), error_(std::move(error)) {}
    ~Query();
    Query(Query&& other) noexcept;
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    Query& integer(std::int64_t value);
    Query& text(std::string_view value);
    Query& bytes(std::string_view value);
    Query& instant(Instant at) { return integer(at.time_since_epoch().count()); }

    Result<bool> next();  // true: a row is there to read
    Result<void> run();   // to the end, rows unread

    // Columns from 0; text and bytes live until the next step.
    std::int64_t integer_at(int column) const;
    std::string_view bytes_at(int column) const;
    std::string string_at(int column) const { return std::string(bytes_at(column)); }
    Instant instant_at(int column) const { return Instant(milliseconds(integer_at(column))); }

    // Starts over with the same statement: bind again.
    void again();

  private:
    void keep(int code);

    sqlite3_stmt* statement_;
    std::optional<Error> error_;
    int bound_ = 0;
};

enum class OpenMode : std::uint8_t { create, read_write, read_only };

class Connection {
  public:
    static Result<std::unique_ptr<Connection>> open(const std::string& path, OpenMode mode, int busy_timeout_ms);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // `sql` is a constant of the program: the pointer is the key under which the prepared statement is kept.
    Query query(const char* sql);
    // Several statements without parameters: the schema's.
    Result<void> script(const char* sql);
    std::int64_t changed_rows() const;  // by the last statement
    bool in_transaction() const;
    // Bytes in the write-ahead log, and those of them that are not in the database yet.
    struct LogState {
        std::int64_t bytes = 0;
        std::int64_t remaining = 0;
    };
    Result<LogState> checkpoint(bool restart);

  private:
    explicit Connection(sqlite3* database) : database_(database) {}

    sqlite3* database_;
    std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

// A write transaction: rolled back unless committed.
class Transaction {
  public:
    static Result<Transaction> begin(Connection& connection);
    ~Transaction();
    Transaction(Transaction&& other) noexcept : connection_(other.connection_) { other.connection_ = nullptr; }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    Result<void> commit();

  private:
    explicit Transaction(Connection& connection) : connection_(&connection) {}

    Connection* connection_;
};

}  // namespace cellvigil::store
