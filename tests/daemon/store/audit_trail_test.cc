// That no byte of a stored audit trail can change without being found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "daemon/store/database.h"
#include "daemon/store/store.h"
#include "tests/daemon/store/store_story.h"

namespace cellvigil::store {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class StoredTrail : public testing::Test {
  protected:
    void SetUp() override {
        const auto store = take(open_sqlite({folder_.path()}));
        for (int i = 0; i < 4; ++i) {
            Commit commit;
            commit.audit = {
                {Instant(hours(i)), "kim", "alert.comment", "a" + std::to_string(i), R"({"comment":"seen"})"}};
            ASSERT_TRUE(fine(store->write(commit)));
        }
        connection_ = take(Connection::open(folder_.database(), OpenMode::read_write, 1000));
        SqliteOptions options{folder_.path()};
        options.read_only = true;
        reader_ = take(open_sqlite(options));
    }
    bool is_whole() { return take(reader_->verify_audit()).faults.empty(); }
    std::string bytes_of(const std::string& column, int number) {
        Query query = connection_->query(
            kept("SELECT CAST(" + column + " AS BLOB) FROM audit WHERE number = " + std::to_string(number)));
        EXPECT_TRUE(take(query.next()));
        return query.string_at(0);
    }
    void put(const std::string& column, int number, const std::string& bytes) {
        Query query =
            connection_->query(kept("UPDATE audit SET " + column + " = ? WHERE number = " + std::to_string(number)));
        EXPECT_TRUE(fine((column == "chain" ? query.bytes(bytes) : query.text(bytes)).run()));
    }
    void tamper(const char* sql) { EXPECT_TRUE(fine(connection_->script(sql))); }

    // Statements are known by the address of their text.
    const char* kept(std::string sql) { return statements_.insert(std::move(sql)).first->c_str(); }

    std::set<std::string> statements_;
    TemporaryFolder folder_;
    std::unique_ptr<Connection> connection_;
    std::unique_ptr<Store> reader_;
};

TEST_F(StoredTrail, a_flip_of_any_bit_of_any_byte_is_found) {
    ASSERT_TRUE(is_whole());
    int flips = 0;
    for (int number = 0; number < 4; ++number) {
        for (const char* column : {"who", "what", "object", "detail", "chain"}) {
            const std::string sound = bytes_of(column, number);
            ASSERT_FALSE(sound.empty());
            for (std::size_t i = 0; i < sound.size(); ++i) {
                std::string flipped = sound;
                flipped[i] = static_cast<char>(flipped[i] ^ (1 << (flips % 8)));
                put(column, number, flipped);
                EXPECT_FALSE(is_whole()) << column << " of entry " << number << ", byte " << i;
                ++flips;
            }
            put(column, number, sound);
        }
        for (int bit = 0; bit < 63; ++bit) {
            const std::string change = "UPDATE audit SET at = (at | (1 << " + std::to_string(bit) +
                                       ")) - (at & (1 << " + std::to_string(bit) +
                                       ")) WHERE number = " + std::to_string(number);
            tamper(change.c_str());
            EXPECT_FALSE(is_whole()) << "at of entry " << number << ", bit " << bit;
            tamper(change.c_str());
        }
    }
    EXPECT_GT(flips, 4 * 60);
    EXPECT_TRUE(is_whole()) << "each flip was taken back";
}

TEST_F(StoredTrail, an_end_cut_off_is_found) {
    tamper("DELETE FROM audit WHERE number = 3");
    EXPECT_THAT(take(reader_->verify_audit()).faults, SizeIs(1));
    EXPECT_THAT(take(reader_->verify_audit()).faults.front(), HasSubstr("4 rows were written, 3 are there"));
}

TEST_F(StoredTrail, an_entry_taken_out_of_the_middle_or_renumbered_is_found) {
    tamper("DELETE FROM audit WHERE number = 1");
    EXPECT_FALSE(is_whole());
    tamper("UPDATE audit SET number = number - 1 WHERE number > 1");
    EXPECT_FALSE(is_whole());
}

TEST_F(StoredTrail, a_changed_end_is_found) {
    tamper("UPDATE audit_end SET number = 2");
    EXPECT_FALSE(is_whole());
    tamper("UPDATE audit_end SET number = 3, chain = zeroblob(32)");
    EXPECT_FALSE(is_whole());
    tamper("DELETE FROM audit_end");
    EXPECT_FALSE(is_whole());
}

TEST_F(StoredTrail, an_empty_trail_is_whole) {
    tamper("DELETE FROM audit; DELETE FROM audit_end");
    EXPECT_THAT(take(reader_->verify_audit()).faults, IsEmpty());
}

}  // namespace
}  // namespace cellvigil::store
