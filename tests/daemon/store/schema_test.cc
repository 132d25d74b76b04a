#include "daemon/store/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/daemon/store/store_story.h"

namespace cellvigil::store {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Schema, migrations_are_numbered_without_a_gap) {
    std::int64_t version = 0;
    for (const Migration& step : migrations()) EXPECT_EQ(step.version, ++version);
    EXPECT_EQ(newest_version(), version);
}

class SchemaOnDisk : public testing::Test {
  protected:
    std::unique_ptr<Connection> connect() { return take(Connection::open(folder_.database(), OpenMode::create, 1000)); }
    // A store as version 1 left it (tests/daemon/store/fixtures).
    void put_version_1() {
        std::ostringstream sql;
        sql << std::ifstream(std::string(CELLVIGIL_SOURCE_DIR) + "/tests/daemon/store/fixtures/schema_v1.sql").rdbuf();
        ASSERT_FALSE(sql.str().empty());
        ASSERT_TRUE(fine(connect()->script(sql.str().c_str())));
        ASSERT_EQ(version(), 1);
    }
    std::int64_t version() {
        auto connection = connect();
        Query query = connection->query("SELECT max(version) FROM schema_version");
        EXPECT_TRUE(take(query.next()));
        return query.integer_at(0);
    }
    std::string schema() {
        auto connection = connect();
        Query query = connection->query("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name");
        std::string all;
        while (take(query.next())) all += query.string_at(0) + "\n";
        return all;
    }

    TemporaryFolder folder_;
};

TEST_F(SchemaOnDisk, a_new_store_has_the_newest_version) {
    ASSERT_TRUE(fine(open_sqlite({folder_.path()})));
    EXPECT_EQ(version(), newest_version());
}

TEST_F(SchemaOnDisk, version_1_is_brought_up_to_date_with_all_it_holds) {
    put_version_1();
    const auto store = take(open_sqlite({folder_.path()}));
    EXPECT_EQ(version(), newest_version());
    EXPECT_TRUE(fine(store->bind("embedded", 4)));
    EXPECT_THAT(take(store->verify()).faults, IsEmpty());
    EXPECT_EQ(take(store->verify()).messages, 5U);
    EXPECT_EQ(take(store->load_subject(0, "S1/001"))->bytes, "state");
    EXPECT_EQ(take(store->cell_sums()).at(0).value, 5);
    EXPECT_THAT(take(store->outbox_after(0, 10)), SizeIs(2));
    EXPECT_EQ(take(store->dead_letter(2)).letter.frame, "frame");
    EXPECT_THAT(take(store->held(0)), SizeIs(2));
    const auto history = take(store->alert_history("a"));
    ASSERT_THAT(history, SizeIs(1));
    EXPECT_EQ(history[0].row.revision, 2U);
    EXPECT_EQ(history[0].recorded_at, kAlways);
    EXPECT_EQ(history[0].row.body, "alert a revision 2");
    Claim claim = take(store->claim(0, "worker"));
    EXPECT_EQ(claim.next, 5);
    EXPECT_TRUE(fine(store->write(messages(claim, 9))));
    EXPECT_THAT(take(store->verify()).faults, IsEmpty());
}

TEST_F(SchemaOnDisk, an_upgraded_store_has_the_schema_of_a_new_one) {
    put_version_1();
    ASSERT_TRUE(fine(open_sqlite({folder_.path()})));
    const std::string upgraded = schema();
    std::filesystem::remove_all(folder_.path());
    ASSERT_TRUE(fine(open_sqlite({folder_.path()})));
    EXPECT_EQ(upgraded, schema());
}

// Steps are never edited, so what they make of version 1 is what the programs of then had.
TEST_F(SchemaOnDisk, every_version_between_is_brought_up_to_date_with_all_it_holds) {
    ASSERT_TRUE(fine(open_sqlite({folder_.path()})));
    const std::string newest = schema();
    for (std::int64_t stopped_at = 2; stopped_at < newest_version(); ++stopped_at) {
        SCOPED_TRACE(stopped_at);
        for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(folder_.database() + suffix);
        put_version_1();
        for (const Migration& step : migrations()) {
            if (step.version == 1 || step.version > stopped_at) continue;
            ASSERT_TRUE(fine(connect()->script(step.sql)));
            ASSERT_TRUE(fine(connect()->query("INSERT INTO schema_version VALUES (?, 0)").integer(step.version).run()));
        }
        ASSERT_EQ(version(), stopped_at);
        const auto store = take(open_sqlite({folder_.path()}));
        EXPECT_EQ(version(), newest_version());
        EXPECT_EQ(schema(), newest);
        EXPECT_THAT(take(store->verify()).faults, IsEmpty());
        EXPECT_EQ(take(store->verify()).messages, 5U);
        EXPECT_EQ(take(store->load_subject(0, "S1/001"))->bytes, "state");
        EXPECT_THAT(take(store->alert_history("a")), SizeIs(1));
    }
}

TEST_F(SchemaOnDisk, opening_again_changes_nothing) {
    ASSERT_TRUE(fine(open_sqlite({folder_.path()})));
    const std::string before = schema();
    ASSERT_TRUE(fine(open_sqlite({folder_.path()})));
    EXPECT_EQ(schema(), before);
}

TEST_F(SchemaOnDisk, a_newer_store_is_refused_with_both_versions) {
    ASSERT_TRUE(fine(open_sqlite({folder_.path()})));
    ASSERT_TRUE(fine(connect()->script("INSERT INTO schema_version VALUES (99, 0)")));
    for (const bool read_only : {false, true}) {
        SqliteOptions options;
        options.folder = folder_.path();
        options.read_only = read_only;
        const auto opened = open_sqlite(options);
        EXPECT_EQ(code_of(opened), Errc::invalid);
        EXPECT_THAT(detail_of(opened), HasSubstr("schema version 99, this program knows versions up to " +
                                                 std::to_string(newest_version())));
    }
    EXPECT_EQ(version(), 99) << "and left alone";
}

TEST_F(SchemaOnDisk, an_older_store_is_not_touched_by_a_reader) {
    put_version_1();
    SqliteOptions options;
    options.folder = folder_.path();
    options.read_only = true;
    const auto opened = open_sqlite(options);
    EXPECT_EQ(code_of(opened), Errc::invalid);
    EXPECT_THAT(detail_of(opened), HasSubstr("schema version 1, this program needs"));
    EXPECT_EQ(version(), 1);
}

// A step that cannot be taken leaves the store as it was: all steps are one transaction.
TEST_F(SchemaOnDisk, a_migration_that_fails_changes_nothing) {
    put_version_1();
    ASSERT_TRUE(fine(connect()->script("CREATE TABLE alert_revision (in_the_way)")));
    const std::string before = schema();
    EXPECT_EQ(code_of(open_sqlite({folder_.path()})), Errc::invalid);
    EXPECT_EQ(version(), 1);
    EXPECT_EQ(schema(), before);
}

TEST_F(SchemaOnDisk, an_empty_file_becomes_a_store) {
    std::ofstream(folder_.database()).close();
    ASSERT_TRUE(fine(open_sqlite({folder_.path()})));
    EXPECT_EQ(version(), newest_version());
}

}  // namespace
}  // namespace cellvigil::store
