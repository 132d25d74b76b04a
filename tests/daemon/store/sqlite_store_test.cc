// What is the SQLite store's own: who may open it, what a full disk does, what damage looks like, the write-ahead log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <thread>

#include "daemon/store/database.h"
#include "daemon/store/store.h"
#include "tests/daemon/store/file_size_limit.h"
#include "tests/daemon/store/store_story.h"

namespace cellvigil::store {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

SqliteOptions in(const TemporaryFolder& folder) {
    SqliteOptions options;
    options.folder = folder.path();
    return options;
}
SqliteOptions reading(const TemporaryFolder& folder) {
    SqliteOptions options = in(folder);
    options.read_only = true;
    return options;
}
SqliteOptions beside(const TemporaryFolder& folder) {
    SqliteOptions options = in(folder);
    options.beside = true;
    return options;
}

class SqliteStoreTest : public testing::Test {
  protected:
    std::unique_ptr<Store> open() { return take(open_sqlite(in(folder_))); }
    // As an outsider would tamper: with SQL of his own.
    void tamper(const char* sql) {
        auto connection = take(Connection::open(folder_.database(), OpenMode::read_write, 1000));
        EXPECT_TRUE(fine(connection->script(sql)));
    }
    static Result<void> read_all(Store& store, std::int64_t from = 0) {
        return store.read_segments(0, from, [](const SegmentRow&) { return Result<void>{}; });
    }
    // A store with three segments of ten messages and one snapshot in partition 0.
    void fill() {
        const auto store = open();
        Claim claim = take(store->claim(0, "worker"));
        for (const std::int64_t next : {10, 20, 30}) {
            Commit commit = messages(claim, next);
            commit.audit.push_back({Instant(seconds(next)), "worker", "something", "", "{}"});
            commit.snapshots.push_back({0, "S1/001", next, "state"});
            ASSERT_TRUE(fine(store->write(commit)));
        }
    }
    std::vector<std::string> faults() {
        const auto store = take(open_sqlite(reading(folder_)));
        return take(store->verify()).faults;
    }

