// The commands that look into a store: verify, export, dlq.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "daemon/journal/log_file.h"
#include "daemon/kafka/producer.h"
#include "daemon/store/database.h"
#include "daemon/tools/commands/verify.h"
#include "tests/daemon/kafka/mock_cluster.h"
#include "tests/daemon/store/store_story.h"
#include "tests/daemon/tools/canned_server.h"
#include "tests/daemon/tools/command_run.h"

namespace cellvigil::tools {
namespace {

using store::Claim;
using store::Commit;
using store::fine;
using store::take;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class StoreCommands : public testing::Test {
  protected:
    std::unique_ptr<store::Store> open() { return take(store::open_sqlite({folder_.path()})); }
    // Two partitions with messages, and three dead letters.
    void SetUp() override {
        const auto store = open();
        for (const std::uint32_t partition : {0U, 1U}) {
            Claim claim = take(store->claim(partition, "worker"));
            ASSERT_TRUE(fine(store->write(store::messages(claim, 10))));
            ASSERT_TRUE(fine(store->write(store::messages(claim, 15))));
        }
        Commit commit;
        for (const std::int64_t position : {3, 4, 5}) {
            std::string frame;
            const std::string value = "value\x01" + std::to_string(position);
            const journal::Frame message{
                journal::FrameKind::message,         0,    position, Instant(seconds(position)), "S1/001",
                {{"content-type", "application/x"}}, value};
            journal::append_frame(frame, message);
            commit.dead_letters.push_back({0, position, position == 5 ? "oversize" : "malformed",
                                           R"([{"path":"payload","reason":"malformed","detail":"cut"}])",
                                           Instant(seconds(100 + position)), frame, position == 5});
        }
        ASSERT_TRUE(fine(store->write(commit)));
    }
    void tamper(const char* sql) {
        auto connection = take(store::Connection::open(folder_.database(), store::OpenMode::read_write, 1000));
        EXPECT_TRUE(fine(connection->script(sql)));
    }
    Ran run_on_store(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--data", folder_.path()});
        return run(arguments);
    }
    std::vector<bool> requeued() {
        std::vector<bool> all;
        for (const auto& row : take(open()->dead_letters(0, 10))) all.push_back(row.requeued);
        return all;
    }
    std::string file(const char* name) const { return folder_.path() + "/" + name; }

    store::TemporaryFolder folder_;
};

// ---- verify

TEST_F(StoreCommands, verify_says_that_a_store_is_whole) {
    const Ran text = run_on_store({"verify"});
    EXPECT_EQ(text.code, 0) << text.out << text.err;
    EXPECT_THAT(text.out,
                HasSubstr("journal: 4 segments, 30 messages, whole\nstate: 0 subjects, as the journal has it\n"));
    EXPECT_EQ(run_on_store({"verify", "--journal-only"}).out, "journal: 4 segments, 30 messages, whole\n");
    EXPECT_EQ(run_on_store({"verify", "--journal-only", "--json"}).out,
              "{\"whole\":true,\"segments\":4,\"messages\":30,\"faults\":[]}\n");
}

TEST_F(StoreCommands, verify_names_every_fault) {
    tamper("UPDATE segment SET messages = 99 WHERE partition = 1 AND number = 1");
    const Ran ran = run_on_store({"verify"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, HasSubstr("fault: partition 1, segment 1 (positions 10 to 15): its hash is not the chain's"));
    EXPECT_THAT(run_on_store({"verify", "--json"}).out, HasSubstr("\"whole\":false"));
}

TEST_F(StoreCommands, verify_finds_state_that_the_journal_does_not_give) {
    Commit commit;
    commit.alerts.push_back(store::alert("a", 1));
    ASSERT_TRUE(fine(open()->write(commit)));
    const Ran ran = run_on_store({"verify"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, HasSubstr("fault: alert a: stored as raised, not derived"));
    EXPECT_EQ(run_on_store({"verify", "--journal-only"}).code, 0);
}

TEST_F(StoreCommands, verify_finds_snapshots_that_cannot_be_restored) {
    Commit commit;
    commit.snapshots.push_back({0, "S1/001", 10, "no timeline"});
    ASSERT_TRUE(fine(open()->write(commit)));
    const Ran ran = run_on_store({"verify"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, HasSubstr("fault: "));
}

TEST_F(StoreCommands, verify_with_an_unusable_configuration_is_exit_code_78) {
    std::ofstream(file("wrong.yaml")) << "no_such_key: 1\n";
    const Ran ran = run_on_store({"verify", "--config", file("wrong.yaml")});
    EXPECT_EQ(ran.code, 78);
    EXPECT_THAT(ran.err, HasSubstr("no_such_key"));
}

TEST_F(StoreCommands, verify_works_beside_a_daemon) {
    const auto daemon = open();
    Claim claim = take(daemon->claim(2, "worker"));
    ASSERT_TRUE(fine(daemon->write(store::messages(claim, 5))));
    EXPECT_EQ(run_on_store({"verify"}).code, 0);
}

TEST_F(StoreCommands, where_there_is_no_store_every_command_says_so) {
    const std::string nowhere = file("nowhere");
    for (const std::vector<std::string>& command : {std::vector<std::string>{"verify"},
                                                    {"export", file("log")},
                                                    {"dlq", "list"},
                                                    {"dlq", "show", "1"},
                                                    {"dlq", "requeue", "--all", "--to", "http://127.0.0.1:1"}}) {
        std::vector<std::string> arguments = command;
        arguments.insert(arguments.end(), {"--data", nowhere});
        const Ran ran = run(arguments);
        EXPECT_EQ(ran.code, 1) << command[0];
        EXPECT_THAT(ran.err, HasSubstr("no store here (not_found)")) << command[0];
    }
}

StateFindings state_as_told;
Result<StateFindings> check_as_told(store::Store& store, const std::string&, const std::string&) {
    EXPECT_EQ(take(store.partitions()).size(), 2U);
    return state_as_told;
}

Ran run_with_state_check(std::vector<std::string> arguments) {
    // As run_command_line does, with a check of the state in the place of none.
    CLI::App app;
    Action chosen;
    add_verify_with(app, chosen, check_as_told);
    std::reverse(arguments.begin(), arguments.end());
    app.parse(arguments);
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    Console console{in, out, err};
    const auto code = static_cast<int>(chosen(console));
    return {code, out.str(), err.str()};
}

TEST_F(StoreCommands, verify_asks_for_the_state_too) {
    state_as_told = {"aa", "aa", 7, {}};
    Ran ran = run_with_state_check({"verify", "--data", folder_.path()});
    EXPECT_EQ(ran.code, 0);
    EXPECT_THAT(ran.out, HasSubstr("state: 7 subjects, as the journal has it"));
    state_as_told = {"aa", "bb", 7, {"one differs"}};
    ran = run_with_state_check({"verify", "--data", folder_.path()});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, HasSubstr("fault: one differs"));
    ran = run_with_state_check({"verify", "--data", folder_.path(), "--json"});
    EXPECT_THAT(ran.out,
                HasSubstr(R"("state":{"subjects":7,"journal_hash":"aa","stored_hash":"bb","faults":["one differs"]})"));
    EXPECT_EQ(run_with_state_check({"verify", "--data", folder_.path(), "--journal-only"}).code, 0);
}

// ---- export

TEST_F(StoreCommands, an_export_holds_the_journal_frame_for_frame) {
    const Ran ran = run_on_store({"export", file("log")});
    EXPECT_EQ(ran.code, 0);
    EXPECT_EQ(ran.out, "30 messages of 2 partitions in 4 segments, " +
                           std::to_string(std::filesystem::file_size(file("log")) - journal::kFileMagic.size()) +
                           " bytes\n");
    std::ostringstream bytes;
    bytes << std::ifstream(file("log"), std::ios::binary).rdbuf();
    EXPECT_EQ(bytes.str(), std::string(journal::kFileMagic) + store::frames(0, 0, 15) + store::frames(1, 0, 15));
    EXPECT_FALSE(std::filesystem::exists(file("log.part")));
}

TEST_F(StoreCommands, an_export_may_be_of_one_partition) {
    EXPECT_THAT(run_on_store({"export", file("log"), "--partition", "1", "--json"}).out,
                HasSubstr(R"({"partitions":1,"segments":2,"messages":15,)"));
    const Ran ran = run_on_store({"export", file("none"), "--partition", "9"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_FALSE(std::filesystem::exists(file("none")));
    EXPECT_FALSE(std::filesystem::exists(file("none.part")));
}

TEST_F(StoreCommands, a_damaged_journal_leaves_no_export_behind) {
    tamper("UPDATE segment SET body = zeroblob(40) WHERE partition = 1 AND number = 1");
    const Ran ran = run_on_store({"export", file("log")});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.err, HasSubstr("partition 1, segment 1"));
    EXPECT_FALSE(std::filesystem::exists(file("log")));
    EXPECT_FALSE(std::filesystem::exists(file("log.part")));
}

// ---- dlq list, show

TEST_F(StoreCommands, dead_letters_are_listed) {
    const Ran ran = run_on_store({"dlq", "list"});
    EXPECT_EQ(ran.code, 0);
    EXPECT_THAT(ran.out, HasSubstr("malformed"));
    EXPECT_THAT(ran.out, HasSubstr("oversize (oversize)"));
    EXPECT_THAT(ran.out, HasSubstr("1970-01-01T00:01:43Z"));
    EXPECT_THAT(ran.out, Not(HasSubstr("S1/001"))) << "a list names no subject";
    EXPECT_THAT(ran.err, IsEmpty());
}

TEST_F(StoreCommands, lists_can_be_narrowed) {
    EXPECT_EQ(
        run_on_store({"dlq", "list", "--reason", "oversize", "--json"}).out,
        R"({"dead_letters":[{"id":3,"partition":0,"position":5,"failed_at":"1970-01-01T00:01:45Z","reason":"oversize",)"
        R"("issues":[{"path":"payload","reason":"malformed","detail":"cut"}],"oversize":true,"requeued":false}]})"
        "\n");
    const Ran first = run_on_store({"dlq", "list", "--limit", "2"});
    EXPECT_THAT(first.err, HasSubstr("--after 2"));
    EXPECT_THAT(run_on_store({"dlq", "list", "--after", "2"}).out, HasSubstr("oversize"));
    ASSERT_TRUE(fine(open()->mark_requeued(3)));
    EXPECT_THAT(run_on_store({"dlq", "list", "--waiting"}).out, Not(HasSubstr("oversize")));
}

TEST_F(StoreCommands, a_dead_letter_shows_all_there_is) {
    const Ran text = run_on_store({"dlq", "show", "2", "--value", file("value")});
    EXPECT_EQ(text.code, 0);
    for (const char* part :
         {"malformed", "partition 0, position 4", "1970-01-01T00:00:04Z", "S1/001", "content-type", "7 bytes",
          "76616c75650134", "value.4", R"({"path":"payload","reason":"malformed","detail":"cut"})"}) {
        EXPECT_THAT(text.out, HasSubstr(part));
    }
    std::ostringstream bytes;
    bytes << std::ifstream(file("value"), std::ios::binary).rdbuf();
    EXPECT_EQ(bytes.str(),
              "value\x01"
              "4");
    EXPECT_THAT(run_on_store({"dlq", "show", "2", "--json"}).out, HasSubstr(R"("key":"S1/001")"));
    EXPECT_EQ(run_on_store({"dlq", "show", "99"}).code, 1);
    EXPECT_EQ(run_on_store({"dlq", "show", "one"}).code, 2);
}

// What was refused before it became a message.
class RefusedTexts : public StoreCommands {
  protected:
    void SetUp() override {
        Commit commit;
        for (const auto& [type, text, cut] :
             {Text{"application/json", R"({"study_id":"S1","subject_id":"001","message_id":"m"})", false},
              Text{"application/json", R"({"studdy_id":"S1"})", false}, Text{"application/json", "{", true},
              Text{"application/vnd.cellvigil.events", "\x03zz", false}}) {
            std::string frame;
            journal::append_frame(frame, {journal::FrameKind::message,
                                          0,
                                          0,
                                          Instant(seconds(9)),
                                          "",
                                          {{"content-type", type}, {"cv_length", "40000"}, {"cv_sha256", "ab12"}},
                                          text});
            commit.dead_letters.push_back(
                {store::kNoPartition, -1, "bad_field",
                 R"([{"path":"studdy_id","reason":"bad_field","detail":"no field of that name"}])", Instant(seconds(9)),
                 frame, cut});
        }
        ASSERT_TRUE(fine(open()->write(commit)));
    }

  private:
    struct Text {
        const char* type;
        const char* text;
        bool cut;
    };
};

TEST_F(RefusedTexts, are_listed_and_shown_as_having_no_place) {
    EXPECT_THAT(run_on_store({"dlq", "list"}).out, HasSubstr("       1         -            -"));
    EXPECT_THAT(run_on_store({"dlq", "list", "--json"}).out, HasSubstr(R"({"id":1,"partition":null,"position":null)"));
    const Ran shown = run_on_store({"dlq", "show", "2"});
    for (const char* part : {"refused before it became a message", "content-type: application/json", "cv_length: 40000",
                             "cv_sha256: ab12", "no field of that name", "{\"studdy_id"})
        EXPECT_THAT(shown.out, HasSubstr(part));
}

TEST_F(RefusedTexts, that_are_envelopes_by_now_are_sent_as_such) {
    CannedServer daemon({{202, R"({"outcomes":{"accepted":1}})"}});
    EXPECT_THAT(run_on_store({"dlq", "requeue", "1", "--to", daemon.url()}).out, HasSubstr("1  accepted"));
    ASSERT_THAT(daemon.bodies(), SizeIs(1));
    EXPECT_THAT(daemon.bodies()[0], HasSubstr("S1"));
    EXPECT_THAT(daemon.bodies()[0], Not(HasSubstr("study_id"))) << "protobuf, not the text";
    EXPECT_THAT(requeued(), ElementsAre(true, false, false, false));
}

TEST_F(RefusedTexts, that_cannot_be_sent_say_why) {
    const Ran ran = run_on_store({"dlq", "requeue", "2", "3", "4", "--to", "http://127.0.0.1:1", "--give-up", "0"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, HasSubstr("2  failed: still no envelope: studdy_id: no field of that name"));
    EXPECT_THAT(ran.out, HasSubstr("3  failed: only its beginning was kept"));
    EXPECT_THAT(ran.out, HasSubstr("4  failed: a body that cannot be taken apart"));
    EXPECT_THAT(requeued(), ElementsAre(false, false, false, false));
}

// ---- dlq requeue

TEST_F(StoreCommands, requeued_over_http_the_daemons_word_decides) {
    CannedServer daemon({{202, R"({"outcomes":{"accepted":1}})"},
                         {400, R"({"outcomes":{"rejected":1}})"},
                         {202, R"({"outcomes":{"duplicate":1}})"}});
    const Ran ran = run_on_store({"dlq", "requeue", "--all", "--to", daemon.url(), "--json"});
    EXPECT_EQ(ran.code, 1) << "one was rejected again";
    EXPECT_THAT(ran.out, HasSubstr(R"({"id":1,"outcome":"accepted","detail":""})"));
    EXPECT_THAT(
        ran.out,
        HasSubstr(R"({"id":2,"outcome":"rejected","detail":"still not acceptable: see the newest dead letters"})"));
    EXPECT_THAT(ran.out, HasSubstr(R"({"id":3,"outcome":"duplicate","detail":""})"));
    EXPECT_THAT(requeued(), ElementsAre(true, false, true));
    EXPECT_THAT(daemon.bodies(), ElementsAre("\x07value\x01"
                                             "3",
                                             "\x07value\x01"
                                             "4",
                                             "\x07value\x01"
                                             "5"));
}

TEST_F(StoreCommands, a_letter_requeued_before_is_skipped_unless_told) {
    ASSERT_TRUE(fine(open()->mark_requeued(2)));
    CannedServer daemon({{202, R"({"outcomes":{"accepted":1}})"}, {202, R"({"outcomes":{"duplicate":1}})"}});
    EXPECT_THAT(run_on_store({"dlq", "requeue", "2", "1", "--to", daemon.url()}).out, HasSubstr("2  skipped"));
    EXPECT_THAT(daemon.bodies(), SizeIs(1));
    EXPECT_THAT(run_on_store({"dlq", "requeue", "2", "--again", "--to", daemon.url()}).out, HasSubstr("2  duplicate"));
    EXPECT_THAT(requeued(), ElementsAre(true, true, false));
}

TEST_F(StoreCommands, requeueing_can_choose_by_reason) {
    CannedServer daemon({{202, R"({"outcomes":{"queued":1}})"}});
    EXPECT_EQ(run_on_store({"dlq", "requeue", "--all", "--reason", "oversize", "--to", daemon.url()}).code, 0);
    EXPECT_THAT(requeued(), ElementsAre(false, false, true));
}

TEST_F(StoreCommands, a_daemon_that_is_away_marks_nothing) {
    const Ran ran = run_on_store({"dlq", "requeue", "1", "--to", "http://127.0.0.1:1", "--give-up", "0"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.out, HasSubstr("1  failed"));
    EXPECT_THAT(requeued(), ElementsAre(false, false, false));
}

TEST_F(StoreCommands, requeueing_works_beside_the_daemon_that_owns_the_store) {
    const auto owner = open();
    CannedServer daemon({{202, R"({"outcomes":{"accepted":1}})"}});
    EXPECT_EQ(run_on_store({"dlq", "requeue", "1", "--to", daemon.url()}).code, 0);
    EXPECT_TRUE(take(owner->dead_letter(1)).requeued);
}

TEST_F(StoreCommands, requeued_to_kafka_key_and_value_are_as_they_were) {
    kafka::MockCluster cluster(1, "events", 4);
    const Ran ran = run_on_store({"dlq", "requeue", "1", "--to", "kafka://" + cluster.bootstrap() + "/events"});
    EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("1  queued"));
    EXPECT_THAT(requeued(), ElementsAre(true, false, false));
    const auto read = take(kafka::read_topic(cluster.properties(), "events", {{0, 0}, {1, 0}, {2, 0}, {3, 0}}, 10));
    ASSERT_THAT(read, SizeIs(1));
    EXPECT_EQ(read[0].key, "S1/001");
    EXPECT_EQ(read[0].value,
              "value\x01"
              "3");
}

TEST_F(StoreCommands, a_wrong_requeue_is_a_usage_error) {
    EXPECT_EQ(run_on_store({"dlq", "requeue", "--to", "http://127.0.0.1:1"}).code, 2);
    EXPECT_EQ(run_on_store({"dlq", "requeue", "1", "--all", "--to", "http://127.0.0.1:1"}).code, 2);
    EXPECT_EQ(run_on_store({"dlq", "requeue", "1"}).code, 2);
    EXPECT_EQ(run_on_store({"dlq", "requeue", "1", "--to", "file.ndjson"}).code, 2);
    EXPECT_EQ(run_on_store({"dlq"}).code, 2);
}

}  // namespace
}  // namespace cellvigil::tools
