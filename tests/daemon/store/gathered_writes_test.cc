#include "daemon/store/gathered_writes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "daemon/store/database.h"
#include "tests/daemon/store/file_size_limit.h"
#include "tests/daemon/store/store_story.h"

namespace cellvigil::store {
namespace {

// Write calls of this process so far.
std::int64_t writes_so_far() {
    std::ifstream counts("/proc/self/io");
    for (std::string name; counts >> name;) {
        std::int64_t value = 0;
        counts >> value;
        if (name == "syscw:") return value;
    }
    return 0;
}

class GatheredWrites : public testing::Test {
  protected:
    GatheredWrites() {
        EXPECT_TRUE(
            fine(one_->script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = 10;"
                              "PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (id INTEGER PRIMARY KEY, "
                              "origin TEXT, body BLOB)")));
    }
    std::unique_ptr<Connection> connect() const {
        return take(Connection::open(folder_.database(), OpenMode::create, 1000));
    }
    // `rows` of a page each and more, which do not fit into the cache of ten pages.
    static void insert(Connection& connection, const std::string& origin, int rows) {
        for (int i = 0; i < rows; ++i) {
            ASSERT_TRUE(
                fine(connection.query("INSERT INTO t (origin, body) VALUES (?, randomblob(5000))").text(origin).run()));
        }
    }
    static std::int64_t count(Connection& connection, const std::string& origin) {
        Query query = connection.query("SELECT count(*) FROM t WHERE origin = ?");
        query.text(origin);
        EXPECT_TRUE(take(query.next()));
        return query.integer_at(0);
    }
    static std::string check(Connection& connection) {
        Query query = connection.query("PRAGMA integrity_check");
        EXPECT_TRUE(take(query.next()));
        return query.string_at(0);
    }

