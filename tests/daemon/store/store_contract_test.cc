// What every Store must do: the same suite for SQLite and for memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "daemon/store/memory.h"
#include "daemon/store/store.h"
#include "tests/daemon/store/backends.h"
#include "tests/daemon/store/store_story.h"

namespace cellvigil::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class StoreContract : public testing::TestWithParam<BackendCase> {
  protected:
    void SetUp() override { store_ = backend_->open(); }
    void reopen() {
        store_.reset();
        store_ = backend_->open();
    }
    Claim claim(std::uint32_t partition = 0) { return take(store_->claim(partition, "worker")); }
    std::vector<SegmentRow> segments(std::uint32_t partition, std::int64_t from) {
        std::vector<SegmentRow> rows;
        EXPECT_TRUE(fine(store_->read_segments(partition, from, [&](const SegmentRow& row) {
            rows.push_back(row);
            return Result<void>{};
        })));
        return rows;
    }
    std::int64_t position(std::uint32_t partition) {
        for (const Claim& one : take(store_->positions())) {
            if (one.partition == partition) return one.next;
        }
        return -1;
    }
    void expect_whole() {
        const VerifyReport report = take(store_->verify());
        EXPECT_THAT(report.faults, IsEmpty());
    }

    std::unique_ptr<Backend> backend_ = GetParam().make();
    std::unique_ptr<Store> store_;
};

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract, both_backends(),
                         [](const auto& tested) { return std::string(tested.param.name); });

// ---- the deployment's shape

TEST_P(StoreContract, binding_is_for_good) {
    EXPECT_TRUE(fine(store_->bind("embedded", 16)));
    reopen();
    EXPECT_TRUE(fine(store_->bind("embedded", 16)));
    const auto partitions = store_->bind("embedded", 8);
    EXPECT_EQ(code_of(partitions), Errc::invalid);
    EXPECT_THAT(detail_of(partitions), HasSubstr("partitions 16, asked 8"));
    const auto input = store_->bind("kafka:cellvigil.events.v1", 16);
    EXPECT_EQ(code_of(input), Errc::invalid);
    EXPECT_THAT(detail_of(input), HasSubstr("input embedded, asked kafka:cellvigil.events.v1"));
    EXPECT_EQ(code_of(store_->bind("embedded", 0)), Errc::invalid);
    const auto shape = store_->shape();
    ASSERT_TRUE(fine(shape));
    EXPECT_EQ(shape->input, "embedded");
    EXPECT_EQ(shape->partitions, 16U);
}

TEST_P(StoreContract, a_store_that_nothing_has_bound_has_no_shape) {
    const auto shape = store_->shape();
    ASSERT_TRUE(fine(shape));
    EXPECT_EQ(shape->input, "");
    EXPECT_EQ(shape->partitions, 0U);
}

TEST_P(StoreContract, a_partition_beyond_the_binding_cannot_be_claimed) {
    EXPECT_TRUE(fine(store_->bind("embedded", 2)));
    EXPECT_TRUE(fine(store_->claim(1, "worker")));
    EXPECT_EQ(code_of(store_->claim(2, "worker")), Errc::invalid);
}

TEST_P(StoreContract, a_new_partition_begins_at_0) {
    const Claim first = claim(3);
    EXPECT_EQ(first.partition, 3U);
    EXPECT_EQ(first.next, 0);
    EXPECT_EQ(first.epoch, 1);
    EXPECT_EQ(first.log_time, kAlways);
    EXPECT_EQ(first.watermark, kAlways);
    EXPECT_THAT(take(store_->partitions()), ElementsAre(3U));
    EXPECT_EQ(take(store_->recovery_point(3)), 0);
}

TEST_P(StoreContract, positions_survive_and_each_claim_raises_the_epoch) {
    Claim first = claim(1);
    EXPECT_TRUE(fine(store_->write(messages(first, 10))));
    reopen();
    const Claim second = claim(1);
    EXPECT_EQ(second.epoch, first.epoch + 1);
    EXPECT_EQ(second.next, 10);
    EXPECT_EQ(second.log_time, Instant(seconds(10)));
    EXPECT_EQ(second.watermark, Instant(seconds(9)));
    EXPECT_EQ(position(1), 10);
}

