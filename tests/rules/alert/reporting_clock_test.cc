// The clocks of every jurisdiction, the restart matrix, and what an inspector would try.
#include "rules/alert/reporting_clock.h"

#include <gmock/gmock.h>

namespace cellvigil {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

constexpr UtcOffset kZone{60};

Instant day(int n) { return *parse_rfc3339("2026-03-02T10:00:00Z") + days(n); }
SiteDate date_of(int n) { return site_date(day(n), kZone); }

CaseState serious() {
    CaseState state;
    state.valid = true;
    state.serious = true;
    state.fatal_or_life_threatening = false;
    state.unexpected = true;
    state.related_by_investigator = true;
    state.related_by_sponsor = true;
    return state;
}
CaseState fatal() {
    CaseState state = serious();
    state.fatal_or_life_threatening = true;
    return state;
}
CaseState non_serious() {
    CaseState state = serious();
    state.serious = false;
    return state;
}
CaseEvent on(int n, CaseState state, CaseEventKind kind = CaseEventKind::information) {
    CaseEvent event;
    event.kind = kind;
    event.at = day(n);
    event.state = state;
    return event;
}
CaseEvent sent(int n, Jurisdiction to, bool complete = true) {
    CaseEvent event = on(n, {}, CaseEventKind::report_sent);
    event.jurisdiction = to;
    event.complete = complete;
    return event;
}

CaseClocks clocks(const std::vector<CaseEvent>& events, Jurisdiction jurisdiction) {
    const std::vector<ReportingRule> rules{default_rule(jurisdiction)};
    return clocks_of(events, rules, kZone);
}
// Kind and the day on which each is due, counted from the first.
std::vector<std::pair<std::string, int>> due(const CaseClocks& clocks) {
    std::vector<std::pair<std::string, int>> all;
    for (const Deadline& deadline : clocks.deadlines)
        all.emplace_back(name_of(deadline.kind), static_cast<int>((deadline.due - date_of(0)).count()));
    return all;
}

struct RuleCase {
    const char* name;
    Jurisdiction jurisdiction;
    CaseState state;
    std::vector<std::pair<std::string, int>> expected;
};
class Rule : public testing::TestWithParam<RuleCase> {};
TEST_P(Rule, of_a_first_report) {
    EXPECT_EQ(due(clocks({on(0, GetParam().state)}, GetParam().jurisdiction)), GetParam().expected);
}

CaseState expected_state() {
    CaseState state = serious();
    state.unexpected = false;
    return state;
}
CaseState unrelated() {
    CaseState state = serious();
    state.related_by_investigator = false;
    state.related_by_sponsor = false;
    return state;
}
INSTANTIATE_TEST_SUITE_P(
    Rules, Rule,
    testing::ValuesIn(std::vector<RuleCase>{
        {"eu_trial_fatal", Jurisdiction::eu_trial, fatal(), {{"fatal", 7}}},
        {"eu_trial_serious", Jurisdiction::eu_trial, serious(), {{"serious", 15}}},
        {"eu_trial_expected", Jurisdiction::eu_trial, expected_state(), {}},
        {"eu_trial_unrelated", Jurisdiction::eu_trial, unrelated(), {}},
        {"eu_trial_not_serious", Jurisdiction::eu_trial, non_serious(), {}},
        {"eu_marketed_serious_though_expected", Jurisdiction::eu_marketed, expected_state(), {{"serious", 15}}},
        {"eu_marketed_fatal_has_no_shorter_clock", Jurisdiction::eu_marketed, fatal(), {{"serious", 15}}},
        {"eu_marketed_not_serious", Jurisdiction::eu_marketed, non_serious(), {{"non_serious", 90}}},
        {"uk_trial_fatal", Jurisdiction::uk_trial, fatal(), {{"fatal", 7}}},
        {"us_trial_fatal", Jurisdiction::us_trial, fatal(), {{"fatal", 7}}},
        {"us_trial_serious", Jurisdiction::us_trial, serious(), {{"serious", 15}}},
        {"us_marketed_unrelated_is_reported", Jurisdiction::us_marketed, unrelated(), {{"serious", 15}}},
        {"us_marketed_expected", Jurisdiction::us_marketed, expected_state(), {}},
        {"china_trial_fatal", Jurisdiction::china_trial, fatal(), {{"fatal", 7}}},
    }),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(ReportingClock, the_due_day_lasts_to_its_end_in_the_sponsor_s_zone) {
    const CaseClocks result = clocks({on(0, fatal())}, Jurisdiction::eu_trial);
    EXPECT_EQ(to_rfc3339(result.deadlines[0].due_at, kZone), "2026-03-10T00:00:00+01:00");
}

// Late on the evening of 1 March in UTC it is 2 March at the sponsor.
TEST(ReportingClock, day_0_is_the_date_at_the_sponsor) {
    CaseEvent event = on(0, serious());
    event.at = *parse_rfc3339("2026-03-01T23:30:00Z");
    EXPECT_EQ(clocks({event}, Jurisdiction::eu_trial).deadlines[0].clock_start, date_of(0));
}

TEST(ReportingClock, investigator_says_related_sponsor_not_still_reportable) {
    CaseState state = serious();
    state.related_by_sponsor = false;
    EXPECT_THAT(due(clocks({on(0, state)}, Jurisdiction::eu_trial)), ElementsAre(Pair("serious", 15)));
    state.related_by_investigator = false;
    state.related_by_sponsor = true;
    EXPECT_THAT(due(clocks({on(0, state)}, Jurisdiction::eu_trial)), ElementsAre(Pair("serious", 15)));
}

TEST(ReportingClock, what_is_not_known_is_taken_as_reportable_and_said) {
    CaseState state;
    state.valid = true;
    const CaseClocks result = clocks({on(0, state)}, Jurisdiction::eu_trial);
    ASSERT_EQ(result.deadlines.size(), 1U);
    EXPECT_EQ(result.deadlines[0].kind, DeadlineKind::serious);
    EXPECT_THAT(result.deadlines[0].assumed, ElementsAre("related", "serious", "unexpected"));
}

TEST(ReportingClock, without_the_minimum_criteria_no_clock_runs) {
    CaseState incomplete = serious();
    incomplete.valid = false;
    const CaseClocks waiting = clocks({on(0, incomplete)}, Jurisdiction::eu_trial);
    EXPECT_THAT(waiting.deadlines, IsEmpty());
    EXPECT_TRUE(waiting.pending_validity);
    EXPECT_EQ(waiting.first_awareness, std::nullopt);
    const CaseClocks valid = clocks({on(0, incomplete), on(3, serious())}, Jurisdiction::eu_trial);
    EXPECT_THAT(due(valid), ElementsAre(Pair("serious", 18)));
    EXPECT_FALSE(valid.pending_validity);
    EXPECT_EQ(valid.first_awareness, day(3));
}

// Non-serious zoster, three weeks later admitted for intravenous aciclovir.
TEST(ReportingClock, an_upgrade_starts_its_own_clock) {
    const auto events = std::vector{on(0, non_serious()), sent(10, Jurisdiction::eu_marketed), on(21, serious())};
    EXPECT_THAT(due(clocks(events, Jurisdiction::eu_marketed)),
                ElementsAre(Pair("serious", 36), Pair("non_serious", 90)));
    EXPECT_THAT(due(clocks({on(0, non_serious()), on(21, serious())}, Jurisdiction::eu_trial)),
                ElementsAre(Pair("serious", 36)));
}

TEST(ReportingClock, becoming_fatal_opens_seven_days_while_the_fifteen_go_on_and_the_earlier_wins) {
    const CaseClocks result = clocks({on(0, serious()), on(3, fatal())}, Jurisdiction::eu_trial);
    EXPECT_THAT(due(result), ElementsAre(Pair("fatal", 10), Pair("serious", 15)));
    EXPECT_EQ(next_due(result)->kind, DeadlineKind::fatal);
    const CaseClocks late = clocks({on(0, serious()), on(12, fatal())}, Jurisdiction::eu_trial);
    EXPECT_EQ(next_due(late)->kind, DeadlineKind::serious);
}

TEST(ReportingClock, an_incomplete_fatal_report_is_completed_eight_days_after_its_due_date) {
    const auto events = std::vector{on(0, fatal()), sent(5, Jurisdiction::eu_trial, false)};
    const CaseClocks result = clocks(events, Jurisdiction::eu_trial);
    EXPECT_THAT(due(result), ElementsAre(Pair("fatal", 7), Pair("completion", 15)));
    EXPECT_EQ(result.deadlines[0].met_at, day(5));
    EXPECT_EQ(next_due(result)->kind, DeadlineKind::completion);
}

// The medical reviewer recodes the term: an amendment.
TEST(ReportingClock, an_internal_correction_moves_no_date_and_starts_no_clock) {
    const auto events = std::vector{on(0, serious()), sent(10, Jurisdiction::eu_trial),
                                    on(20, serious(), CaseEventKind::internal_correction)};
    const CaseClocks result = clocks(events, Jurisdiction::eu_trial);
    EXPECT_THAT(due(result), ElementsAre(Pair("serious", 15)));
    EXPECT_EQ(result.most_recent, day(0));
    EXPECT_FALSE(result.send_without_delay);
    EXPECT_EQ(next_due(result), nullptr);
}

TEST(ReportingClock, an_internal_correction_that_changes_what_is_reportable_is_sent_without_delay) {
    const auto events = std::vector{on(0, expected_state()), on(20, serious(), CaseEventKind::internal_correction)};
    const CaseClocks result = clocks(events, Jurisdiction::eu_trial);
    EXPECT_TRUE(result.send_without_delay);
    EXPECT_EQ(result.most_recent, day(0));
}

TEST(ReportingClock, new_information_after_the_report_asks_for_a_follow_up_minor_information_does_not) {
    const auto sent_first = std::vector{on(0, serious()), sent(10, Jurisdiction::eu_trial)};
    auto significant = sent_first;
    significant.push_back(on(20, serious()));
    EXPECT_THAT(due(clocks(significant, Jurisdiction::eu_trial)),
                ElementsAre(Pair("serious", 15), Pair("follow_up", 35)));
    auto minor = sent_first;
    minor.push_back(on(20, serious(), CaseEventKind::minor_information));
    const CaseClocks result = clocks(minor, Jurisdiction::eu_trial);
    EXPECT_THAT(due(result), ElementsAre(Pair("serious", 15)));
    EXPECT_EQ(result.most_recent, day(20));
}

TEST(ReportingClock, information_before_the_report_leaves_the_original_date_binding) {
    EXPECT_THAT(due(clocks({on(0, serious()), on(8, serious())}, Jurisdiction::eu_trial)),
                ElementsAre(Pair("serious", 15)));
}

TEST(ReportingClock, a_downgrade_after_the_report_asks_for_one_closing_report) {
    const auto events = std::vector{on(0, serious()), sent(10, Jurisdiction::eu_trial), on(20, non_serious())};
    EXPECT_THAT(due(clocks(events, Jurisdiction::eu_trial)), ElementsAre(Pair("serious", 15), Pair("closing", 35)));
}

TEST(ReportingClock, a_downgrade_before_any_report_ends_the_clock) {
    EXPECT_THAT(due(clocks({on(0, serious()), on(5, non_serious())}, Jurisdiction::eu_trial)), IsEmpty());
}

// The same case from the site and from a partner, four days apart: the vendor knew on Saturday.
TEST(ReportingClock, the_earliest_awareness_over_duplicates_counts) {
    CaseEvent found = on(6, {}, CaseEventKind::duplicate_found);
    found.earlier_awareness = day(0);
    const CaseClocks result = clocks({on(4, serious()), found}, Jurisdiction::eu_trial);
    EXPECT_THAT(due(result), ElementsAre(Pair("serious", 15)));
    EXPECT_EQ(result.first_awareness, day(0));
}

TEST(ReportingClock, a_duplicate_may_show_that_it_is_late_already) {
    CaseEvent found = on(20, {}, CaseEventKind::duplicate_found);
    found.earlier_awareness = day(0);
    const CaseClocks result = clocks({on(18, serious()), found}, Jurisdiction::eu_trial);
    EXPECT_LT(result.deadlines[0].due_at, day(20));
}

TEST(ReportingClock, nullification_ends_what_is_open) {
    const CaseClocks result =
        clocks({on(0, serious()), on(5, {}, CaseEventKind::nullified), on(6, fatal())}, Jurisdiction::eu_trial);
    ASSERT_EQ(result.deadlines.size(), 1U);
    EXPECT_TRUE(result.deadlines[0].void_by_nullification);
    EXPECT_EQ(next_due(result), nullptr);
}

TEST(ReportingClock, in_us_trials_the_serious_clock_starts_with_the_determination) {
    const auto events = std::vector{on(0, serious()), on(4, serious(), CaseEventKind::determination)};
    EXPECT_THAT(due(clocks(events, Jurisdiction::us_trial)), ElementsAre(Pair("serious", 19)));
    EXPECT_THAT(due(clocks(events, Jurisdiction::eu_trial)), ElementsAre(Pair("serious", 15)));
}

TEST(ReportingClock, a_report_to_one_jurisdiction_is_none_to_another) {
    const auto events = std::vector{on(0, fatal()), sent(2, Jurisdiction::eu_trial)};
    const CaseClocks result = clocks_of(events, reporting_rules(), kZone);
    for (const Deadline& deadline : result.deadlines)
        EXPECT_EQ(deadline.met_at.has_value(), deadline.jurisdiction == Jurisdiction::eu_trial);
    EXPECT_EQ(result.deadlines.size(), reporting_rules().size());
}

TEST(ReportingClock, cohort_level_deadlines) {
    EXPECT_EQ(rate_increase_deadline(day(0), kZone).due, date_of(15));
    // Friday 6 March: Monday, Tuesday, Wednesday.
    const Deadline emerging = emerging_issue_deadline(day(4), TeamCalendar{});
    EXPECT_EQ(emerging.due, date_of(9));
    EXPECT_EQ(emerging.due_at, start_of(date_of(10), UtcOffset(0)));
    EXPECT_EQ(emerging.jurisdiction, Jurisdiction::eu_marketed);
    EXPECT_STREQ(name_of(emerging.kind), "emerging_issue");
    TeamCalendar shanghai;
    shanghai.offsets = {{kAlways, minutes(480)}};
    shanghai.holidays = {date_of(7)};  // the Monday
    const Deadline later = emerging_issue_deadline(day(4), shanghai);
    EXPECT_EQ(later.due, date_of(10)) << "a holiday does not count";
    EXPECT_EQ(later.due_at, start_of(date_of(11), minutes(480)));
}

TEST(ReportingClock, there_is_a_rule_for_each_jurisdiction_and_placeholders_say_so) {
    for (int i = 0; i < kJurisdictions; ++i)
        EXPECT_EQ(default_rule(static_cast<Jurisdiction>(i)).jurisdiction, static_cast<Jurisdiction>(i));
    EXPECT_FALSE(default_rule(Jurisdiction::china_trial).verified);
    EXPECT_TRUE(default_rule(Jurisdiction::eu_trial).verified);
}

}  // namespace
}  // namespace cellvigil
