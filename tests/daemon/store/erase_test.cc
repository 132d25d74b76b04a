#include "daemon/store/erase.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "daemon/store/block.h"
#include "daemon/store/database.h"
#include "tests/daemon/store/store_story.h"

namespace cellvigil::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kMine = "S1/subject-to-go";
constexpr const char* kOther = "S1/subject-to-stay";

// One partition, three segments of four messages: in the first two every second one is the subject's.
class Erasing : public testing::Test {
  protected:
    void SetUp() override {
        const auto store = open();
        Claim claim = take(store->claim(0, "worker"));
        for (std::int64_t base = 0; base < 12; base += 4) {
            Commit commit = messages(claim, base + 4);
            std::string& frames = commit.segments[0].frames;
            frames.clear();
            for (std::int64_t position = base; position < base + 4; ++position) {
                const bool mine = base < 8 && position % 2 == 0;
                const std::string value = (mine ? "secret-value-" : "value-") + std::to_string(position);
                journal::append_frame(frames, {journal::FrameKind::message,
                                               0,
                                               position,
                                               Instant(milliseconds(position)),
                                               mine ? kMine : kOther,
                                               {},
                                               value});
            }
            ASSERT_TRUE(fine(store->write(commit)));
        }
        Commit rows;
        for (const char* key : {kMine, kOther}) {
            rows.snapshots.push_back({0, key, 8, std::string("snapshot of ") + key});
            AlertRow row = alert(std::string("alert-") + key, 1);
            row.subject_key = key;
            rows.outbox.push_back(notice(row.alert_id + ".1"));
            rows.outbox.back().alert_id = row.alert_id;
            rows.alerts.push_back(std::move(row));
            Held one = held(key == kMine ? 0 : 1, frames_of(key), HeldState::held);
            one.subject_key = key;
            rows.held.push_back(one);
            rows.dead_letters.push_back({0, key == kMine ? 2 : 3, "malformed", "[]", Instant(), frames_of(key), false});
        }
        rows.cells = {{0, "S1/c", "subjects", 0, 0, 2}, {0, "S1/c", "crs_max_grade", 4, 0, 1}};
        ASSERT_TRUE(fine(store->write(rows)));
    }
    static std::string frames_of(const char* key) {
        std::string frame;
        journal::append_frame(frame, {journal::FrameKind::message, 0, 2, Instant(), key, {}, "letter"});
        return frame;
    }
    std::unique_ptr<Store> open(bool read_only = false) {
        SqliteOptions options;
        options.folder = folder_.path();
        options.read_only = read_only;
        return take(open_sqlite(options));
    }
    Result<Erased> erase(const char* key = kMine) {
        return erase_subject({.folder = folder_.path(),
                              .subject_key = key,
                              .concerns = [key](const journal::Frame& frame) { return frame.key == key; },
                              .at = Instant(hours(5)),
                              .who = "data protection officer",
                              .reason = "asked for, \"2026\"",
                              .cells = {{0, "S1/c", "subjects", 0, 0, -1}, {0, "S1/c", "crs_max_grade", 4, 0, -1}}});
    }
    std::vector<std::string> faults() { return take(open(true)->verify()).faults; }
    void tamper(const char* sql) {
        auto connection = take(Connection::open(folder_.database(), OpenMode::read_write, 1000));
        ASSERT_TRUE(fine(connection->script(sql)));
    }
    std::vector<std::int64_t> codecs() {
        auto connection = take(Connection::open(folder_.database(), OpenMode::read_write, 1000));
        Query query = connection->query("SELECT codec FROM segment WHERE messages > 0 ORDER BY number");
        std::vector<std::int64_t> all;
        while (take(query.next())) all.push_back(query.integer_at(0));
        return all;
    }
    // The links of partition 0 as they would be had its segments been written as they now are.
    void chain_anew() {
        Codec coder;
        Digest link{};
        auto connection = take(Connection::open(folder_.database(), OpenMode::read_write, 1000));
        for (std::int64_t number = 0; number < 3; ++number) {
            SegmentHeader header;
            Query row = connection->query(
                "SELECT base, next, messages, controls, first_append, last_append, raw_size, codec, body FROM segment"
                " WHERE number = ?");
            ASSERT_TRUE(take(row.integer(number).next()));
            header.number = number;
            header.base = row.integer_at(0);
            header.next = row.integer_at(1);
            header.messages = static_cast<std::uint32_t>(row.integer_at(2));
            header.controls = static_cast<std::uint32_t>(row.integer_at(3));
            header.first_append = row.instant_at(4);
            header.last_append = row.instant_at(5);
            header.raw_size = static_cast<std::uint64_t>(row.integer_at(6));
            header.codec = static_cast<BlockCodec>(row.integer_at(7));
            link = take(coder.chain(link, header, row.string_at(8)));
            Query change = connection->query("UPDATE segment SET chain = ? WHERE number = ?");
            ASSERT_TRUE(fine(change.bytes(view(link)).integer(number).run()));
        }
        ASSERT_TRUE(fine(connection->query("UPDATE partition SET chain = ?").bytes(view(link)).run()));
    }
    std::string bytes_on_disk() const {
        std::string all;
        for (const char* suffix : {"", "-wal"}) {
            std::ifstream file(folder_.database() + suffix, std::ios::binary);
            all.append(std::istreambuf_iterator<char>(file), {});
        }
        return all;
    }