// ---- compare and swap

TEST_P(StoreContract, a_zombie_loses_even_at_the_right_position) {
    Claim zombie = claim();
    EXPECT_TRUE(fine(store_->write(messages(zombie, 5))));
    const auto other = backend_->open();
    Claim owner = take(other->claim(0, "another worker"));
    EXPECT_EQ(owner.next, 5);
    EXPECT_EQ(code_of(store_->write(messages(zombie, 8))), Errc::conflict);
    EXPECT_TRUE(fine(other->write(messages(owner, 7))));
    EXPECT_EQ(position(0), 7);
    expect_whole();
}

TEST_P(StoreContract, a_wrong_position_loses) {
    Claim ahead = claim();
    EXPECT_TRUE(fine(store_->write(messages(ahead, 5))));
    Claim behind = ahead;
    behind.next = 4;
    EXPECT_EQ(code_of(store_->write(messages(behind, 8))), Errc::conflict);
    EXPECT_EQ(position(0), 5);
}

TEST_P(StoreContract, an_unclaimed_partition_cannot_be_advanced) {
    Claim nobody{7, 1, 0};
    EXPECT_EQ(code_of(store_->write(messages(nobody, 1))), Errc::conflict);
    EXPECT_THAT(take(store_->partitions()), IsEmpty());
}

TEST_P(StoreContract, one_lost_partition_loses_the_whole_commit) {
    Claim mine = claim(0);
    Claim lost = claim(1);
    EXPECT_TRUE(fine(store_->claim(1, "another worker")));
    Commit commit = messages(mine, 3);
    const Commit more = messages(lost, 3);
    commit.segments.push_back(more.segments[0]);
    commit.advances.push_back(more.advances[0]);
    commit.alerts.push_back(alert("a", 1));
    commit.outbox.push_back(notice("a.1"));
    commit.cells.push_back({0, "S1/a", "subjects", 0, 0, 1});
    commit.dead_letters.push_back({0, 1, "malformed", "[]", {}, "frame", false});
    commit.snapshots.push_back({0, "S1/001", 3, "state"});
    commit.audit.push_back({{}, "worker", "alert.raised", "a", "{}"});
    commit.held.push_back(held(1, "frame"));
    EXPECT_EQ(code_of(store_->write(commit)), Errc::conflict);
    EXPECT_EQ(position(0), 0);
    EXPECT_THAT(segments(0, 0), IsEmpty());
    EXPECT_THAT(take(store_->alerts(10)), IsEmpty());
    EXPECT_THAT(take(store_->alert_history("a")), IsEmpty());
    EXPECT_THAT(take(store_->outbox_after(0, 10)), IsEmpty());
    EXPECT_THAT(take(store_->cell_sums()), IsEmpty());
    EXPECT_THAT(take(store_->dead_letters(0, 10)), IsEmpty());
    EXPECT_THAT(take(store_->subjects_of(0)), IsEmpty());
    EXPECT_THAT(take(store_->audit(10)), IsEmpty());
    EXPECT_THAT(take(store_->held(0)), IsEmpty());
    expect_whole();
}

TEST_P(StoreContract, the_same_commit_written_twice_conflicts_the_second_time) {
    Claim claimed = claim();
    const Commit commit = messages(claimed, 4);
    EXPECT_TRUE(fine(store_->write(commit)));
    EXPECT_EQ(code_of(store_->write(commit)), Errc::conflict);
    EXPECT_EQ(segments(0, 0).size(), 1U);
}

TEST_P(StoreContract, an_advance_that_moves_nothing_proves_ownership) {
    const Claim claimed = claim();
    Commit commit;
    commit.advances.push_back({0, 0, 0, claimed.epoch});
    EXPECT_TRUE(fine(store_->write(commit)));
    EXPECT_TRUE(fine(store_->claim(0, "another worker")));
    EXPECT_EQ(code_of(store_->write(commit)), Errc::conflict);
}

