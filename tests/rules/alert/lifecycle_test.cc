#include "rules/alert/lifecycle.h"

#include <gmock/gmock.h>

namespace cellvigil {
namespace {

using testing::HasSubstr;

const Actor kEngine{"engine", Role::engine};
const Actor kLead{"lead-1", Role::safety_lead};
const Actor kOther{"lead-2", Role::safety_lead};
const Actor kReviewer{"reviewer-1", Role::reviewer};

Instant at(int minute) { return Instant(minutes(minute)); }

AlertAction engine(ActionKind kind, int minute, Severity severity = Severity::high, std::uint32_t revision = 1) {
    AlertAction action;
    action.kind = kind;
    action.at = at(minute);
    action.by = kEngine;
    action.severity = severity;
    action.revision = revision;
    return action;
}

AlertAction person(ActionKind kind, int minute, const Actor& by = kLead, const std::string& comment = "seen") {
    AlertAction action;
    action.kind = kind;
    action.at = at(minute);
    action.by = by;
    action.reason = "expected_toxicity";
    action.comment = comment;
    return action;
}

// The record after actions that are all possible.
AlertRecord told(const std::vector<AlertAction>& actions) {
    auto record = record_as_of(actions, kNever);
    EXPECT_TRUE(record) << (record ? "" : record.error().detail);
    return record ? *record : AlertRecord{};
}

std::string refusal(const std::vector<AlertAction>& before, const AlertAction& action) {
    const auto next = after(told(before), action, {});
    return next ? "" : next.error().detail;
}

struct StageCase {
    const char* name;
    std::vector<AlertAction> actions;
    Stage expected;
    bool waiting;
};
class StageAt : public testing::TestWithParam<StageCase> {};
TEST_P(StageAt, after_its_actions) {
    const AlertRecord record = told(GetParam().actions);
    EXPECT_STREQ(name_of(stage_of(record, at(100))), name_of(GetParam().expected));
    EXPECT_EQ(is_waiting(record, at(100)), GetParam().waiting);
}

AlertAction provisional() {
    AlertAction action = engine(ActionKind::raise, 0);
    action.provisional = true;
    return action;
}
AlertAction shelf(int from, int until) {
    AlertAction action = person(ActionKind::shelve, from);
    action.until = at(until);
    return action;
}
const AlertAction kRaise = engine(ActionKind::raise, 0);
const AlertAction kSeen = person(ActionKind::acknowledge, 10);

INSTANTIATE_TEST_SUITE_P(
    Stages, StageAt,
    testing::ValuesIn(std::vector<StageCase>{
        {"raised", {kRaise}, Stage::active, true},
        {"provisional", {provisional()}, Stage::pending, false},
        {"confirmed_by_the_look", {provisional(), engine(ActionKind::confirm, 5)}, Stage::active, true},
        {"acknowledged", {kRaise, kSeen}, Stage::acknowledged, false},
        {"cleared_by_itself", {kRaise, engine(ActionKind::clear, 20)}, Stage::cleared_unacknowledged, true},
        {"cleared_after_acknowledgement", {kRaise, kSeen, engine(ActionKind::clear, 20)}, Stage::cleared, false},
        {"shelved", {kRaise, shelf(10, 101)}, Stage::shelved, false},
        {"the_shelf_has_ended", {kRaise, shelf(10, 100)}, Stage::active, true},
        {"taken_from_the_shelf", {kRaise, shelf(10, 101), person(ActionKind::unshelve, 11)}, Stage::active, true},
        {"withdrawn_by_a_correction", {kRaise, engine(ActionKind::withdraw, 20)}, Stage::withdrawn, true},
        {"withdrawn_and_noted",
         {kRaise, engine(ActionKind::withdraw, 20), person(ActionKind::acknowledge, 30)},
         Stage::withdrawn,
         false},
        {"worse_after_acknowledgement", {kRaise, kSeen, engine(ActionKind::worsen, 20)}, Stage::active, true},
        {"worse_while_shelved", {kRaise, shelf(10, 101), engine(ActionKind::worsen, 20)}, Stage::active, true},
        {"changed_but_not_worse", {kRaise, kSeen, engine(ActionKind::change, 20)}, Stage::acknowledged, false},
        {"closure_proposed", {kRaise, kSeen, person(ActionKind::propose_closure, 20)}, Stage::closing, false},
        {"closed_by_two",
         {kRaise, kSeen, person(ActionKind::propose_closure, 20), person(ActionKind::confirm_closure, 30, kOther)},
         Stage::closed,
         false},
        {"closure_rejected",
         {kRaise, kSeen, person(ActionKind::propose_closure, 20), person(ActionKind::reject_closure, 30, kOther)},
         Stage::acknowledged,
         false},
        {"reopened",
         {kRaise, kSeen, person(ActionKind::propose_closure, 20), person(ActionKind::confirm_closure, 30, kOther),
          person(ActionKind::reopen, 40)},
         Stage::acknowledged,
         false},
        {"worse_after_closure",
         {kRaise, kSeen, person(ActionKind::propose_closure, 20), person(ActionKind::confirm_closure, 30, kOther),
          engine(ActionKind::worsen, 40)},
         Stage::active,
         true},
        {"raised_again_after_withdrawal",
         {kRaise, kSeen, engine(ActionKind::withdraw, 20), engine(ActionKind::raise, 30)},
         Stage::active,
         true},
    }),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Lifecycle, a_medium_alert_is_closed_by_one_person_a_high_one_by_two) {
    const AlertAction medium = engine(ActionKind::raise, 0, Severity::medium);
    EXPECT_EQ(stage_of(told({medium, kSeen, person(ActionKind::propose_closure, 20)}), at(30)), Stage::closed);
    EXPECT_EQ(stage_of(told({kRaise, kSeen, person(ActionKind::propose_closure, 20)}), at(30)), Stage::closing);
}

struct RefusedCase {
    const char* name;
    std::vector<AlertAction> before;
    AlertAction action;
    const char* says;
};
class Refused : public testing::TestWithParam<RefusedCase> {};
TEST_P(Refused, with_the_reason) {
    EXPECT_THAT(refusal(GetParam().before, GetParam().action), HasSubstr(GetParam().says));
}

const AlertAction kImmediate = engine(ActionKind::raise, 0, Severity::immediate);
AlertAction without_reason(AlertAction action) {
    action.reason.clear();
    action.comment.clear();
    return action;
}
INSTANTIATE_TEST_SUITE_P(
    Cases, Refused,
    testing::ValuesIn(std::vector<RefusedCase>{
        {"immediate_without_comment", {kImmediate}, person(ActionKind::acknowledge, 10, kLead, ""), "with a comment"},
        {"acknowledged_twice", {kRaise, kSeen}, person(ActionKind::acknowledge, 20), "add a comment"},
        {"same_person_confirms",
         {kRaise, kSeen, person(ActionKind::propose_closure, 20)},
         person(ActionKind::confirm_closure, 30),
         "another person"},
        {"closing_unacknowledged", {kRaise}, person(ActionKind::propose_closure, 20), "acknowledge it first"},
        {"closing_without_reason", {kRaise, kSeen}, without_reason(person(ActionKind::propose_closure, 20)), "reason"},
        {"rejecting_without_words",
         {kRaise, kSeen, person(ActionKind::propose_closure, 20)},
         person(ActionKind::reject_closure, 30, kOther, ""),
         "says why"},
        {"confirming_nothing", {kRaise, kSeen}, person(ActionKind::confirm_closure, 30, kOther), "nobody has proposed"},
        {"immediate_on_the_shelf",
         {kImmediate},
         [] {
             auto a = person(ActionKind::shelve, 10);
             a.until = at(20);
             return a;
         }(),
         "cannot be shelved"},
        {"shelf_without_end", {kRaise}, person(ActionKind::shelve, 10), "end in the future"},
        {"shelf_that_has_ended",
         {kRaise},
         [] {
             auto a = person(ActionKind::shelve, 10);
             a.until = at(10);
             return a;
         }(),
         "end in the future"},
        {"shelf_too_long",
         {kRaise},
         [] {
             auto a = person(ActionKind::shelve, 10);
             a.until = at(10) + hours(24) + minutes(1);
             return a;
         }(),
         "at most 24 h"},
        {"shelf_without_reason",
         {kRaise},
         [] {
             auto a = without_reason(person(ActionKind::shelve, 10));
             a.until = at(20);
             return a;
         }(),
         "reason"},
        {"reviewer_closes", {kRaise, kSeen}, person(ActionKind::propose_closure, 20, kReviewer), "may not"},
        {"viewer_comments", {kRaise}, person(ActionKind::comment, 20, {"v", Role::viewer}), "may not"},
        {"administrator_acknowledges",
         {kRaise},
         person(ActionKind::acknowledge, 20, {"a", Role::administrator}),
         "may not"},
        {"a_person_raises", {}, person(ActionKind::raise, 0), "may not"},
        {"the_engine_acknowledges", {kRaise}, engine(ActionKind::acknowledge, 10), "may not"},
        {"nobody_in_particular", {kRaise}, person(ActionKind::acknowledge, 10, {"", Role::safety_lead}), "somebody's"},
        {"acting_on_the_unraised", {}, person(ActionKind::acknowledge, 0), "never raised"},
        {"reopening_an_open_one", {kRaise}, person(ActionKind::reopen, 10), "it is open"},
        {"worse_after_withdrawal",
         {kRaise, engine(ActionKind::withdraw, 5)},
         engine(ActionKind::worsen, 10),
         "raise it again"},
        {"raised_while_it_stands", {kRaise}, engine(ActionKind::raise, 10), "worsen"},
    }),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Lifecycle, a_shelf_of_just_the_longest_is_possible) {
    AlertAction shelve = person(ActionKind::shelve, 10);
    shelve.until = at(10) + hours(24);
    EXPECT_TRUE(after(told({kRaise}), shelve, {}));
}

TEST(Lifecycle, what_was_known_on_a_day_is_the_history_up_to_then) {
    const std::vector<AlertAction> history{kRaise, kSeen, engine(ActionKind::worsen, 20, Severity::immediate, 2),
                                           person(ActionKind::acknowledge, 30)};
    EXPECT_EQ(stage_of(*record_as_of(history, at(9)), at(9)), Stage::active);
    EXPECT_EQ(stage_of(*record_as_of(history, at(10)), at(10)), Stage::acknowledged);
    const AlertRecord worse = *record_as_of(history, at(25));
    EXPECT_EQ(stage_of(worse, at(25)), Stage::active);
    EXPECT_EQ(worse.severity, Severity::immediate);
    EXPECT_EQ(worse.refires, 1U);
    EXPECT_EQ(worse.fired_at, at(20));
    EXPECT_EQ(worse.raised_at, at(0));
    EXPECT_FALSE(record_as_of(history, at(-1))->raised);
}

TEST(Lifecycle, a_history_that_goes_back_in_time_is_refused) {
    EXPECT_FALSE(record_as_of(std::vector{kSeen, kRaise}, kNever));
}

TEST(Lifecycle, every_name_is_found_again) {
    for (int i = 0; i < kActionKinds; ++i)
        EXPECT_EQ(action_named(name_of(static_cast<ActionKind>(i))), static_cast<ActionKind>(i));
    EXPECT_EQ(role_named("auditor"), Role::auditor);
    EXPECT_EQ(role_named("king"), std::nullopt);
    EXPECT_EQ(severity_named("immediate"), Severity::immediate);
}

// A policy is of its day: what was done under a milder one stands under a stricter one, closed by one person or not.
TEST(Lifecycle, another_policy_of_today_does_not_judge_what_was_done) {
    AlertAction raise = kRaise;
    raise.severity = Severity::high;
    AlertAction seen = person(ActionKind::acknowledge, 10);
    seen.comment.clear();
    AlertAction shelve = person(ActionKind::shelve, 11);
    shelve.until = at(11) + hours(24 * 300);
    AlertAction close = person(ActionKind::propose_closure, 12);
    close.comment.clear();
    close.alone = true;
    const auto alone = record_as_of(std::vector{raise, seen, shelve, close}, kNever);
    ASSERT_TRUE(alone.has_value()) << alone.error().detail;
    EXPECT_EQ(stage_of(*alone, at(20)), Stage::closed);
    close.alone = false;
    EXPECT_EQ(stage_of(*record_as_of(std::vector{raise, seen, close}, kNever), at(20)), Stage::closing);
    close.alone.reset();
    EXPECT_EQ(stage_of(*record_as_of(std::vector{raise, seen, close}, kNever), at(20)), Stage::closing)
        << "older histories: by severity, as by default";
}

TEST(Lifecycle, a_policy_asks_for_comments_and_for_a_second_person_from_its_severities_on) {
    AlertPolicy strict;
    strict.comment_from = Severity::info;
    strict.four_eyes_from = Severity::info;
    strict.longest_shelf[Severity::high] = hours(0);
    AlertRecord record = told({kRaise});
    record.severity = Severity::medium;
    AlertAction seen = person(ActionKind::acknowledge, 10);
    seen.comment.clear();
    EXPECT_FALSE(after(record, seen, strict));
    EXPECT_TRUE(after(record, seen, {}));
    record.severity = Severity::high;
    AlertAction shelve = person(ActionKind::shelve, 10);
    shelve.until = at(10) + hours(1);
    EXPECT_FALSE(after(record, shelve, strict));
    EXPECT_TRUE(after(record, shelve, {}));
}

}  // namespace
}  // namespace cellvigil