    TemporaryFolder folder_;
};

// ---- who may open it

// Runs `body` in a child process; its answer is the child's exit code.
class Child {
  public:
    explicit Child(const std::function<int()>& body) : pid_(fork()) {
        if (pid_ == 0) _exit(body());
    }
    ~Child() { end(SIGKILL); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    pid_t pid() const { return pid_; }
    // The exit code, or -1 when a signal ended it.
    int wait() {
        int status = 0;
        waitpid(pid_, &status, 0);
        pid_ = 0;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    void end(int signal) {
        if (pid_ == 0) return;
        kill(pid_, signal);
        wait();
    }

  private:
    pid_t pid_;
};

int code_when_opening(const SqliteOptions& options) {
    const auto store = open_sqlite(options);
    return store ? 100 : static_cast<int>(store.error().code);
}

TEST_F(SqliteStoreTest, a_second_owner_process_is_told_who_the_first_is) {
    int ready[2];
    ASSERT_EQ(pipe(ready), 0);
    Child owner([&] {
        const auto store = open_sqlite(in(folder_));
        if (!store || write(ready[1], "x", 1) != 1) return 1;
        pause();
        return 0;
    });
    char byte = 0;
    ASSERT_EQ(read(ready[0], &byte, 1), 1);
    const auto second = open_sqlite(in(folder_));
    EXPECT_EQ(code_of(second), Errc::conflict);
    EXPECT_THAT(detail_of(second), HasSubstr("in use by process " + std::to_string(owner.pid())));
    EXPECT_TRUE(open_sqlite(reading(folder_))) << "readers are welcome";
    owner.end(SIGKILL);
    EXPECT_TRUE(fine(open_sqlite(in(folder_)))) << "the lock ends with its process";
    close(ready[0]);
    close(ready[1]);
}

TEST_F(SqliteStoreTest, sessions_of_one_process_share_the_folder_until_the_last_is_closed) {
    auto first = open();
    auto second = open();
    first.reset();
    EXPECT_EQ(Child([&] { return code_when_opening(in(folder_)); }).wait(), static_cast<int>(Errc::conflict));
    EXPECT_EQ(Child([&] { return code_when_opening(beside(folder_)); }).wait(), 100);
    second.reset();
    EXPECT_EQ(Child([&] { return code_when_opening(in(folder_)); }).wait(), 100);
}

TEST_F(SqliteStoreTest, a_tool_beside_the_daemon_may_mark_and_nothing_else) {
    const auto daemon = open();
    Commit commit;
    commit.dead_letters = {{1, 4, "malformed", "[]", {}, "frame", false}};
    ASSERT_TRUE(fine(daemon->write(commit)));
    const auto tool = take(open_sqlite(beside(folder_)));
    EXPECT_TRUE(fine(tool->mark_requeued(1)));
    EXPECT_TRUE(take(daemon->dead_letter(1)).requeued);
    EXPECT_EQ(code_of(tool->write(commit)), Errc::invalid);
    EXPECT_EQ(code_of(tool->claim(0, "tool")), Errc::invalid);
    EXPECT_EQ(code_of(tool->set_recovery_point(0, 1)), Errc::invalid);
    EXPECT_EQ(code_of(tool->checkpoint(false)), Errc::invalid);
}

TEST_F(SqliteStoreTest, a_reader_reads_everything_and_changes_nothing) {
    fill();
    const auto reader = take(open_sqlite(reading(folder_)));
    EXPECT_EQ(take(reader->positions()).at(0).next, 30);
    EXPECT_TRUE(fine(read_all(*reader)));
    EXPECT_TRUE(take(reader->load_subject(0, "S1/001")).has_value());
    EXPECT_THAT(take(reader->verify()).faults, IsEmpty());
    EXPECT_EQ(code_of(reader->write({})), Errc::invalid);
    EXPECT_EQ(code_of(reader->claim(0, "reader")), Errc::invalid);
    EXPECT_EQ(code_of(reader->bind("embedded", 4)), Errc::invalid);
    EXPECT_EQ(code_of(reader->set_recovery_point(0, 1)), Errc::invalid);
    EXPECT_EQ(code_of(reader->set_delivered("sink", 1)), Errc::invalid);
    EXPECT_EQ(code_of(reader->mark_requeued(1)), Errc::invalid);
    EXPECT_EQ(code_of(reader->checkpoint(false)), Errc::invalid);
}

TEST_F(SqliteStoreTest, a_reader_sees_what_is_committed_while_it_is_open) {
    const auto writer = open();
    const auto reader = take(open_sqlite(reading(folder_)));
    Claim claim = take(writer->claim(0, "worker"));
    ASSERT_TRUE(fine(writer->write(messages(claim, 10))));
    EXPECT_EQ(take(reader->positions()).at(0).next, 10);
}

TEST_F(SqliteStoreTest, a_reader_of_one_moment_sees_nothing_later) {
    const auto writer = open();
    Claim claim = take(writer->claim(0, "worker"));
    ASSERT_TRUE(fine(writer->write(messages(claim, 10))));
    SqliteOptions options = reading(folder_);
    options.one_moment = true;
    const auto reader = take(open_sqlite(options));
    ASSERT_TRUE(fine(writer->write(messages(claim, 20))));
    EXPECT_EQ(take(reader->positions()).at(0).next, 10);
    EXPECT_EQ(take(reader->verify()).messages, 10U);
    EXPECT_TRUE(fine(read_all(*reader)));
}

TEST_F(SqliteStoreTest, a_bound_store_may_be_bound_by_a_reader) {
    ASSERT_TRUE(fine(open()->bind("embedded", 4)));
    const auto reader = take(open_sqlite(reading(folder_)));
    EXPECT_TRUE(fine(reader->bind("embedded", 4)));
    EXPECT_EQ(code_of(reader->bind("embedded", 5)), Errc::invalid);
}

TEST_F(SqliteStoreTest, readers_do_not_create) {
    EXPECT_EQ(code_of(open_sqlite(reading(folder_))), Errc::not_found);
    EXPECT_EQ(code_of(open_sqlite(beside(folder_))), Errc::not_found);
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(SqliteStoreTest, the_folder_is_made) {
    SqliteOptions options = in(folder_);
    options.folder += "/a/b";
    EXPECT_TRUE(fine(open_sqlite(options)));
}

TEST_F(SqliteStoreTest, what_is_no_store_is_left_alone) {
    std::ofstream(folder_.database()) << "this is a text, and long enough to have a header's size. "
                                      << std::string(4096, '.');
    EXPECT_EQ(code_of(open_sqlite(in(folder_))), Errc::corrupt);
    std::filesystem::remove(folder_.database());
    std::ofstream(folder_.database()).close();
    tamper("CREATE TABLE other (x)");
    const auto opened = open_sqlite(in(folder_));
    EXPECT_EQ(code_of(opened), Errc::corrupt);
    EXPECT_THAT(detail_of(opened), HasSubstr("not a Cellvigil store"));
}

// ---- the disk

TEST_F(SqliteStoreTest, a_full_database_writes_nothing_and_goes_on_when_there_is_room) {
    SqliteOptions small = in(folder_);
    small.max_bytes = 400'000;
    auto store = take(open_sqlite(small));
    Claim claim = take(store->claim(0, "worker"));
    std::string incompressible(50'000, '\0');
    for (std::size_t i = 0; i < incompressible.size(); ++i)
        incompressible[i] = static_cast<char>(i * i * 2654435761U >> 13);
    Commit refused;
    Result<void> written;
    while (written && claim.next < 100) {
        refused = messages(claim, claim.next + 1);
        refused.segments[0] = segment(0, claim.next - 1, claim.next, incompressible);
        refused.alerts.push_back(alert("a" + std::to_string(claim.next), 1));
        written = store->write(refused);
    }
    ASSERT_EQ(code_of(written), Errc::unavailable);
    EXPECT_THAT(detail_of(written), HasSubstr("full"));
    const std::int64_t kept = refused.advances[0].expected;
    EXPECT_GT(kept, 2);
    EXPECT_EQ(take(store->positions()).at(0).next, kept);
    EXPECT_THAT(take(store->alerts(100)), SizeIs(static_cast<std::size_t>(kept)));
    EXPECT_THAT(take(store->verify()).faults, IsEmpty());
    EXPECT_EQ(code_of(store->write(refused)), Errc::unavailable) << "still full";
    store = open();
    EXPECT_TRUE(fine(store->write(refused))) << "the same commit, once there is room";
    EXPECT_THAT(take(store->verify()).faults, IsEmpty());
}

TEST_F(SqliteStoreTest, a_disk_that_fails_and_comes_back_costs_nothing) {
    const auto store = open();
    Claim claim = take(store->claim(0, "worker"));
    ASSERT_TRUE(fine(store->write(messages(claim, 10))));
    Commit next = messages(claim, 2000);
    {
        const FileSizeLimit limit(std::filesystem::file_size(folder_.database() + "-wal"));
        EXPECT_EQ(code_of(store->write(next)), Errc::unavailable);
        EXPECT_EQ(take(store->positions()).at(0).next, 10) << "reading goes on";
        EXPECT_EQ(code_of(store->write(next)), Errc::unavailable);
    }
    EXPECT_TRUE(fine(store->write(next))) << "in the same session";
    EXPECT_THAT(take(store->verify()).faults, IsEmpty());
}

TEST_F(SqliteStoreTest, a_lock_held_too_long_is_unavailable) {
    SqliteOptions impatient = in(folder_);
    impatient.busy_timeout_ms = 10;
    const auto store = take(open_sqlite(impatient));
    Claim claim = take(store->claim(0, "worker"));
    const Commit commit = messages(claim, 10);
    {
        auto other = take(Connection::open(folder_.database(), OpenMode::read_write, 10));
        const auto held = Transaction::begin(*other);
        ASSERT_TRUE(fine(held));
        EXPECT_EQ(code_of(store->write(commit)), Errc::unavailable);
    }
    EXPECT_TRUE(fine(store->write(commit)));
}

// ---- the write-ahead log

TEST_F(SqliteStoreTest, checkpoints_move_the_log_into_the_database) {
    const auto writer = open();
    const auto checkpointer = open();
    Claim claim = take(writer->claim(0, "worker"));
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(fine(writer->write(messages(claim, claim.next + 500))));
    const Checkpointed passive = take(checkpointer->checkpoint(false));
    EXPECT_GT(passive.log_bytes, 0);
    EXPECT_EQ(passive.remaining_bytes, 0);
    take(checkpointer->checkpoint(true));
    ASSERT_TRUE(fine(writer->write(messages(claim, claim.next + 1))));
    EXPECT_LT(take(checkpointer->checkpoint(false)).log_bytes, passive.log_bytes) << "the log began anew";
    EXPECT_THAT(take(writer->verify()).faults, IsEmpty());
}

TEST_F(SqliteStoreTest, nothing_checkpoints_by_itself) {
    const auto writer = open();
    const auto checkpointer = open();
    Claim claim = take(writer->claim(0, "worker"));
    for (int i = 0; i < 50; ++i) {
        Commit commit = messages(claim, claim.next + 1);
        std::string body(200'000, '\0');
        for (std::size_t at = 0; at < body.size(); ++at)
            body[at] = static_cast<char>((at + static_cast<std::size_t>(i)) * at * 2654435761U >> 11);
        commit.dead_letters.push_back({0, i, "malformed", "[]", {}, body, true});
        ASSERT_TRUE(fine(writer->write(commit)));
    }
    EXPECT_GT(std::filesystem::file_size(folder_.database() + "-wal"), std::filesystem::file_size(folder_.database()));
}

TEST_F(SqliteStoreTest, a_checkpointer_in_its_own_thread_disturbs_nobody) {
    const auto writer = open();
    std::atomic<bool> stop = false;
    std::atomic<int> moved = 0;
    std::thread checkpointing([&, session = open()] {
        while (!stop) {
            const auto done = session->checkpoint(moved % 3 == 2);
            if (done) ++moved;
        }
    });
    Claim claim = take(writer->claim(0, "worker"));
    for (int i = 0; i < 200; ++i) EXPECT_TRUE(fine(writer->write(messages(claim, claim.next + 50))));
    while (moved < 3) std::this_thread::yield();
    stop = true;
    checkpointing.join();
    EXPECT_THAT(take(writer->verify()).faults, IsEmpty());
}

// A commit carries its position in two tables: a reader must never see one without the other.
TEST_F(SqliteStoreTest, readers_see_whole_commits) {
    const auto writer = open();
    Claim claim = take(writer->claim(0, "worker"));
    std::atomic<bool> stop = false;
    std::atomic<int> read = 0;
    std::thread thread([&, session = take(open_sqlite(reading(folder_)))] {
        while (!stop) {
            const auto sums = take(session->cell_sums());
            EXPECT_TRUE(sums.empty() || sums[0].value == sums[1].value);
            ++read;
        }
    });
    for (int i = 1; i <= 200; ++i) {
        Commit commit = messages(claim, i);
        commit.cells = {{0, "S1/a", "one", 0, 0, i}, {0, "S1/a", "two", 0, 0, i}};
        ASSERT_TRUE(fine(writer->write(commit)));
    }
    while (read < 3) std::this_thread::yield();
    stop = true;
    thread.join();
}

// ---- damage

struct TamperCase {
    const char* name;
    const char* sql;
    const char* fault;
};

TEST_F(SqliteStoreTest, verification_names_what_was_tampered_with) {
    const TamperCase cases[] = {
        {"a byte of a segment",
         "UPDATE segment SET body = CAST(substr(body, 1, 40) || x'00' || substr(body, 42) AS BLOB) WHERE number = 1",
         "partition 0, segment 1 (positions 10 to 20): its hash is not the chain's"},
        {"a segment's messages", "UPDATE segment SET messages = 9 WHERE number = 2", "partition 0, segment 2"},
        {"a segment's time", "UPDATE segment SET last_append = 0 WHERE number = 0", "partition 0, segment 0"},
        {"a segment removed", "DELETE FROM segment WHERE number = 1", "partition 0, segment 2: follows segment 0"},
        {"the first segment removed", "DELETE FROM segment WHERE number = 0",
         "partition 0, segment 1: follows segment -1"},
        {"the last segment removed", "DELETE FROM segment WHERE number = 2",
         "the journal ends with segment 1, 3 were written"},
        {"a segment's range", "UPDATE segment SET base = 12 WHERE number = 1", "leaves a gap after position 10"},
        {"a segment's overlap", "UPDATE segment SET base = 8 WHERE number = 1", "overlaps position 10"},
        {"the position", "UPDATE partition SET next = 31", "the journal ends at 30, the position is 31"},
        {"the chain's end", "UPDATE partition SET chain = zeroblob(32)", "or the last hash differs"},
        {"an audit row", "UPDATE audit SET who = 'nobody' WHERE number = 1",
         "audit row 1: its hash is not the chain's"},
        {"an audit row removed", "DELETE FROM audit WHERE number = 1", "audit row 2: its hash is not the chain's"},
        {"a snapshot", "UPDATE snapshot SET body = CAST('stale' AS BLOB)", "a snapshot's checksum does not match"},
    };
    for (const TamperCase& one : cases) {
        SCOPED_TRACE(one.name);
        std::filesystem::remove_all(folder_.path());
        fill();
        EXPECT_THAT(faults(), IsEmpty());
        tamper(one.sql);
        EXPECT_THAT(faults(), Contains(HasSubstr(one.fault)));
    }
}

TEST_F(SqliteStoreTest, a_flipped_byte_in_a_segment_is_told_of_that_segment_alone) {
    fill();
    tamper("UPDATE segment SET body = CAST(substr(body, 1, 40) || x'00' || substr(body, 42) AS BLOB) WHERE number = 1");
    EXPECT_THAT(faults(), ElementsAre(HasSubstr("partition 0, segment 1")));
    const auto store = open();
    const auto read = read_all(*store);
    EXPECT_EQ(code_of(read), Errc::corrupt);
    EXPECT_THAT(detail_of(read), HasSubstr("partition 0, segment 1 (positions 10 to 20)"));
    EXPECT_TRUE(fine(read_all(*store, 20))) << "what follows is whole";
}

TEST_F(SqliteStoreTest, a_journal_with_its_end_cut_off_does_not_read_as_whole) {
    fill();
    tamper("DELETE FROM segment WHERE number = 2");
    const auto read = read_all(*open());
    EXPECT_EQ(code_of(read), Errc::corrupt);
    EXPECT_THAT(detail_of(read), HasSubstr("3 segments were written, the journal ends after 2"));
}

TEST_F(SqliteStoreTest, a_damaged_snapshot_dead_letter_or_held_message_is_corrupt) {
    {
        const auto store = open();
        Commit commit;
        commit.snapshots = {{0, "S1/small", 0, "state"}, {0, "S1/large", 0, std::string(5000, 'x')}};
        commit.dead_letters = {{1, 4, "malformed", "[]", {}, "frame", false}};
        commit.held = {held(3, "frame")};
        ASSERT_TRUE(fine(store->write(commit)));
    }
    tamper(
        "UPDATE snapshot SET body = CAST(substr(body, 1, length(body) - 1) || x'ff' AS BLOB);"
        "UPDATE dead_letter SET frame = CAST(substr(frame, 1, length(frame) - 1) || x'ff' AS BLOB);"
        "UPDATE held SET frame = CAST(substr(frame, 1, length(frame) - 1) || x'ff' AS BLOB)");
    const auto store = open();
    EXPECT_EQ(code_of(store->load_subject(0, "S1/small")), Errc::corrupt);
    EXPECT_EQ(code_of(store->load_subject(0, "S1/large")), Errc::corrupt);
    EXPECT_EQ(code_of(store->dead_letter(1)), Errc::corrupt);
    EXPECT_EQ(code_of(store->held(0)), Errc::corrupt);
}

// Whatever lies in the file: an answer, never a crash, and nothing that reads as whole when journal bytes were hit.
TEST_F(SqliteStoreTest, a_file_overwritten_at_any_page_is_found_out) {
    fill();
    const auto pages = std::filesystem::file_size(folder_.database()) / 4096;
    std::size_t found = 0;
    for (std::uintmax_t page = 0; page < pages; ++page) {
        SCOPED_TRACE(page);
        TemporaryFolder copy;
        std::filesystem::copy(folder_.database(), copy.database());
        std::fstream file(copy.database(), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(page * 4096));
        file << std::string(4096, '\x5a');
        file.close();
        const auto opened = open_sqlite(in(copy));
        if (!opened) {
            EXPECT_EQ(opened.error().code, Errc::corrupt);
            ++found;
            continue;
        }
        const auto report = (*opened)->verify();
        EXPECT_TRUE(report || report.error().code == Errc::corrupt);
        if (!report || !report->faults.empty()) ++found;
    }
    EXPECT_EQ(found, pages);
}

}  // namespace
}  // namespace cellvigil::store