struct ShapeCase {
    const char* name;
    void (*spoil)(Commit&);
};

TEST_P(StoreContract, a_commit_that_does_not_fit_itself_is_invalid) {
    const ShapeCase cases[] = {
        {"segment without an advance", [](Commit& c) { c.advances.clear(); }},
        {"advanced twice", [](Commit& c) { c.advances.push_back(c.advances[0]); }},
        {"advance beyond the segments", [](Commit& c) { c.advances[0].next = 11; }},
        {"advance short of the segments", [](Commit& c) { c.advances[0].next = 9; }},
        {"backwards", [](Commit& c) { c.segments.clear(), c.advances[0].next = -1; }},
        {"segment begins late", [](Commit& c) { c.segments[0].base = 1; }},
        {"gap between segments", [](Commit& c) { c.segments[0].next = 5, c.segments.push_back(segment(0, 6, 10)); }},
        {"overlap", [](Commit& c) { c.segments[0].next = 5, c.segments.push_back(segment(0, 4, 10)); }},
        {"segment backwards", [](Commit& c) { c.segments[0].next = -1; }},
        {"snapshot ahead of the position",
         [](Commit& c) {
             c.snapshots.push_back({0, "S1/001", 11, "state"});
         }},
        {"held without a position", [](Commit& c) { c.held.push_back(held(-1, "frame")); }},
        {"change of what is not held", [](Commit& c) { c.held.push_back(held(3, "", HeldState::released)); }},
    };
    Claim claimed = claim();
    const Commit good = messages(claimed, 10);
    for (const ShapeCase& one : cases) {
        Commit bad = good;
        one.spoil(bad);
        EXPECT_EQ(code_of(store_->write(bad)), Errc::invalid) << one.name;
        EXPECT_EQ(position(0), 0) << one.name;
    }
    EXPECT_TRUE(fine(store_->write(good)));
}

// ---- journal

TEST_P(StoreContract, segments_read_back_in_order_from_a_position) {
    Claim claimed = claim();
    for (const std::int64_t next : {10, 20, 30}) EXPECT_TRUE(fine(store_->write(messages(claimed, next))));
    reopen();
    const auto all = segments(0, 0);
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[1].base, 10);
    EXPECT_EQ(all[1].next, 20);
    EXPECT_EQ(all[1].messages, 10U);
    EXPECT_EQ(all[1].frames, frames(0, 10, 20));
    EXPECT_EQ(segments(0, 9).size(), 3U);
    EXPECT_EQ(segments(0, 10).size(), 2U);
    EXPECT_EQ(segments(0, 29).size(), 1U);
    EXPECT_EQ(segments(0, 30).size(), 0U);
    EXPECT_EQ(segments(1, 0).size(), 0U);
    expect_whole();
}

TEST_P(StoreContract, several_segments_of_one_partition_in_one_commit) {
    Claim claimed = claim();
    Commit commit = messages(claimed, 10);
    commit.segments = {segment(0, 0, 4), segment(0, 4, 10)};
    EXPECT_TRUE(fine(store_->write(commit)));
    EXPECT_EQ(segments(0, 0).size(), 2U);
    expect_whole();
}

TEST_P(StoreContract, control_records_alone_move_no_position_and_are_read_again_at_it) {
    Claim claimed = claim();
    EXPECT_TRUE(fine(store_->write(messages(claimed, 10))));
    Segment control;
    control.base = control.next = 10;
    control.controls = 1;
    journal::append_frame(control.frames, {journal::FrameKind::control, 0, 10, {}, "", {}, "release"});
    Commit commit;
    commit.segments = {control, control};
    commit.advances.push_back({0, 10, 10, claimed.epoch});
    EXPECT_TRUE(fine(store_->write(commit)));
    EXPECT_TRUE(fine(store_->write(messages(claimed, 20))));
    EXPECT_EQ(segments(0, 9).size(), 4U);
    EXPECT_EQ(segments(0, 10).size(), 3U);
    EXPECT_EQ(segments(0, 11).size(), 1U);
    expect_whole();
}

