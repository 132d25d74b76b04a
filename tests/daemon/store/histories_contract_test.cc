// Histories of alerts and signals, and the audit trail: what every Store must do with them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/store/backends.h"

namespace cellvigil::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class StoredHistories : public testing::TestWithParam<BackendCase> {
  protected:
    void SetUp() override { store_ = backend_->open(); }
    void reopen() {
        store_.reset();
        store_ = backend_->open();
    }
    Claim claim(std::uint32_t partition = 0) { return take(store_->claim(partition, "worker")); }

    std::unique_ptr<Backend> backend_ = GetParam().make();
    std::unique_ptr<Store> store_;
};

INSTANTIATE_TEST_SUITE_P(Stores, StoredHistories, both_backends(),
                         [](const auto& tested) { return std::string(tested.param.name); });

AlertAction act(ActionKind kind, std::int64_t at_s, const std::string& person = "kim") {
    AlertAction action;
    action.kind = kind;
    action.at = Instant(seconds(at_s));
    action.by = {person, Role::safety_lead};
    action.reason = "expected_toxicity";
    action.comment = "seen at the bedside";
    return action;
}

std::vector<std::string> kinds_of(const std::vector<ActionRow>& rows) {
    std::vector<std::string> kinds;
    for (const ActionRow& row : rows) kinds.emplace_back(name_of(row.action.kind));
    return kinds;
}

TEST_P(StoredHistories, each_new_revision_adds_the_step_it_was) {
    Claim claimed = claim();
    const auto revise = [&](AlertState state, bool worse, std::uint32_t revision) {
        Commit commit = messages(claimed, claimed.next + 1);
        commit.alerts = {alert("a", revision)};
        commit.alerts[0].state = state;
        commit.alerts[0].worse = worse;
        EXPECT_TRUE(fine(store_->write(commit)));
    };
    revise(AlertState::provisional, false, 1);
    revise(AlertState::raised, false, 2);
    revise(AlertState::raised, true, 3);
    revise(AlertState::raised, false, 4);
    revise(AlertState::cleared, false, 5);
    revise(AlertState::raised, true, 6);
    revise(AlertState::withdrawn, false, 7);
    revise(AlertState::withdrawn, false, 7);  // stored already: no step
    revise(AlertState::raised, false, 8);
    reopen();
    const auto rows = take(store_->actions_of("a"));
    EXPECT_THAT(kinds_of(rows),
                ElementsAre("raise", "confirm", "worsen", "change", "clear", "raise", "withdraw", "raise"));
    ASSERT_EQ(rows.size(), 8U);
    EXPECT_TRUE(rows[0].action.provisional);
    EXPECT_FALSE(rows[1].action.provisional);
    EXPECT_EQ(rows[2].number, 3U);
    EXPECT_EQ(rows[2].action.at, Instant(seconds(3)));  // log time of its commit
    EXPECT_EQ(rows[2].action.by, (Actor{"engine", Role::engine}));
    EXPECT_EQ(rows[2].action.severity, Severity::immediate);
    EXPECT_EQ(rows[7].action.revision, 8U);
    EXPECT_TRUE(record_as_of(std::vector<AlertAction>{rows[0].action, rows[1].action}, kNever).has_value());
}

TEST_P(StoredHistories, peoples_steps_read_back_whole_between_those_of_the_engine) {
    Claim claimed = claim();
    Commit first = messages(claimed, 1);
    first.alerts = {alert("a", 1)};
    EXPECT_TRUE(fine(store_->write(first)));
    AlertAction shelf = act(ActionKind::shelve, 50);
    shelf.until = Instant(seconds(90));
    shelf.assignee = "lee";
    Commit mine;
    mine.actions = {{"a", 2, act(ActionKind::comment, 40), "key-1"}, {"a", 3, shelf, ""}};
    EXPECT_TRUE(fine(store_->write(mine)));
    Commit second = messages(claimed, 2);  // its log time, 2 s, is before what people did: the history goes forward
    second.alerts = {alert("a", 2)};
    EXPECT_TRUE(fine(store_->write(second)));
    reopen();
    const auto rows = take(store_->actions_of("a"));
    ASSERT_THAT(kinds_of(rows), ElementsAre("raise", "comment", "shelve", "change"));
    EXPECT_EQ(rows[1], mine.actions[0]);
    EXPECT_EQ(rows[2], mine.actions[1]);
    EXPECT_EQ(rows[3].action.at, Instant(seconds(50)));
    EXPECT_THAT(take(store_->actions_of("b")), IsEmpty());
}

