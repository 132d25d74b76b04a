#include "rules/alert/escalation.h"

#include <gmock/gmock.h>

namespace cellvigil {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Instant utc(const char* text) { return *parse_rfc3339(text); }

// First level at once, second after 30 min (immediate) or 4 h.
Team team() {
    Team team;
    EscalationLevel first;
    first.contacts = {"on-call"};
    EscalationLevel second;
    second.after = {{hours(24), hours(24), hours(4), minutes(30)}};
    second.contacts = {"head of safety"};
    team.levels = {first, second};
    return team;
}

AlertRecord raised(const char* at, Severity severity) {
    AlertRecord record;
    record.raised = true;
    record.severity = severity;
    record.raised_at = utc(at);
    record.fired_at = utc(at);
    return record;
}

TEST(Escalation, immediate_alerts_know_no_quiet_hours) {
    const Instant night = utc("2026-03-28T02:00:00Z");  // a Saturday
    EXPECT_THAT(escalation_of(raised("2026-03-28T02:00:00Z", Severity::immediate), team(), night),
                ElementsAre(EscalationStep{0, night}, EscalationStep{1, night + minutes(30)}));
}

TEST(Escalation, a_high_alert_at_night_waits_for_the_morning) {
    EXPECT_THAT(
        escalation_of(raised("2026-03-28T02:00:00Z", Severity::high), team(), utc("2026-03-28T02:00:00Z")),
        ElementsAre(EscalationStep{0, utc("2026-03-30T08:00:00Z")}, EscalationStep{1, utc("2026-03-30T08:00:00Z")}));
}

TEST(Escalation, in_working_time_levels_follow_their_delays) {
    EXPECT_THAT(
        escalation_of(raised("2026-03-30T09:00:00Z", Severity::high), team(), utc("2026-03-30T09:00:00Z")),
        ElementsAre(EscalationStep{0, utc("2026-03-30T09:00:00Z")}, EscalationStep{1, utc("2026-03-30T13:00:00Z")}));
}

TEST(Escalation, quiet_hours_cannot_be_asked_for_immediate_alerts) {
    Team quiet = team();
    quiet.ignores_quiet_hours_from = Severity::immediate;
    const Instant night = utc("2026-03-28T02:00:00Z");
    EXPECT_EQ(escalation_of(raised("2026-03-28T02:00:00Z", Severity::immediate), quiet, night).front().at, night);
}

TEST(Escalation, an_acknowledged_or_shelved_alert_escalates_no_further) {
    AlertRecord record = raised("2026-03-30T09:00:00Z", Severity::high);
    record.acknowledged = Signed{};
    EXPECT_THAT(escalation_of(record, team(), utc("2026-03-30T10:00:00Z")), IsEmpty());
    record.acknowledged.reset();
    record.shelf = Signed{};
    record.shelved_until = utc("2026-03-30T11:00:00Z");
    EXPECT_THAT(escalation_of(record, team(), utc("2026-03-30T10:00:00Z")), IsEmpty());
    EXPECT_EQ(escalation_of(record, team(), utc("2026-03-30T11:00:00Z")).size(), 2U);
}

TEST(Flood, holds_back_what_is_too_much_and_says_how_much_it_was) {
    const FloodPolicy policy{3, minutes(10)};
    FloodState state;
    const Instant start = utc("2026-03-30T09:00:00Z");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(admit(state, Severity::high, start + seconds(i), policy), FloodVerdict::send);
    EXPECT_EQ(admit(state, Severity::high, start + seconds(3), policy), FloodVerdict::hold);
    EXPECT_EQ(admit(state, Severity::medium, start + seconds(4), policy), FloodVerdict::hold);
    EXPECT_EQ(take_summary(state, start + minutes(9), policy), 0U);
    EXPECT_EQ(take_summary(state, start + minutes(10), policy), 2U);
    EXPECT_EQ(take_summary(state, start + minutes(11), policy), 0U);
}

TEST(Flood, never_holds_back_an_immediate_one) {
    const FloodPolicy policy{1, minutes(10)};
    FloodState state;
    const Instant now = utc("2026-03-30T09:00:00Z");
    for (int i = 0; i < 50; ++i) EXPECT_EQ(admit(state, Severity::immediate, now, policy), FloodVerdict::send);
    EXPECT_EQ(admit(state, Severity::high, now, policy), FloodVerdict::hold);
}

}  // namespace
}  // namespace cellvigil