TEST_P(StoreContract, positions_may_have_gaps_inside_a_segment) {
    Claim claimed = claim();
    Commit commit = messages(claimed, 100);
    commit.segments[0].frames = frames(0, 5, 6) + frames(0, 90, 91);
    commit.segments[0].messages = 2;
    EXPECT_TRUE(fine(store_->write(commit)));
    expect_whole();
    EXPECT_EQ(take(store_->verify()).messages, 2U);
}

TEST_P(StoreContract, reading_stops_at_the_visitors_error) {
    Claim claimed = claim();
    for (const std::int64_t next : {10, 20}) EXPECT_TRUE(fine(store_->write(messages(claimed, next))));
    int visited = 0;
    const auto read = store_->read_segments(0, 0, [&](const SegmentRow&) -> Result<void> {
        ++visited;
        return fail(Errc::not_found, "enough");
    });
    EXPECT_EQ(detail_of(read), "enough");
    EXPECT_EQ(visited, 1);
}

TEST_P(StoreContract, a_visitor_may_use_the_store) {
    Claim claimed = claim();
    for (const std::int64_t next : {10, 20}) EXPECT_TRUE(fine(store_->write(messages(claimed, next))));
    EXPECT_TRUE(fine(store_->read_segments(0, 0, [&](const SegmentRow&) -> Result<void> {
        EXPECT_EQ(position(0), claimed.next);
        EXPECT_TRUE(fine(store_->load_subject(0, "S1/001")));
        return store_->set_recovery_point(0, 5);
    })));
}

TEST_P(StoreContract, a_journal_that_was_off_is_found_out) {
    Claim claimed = claim();
    Commit commit = messages(claimed, 10);
    commit.segments.clear();
    EXPECT_TRUE(fine(store_->write(commit)));
    expect_whole();
    Claim again = claimed;
    EXPECT_TRUE(fine(store_->write(messages(again, 20))));
    expect_whole();
    commit = messages(again, 30);
    commit.segments.clear();
    EXPECT_TRUE(fine(store_->write(commit)));
    EXPECT_THAT(take(store_->verify()).faults, ElementsAre(HasSubstr("the journal ends at 20, the position is 30")));
}

TEST_P(StoreContract, verification_counts) {
    Claim one = claim(0);
    Claim two = claim(1);
    EXPECT_TRUE(fine(store_->write(messages(one, 10))));
    EXPECT_TRUE(fine(store_->write(messages(one, 11))));
    EXPECT_TRUE(fine(store_->write(messages(two, 5))));
    const VerifyReport report = take(store_->verify());
    EXPECT_EQ(report.segments, 3U);
    EXPECT_EQ(report.messages, 16U);
    EXPECT_THAT(report.faults, IsEmpty());
}

// ---- recovery: snapshots and their marks

TEST_P(StoreContract, snapshots_of_any_size_read_back) {
    Claim claimed = claim(2);
    Commit commit = messages(claimed, 9);
    std::string large(100'000, 'x');
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * i >> 3);
    commit.snapshots = {{2, "S1/empty", 9, ""}, {2, "S1/small", 8, std::string("a\0b", 3)}, {2, "S1/large", 9, large}};
    EXPECT_TRUE(fine(store_->write(commit)));
    reopen();
    EXPECT_EQ(take(store_->load_subject(2, "S1/empty"))->bytes, "");
    EXPECT_EQ(take(store_->load_subject(2, "S1/small"))->bytes, std::string("a\0b", 3));
    EXPECT_EQ(take(store_->load_subject(2, "S1/small"))->upto, 8);
    EXPECT_EQ(take(store_->load_subject(2, "S1/large"))->bytes, large);
    EXPECT_FALSE(take(store_->load_subject(2, "S1/none")).has_value());
    EXPECT_FALSE(take(store_->load_subject(1, "S1/large")).has_value());
    const auto subjects = take(store_->subjects_of(2));
    ASSERT_EQ(subjects.size(), 3U);
    EXPECT_EQ(subjects[0].subject_key, "S1/empty");
    EXPECT_EQ(subjects[0].upto, 9);
    EXPECT_EQ(subjects[0].partition, 2U);
    EXPECT_THAT(take(store_->subjects_of(1)), IsEmpty());
}

