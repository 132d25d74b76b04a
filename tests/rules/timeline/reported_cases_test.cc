// Adverse event reports as alerts and cases: raised, worsened, nullified, and the same whatever the order of arrival.
#include "rules/timeline/reported_cases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "rules/timeline/subject_timeline.h"
#include "tests/support/fact_story.h"

namespace cellvigil::story {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

RuleSet reporting(std::initializer_list<Jurisdiction> where = {Jurisdiction::eu_trial}) {
    RuleSet rules = alerting();
    for (const Jurisdiction one : where) rules.reporting.push_back(default_rule(one));
    return rules;
}

AdverseEvent event(std::optional<bool> admitted, std::optional<bool> threatening = false) {
    AdverseEvent event;
    event.category = AdverseEventCategory::cardiac;
    event.seriousness = {false, threatening, admitted, false, false, false};
    event.judged_by(AssessorRole::investigator) = Relatedness::possible;
    event.expected = false;
    return event;
}

Told version(std::uint32_t number, int day, Body body, RecordAction action, const char* record = "ae-1") {
    Told told;
    told.message_id = std::string(record) + "-" + std::to_string(number);
    told.record = record;
    told.event.version = number;
    told.event.action = action;
    told.event.recorded_at = d(day, 12);
    told.event.appended_at = d(day, 13);
    told.event.effective.from = told.event.effective.until = d(3);
    told.event.content_hash = number * 1000U + static_cast<unsigned>(day);
    told.event.body = std::move(body);
    return told;
}
Told first(int day, AdverseEvent said, const char* record = "ae-1") {
    return version(1, day, std::move(said), RecordAction::create, record);
}
Told amended(std::uint32_t number, int day, AdverseEvent said) {
    return version(number, day, std::move(said), RecordAction::amend);
}
Told retracted(std::uint32_t number, int day) { return version(number, day, Retraction{}, RecordAction::retract); }

struct Telling {
    std::vector<AlertChange> changes;
    std::vector<SubjectAlert> alerts;
    std::vector<CaseReport> last;
    std::string snapshot;
};

Telling applied(const std::vector<Told>& told, const RuleSet& rules) {
    Telling outcome;
    SubjectTimeline timeline("S/001");
    std::vector<Told> kept = told;
    for (Told& one : kept) {
        Event event = event_of(one);
        event.source_system = "edc";
        event.study = "S";
        event.cohort = "A";
        event.site = "site-01";
        event.subject = "001";
        if (timeline.apply(event, rules).alerts_changed) {
            for (AlertChange& change : timeline.publish()) outcome.changes.push_back(std::move(change));
            outcome.last = timeline.cases();
        }
    }
    outcome.alerts = timeline.alerts_at(kAlways, rules);
    outcome.snapshot = timeline.snapshot();
    return outcome;
}

std::vector<std::string> told_of(const Telling& outcome) {
    static constexpr const char* kKinds[] = {"raised", "changed", "withdrawn"};
    std::vector<std::string> all;
    for (const AlertChange& change : outcome.changes)
        all.push_back(std::string(kKinds[static_cast<int>(change.kind)]) + " " + name_of(change.alert.urgency) +
                      (change.worse ? " worse" : ""));
    return all;
}

TEST(ReportedCase, without_a_jurisdiction_there_is_none) {
    const Telling outcome = applied({first(4, event(true))}, alerting());
    EXPECT_THAT(outcome.alerts, IsEmpty());
    EXPECT_THAT(outcome.last, IsEmpty());
}

struct SeverityCase {
    const char* name;
    AdverseEvent event;
    std::vector<std::string> told;
};
class ReportedSeverity : public testing::TestWithParam<SeverityCase> {};
TEST_P(ReportedSeverity, is) {
    EXPECT_EQ(told_of(applied({first(4, GetParam().event)}, reporting())), GetParam().told);
}

AdverseEvent with(void (*change)(AdverseEvent&), std::optional<bool> admitted = true) {
    AdverseEvent made = event(admitted);
    change(made);
    return made;
}
INSTANTIATE_TEST_SUITE_P(
    Rows, ReportedSeverity,
    testing::ValuesIn(std::vector<SeverityCase>{
        {"admitted", event(true), {"raised high"}},
        {"life_threatening", event(false, true), {"raised immediate"}},
        {"fatal_outcome", with([](AdverseEvent& e) { e.outcome = Outcome::fatal; }, false), {"raised immediate"}},
        {"grade_5",
         with(
             [](AdverseEvent& e) {
                 e.reported = SiteGrade{5, Scale::ctcae_5_0};
             },
             false),
         {"raised immediate"}},
        {"grade_4_alone_is_not_serious",
         with(
             [](AdverseEvent& e) {
                 e.reported = SiteGrade{4, Scale::ctcae_5_0};
             },
             false),
         {}},
        {"all_six_denied", event(false), {}},
        {"one_of_the_six_not_stated", event(std::nullopt), {"raised medium"}},
        {"expected", with([](AdverseEvent& e) { e.expected = true; }), {}},
        {"expectedness_not_stated", with([](AdverseEvent& e) { e.expected.reset(); }), {"raised high"}},
        {"unlikely",
         with([](AdverseEvent& e) { e.judged_by(AssessorRole::investigator) = Relatedness::unlikely; }),
         {}},
        {"unlikely_but_the_sponsor_says_possible",
         with([](AdverseEvent& e) {
             e.judged_by(AssessorRole::investigator) = Relatedness::unlikely;
             e.judged_by(AssessorRole::sponsor) = Relatedness::possible;
         }),
         {"raised high"}},
        {"causality_not_stated", with([](AdverseEvent& e) { e.causality = {}; }), {"raised high"}},
    }),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(ReportedCase, not_serious_counts_where_a_jurisdiction_asks_for_it) {
    EXPECT_THAT(told_of(applied({first(4, event(false))}, reporting({Jurisdiction::eu_marketed}))),
                ElementsAre("raised info"));
}

TEST(ReportedCase, an_upgrade_raises_it_a_worse_one_makes_it_worse_and_a_retraction_withdraws_it) {
    const Telling outcome = applied(
        {first(4, event(false)), amended(2, 25, event(true)), amended(3, 26, event(true, true)), retracted(4, 30)},
        reporting());
    EXPECT_THAT(told_of(outcome), ElementsAre("raised high", "changed immediate worse", "withdrawn immediate"));
    EXPECT_THAT(outcome.alerts, IsEmpty());
    ASSERT_EQ(outcome.last.size(), 1U);
    EXPECT_EQ(outcome.last[0].versions.size(), 4U);
    EXPECT_EQ(outcome.last[0].alert_id, outcome.changes[0].alert_id);
    EXPECT_TRUE(outcome.last[0].versions.back().retracted);
}

TEST(ReportedCase, a_downgrade_leaves_the_alert_at_info) {
    EXPECT_THAT(told_of(applied({first(4, event(true)), amended(2, 9, event(false))}, reporting())),
                ElementsAre("raised high", "changed info"));
}

TEST(ReportedCase, a_late_older_version_is_told_to_the_case_though_the_alert_stays) {
    const Telling outcome = applied({amended(2, 9, event(true)), first(4, event(true))}, reporting());
    EXPECT_THAT(told_of(outcome), ElementsAre("raised high"));
    ASSERT_EQ(outcome.last.size(), 1U);
    ASSERT_EQ(outcome.last[0].versions.size(), 2U);
    EXPECT_EQ(outcome.last[0].versions[0].recorded_at, d(4, 12)) << "the earlier awareness counts";
}

TEST(ReportedCase, two_reports_are_two_cases_whichever_comes_first) {
    const std::vector<Told> told{first(4, event(true)), first(5, event(true, true), "ae-2")};
    const Telling one = applied(told, reporting());
    const Telling other = applied({told[1], told[0]}, reporting());
    ASSERT_EQ(one.alerts.size(), 2U);
    EXPECT_EQ(one.alerts, other.alerts);
    EXPECT_NE(alert_id("S/001", one.alerts[0]), alert_id("S/001", one.alerts[1]));
    EXPECT_NE(alert_id("S/001", one.alerts[0]), alert_id("S/002", one.alerts[0]));
}

// Every order of four versions ends in the same alert and the same clocks.
TEST(ReportedCaseLaw, the_order_of_arrival_does_not_matter) {
    std::vector<Told> told{first(4, event(false)), amended(2, 8, event(true)), amended(3, 9, event(true, true)),
                           amended(4, 20, event(true))};
    const RuleSet rules = reporting({Jurisdiction::eu_trial, Jurisdiction::us_trial, Jurisdiction::eu_marketed});
    const Telling straight = applied(told, rules);
    std::vector<std::size_t> order{0, 1, 2, 3};
    do {
        std::vector<Told> shuffled;
        for (const std::size_t i : order) shuffled.push_back(told[i]);
        const Telling outcome = applied(shuffled, rules);
        EXPECT_EQ(outcome.alerts, straight.alerts);
        ASSERT_EQ(outcome.last.size(), 1U);
        EXPECT_EQ(clocks_of(case_events(outcome.last[0].versions, kNever), rules.reporting, UtcOffset(0)),
                  clocks_of(case_events(straight.last[0].versions, kNever), rules.reporting, UtcOffset(0)));
    } while (std::next_permutation(order.begin(), order.end()));
}

TEST(ReportedCase, a_snapshot_keeps_what_was_told) {
    const RuleSet rules = reporting();
    const Telling outcome = applied({first(4, event(true))}, rules);
    auto restored = SubjectTimeline::restore(outcome.snapshot, rules);
    ASSERT_TRUE(restored.has_value());
    EXPECT_EQ(restored->alerts_at(kAlways, rules), outcome.alerts);
    EXPECT_THAT(restored->publish(), IsEmpty()) << "it was told before";
    EXPECT_EQ(restored->alerts_at(kAlways, rules)[0].details[1].text, "hospitalisation");
    EXPECT_THAT(restored->alerts_at(kAlways, rules)[0].details[2].text, HasSubstr("investigator possible"));
}

}  // namespace
}  // namespace cellvigil::story
