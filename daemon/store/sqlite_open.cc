#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "daemon/store/schema.h"
#include "daemon/store/sql.h"
#include "daemon/store/sqlite_store.h"

namespace cellvigil::store {
namespace {

// Autocheckpoint off: it would stall a commit for a tenth of a second and more; checkpoint() is called by a thread of
// its own.
constexpr const char* kSettings =
    "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 268435456;"
    "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16384; PRAGMA mmap_size = 0";

Result<void> make_folder(const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return fail(Errc::unavailable, folder + ": " + error.message());
    return {};
}

Access access_of(const SqliteOptions& options) {
    if (options.read_only) return Access::read_only;
    return options.beside ? Access::beside : Access::owner;
}

OpenMode mode_of(Access access) {
    switch (access) {
        case Access::owner:
            return OpenMode::create;
        case Access::beside:
            return OpenMode::read_write;
        case Access::read_only:
            return OpenMode::read_only;
    }
    return OpenMode::read_only;
}

Error in(const std::string& path, Error error) {
    error.detail = path + ": " + error.detail;
    return error;
}

}  // namespace

Result<std::unique_ptr<Store>> SqliteStore::open(const SqliteOptions& options) {
    const Access access = access_of(options);
    const std::string path = options.folder + "/cellvigil.db";
    std::shared_ptr<FolderLock> lock;
    if (access == Access::owner) {
        if (auto made = make_folder(options.folder); !made) return fail(made.error());
        auto taken = FolderLock::take(options.folder);
        if (!taken) return fail(taken.error());
        lock = std::move(*taken);
    } else if (!std::filesystem::exists(path)) {
        return fail(Errc::not_found, path + ": no store here");
    }
    auto connection = Connection::open(path, mode_of(access), options.busy_timeout_ms);
    if (!connection) return fail(connection.error());
    std::unique_ptr<SqliteStore> store(new SqliteStore(path, access, std::move(lock), std::move(*connection)));
    if (auto settled = store->migrate_and_settle(options); !settled) return fail(in(path, settled.error()));
    return store;
}

Result<void> SqliteStore::migrate_and_settle(const SqliteOptions& options) {
    if (access_ == Access::owner) {
        Query wal = connection_->query("PRAGMA journal_mode = WAL");
        const auto mode = wal.next();
        if (!mode) return fail(mode.error());
        if (!*mode || wal.bytes_at(0) != "wal")
            return fail(Errc::unavailable, "this file system cannot keep a write-ahead log");
    }
    if (auto set = connection_->script(kSettings); !set) return set;
    auto versioned = access_ == Access::owner ? migrate(*connection_) : require_newest_version(*connection_);
    if (!versioned) return versioned;
    if (options.read_only && options.one_moment) return hold_the_moment();
    if (options.max_bytes == 0) return {};
    Query page_size = connection_->query("PRAGMA page_size");
    const auto row = page_size.next();
    if (!row) return fail(row.error());
    const std::int64_t pages = std::max<std::int64_t>(options.max_bytes / page_size.integer_at(0), 1);
    return connection_->script(("PRAGMA max_page_count = " + std::to_string(pages)).c_str());
}

// A read transaction that ends with the session. The write-ahead log cannot begin anew meanwhile: for tools, not for
// daemons.
Result<void> SqliteStore::hold_the_moment() {
    if (auto begun = connection_->script("BEGIN"); !begun) return begun;
    const auto seen = connection_->query(sql::kPartitions).next();  // the moment is that of the first read
    return seen ? Result<void>{} : Result<void>(fail(seen.error()));
}

Result<void> SqliteStore::require(Access least) const {
    if (access_ <= least) return {};
    return fail(Errc::invalid, access_ == Access::read_only ? "the store is open for reading only"
                                                            : "a tool beside the daemon may not change this");
}

Result<std::int64_t> SqliteStore::size_bytes() {
    std::int64_t size = 0;
    for (const char* suffix : {"", "-wal"}) {
        struct stat status {};
        if (::stat((path_ + suffix).c_str(), &status) == 0) size += status.st_size;
    }
    if (size == 0) return fail(Errc::unavailable, path_ + ": " + std::strerror(errno));
    return size;
}

Result<Checkpointed> SqliteStore::checkpoint(bool restart) {
    if (auto allowed = require(Access::owner); !allowed) return fail(allowed.error());
    const auto state = connection_->checkpoint(restart);
    if (!state) return fail(state.error());
    return Checkpointed{state->bytes, state->remaining};
}

Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options) { return SqliteStore::open(options); }

}  // namespace cellvigil::store