    TemporaryFolder folder_;
};

TEST_F(Erasing, says_what_it_took_out) {
    EXPECT_EQ(take(erase()),
              (Erased{.messages = 4, .segments = 2, .snapshots = 1, .alerts = 1, .held = 1, .dead_letters = 1}));
    EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(Erasing, leaves_tombstones_at_the_positions_and_everything_of_others) {
    ASSERT_TRUE(fine(erase()));
    const auto store = open(true);
    std::vector<std::string> values;
    std::uint64_t controls = 0;
    ASSERT_TRUE(fine(store->read_segments(0, 0, [&](const SegmentRow& row) -> Result<void> {
        journal::FrameReader reader(row.frames);
        journal::Frame frame;
        while (!reader.at_end()) {
            EXPECT_TRUE(fine(reader.next(frame)));
            if (frame.kind == journal::FrameKind::control) {
                ++controls;
                EXPECT_THAT(std::string(frame.value),
                            HasSubstr(R"({"control":"erase","segments":[{"segment":0,"old":")"));
                continue;
            }
            const bool mine = frame.position < 8 && frame.position % 2 == 0;
            EXPECT_EQ(frame.kind, mine ? journal::FrameKind::tombstone : journal::FrameKind::message);
            EXPECT_EQ(frame.key, mine ? "" : kOther);
            values.emplace_back(frame.value);
        }
        return {};
    })));
    EXPECT_THAT(values, SizeIs(12));
    EXPECT_EQ(controls, 1U);
    EXPECT_EQ(take(store->load_subject(0, kMine)), std::nullopt);
    EXPECT_NE(take(store->load_subject(0, kOther)), std::nullopt);
    EXPECT_THAT(take(store->alerts(10)), SizeIs(1));
    EXPECT_THAT(take(store->alerts_as_of(kNever)), SizeIs(1));
    EXPECT_THAT(take(store->outbox_after(0, 10)), SizeIs(1));
    EXPECT_THAT(take(store->held(0)), SizeIs(1));
    EXPECT_THAT(take(store->dead_letters(0, 10)), SizeIs(1));
    EXPECT_THAT(take(store->cell_sums()), SizeIs(1)) << "a count of none has no row";
}

TEST_F(Erasing, leaves_no_byte_of_it_on_the_disk) {
    ASSERT_THAT(bytes_on_disk(), HasSubstr("subject-to-go"));
    ASSERT_TRUE(fine(erase()));
    EXPECT_THAT(bytes_on_disk(), Not(HasSubstr("subject-to-go")));
    EXPECT_THAT(bytes_on_disk(), Not(HasSubstr("secret-value")));
    EXPECT_THAT(bytes_on_disk(), HasSubstr("subject-to-stay"));
}

TEST_F(Erasing, stands_in_the_audit_trail_without_the_subject) {
    ASSERT_TRUE(fine(erase()));
    const auto rows = take(open(true)->audit(10));
    ASSERT_THAT(rows, SizeIs(3));
    EXPECT_EQ(rows[0].what, "subject.erased");
    EXPECT_EQ(rows[0].who, "data protection officer");
    EXPECT_EQ(rows[0].detail, R"({"messages":4,"segments":2,"reason":"asked for, \"2026\""})");
    EXPECT_EQ(rows[1].what, "segment.erased");
    EXPECT_EQ(rows[1].object, "0/1");
    for (const AuditRow& row : rows) EXPECT_THAT(row.detail + row.object, Not(HasSubstr("subject-to-go")));
}

TEST_F(Erasing, can_follow_another_erasure_of_the_same_segments) {
    ASSERT_TRUE(fine(erase()));
    ASSERT_TRUE(fine(erase(kOther)));
    EXPECT_THAT(faults(), IsEmpty());
    EXPECT_THAT(bytes_on_disk(), Not(HasSubstr("subject-to-stay")));
}

TEST_F(Erasing, goes_on_in_the_journal_afterwards) {
    ASSERT_TRUE(fine(erase()));
    {
        const auto store = open();
        Claim claim = take(store->claim(0, "worker"));
        EXPECT_EQ(claim.next, 12);
        ASSERT_TRUE(fine(store->write(messages(claim, 15))));
    }
    EXPECT_THAT(faults(), IsEmpty());
}

// A store of an older program has blocks in zstd and LZ4; its journal goes on in blocks of frames.
TEST_F(Erasing, takes_a_subject_out_of_blocks_of_every_codec) {
    const auto recoded = [&](std::int64_t number, BlockCodec codec) {
        Codec coder;
        auto connection = take(Connection::open(folder_.database(), OpenMode::read_write, 1000));
        Query row = connection->query("SELECT body, codec, raw_size FROM segment WHERE number = ?");
        ASSERT_TRUE(take(row.integer(number).next()));
        const auto raw = take(coder.decompress_block(row.bytes_at(0), static_cast<BlockCodec>(row.integer_at(1)),
                                                     static_cast<std::uint64_t>(row.integer_at(2))));
        const auto body = take(coder.compress_block(raw, codec));
        Query change = connection->query("UPDATE segment SET body = ?, codec = ? WHERE number = ?");
        ASSERT_TRUE(fine(change.bytes(body).integer(static_cast<std::int64_t>(codec)).integer(number).run()));
    };
    recoded(0, BlockCodec::zstd);
    recoded(1, BlockCodec::lz4);
    recoded(2, BlockCodec::frames);
    chain_anew();
    EXPECT_THAT(codecs(), ElementsAre(1, 2, 3));
    ASSERT_THAT(faults(), IsEmpty());
    EXPECT_EQ(take(erase()).messages, 4U);
    EXPECT_THAT(faults(), IsEmpty());
    EXPECT_THAT(bytes_on_disk(), Not(HasSubstr("subject-to-go")));
    EXPECT_EQ(codecs().back(), 3) << "what does not concern the subject stays as it is";
    const auto store = open();
    Claim claim = take(store->claim(0, "worker"));
    ASSERT_TRUE(fine(store->write(messages(claim, 15))));
    EXPECT_THAT(take(store->verify()).faults, IsEmpty());
    EXPECT_EQ(take(store->verify()).messages, 15U);
}

TEST_F(Erasing, of_nobody_changes_nothing) {
    EXPECT_EQ(code_of(erase("S1/nobody")), Errc::not_found);
    EXPECT_THAT(take(open(true)->audit(10)), IsEmpty());
    EXPECT_THAT(take(open(true)->cell_sums()), SizeIs(2));
}

TEST_F(Erasing, of_a_damaged_journal_is_refused) {
    tamper("UPDATE segment SET messages = 99 WHERE number = 0");
    EXPECT_EQ(code_of(erase()), Errc::corrupt);
    EXPECT_THAT(bytes_on_disk(), HasSubstr("subject-to-go")) << "nothing was changed";
}

struct Tampering {
    const char* name;
    const char* sql;
    const char* fault;
};
void PrintTo(const Tampering& row, std::ostream* out) { *out << row.name; }
class ErasedAndTampered : public Erasing, public testing::WithParamInterface<Tampering> {};

TEST_P(ErasedAndTampered, is_found) {
    ASSERT_TRUE(fine(erase()));
    tamper(GetParam().sql);
    EXPECT_THAT(faults(), testing::Contains(HasSubstr(GetParam().fault)));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ErasedAndTampered,
    testing::ValuesIn(std::vector<Tampering>{
        {"a_rewritten_segment_again", "UPDATE segment SET messages = 3 WHERE number = 0", "segment 0"},
        {"a_segment_that_no_erasure_touched", "UPDATE segment SET messages = 3 WHERE number = 2", "segment 2"},
        {"an_erasure_taken_away", "DELETE FROM erasure WHERE number = 1", "segment 1"},
        {"an_erasure_with_another_hash", "UPDATE erasure SET now = zeroblob(32) WHERE number = 1", "segment 0/1"},
        {"an_erasure_of_another_segment", "INSERT INTO erasure VALUES (0, 2, zeroblob(32), zeroblob(32))",
         "segment 0/2"},
        {"the_audit_trail_of_it", "UPDATE audit SET who = 'nobody' WHERE what = 'segment.erased'", "audit row 0"},
    }),
    [](const auto& row) { return row.param.name; });

TEST_F(Erasing, forgets_who_was_read_and_the_chain_stands) {
    {
        const auto store = open();
        Commit commit;
        AuditRow read;
        read.who = "kim";
        read.what = "read.subjects.timeline";
        read.object = kMine;
        read.detail = std::string(R"({"contributing_subjects":[")") + kMine + R"("]})";
        read.subjects = {kMine};
        commit.audit = {read};
        AlertRow alarm = alert("alarm", 1);
        alarm.subject_key.clear();
        alarm.body = std::string("Subjects with the event: ") + kMine + ", " + kMine + "9, " + kOther + ".";
        commit.alerts = {alarm};
        commit.outbox = {{"alarm.1", "alarm", alarm.body, Instant()}};
        ASSERT_TRUE(fine(store->write(commit)));
        EXPECT_EQ(take(store->audit_from(0, 1)).front().subject, kMine);
    }
    const std::string before = take(open(true)->audit_from(0, 1)).front().chain;
    ASSERT_TRUE(fine(erase()));
    const auto store = open(true);
    const AuditEntry entry = take(store->audit_from(0, 1)).front();
    EXPECT_EQ(entry.subject, "") << "nobody can tell";
    EXPECT_TRUE(entry.row.object.starts_with("subject:"));
    EXPECT_EQ(entry.chain, before);
    EXPECT_THAT(take(store->verify_audit()).faults, IsEmpty());
    const std::string body = take(store->alert("alarm"))->body;
    const std::string gone(std::string_view(kMine).size(), 'x');
    EXPECT_EQ(body, "Subjects with the event: " + gone + ", " + kMine + "9, " + kOther + ".") << "whole names only";
}

}  // namespace
}  // namespace cellvigil::store