TEST_P(StoreContract, an_older_snapshot_never_replaces_a_newer_one) {
    Claim claimed = claim();
    Commit commit = messages(claimed, 9);
    commit.snapshots = {{0, "S1/001", 9, "newer"}};
    EXPECT_TRUE(fine(store_->write(commit)));
    Commit older;
    older.snapshots = {{0, "S1/001", 8, "older"}};
    EXPECT_TRUE(fine(store_->write(older)));
    EXPECT_EQ(take(store_->load_subject(0, "S1/001"))->bytes, "newer");
    Commit same;
    same.snapshots = {{0, "S1/001", 9, "again"}};
    EXPECT_TRUE(fine(store_->write(same)));
    EXPECT_EQ(take(store_->load_subject(0, "S1/001"))->bytes, "again");
}

TEST_P(StoreContract, the_recovery_point_is_kept_per_partition) {
    claim(0);
    claim(1);
    EXPECT_TRUE(fine(store_->set_recovery_point(1, 44)));
    reopen();
    EXPECT_EQ(take(store_->recovery_point(0)), 0);
    EXPECT_EQ(take(store_->recovery_point(1)), 44);
    EXPECT_EQ(take(store_->recovery_point(9)), 0);
    EXPECT_EQ(code_of(store_->set_recovery_point(9, 1)), Errc::not_found);
}

// ---- cells

TEST_P(StoreContract, cells_are_absolute_and_0_deletes) {
    claim(0);
    claim(1);
    Commit commit;
    commit.cells = {{0, "S1/a", "subjects", 0, 0, 3}, {1, "S1/a", "subjects", 0, 0, 4}, {1, "S1/a", "crs", 2, 1, -1}};
    EXPECT_TRUE(fine(store_->write(commit)));
    commit.cells = {{0, "S1/a", "subjects", 0, 0, 5}, {1, "S1/a", "crs", 2, 1, 0}, {1, "S1/b", "never there", 0, 0, 0}};
    EXPECT_TRUE(fine(store_->write(commit)));
    reopen();
    const auto sums = take(store_->cell_sums());
    ASSERT_EQ(sums.size(), 1U);
    EXPECT_EQ(sums[0].cohort, "S1/a");
    EXPECT_EQ(sums[0].measure, "subjects");
    EXPECT_EQ(sums[0].value, 9);
    const auto cells = take(store_->cells_of(0));
    ASSERT_EQ(cells.size(), 1U);
    EXPECT_EQ(cells[0].value, 5);
    EXPECT_EQ(cells[0].partition, 0U);
}

// ---- alerts and the outbox

TEST_P(StoreContract, alerts_stand_as_last_revised_and_every_revision_is_kept) {
    Claim claimed = claim();
    Commit commit = messages(claimed, 10);
    commit.alerts = {alert("a", 1), alert("b", 1)};
    EXPECT_TRUE(fine(store_->write(commit)));
    commit = messages(claimed, 20);
    commit.alerts = {alert("a", 2)};
    commit.alerts[0].state = AlertState::withdrawn;
    EXPECT_TRUE(fine(store_->write(commit)));
    reopen();
    const auto now = take(store_->alerts(10));
    ASSERT_EQ(now.size(), 2U);
    EXPECT_EQ(now[0].alert_id, "a");
    EXPECT_EQ(now[0].revision, 2U);
    EXPECT_EQ(now[0].state, AlertState::withdrawn);
    EXPECT_EQ(now[0].body, "alert a revision 2");
    EXPECT_EQ(now[0].event_time, Instant(hours(1)));
    EXPECT_EQ(now[1].alert_id, "b");
    const auto history = take(store_->alert_history("a"));
    ASSERT_EQ(history.size(), 2U);
    EXPECT_EQ(history[0].row.body, "alert a revision 1");
    EXPECT_EQ(history[0].recorded_at, Instant(seconds(10)));
    EXPECT_EQ(history[1].row.state, AlertState::withdrawn);
    EXPECT_EQ(history[1].recorded_at, Instant(seconds(20)));
}

