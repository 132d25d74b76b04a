#include "daemon/book/book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "daemon/book/signals.h"
#include "daemon/store/memory.h"

namespace cellvigil::book {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Instant at(int minute) { return Instant(minutes(minute)); }

class AlertBook : public testing::Test {
  protected:
    AlertBook() {
        const auto claim = store_->claim(0, "worker");
        EXPECT_TRUE(claim.has_value());
        epoch_ = claim->epoch;
    }
    // The engine's revision of alert "a", at that minute of log time.
    void engine(std::uint32_t revision, int minute, bool worse = false,
                store::AlertState state = store::AlertState::raised, const std::string& severity = "high") {
        store::AlertRow row;
        row.alert_id = "a";
        row.rule = "crs_grade_3";
        row.severity = severity;
        row.subject_key = "S/1";
        row.revision = revision;
        row.state = state;
        row.worse = worse;
        store::Commit commit;
        commit.alerts = {row};
        commit.advances = {{0, 0, 0, epoch_, at(minute), at(minute)}};
        ASSERT_TRUE(store_->write(commit).has_value());
    }
    Outcome act(ActionKind kind, const std::string& person, int minute, const std::string& tag = "",
                const std::string& key = "", Role role = Role::safety_lead) {
        AlertAction action;
        action.kind = kind;
        action.at = at(minute);
        action.by = {person, role};
        action.reason = "expected_toxicity";
        action.comment = "seen";
        if (kind == ActionKind::shelve) action.until = at(minute + 30);
        const auto outcome = book::act(*store_, {"a", action, tag, key}, policy_);
        EXPECT_TRUE(outcome.has_value());
        return outcome ? *outcome : Outcome{Verdict::unknown, "the store failed", std::nullopt};
    }
    Stage stage(int minute) {
        const auto standing = standing_of(*store_, "a", at(minute));
        EXPECT_TRUE(standing.has_value()) << (standing ? "" : standing.error().detail);
        return standing ? stage_of(standing->record, at(minute)) : Stage::pending;
    }
    std::size_t audited() { return store_->audit(100)->size(); }

