// Laws of the lifecycle over arbitrary actions.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "rules/alert/lifecycle.h"

namespace cellvigil {
namespace {

AlertAction arbitrary_action(int minute) {
    AlertAction action;
    action.kind = static_cast<ActionKind>(*rc::gen::inRange(0, kActionKinds));
    action.at = Instant(minutes(minute));
    action.severity = static_cast<Severity>(*rc::gen::inRange(0, 4));
    action.by = is_of_engine(action.kind) ? Actor{"engine", Role::engine}
                                          : Actor{*rc::gen::element(std::string("a"), std::string("b")),
                                                  static_cast<Role>(*rc::gen::inRange(1, 7))};
    action.comment = *rc::gen::element(std::string(), std::string("words"));
    action.reason = *rc::gen::element(std::string(), std::string("code"));
    action.provisional = *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) action.until = action.at + minutes(*rc::gen::inRange(-5, 3000));
    return action;
}

// Actions that were possible, in order.
std::vector<AlertAction> arbitrary_history() {
    std::vector<AlertAction> history;
    AlertRecord record;
    const int tries = *rc::gen::inRange(1, 40);
    for (int i = 0; i < tries; ++i) {
        const AlertAction action = i == 0 ? [] {
            AlertAction raise;
            raise.by = {"engine", Role::engine};
            return raise;
        }()
                                          : arbitrary_action(i);
        if (const auto next = after(record, action, {})) {
            record = *next;
            history.push_back(action);
        }
    }
    return history;
}

RC_GTEST_PROP(LifecycleLaw, a_history_of_possible_actions_is_read_back_to_the_same_record, ()) {
    const auto history = arbitrary_history();
    AlertRecord record;
    for (const AlertAction& action : history) record = *after(record, action, {});
    RC_ASSERT(*record_as_of(history, kNever) == record);
}

RC_GTEST_PROP(LifecycleLaw, nobody_closes_a_high_alert_alone, ()) {
    const auto history = arbitrary_history();
    AlertRecord record;
    for (const AlertAction& action : history) {
        const AlertRecord next = *after(record, action, {});
        if (next.closed && !record.closed && next.severity >= Severity::high) {
            RC_ASSERT(record.proposed.has_value());
            RC_ASSERT(record.proposed->by.person != action.by.person);
        }
        record = next;
    }
}

RC_GTEST_PROP(LifecycleLaw, whatever_people_did_a_worse_cause_makes_it_wait_again, ()) {
    const auto history = arbitrary_history();
    const AlertRecord record = *record_as_of(history, kNever);
    AlertAction worse;
    worse.kind = ActionKind::worsen;
    worse.at = Instant(minutes(100));
    worse.by = {"engine", Role::engine};
    worse.severity = Severity::immediate;
    const auto next = after(record, worse, {});
    RC_PRE(next.has_value() && record.condition == Condition::present);
    RC_ASSERT(is_waiting(*next, worse.at));
    RC_ASSERT(stage_of(*next, worse.at) == Stage::active);
}

RC_GTEST_PROP(LifecycleLaw, an_alert_leaves_the_waiting_list_only_by_a_person_or_a_shelf, ()) {
    const auto history = arbitrary_history();
    AlertRecord record;
    for (const AlertAction& action : history) {
        const AlertRecord next = *after(record, action, {});
        const bool was = is_waiting(record, action.at);
        if (was && !is_waiting(next, action.at)) RC_ASSERT(!is_of_engine(action.kind));
        record = next;
    }
}

}  // namespace
}  // namespace cellvigil