TEST_P(StoreContract, alerts_read_as_of_any_time) {
    Claim claimed = claim();
    Commit commit = messages(claimed, 10);
    commit.alerts = {alert("a", 1)};
    EXPECT_TRUE(fine(store_->write(commit)));
    commit = messages(claimed, 20);
    commit.alerts = {alert("a", 2), alert("b", 1)};
    EXPECT_TRUE(fine(store_->write(commit)));
    EXPECT_THAT(take(store_->alerts_as_of(Instant(milliseconds(9'999)))), IsEmpty());
    const auto before = take(store_->alerts_as_of(Instant(milliseconds(19'999))));
    ASSERT_EQ(before.size(), 1U);
    EXPECT_EQ(before[0].row.revision, 1U);
    const auto after = take(store_->alerts_as_of(Instant(seconds(20))));
    ASSERT_EQ(after.size(), 2U);
    EXPECT_EQ(after[0].row.revision, 2U);
}

TEST_P(StoreContract, a_revision_already_stored_changes_nothing) {
    Commit commit;
    commit.alerts = {alert("a", 2)};
    EXPECT_TRUE(fine(store_->write(commit)));
    commit.alerts = {alert("a", 1), alert("a", 2)};
    commit.alerts[1].body = "another body";
    EXPECT_TRUE(fine(store_->write(commit)));
    EXPECT_EQ(take(store_->alerts(1)).at(0).body, "alert a revision 2");
    EXPECT_EQ(take(store_->alert_history("a")).size(), 1U);
}

TEST_P(StoreContract, alerts_page_by_id_and_select_by_subject) {
    Commit commit;
    for (const char* id : {"c", "a", "b", "d"}) commit.alerts.push_back(alert(id, 1));
    commit.alerts[1].subject_key = "S1/002";
    EXPECT_TRUE(fine(store_->write(commit)));
    const auto first = take(store_->alerts(2));
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[1].alert_id, "b");
    const auto second = take(store_->alerts(9, first[1].alert_id));
    ASSERT_EQ(second.size(), 2U);
    EXPECT_EQ(second[0].alert_id, "c");
    EXPECT_EQ(take(store_->alerts_of("S1/002")).size(), 1U);
    EXPECT_EQ(take(store_->alerts_of("S1/001")).size(), 3U);
    EXPECT_THAT(take(store_->alerts_of("' OR 1=1 --")), IsEmpty());
}

TEST_P(StoreContract, the_outbox_keeps_order_and_each_id_once) {
    Commit commit;
    commit.outbox = {notice("a.1"), notice("b.1")};
    EXPECT_TRUE(fine(store_->write(commit)));
    commit.outbox = {notice("b.1"), notice("a.2")};
    commit.outbox[0].body = "a repeat";
    EXPECT_TRUE(fine(store_->write(commit)));
    reopen();
    const auto entries = take(store_->outbox_after(0, 10));
    ASSERT_EQ(entries.size(), 3U);
    EXPECT_EQ(entries[0].row.id, "a.1");
    EXPECT_EQ(entries[1].row.id, "b.1");
    EXPECT_EQ(entries[1].row.body, "notice b.1");
    EXPECT_EQ(entries[2].row.id, "a.2");
    EXPECT_EQ(entries[2].row.alert_id, "a");
    EXPECT_EQ(entries[2].row.created_at, Instant(hours(2)));
    EXPECT_LT(entries[0].sequence, entries[1].sequence);
    EXPECT_LT(entries[1].sequence, entries[2].sequence);
    EXPECT_EQ(take(store_->outbox_after(entries[0].sequence, 1)).at(0).row.id, "b.1");
    EXPECT_THAT(take(store_->outbox_after(entries[2].sequence, 10)), IsEmpty());
}

TEST_P(StoreContract, each_sink_has_its_own_place_in_the_outbox) {
    EXPECT_EQ(take(store_->delivered_upto("webhook")), 0);
    EXPECT_TRUE(fine(store_->set_delivered("webhook", 7)));
    EXPECT_TRUE(fine(store_->set_delivered("webhook", 9)));
    reopen();
    EXPECT_EQ(take(store_->delivered_upto("webhook")), 9);
    EXPECT_EQ(take(store_->delivered_upto("topic")), 0);
}

// ---- dead letters, quarantine, audit

TEST_P(StoreContract, dead_letters_keep_every_byte) {
    std::string frame(200'000, '\0');
    for (std::size_t i = 0; i < frame.size(); ++i) frame[i] = static_cast<char>(i * 31 >> 2);
    Commit commit;
    commit.dead_letters = {{1, 4, "malformed", R"([{"path":"x"}])", Instant(seconds(5)), frame, true},
                           {1, 5, "oversize", "[]", Instant(seconds(6)), "", false}};
    EXPECT_TRUE(fine(store_->write(commit)));
    reopen();
    const auto list = take(store_->dead_letters(0, 10));
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list[0].letter.reason, "malformed");
    EXPECT_EQ(list[0].letter.frame, "") << "a list carries no frames";
    const DeadLetterRow whole = take(store_->dead_letter(list[0].id));
    EXPECT_EQ(whole.letter.frame, frame);
    EXPECT_EQ(whole.letter.partition, 1U);
    EXPECT_EQ(whole.letter.position, 4);
    EXPECT_EQ(whole.letter.detail, R"([{"path":"x"}])");
    EXPECT_EQ(whole.letter.failed_at, Instant(seconds(5)));
    EXPECT_TRUE(whole.letter.oversize);
    EXPECT_FALSE(whole.requeued);
    EXPECT_EQ(take(store_->dead_letter(list[1].id)).letter.frame, "");
    EXPECT_EQ(take(store_->dead_letters(list[0].id, 10)).size(), 1U);
    EXPECT_EQ(take(store_->dead_letters(0, 1)).size(), 1U);
    EXPECT_EQ(code_of(store_->dead_letter(99)), Errc::not_found);
}

TEST_P(StoreContract, a_dead_letter_is_kept_once_per_position_and_always_without_one) {
    Commit commit;
    commit.dead_letters = {{1, 4, "malformed", "[]", {}, "frame", false},
                           {1, -1, "malformed", "[]", {}, "frame", false}};
    EXPECT_TRUE(fine(store_->write(commit)));
    EXPECT_TRUE(fine(store_->write(commit)));
    EXPECT_EQ(take(store_->dead_letters(0, 10)).size(), 3U);
}

TEST_P(StoreContract, requeued_dead_letters_say_so) {
    Commit commit;
    commit.dead_letters = {{1, 4, "malformed", "[]", {}, "frame", false}};
    EXPECT_TRUE(fine(store_->write(commit)));
    const std::int64_t id = take(store_->dead_letters(0, 1)).at(0).id;
    EXPECT_TRUE(fine(store_->mark_requeued(id)));
    EXPECT_TRUE(take(store_->dead_letter(id)).requeued);
    EXPECT_TRUE(take(store_->dead_letters(0, 1)).at(0).requeued);
    EXPECT_EQ(code_of(store_->mark_requeued(id + 1)), Errc::not_found);
}

TEST_P(StoreContract, held_messages_are_listed_until_they_are_released) {
    Commit commit;
    commit.held = {held(9, "frame nine"), held(4, "frame four")};
    EXPECT_TRUE(fine(store_->write(commit)));
    reopen();
    auto rows = take(store_->held(0));
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].position, 4);
    EXPECT_EQ(rows[0].frame, "frame four");
    EXPECT_EQ(rows[0].reason, "unknown_cohort");
    EXPECT_EQ(rows[0].subject_key, "S1/001");
    EXPECT_EQ(rows[0].since, Instant(seconds(4)));
    Commit change;
    change.held = {Held{0, 4, "", "", "", {}, HeldState::released, ""},
                   Held{0, 9, "key_mismatch", "", "", {}, HeldState::held, ""}};
    EXPECT_TRUE(fine(store_->write(change)));
    rows = take(store_->held(0));
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].position, 9);
    EXPECT_EQ(rows[0].reason, "key_mismatch");
    EXPECT_EQ(rows[0].detail, "[]");
    EXPECT_EQ(rows[0].frame, "frame nine");
    EXPECT_THAT(take(store_->held(1)), IsEmpty());
}

TEST_P(StoreContract, counts_are_of_what_is_raised_and_held_now) {
    Commit commit;
    commit.alerts = {alert("a", 1), alert("b", 1), alert("c", 1)};
    commit.alerts[2].cohort = "S1/b";
    commit.held = {held(4, "four"), held(9, "nine")};
    EXPECT_TRUE(fine(store_->write(commit)));
    Counts counts = take(store_->counts());
    EXPECT_THAT(counts.alerts, ElementsAre(Counts::Alerts{"P01", "S1/a", "immediate", 2},
                                           Counts::Alerts{"P01", "S1/b", "immediate", 1}));
    EXPECT_THAT(counts.held, ElementsAre(Counts::Held{"unknown_cohort", 2}));
    Commit change;
    change.alerts = {alert("a", 2), alert("c", 2)};
    change.alerts[0].state = AlertState::withdrawn;
    change.alerts[1].cohort = "S1/b";
    change.alerts[1].state = AlertState::withdrawn;
    change.held = {Held{0, 4, "", "", "", {}, HeldState::released, ""}};
    EXPECT_TRUE(fine(store_->write(change)));
    reopen();
    counts = take(store_->counts());
    EXPECT_THAT(counts.alerts, ElementsAre(Counts::Alerts{"P01", "S1/a", "immediate", 1}));
    EXPECT_THAT(counts.held, ElementsAre(Counts::Held{"unknown_cohort", 1}));
    // Cohorts' alarms that have cleared, or are provisional, are not withdrawn.
    Commit alarms;
    alarms.alerts = {alert("x", 1), alert("y", 1), alert("z", 1)};
    for (AlertRow& row : alarms.alerts) row.subject_key.clear();
    alarms.alerts[0].state = AlertState::cleared;
    alarms.alerts[1].state = AlertState::provisional;
    alarms.alerts[1].cohort = "all";
    alarms.alerts[2].state = AlertState::withdrawn;
    EXPECT_TRUE(fine(store_->write(alarms)));
    EXPECT_THAT(take(store_->counts()).alerts, ElementsAre(Counts::Alerts{"P01", "S1/a", "immediate", 2},
                                                           Counts::Alerts{"P01", "all", "immediate", 1}));
}

TEST_P(StoreContract, audit_rows_read_newest_first) {
    Commit commit;
    commit.audit = {{Instant(seconds(1)), "worker", "alert.raised", "a", "{}"},
                    {Instant(seconds(2)), "kim", "config.reloaded", "", "{}"}};
    EXPECT_TRUE(fine(store_->write(commit)));
    commit.audit = {{Instant(seconds(3)), "worker", "quarantine.released", "0/4", R"({"n":1})"}};
    EXPECT_TRUE(fine(store_->write(commit)));
    reopen();
    const auto rows = take(store_->audit(2));
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].what, "quarantine.released");
    EXPECT_EQ(rows[0].detail, R"({"n":1})");
    EXPECT_EQ(rows[1].who, "kim");
    EXPECT_EQ(rows[1].at, Instant(seconds(2)));
    expect_whole();
}

TEST_P(StoreContract, has_a_size) {
    Claim claimed = claim();
    EXPECT_TRUE(fine(store_->write(messages(claimed, 100))));
    EXPECT_GT(take(store_->size_bytes()), 0);
}

}  // namespace
}  // namespace cellvigil::store