    std::shared_ptr<store::MemoryDatabase> database_ = std::make_shared<store::MemoryDatabase>();
    std::unique_ptr<store::Store> store_ = store::open_memory(database_);
    std::int64_t epoch_ = 0;
    AlertPolicy policy_;
};

TEST_F(AlertBook, an_alert_goes_from_detection_to_documented_closure) {
    engine(1, 1);
    EXPECT_EQ(act(ActionKind::acknowledge, "kim", 2).verdict, Verdict::done);
    EXPECT_EQ(act(ActionKind::propose_closure, "kim", 3).verdict, Verdict::done);
    const Outcome same = act(ActionKind::confirm_closure, "kim", 4);
    EXPECT_EQ(same.verdict, Verdict::incomplete);
    EXPECT_THAT(same.detail, HasSubstr("another person"));
    EXPECT_EQ(act(ActionKind::confirm_closure, "lee", 5).verdict, Verdict::done);
    EXPECT_EQ(stage(1), Stage::active);
    EXPECT_EQ(stage(2), Stage::acknowledged);
    EXPECT_EQ(stage(3), Stage::closing);
    EXPECT_EQ(stage(4), Stage::closing);
    EXPECT_EQ(stage(5), Stage::closed);
    EXPECT_EQ(audited(), 3U);  // one for each step, none for what was refused
}

TEST_F(AlertBook, a_worsening_makes_a_closed_alert_active_again) {
    engine(1, 1);
    act(ActionKind::acknowledge, "kim", 2);
    engine(2, 3);
    EXPECT_EQ(stage(3), Stage::acknowledged) << "a change that is no worsening";
    act(ActionKind::propose_closure, "kim", 4);
    act(ActionKind::confirm_closure, "lee", 5);
    engine(3, 6, true);
    EXPECT_EQ(stage(5), Stage::closed);
    EXPECT_EQ(stage(6), Stage::active);
}

TEST_F(AlertBook, a_shelf_ends_by_itself) {
    engine(1, 1);
    EXPECT_EQ(act(ActionKind::shelve, "kim", 2).verdict, Verdict::done);
    EXPECT_EQ(stage(31), Stage::shelved);
    EXPECT_EQ(stage(32), Stage::active);  // the end is not included
}

TEST_F(AlertBook, a_withdrawn_alert_is_kept_and_waits) {
    engine(1, 1);
    act(ActionKind::acknowledge, "kim", 2);
    engine(2, 3, false, store::AlertState::withdrawn);
    EXPECT_EQ(stage(3), Stage::withdrawn);
    EXPECT_EQ(stage(2), Stage::acknowledged);
    EXPECT_EQ(standing_of(*store_, "a", at(2))->row.state, store::AlertState::raised);
    EXPECT_EQ(standing_of(*store_, "a", at(3))->row.state, store::AlertState::withdrawn);
}

TEST_F(AlertBook, what_is_stale_is_refused_and_nothing_is_written) {
    engine(1, 1);
    EXPECT_EQ(tag_of(*standing_of(*store_, "a", std::nullopt)), "1-1");
    engine(2, 2, true);
    const Outcome late = act(ActionKind::acknowledge, "kim", 3, "1-1");
    EXPECT_EQ(late.verdict, Verdict::stale);
    EXPECT_THAT(late.detail, HasSubstr("2-2"));
    EXPECT_EQ(audited(), 0U);
    EXPECT_EQ(act(ActionKind::acknowledge, "kim", 4, "2-2").verdict, Verdict::done);
}

TEST_F(AlertBook, a_repeated_request_is_answered_and_not_done_again) {
    engine(1, 1);
    EXPECT_EQ(act(ActionKind::comment, "kim", 2, "1-1", "k1").verdict, Verdict::done);
    const Outcome again = act(ActionKind::comment, "kim", 3, "1-1", "k1");
    EXPECT_EQ(again.verdict, Verdict::repeated);
    EXPECT_EQ(again.standing->record.comments, 1U);
    EXPECT_EQ(act(ActionKind::acknowledge, "kim", 4, "", "k1").verdict, Verdict::reused);
    EXPECT_EQ(act(ActionKind::comment, "lee", 4, "", "k1").verdict, Verdict::reused);
}

TEST_F(AlertBook, roles_and_stages_are_told_apart) {
    engine(1, 1);
    EXPECT_EQ(act(ActionKind::acknowledge, "kim", 2, "", "", Role::viewer).verdict, Verdict::forbidden);
    const Outcome early = act(ActionKind::propose_closure, "kim", 2);
    EXPECT_EQ(early.verdict, Verdict::impossible);
    EXPECT_THAT(early.detail, HasSubstr("possible now: acknowledge comment assign shelve"));
    AlertAction action;
    action.kind = ActionKind::acknowledge;
    action.by = {"kim", Role::safety_lead};
    EXPECT_EQ(book::act(*store_, {"b", action, "", ""}, policy_)->verdict, Verdict::unknown);
    engine(2, 3, true, store::AlertState::raised, "immediate");
    action.at = at(4);
    EXPECT_EQ(book::act(*store_, {"a", action, "", ""}, policy_)->verdict, Verdict::incomplete)
        << "immediate, no comment";
}

TEST_F(AlertBook, nothing_done_means_nothing_written_when_the_store_is_away) {
    engine(1, 1);
    database_->fail_writes(store::WriteFault::unavailable, 1, 0);
    AlertAction action;
    action.kind = ActionKind::acknowledge;
    action.at = at(2);
    action.by = {"kim", Role::safety_lead};
    EXPECT_EQ(book::act(*store_, {"a", action, "", ""}, policy_).error().code, Errc::unavailable);
    EXPECT_EQ(stage(2), Stage::active);
}

TEST_F(AlertBook, nobodys_step_is_lost_while_engine_and_people_write_at_once) {
    engine(1, 1);
    constexpr int kEach = 25;
    std::vector<std::thread> people;
    for (int person = 0; person < 3; ++person) {
        people.emplace_back([this, person] {
            const auto session = store::open_memory(database_);
            for (int i = 0; i < kEach;) {
                AlertAction action;
                action.kind = ActionKind::comment;
                action.at = at(2);
                action.by = {"person " + std::to_string(person), Role::reviewer};
                action.comment = std::to_string(i);
                const auto outcome = book::act(*session, {"a", action, "", ""}, policy_);
                if (outcome && outcome->verdict == Verdict::done) ++i;
            }
        });
    }
    for (std::uint32_t revision = 2; revision < 27; ++revision) engine(revision, 2, true);
    for (std::thread& one : people) one.join();
    const auto standing = standing_of(*store_, "a", std::nullopt);
    ASSERT_TRUE(standing.has_value());
    EXPECT_EQ(standing->record.comments, 3U * kEach);
    EXPECT_EQ(standing->record.refires, 25U);
    EXPECT_EQ(standing->steps, 1U + 25U + 3U * kEach);
}

TEST_F(AlertBook, lists_choose_by_stage_and_time) {
    engine(1, 10);
    act(ActionKind::acknowledge, "kim", 20);
    const auto ids = [&](Choice choice) {
        std::vector<std::string> found;
        const auto chosen = standings(*store_, choice, at(60));
        EXPECT_TRUE(chosen.has_value());
        if (!chosen) return found;
        for (const Standing& one : *chosen) found.push_back(one.row.alert_id);
        return found;
    };
    EXPECT_THAT(ids({.after = "", .as_of = std::nullopt, .stage = Stage::acknowledged}), ElementsAre("a"));
    EXPECT_THAT(ids({.after = "", .as_of = std::nullopt, .stage = Stage::active}), IsEmpty());
    EXPECT_THAT(ids({.after = "", .as_of = at(15), .stage = Stage::active}), ElementsAre("a"));
    EXPECT_THAT(ids({.after = "", .as_of = at(9), .stage = std::nullopt}), IsEmpty());
    EXPECT_THAT(ids({.after = "", .as_of = std::nullopt, .stage = std::nullopt, .waiting = true}), IsEmpty());
    EXPECT_THAT(ids({.after = "a", .as_of = std::nullopt, .stage = std::nullopt}), IsEmpty());
}

TEST_F(AlertBook, signals_go_through_their_steps_with_two_people) {
    const auto take = [&](SignalStage to, const std::string& person, const std::string& reason,
                          bool checklist = false) {
        SignalStep step;
        step.to = to;
        step.at = at(1);
        step.by = {person, Role::safety_lead};
        step.reason = reason;
        if (checklist) step.checklist = {true, true, true, false};
        if (to == SignalStage::assessed) step.recommendation = "protocol amendment";
        return take_step(*store_, "rate-1", step, "")->verdict;
    };
    EXPECT_EQ(take(SignalStage::validated, "kim", "x", true), StepVerdict::unknown);
    EXPECT_EQ(take(SignalStage::detected, "kim", ""), StepVerdict::incomplete);
    EXPECT_EQ(take(SignalStage::detected, "kim", "zoster rate above the boundary"), StepVerdict::done);
    EXPECT_EQ(take(SignalStage::validated, "kim", "checked"), StepVerdict::incomplete) << "no checklist";
    EXPECT_EQ(take(SignalStage::confirmed, "lee", "agreed"), StepVerdict::impossible);
    EXPECT_EQ(take(SignalStage::validated, "kim", "checked", true), StepVerdict::done);
    EXPECT_EQ(take(SignalStage::confirmed, "kim", "agreed"), StepVerdict::incomplete) << "the same person";
    EXPECT_EQ(take(SignalStage::confirmed, "lee", "agreed"), StepVerdict::done);
    EXPECT_EQ(take(SignalStage::assessed, "lee", "amend"), StepVerdict::done);
    EXPECT_EQ(take(SignalStage::closed, "lee", "amended"), StepVerdict::done);
    const auto signal = signal_of(*store_, "rate-1");
    ASSERT_TRUE(signal.has_value());
    EXPECT_EQ(signal->record.stage, SignalStage::closed);
    EXPECT_EQ(signal->steps.size(), 5U);
    EXPECT_EQ(audited(), 5U);
}

}  // namespace
}  // namespace cellvigil::book