TEST_P(StoredHistories, a_step_on_a_history_that_has_grown_conflicts_and_nothing_is_written) {
    Claim claimed = claim();
    Commit first = messages(claimed, 1);
    first.alerts = {alert("a", 1)};
    EXPECT_TRUE(fine(store_->write(first)));
    Commit mine;
    mine.actions = {{"a", 2, act(ActionKind::acknowledge, 40), ""}};
    mine.audit = {{Instant(seconds(40)), "kim", "alert.acknowledge", "a", "{}"}};
    EXPECT_TRUE(fine(store_->write(mine)));
    EXPECT_EQ(code_of(store_->write(mine)), Errc::conflict);
    mine.actions[0].number = 4;
    EXPECT_EQ(code_of(store_->write(mine)), Errc::conflict);
    mine.actions[0].number = 3;
    mine.actions[0].action.at = Instant(seconds(39));
    EXPECT_EQ(code_of(store_->write(mine)), Errc::invalid);
    EXPECT_EQ(take(store_->actions_of("a")).size(), 2U);
    EXPECT_EQ(take(store_->audit(10)).size(), 1U);
}

TEST_P(StoredHistories, steps_of_signals_are_numbered_and_read_back_whole) {
    SignalStep detected;
    detected.at = Instant(seconds(1));
    detected.by = {"engine", Role::engine};
    SignalStep validated;
    validated.to = SignalStage::validated;
    validated.at = Instant(seconds(2));
    validated.by = {"kim", Role::safety_lead};
    validated.reason = "no duplicate";
    validated.checklist = {true, false, std::nullopt, true};
    validated.recommendation = "none";
    Commit commit;
    commit.signal_steps = {{"s1", 1, detected, ""}};
    EXPECT_TRUE(fine(store_->write(commit)));
    commit.signal_steps = {{"s1", 3, validated, "k"}};
    EXPECT_EQ(code_of(store_->write(commit)), Errc::conflict);
    commit.signal_steps = {{"s1", 2, validated, "k"}};
    EXPECT_TRUE(fine(store_->write(commit)));
    reopen();
    const auto rows = take(store_->signal_steps("s1"));
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].step, detected);
    EXPECT_EQ(rows[1], commit.signal_steps[0]);
    EXPECT_THAT(take(store_->signals()), ElementsAre("s1"));
}

TEST_P(StoredHistories, the_audit_trail_reads_from_any_number_with_its_chain) {
    Commit commit;
    for (int i = 0; i < 5; ++i) commit.audit.push_back({Instant(seconds(i)), "kim", "w", std::to_string(i), "{}"});
    EXPECT_TRUE(fine(store_->write(commit)));
    const auto entries = take(store_->audit_from(3, 10));
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries[0].number, 3);
    EXPECT_EQ(entries[0].row.object, "3");
    EXPECT_EQ(entries[0].chain.size(), 32U);
    EXPECT_NE(entries[0].chain, entries[1].chain);
    EXPECT_EQ(take(store_->audit_from(0, 2)).size(), 2U);
    EXPECT_EQ(take(store_->verify_audit()).messages, 5U);
}

TEST_P(StoredHistories, an_opening_of_what_is_open_changes_nothing_but_a_persons_step_must_fit) {
    Commit commit;
    SignalStepRow opened{"s", 1, {}, {}};
    opened.step.at = Instant(seconds(5));
    opened.step.by = {"engine", Role::engine};
    commit.signal_steps = {opened};
    ASSERT_TRUE(fine(store_->write(commit)));
    opened.step.at = Instant(seconds(1));
    commit.signal_steps = {opened};
    ASSERT_TRUE(fine(store_->write(commit)));
    ASSERT_EQ(take(store_->signal_steps("s")).size(), 1U);
    EXPECT_EQ(take(store_->signal_steps("s")).front().step.at, Instant(seconds(5)));
    opened.step.by = {"kim", Role::safety_lead};
    commit.signal_steps = {opened};
    EXPECT_EQ(code_of(store_->write(commit)), Errc::conflict);
}