    TemporaryFolder folder_;
    std::unique_ptr<Connection> one_ = connect();
};

TEST_F(GatheredWrites, sqlite_knows_them) { ASSERT_NE(gathered_writes(), nullptr); }

TEST_F(GatheredWrites, the_log_is_written_in_few_pieces_and_so_is_the_database) {
    ASSERT_TRUE(fine(one_->script("PRAGMA cache_size = 10000")));
    auto transaction = Transaction::begin(*one_);
    ASSERT_TRUE(fine(transaction));
    insert(*one_, "one", 100);
    const std::int64_t before_commit = writes_so_far();
    ASSERT_GT(before_commit, 0);
    ASSERT_TRUE(fine(transaction->commit()));
    const std::int64_t before_checkpoint = writes_so_far();
    const auto log = take(one_->checkpoint(false));
    EXPECT_EQ(log.remaining, 0);
    ASSERT_GT(log.bytes, 500'000) << "more than 120 pages, each of which SQLite writes in two pieces";
    EXPECT_LT(before_checkpoint - before_commit, 20);
    EXPECT_LT(writes_so_far() - before_checkpoint, 20);
}

// A large transaction writes into the log before its end. What of it is held when it is taken back must not come to lie
// over what another connection writes there.
TEST_F(GatheredWrites, nothing_of_a_transaction_taken_back_comes_later) {
    const auto two = connect();
    for (int round = 1; round <= 6; ++round) {
        if (round % 2 == 0) take(two->checkpoint(true));  // the log begins anew: nothing is read from it meanwhile
        {
            const auto dropped = Transaction::begin(*one_);
            ASSERT_TRUE(fine(dropped));
            insert(*one_, "dropped", 20 + round);
        }
        auto kept = Transaction::begin(*two);
        ASSERT_TRUE(fine(kept));
        insert(*two, "two", 30);
        ASSERT_TRUE(fine(kept->commit()));
        auto own = Transaction::begin(*one_);
        ASSERT_TRUE(fine(own));
        insert(*one_, "one", 1);
        ASSERT_TRUE(fine(own->commit()));
        const auto third = connect();  // reads what is in the log
        EXPECT_EQ(count(*third, "dropped"), 0);
        EXPECT_EQ(count(*third, "one"), round);
        EXPECT_EQ(count(*third, "two"), 30 * round);
        EXPECT_EQ(check(*third), "ok");
    }
}

TEST_F(GatheredWrites, a_transaction_reads_what_it_wrote_before_its_end) {
    auto transaction = Transaction::begin(*one_);
    ASSERT_TRUE(fine(transaction));
    insert(*one_, "one", 50);
    Query query = one_->query("SELECT count(*), sum(length(body)) FROM t");
    ASSERT_TRUE(take(query.next()));
    EXPECT_EQ(query.integer_at(0), 50);
    EXPECT_EQ(query.integer_at(1), 50 * 5000);
}

// What another connection reads after a checkpoint it reads from the database, not from the log.
TEST_F(GatheredWrites, a_checkpoint_has_written_when_it_is_over) {
    auto transaction = Transaction::begin(*one_);
    ASSERT_TRUE(fine(transaction));
    insert(*one_, "one", 40);
    ASSERT_TRUE(fine(transaction->commit()));
    take(one_->checkpoint(true));
    std::ifstream file(folder_.database(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    EXPECT_GT(bytes.size(), 40U * 5000U);
    const auto two = connect();
    EXPECT_EQ(count(*two, "one"), 40);
    EXPECT_EQ(check(*two), "ok");
}

// ---- the files themselves, as SQLite asks them

class GatheredFile : public testing::Test {
  protected:
    GatheredFile() {
        // A name as SQLite makes it, with two zeros behind it for the parameters it does not have.
        name_.append(4, '\0');
        int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB;
        EXPECT_EQ(layer_->xOpen(layer_, name_.data(), file(), flags, &flags), SQLITE_OK);
    }
    ~GatheredFile() override { file()->pMethods->xClose(file()); }
    sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(memory_.get()); }
    const sqlite3_io_methods& methods() { return *file()->pMethods; }
    int write(const std::string& bytes, std::int64_t at) {
        return methods().xWrite(file(), bytes.data(), static_cast<int>(bytes.size()), at);
    }
    std::string there() {
        std::ifstream file(name_.c_str(), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    TemporaryFolder folder_;
    std::string name_ = folder_.database();
    sqlite3_vfs* layer_ = sqlite3_vfs_find(gathered_writes());
    std::unique_ptr<std::max_align_t[]> memory_ =
        std::make_unique<std::max_align_t[]>(static_cast<std::size_t>(layer_->szOsFile) / sizeof(std::max_align_t) + 1);
};

TEST_F(GatheredFile, writes_end_to_end_are_one_and_the_others_keep_their_order) {
    EXPECT_EQ(write("abc", 0), SQLITE_OK);
    EXPECT_EQ(write("def", 3), SQLITE_OK);
    EXPECT_EQ(there(), "") << "held";
    EXPECT_EQ(write("X", 1), SQLITE_OK);
    EXPECT_EQ(there(), "abcdef");
    EXPECT_EQ(methods().xSync(file(), SQLITE_SYNC_NORMAL), SQLITE_OK);
    EXPECT_EQ(there(), "aXcdef");
}

TEST_F(GatheredFile, whoever_asks_sees_what_was_written) {
    EXPECT_EQ(write("abc", 0), SQLITE_OK);
    std::string read(3, ' ');
    EXPECT_EQ(methods().xRead(file(), read.data(), 3, 0), SQLITE_OK);
    EXPECT_EQ(read, "abc");
    EXPECT_EQ(write("def", 3), SQLITE_OK);
    sqlite3_int64 size = 0;
    EXPECT_EQ(methods().xFileSize(file(), &size), SQLITE_OK);
    EXPECT_EQ(size, 6);
    EXPECT_EQ(write("ghi", 6), SQLITE_OK);
    EXPECT_EQ(methods().xTruncate(file(), 4), SQLITE_OK);
    EXPECT_EQ(there(), "abcd");
    EXPECT_EQ(methods().xLock(file(), SQLITE_LOCK_SHARED), SQLITE_OK);
    EXPECT_EQ(write("e", 4), SQLITE_OK);
    EXPECT_EQ(methods().xUnlock(file(), SQLITE_LOCK_NONE), SQLITE_OK);
    EXPECT_EQ(there(), "abcde") << "before the lock was given back";
}

TEST_F(GatheredFile, any_number_of_bytes_arrives_as_it_was) {
    std::string all;
    for (int i = 0; i < 3000; ++i) {
        const std::string piece(static_cast<std::size_t>(i * 37 % 211), static_cast<char>('a' + i % 26));
        ASSERT_EQ(write(piece, static_cast<std::int64_t>(all.size())), SQLITE_OK);
        all += piece;
    }
    for (const std::size_t size : {100'000U, 130'000U, 10U}) {  // the second is more than is ever held
        const std::string piece(size, 'L');
        ASSERT_EQ(write(piece, static_cast<std::int64_t>(all.size())), SQLITE_OK);
        all += piece;
    }
    EXPECT_EQ(methods().xSync(file(), SQLITE_SYNC_NORMAL), SQLITE_OK);
    EXPECT_EQ(there(), all);
}

TEST_F(GatheredFile, a_write_that_fails_late_is_told_once_and_is_not_made_later) {
    EXPECT_EQ(write("abc", 0), SQLITE_OK);
    EXPECT_EQ(methods().xSync(file(), SQLITE_SYNC_NORMAL), SQLITE_OK);
    {
        const FileSizeLimit limit(3);
        EXPECT_EQ(write("def", 3), SQLITE_OK) << "held";
        EXPECT_EQ(methods().xUnlock(file(), SQLITE_LOCK_NONE), SQLITE_OK) << "nobody would look";
        EXPECT_NE(methods().xSync(file(), SQLITE_SYNC_NORMAL), SQLITE_OK);
        EXPECT_EQ(methods().xSync(file(), SQLITE_SYNC_NORMAL), SQLITE_OK) << "told";
        EXPECT_EQ(write("def", 3), SQLITE_OK);
        EXPECT_NE(write("x", 0), SQLITE_OK) << "told by what made it be written";
    }
    EXPECT_EQ(methods().xSync(file(), SQLITE_SYNC_NORMAL), SQLITE_OK);
    EXPECT_EQ(there(), "abc");
}

}  // namespace
}  // namespace cellvigil::store