TEST_P(StoredHistories, an_alarm_of_a_cohort_is_recorded_when_its_notification_was_made) {
    Commit commit;
    commit.alerts.resize(1);
    commit.alerts[0].alert_id = "c";
    commit.alerts[0].severity = "high";
    commit.outbox = {{"c.1", "c", "x", Instant(seconds(77))}};
    ASSERT_TRUE(fine(store_->write(commit)));
    EXPECT_EQ(take(store_->actions_of("c")).front().action.at, Instant(seconds(77)));
    EXPECT_EQ(take(store_->alert_history("c")).front().recorded_at, Instant(seconds(77)));
}

TEST_P(StoredHistories, a_case_is_kept_beside_its_alert_and_the_last_word_wins) {
    EXPECT_EQ(take(store_->case_of("a")), "");
    Commit commit;
    commit.cases = {{"a", "first"}};
    ASSERT_TRUE(fine(store_->write(commit)));
    commit.cases = {{"a", std::string("second\0with a zero", 18)}};
    ASSERT_TRUE(fine(store_->write(commit)));
    reopen();
    EXPECT_EQ(take(store_->case_of("a")), std::string("second\0with a zero", 18));
}

TEST_P(StoredHistories, changes_name_each_alert_once_with_its_last) {
    Commit commit;
    commit.alerts = {alert("a", 1), alert("b", 1)};
    commit.outbox = {{"a.1", "a", "", Instant(seconds(1))}, {"b.1", "b", "", Instant(seconds(1))}};
    ASSERT_TRUE(fine(store_->write(commit)));
    const auto first = take(store_->book_changes(0, 10));
    ASSERT_EQ(first.size(), 2U);
    EXPECT_THAT(take(store_->book_changes(first.back().sequence, 10)), IsEmpty());
    Commit acts;
    acts.actions = {{"a", 2, act(ActionKind::acknowledge, 5), {}}};
    ASSERT_TRUE(fine(store_->write(acts)));
    acts.actions.clear();
    acts.cases = {{"b", "x"}};
    ASSERT_TRUE(fine(store_->write(acts)));
    reopen();
    const auto all = take(store_->book_changes(0, 10));
    ASSERT_EQ(all.size(), 2U) << "each once";
    EXPECT_EQ(all[0].alert_id, "a");
    EXPECT_EQ(all[1].alert_id, "b");
    EXPECT_GT(all[0].sequence, first.back().sequence);
    EXPECT_EQ(take(store_->book_changes(0, 1)).size(), 1U);
    EXPECT_EQ(take(store_->alert("a"))->revision, 1U);
    EXPECT_EQ(take(store_->alert("nobody")), std::nullopt);
}

TEST_P(StoredHistories, the_trail_calls_a_subject_by_a_token_and_says_whose_it_is) {
    Commit commit;
    AuditRow read;
    read.who = "kim";
    read.what = "read.subjects.timeline";
    read.object = "S/001";
    read.detail = R"({"with":["S/001","S/0011"]})";
    read.subjects = {"S/001"};
    commit.audit = {read, read};
    ASSERT_TRUE(fine(store_->write(commit)));
    reopen();
    const auto entries = take(store_->audit_from(0, 10));
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_TRUE(entries[0].row.object.starts_with("subject:"));
    EXPECT_EQ(entries[0].row.object, entries[1].row.object) << "one token each";
    EXPECT_EQ(entries[0].subject, "S/001");
    EXPECT_EQ(entries[0].row.detail, R"({"with":[")" + entries[0].row.object + R"(","S/0011"]})");
    EXPECT_THAT(take(store_->verify_audit()).faults, IsEmpty());
}

}  // namespace
}  // namespace cellvigil::store
