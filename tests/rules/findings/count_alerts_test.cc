// P07, P08, P09, P18: blood counts and fevers; and what holds of every alert: once, again when worse, gone when its
// facts are retracted, the same whatever the order and however log time went on. Limits: docs/alerts.md.
#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>

#include "rules/timeline/alert_sentence.h"
#include "tests/rules/findings/alert_story.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using story::AlertCase;
using story::alerts_of;
using story::d;
using story::detail_of;
using story::Story;
using story::tells;

constexpr auto kAnc = Analyte::neutrophils;

class LateNeutropenia : public testing::TestWithParam<AlertCase> {};
TEST_P(LateNeutropenia, alerts) { expect_row(SubjectRule::late_neutropenia, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P07, LateNeutropenia,
    testing::Values(
        AlertCase{"two_on_days_31_and_32",
                  [](Story& s) { s.lab(d(31), kAnc, 0.49).lab(d(32), kAnc, 0.49); },
                  kAlways,
                  {Urgency::high}},
        AlertCase{
            "day_30_does_not_count", [](Story& s) { s.lab(d(30), kAnc, 0.49).lab(d(31), kAnc, 0.49); }, kAlways, {}},
        AlertCase{"two_on_one_day_are_one",
                  [](Story& s) { s.lab(d(31, 8), kAnc, 0.49).lab(d(31, 18), kAnc, 0.4); },
                  kAlways,
                  {}},
        AlertCase{"equal_to_the_limit_is_not_below",
                  [](Story& s) { s.lab(d(31), kAnc, 0.5).lab(d(32), kAnc, 0.5); },
                  kAlways,
                  {}},
        AlertCase{"again_after_recovery_above_1500",
                  [](Story& s) { s.lab(d(5), kAnc, 0.1).lab(d(12), kAnc, 1.51).lab(d(22), kAnc, 0.4); },
                  kAlways,
                  {Urgency::high}},
        AlertCase{"recovery_to_1500_is_none",
                  [](Story& s) { s.lab(d(5), kAnc, 0.1).lab(d(12), kAnc, 1.5).lab(d(22), kAnc, 0.4); },
                  kAlways,
                  {}},
        AlertCase{"never_low_before", [](Story& s) { s.lab(d(5), kAnc, 2).lab(d(22), kAnc, 0.4); }, kAlways, {}},
        AlertCase{"a_third_low_value_is_no_new_cause",
                  [](Story& s) {
                      for (const int day : {31, 32, 33}) s.lab(d(day), kAnc, 0.3);
                  },
                  kAlways,
                  {Urgency::high}}),
    CaseName{});

class LateNeutropeniaAlert : public story::TreatedAdult {};
TEST_F(LateNeutropeniaAlert, tells_series_growth_factor_and_late_icaht) {
    told.lab(d(35), kAnc, 0.3).gives(d(36), Agent::filgrastim).lab(d(38), kAnc, 0.2);
    const auto alert = alerts_of(told, SubjectRule::late_neutropenia).at(0);
    EXPECT_EQ(detail_of(alert, Detail::neutrophils, 0)->number, 300'000);
    EXPECT_EQ(detail_of(alert, Detail::neutrophils, 1)->number, 200'000);
    EXPECT_EQ(detail_of(alert, Detail::growth_factor)->day, 36);
    EXPECT_EQ(detail_of(alert, Detail::late_icaht)->text, "3");
}

class LastingCytopenia : public testing::TestWithParam<AlertCase> {};
TEST_P(LastingCytopenia, alerts) { expect_row(SubjectRule::lasting_cytopenia, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P08, LastingCytopenia,
    testing::Values(AlertCase{"low_before_and_on_day_90",
                              [](Story& s) { s.lab(d(83), Analyte::platelets, 49).lab(d(90), Analyte::platelets, 49); },
                              kAlways,
                              {Urgency::medium}},
                    AlertCase{"six_days_apart",
                              [](Story& s) { s.lab(d(84), Analyte::platelets, 49).lab(d(90), Analyte::platelets, 49); },
                              kAlways,
                              {}},
                    AlertCase{"grade_2",
                              [](Story& s) { s.lab(d(83), Analyte::platelets, 50).lab(d(90), Analyte::platelets, 50); },
                              kAlways,
                              {}},
                    AlertCase{"a_milder_value_between",
                              [](Story& s) {
                                  s.lab(d(80), Analyte::platelets, 40)
                                      .lab(d(85), Analyte::platelets, 60)
                                      .lab(d(90), Analyte::platelets, 40);
                              },
                              kAlways,
                              {}},
                    AlertCase{"by_time_alone_on_day_90",
                              [](Story& s) { s.lab(d(60), Analyte::platelets, 40).lab(d(70), Analyte::platelets, 40); },
                              d(90),
                              {Urgency::medium}},
                    AlertCase{"last_seen_more_than_30_days_before",
                              [](Story& s) { s.lab(d(40), Analyte::platelets, 40).lab(d(59), Analyte::platelets, 40); },
                              d(90),
                              {}},
                    AlertCase{"each_landmark",
                              [](Story& s) {
                                  for (const int day : {85, 95, 175, 185}) s.lab(d(day), Analyte::haemoglobin, 70);
                              },
                              d(190),
                              {Urgency::medium, Urgency::medium}},
                    AlertCase{"not_tested_is_no_cytopenia", [](Story&) {}, d(400), {}}),
    CaseName{});

void febrile(Story& s) { s.lab(d(20, 8), kAnc, 0.3).temperature(d(20, 10), 38.6); }
class UntreatedFever : public testing::TestWithParam<AlertCase> {};
TEST_P(UntreatedFever, alerts) { expect_row(SubjectRule::untreated_fever, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P09, UntreatedFever,
    testing::Values(
        AlertCase{"an_hour_is_allowed", [](Story& s) { febrile(s); }, d(20, 11), {}},
        AlertCase{"then_it_fires_by_itself", [](Story& s) { febrile(s); }, d(20, 11, 1), {Urgency::immediate}},
        AlertCase{"begun_within_the_hour",
                  [](Story& s) {
                      febrile(s);
                      s.tell(d(20, 11), story::treating(Agent::levofloxacin));
                  },
                  d(21),
                  {}},
        AlertCase{"begun_too_late",
                  [](Story& s) {
                      febrile(s);
                      s.tell(d(20, 11, 1), story::treating(Agent::levofloxacin));
                  },
                  d(21),
                  {Urgency::immediate}},
        AlertCase{"running_already",
                  [](Story& s) {
                      s.tell(d(19), story::treating(Agent::levofloxacin));
                      febrile(s);
                  },
                  d(21),
                  {}},
        AlertCase{"prophylaxis_is_no_treatment",
                  [](Story& s) {
                      s.tell(d(1), story::course(Agent::levofloxacin, InterventionPhase::start));
                      febrile(s);
                  },
                  d(21),
                  {Urgency::immediate}},
        AlertCase{
            "neutrophils_of_1000", [](Story& s) { s.lab(d(20, 8), kAnc, 1).temperature(d(20, 10), 38.6); }, d(21), {}},
        AlertCase{
            "neutrophils_unknown_could_be", [](Story& s) { s.temperature(d(20, 10), 38.6); }, d(21), {Urgency::high}},
        AlertCase{"38_3_once_is_no_fever_of_it",
                  [](Story& s) { s.lab(d(20, 8), kAnc, 0.3).temperature(d(20, 10), 38.3); },
                  d(21),
                  {}},
        AlertCase{
            "unknown_at_first_then_low",
            [](Story& s) { s.temperature(d(20, 10), 38.6).lab(d(20, 14), kAnc, 0.3).temperature(d(20, 14, 30), 38.7); },
            d(21),
            {Urgency::immediate}},
        AlertCase{"the_same_fever_is_one_cause",
                  [](Story& s) {
                      febrile(s);
                      s.temperature(d(20, 16), 39).temperature(d(20, 22), 39);
                  },
                  d(21),
                  {Urgency::immediate}},
        AlertCase{"another_fever_another_cause",
                  [](Story& s) {
                      febrile(s);
                      s.temperature(d(21, 8), 36.8).lab(d(24, 8), kAnc, 0.3).temperature(d(24, 10), 39);
                  },
                  d(25),
                  {Urgency::immediate, Urgency::immediate}}),
    CaseName{});

class LateFever : public testing::TestWithParam<AlertCase> {};
TEST_P(LateFever, alerts) { expect_row(SubjectRule::late_fever, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P18, LateFever,
    testing::Values(AlertCase{"day_15", [](Story& s) { s.temperature(d(15, 0, 1), 38); }, kAlways, {Urgency::high}},
                    AlertCase{"day_14", [](Story& s) { s.temperature(d(14, 23, 59), 38); }, kAlways, {}},
                    AlertCase{"37_9", [](Story& s) { s.temperature(d(15), 37.9); }, kAlways, {}},
                    AlertCase{"day_90", [](Story& s) { s.temperature(d(90), 38); }, kAlways, {Urgency::high}},
                    AlertCase{"day_91_is_past_it", [](Story& s) { s.temperature(d(91), 38); }, kAlways, {}},
                    AlertCase{"a_fever_that_goes_on_from_day_14",
                              [](Story& s) { s.temperature(d(14, 20), 39).temperature(d(15, 8), 39); },
                              kAlways,
                              {}},
                    AlertCase{
                        "after_a_day_without",
                        [](Story& s) { s.temperature(d(20), 39).temperature(d(21), 39).temperature(d(22, 11), 39); },
                        kAlways,
                        {Urgency::high, Urgency::high}}),
    CaseName{});

// ---- what holds of every alert

// Everything at once, told in parts that may come in any order.
Story eventful() {
    Story s;
    s.adult()
        .infused()
        .starts(d(0), Agent::aciclovir)
        .lab(d(5), kAnc, 0.2)
        .temperature(d(5, 12), 39.1)
        .lab(d(12), kAnc, 1.8);
    s.temperature(d(7), 36.8)
        .temperature(d(9), 36.8)
        .lab(d(20), kAnc, 0.3)
        .temperature(d(18), 38.4)
        .stops(d(60), Agent::aciclovir)
        .lab(d(62), Analyte::cd4, 0.1)
        .lab(d(62), Analyte::igg, 3);
    s.tell(d(95), story::zoster(3))
        .tell(d(110), story::pneumonia(true))
        .tell(d(150), story::nerve_pain())
        .starts(d(130), Agent::prednisone);
    s.tell(d(115), story::infection(Organism::rsv, PathogenClass::viral, "lung"))
        .tell(d(140), story::infection(Organism::influenza, PathogenClass::viral, "nose"));
    s.lab(d(83), Analyte::platelets, 30)
        .lab(d(92), Analyte::platelets, 30)
        .lab(d(190), Analyte::cd19, 0.001)
        .lab(d(170), Analyte::igg, 3);
    SubsequentTherapy next;
    next.kind = SubsequentTherapyKind::systemic;
    AdverseEvent second;
    second.category = AdverseEventCategory::second_malignancy;
    Infection severe = story::zoster();
    severe.zoster->cns = true;
    s.tell(d(105), next).tell(d(300), second).tell(d(230), severe);
    return s;
}

std::string shown(const SubjectTimeline& timeline, const RuleSet& rules, const std::vector<SubjectAlert>& alerts) {
    std::string text;
    for (const SubjectAlert& alert : alerts) {
        text += std::string(name_of(alert.rule)) + " " + std::to_string(alert.ordinal) + " " + name_of(alert.urgency) +
                " " + alert_sentence(timeline, alert, rules) + "\n";
    }
    return text;
}

TEST(SubjectAlerts, all_of_them_can_be_provoked) {
    const Story told = eventful();
    const SubjectTimeline timeline = told.timeline();
    std::set<std::string> codes;
    for (const SubjectAlert& alert : timeline.derived({}, d(800)).alerts) codes.insert(code_of(alert.rule));
    for (int i = 1; i <= 18; ++i) {
        const std::string code = std::string(i < 10 ? "P0" : "P") + std::to_string(i);
        EXPECT_TRUE(codes.contains(code)) << code;
    }
}

TEST(SubjectAlerts, are_the_same_in_any_order_and_however_log_time_went_on) {
    const Story told = eventful();
    const RuleSet rules;
    const std::string expected = shown(told.timeline(), rules, told.timeline().derived(rules, d(800)).alerts);
    for (std::uint32_t seed = 0; seed < 40; ++seed) {
        std::mt19937 random(seed);
        std::vector<story::Told> events = told.told();
        std::shuffle(events.begin(), events.end(), random);
        SubjectTimeline timeline("STUDY/S-001");
        std::map<std::string, SubjectAlert> standing;
        const auto heed = [&](bool changed) {
            if (!changed) return;
            for (const AlertChange& change : timeline.publish()) {
                if (change.kind == AlertChangeKind::withdrawn) standing.erase(change.alert_id);
                if (change.kind != AlertChangeKind::withdrawn) standing[change.alert_id] = change.alert;
            }
        };
        Instant reached = d(-20);
        for (const story::Told& one : events) {
            heed(timeline.apply(story::event_of(one), rules).alerts_changed);
            reached = std::max(reached, d(static_cast<int>(random() % 800)));
            if (random() % 3 == 0) heed(timeline.advance(reached, rules));
        }
        heed(timeline.advance(d(800), rules));
        std::vector<SubjectAlert> alerts;
        for (const auto& [id, alert] : standing) alerts.push_back(alert);
        std::sort(alerts.begin(), alerts.end(), [](const SubjectAlert& a, const SubjectAlert& b) {
            return std::tuple(a.rule, a.infusion, a.ordinal) < std::tuple(b.rule, b.infusion, b.ordinal);
        });
        ASSERT_EQ(shown(timeline, rules, alerts), expected) << "seed " << seed;
    }
}

TEST(SubjectAlerts, change_by_themselves_only_when_they_are_due) {
    const Story told = eventful();
    const RuleSet rules;
    SubjectTimeline daily = told.timeline();
    SubjectTimeline seldom = told.timeline();
    int asked = 0;
    for (int day = 300; day <= 800; ++day) {
        daily.advance(d(day), rules);
        if (seldom.due(rules) > d(day)) continue;
        ++asked;
        seldom.advance(d(day), rules);
    }
    EXPECT_EQ(daily.publish().size(), seldom.publish().size());
    EXPECT_LT(asked, 12) << "landmarks, vaccines and little else";
    EXPECT_GT(asked, 0);
}

TEST(SubjectAlerts, are_withdrawn_when_their_fact_is_retracted_and_come_back_under_their_id) {
    const RuleSet rules = story::only(SubjectRule::late_neutropenia);
    Story told;
    told.adult().infused().lab(d(31), kAnc, 0.3).lab(d(32), kAnc, 0.3);
    SubjectTimeline timeline = told.timeline(rules);
    const auto raised = timeline.publish();
    ASSERT_EQ(raised.size(), 1U);
    story::Told gone = told.told().back();
    gone.message_id += "-retract";
    gone.event.version = 2;
    gone.event.action = RecordAction::retract;
    gone.event.body = Retraction{};
    gone.event.content_hash += 1;
    EXPECT_TRUE(timeline.apply(story::event_of(gone), rules).alerts_changed);
    const auto withdrawn = timeline.publish();
    ASSERT_EQ(withdrawn.size(), 1U);
    EXPECT_EQ(withdrawn[0].kind, AlertChangeKind::withdrawn);
    EXPECT_EQ(withdrawn[0].alert_id, raised[0].alert_id);
    EXPECT_EQ(withdrawn[0].revision, 2U);
    Story again;
    again.lab(d(33), kAnc, 0.2);
    story::Told late = again.told().back();
    late.message_id = "late";
    late.record = "late";
    EXPECT_TRUE(timeline.apply(story::event_of(late), rules).alerts_changed);
    const auto back = timeline.publish();
    ASSERT_EQ(back.size(), 1U);
    EXPECT_EQ(back[0].alert_id, raised[0].alert_id);
    EXPECT_EQ(back[0].revision, 3U);
}

TEST(SubjectAlerts, survive_a_snapshot_with_the_time_they_had_reached) {
    const RuleSet rules;
    SubjectTimeline timeline = eventful().timeline(rules);
    timeline.advance(d(800), rules);
    EXPECT_FALSE(timeline.publish().empty());
    auto restored = SubjectTimeline::restore(timeline.snapshot(), rules);
    ASSERT_TRUE(restored.has_value());
    EXPECT_EQ(restored->as_of(), d(800));
    EXPECT_EQ(restored->due(rules), timeline.due(rules));
    EXPECT_TRUE(restored->publish().empty());
    EXPECT_FALSE(restored->advance(d(800), rules));
}

TEST(SubjectAlerts, are_only_those_that_the_cohort_wants) {
    EXPECT_FALSE(eventful().timeline().derived({}, d(800)).alerts.empty());
    const RuleSet none = story::alerting();
    EXPECT_TRUE(eventful().timeline(none).derived(none, d(800)).alerts.empty());
}

TEST(SubjectAlerts, are_told_in_a_sentence_with_dates_and_days) {
    const RuleSet rules = story::only(SubjectRule::prophylaxis_ended);
    Story told;
    told.adult()
        .infused()
        .starts(d(0), Agent::aciclovir)
        .lab(d(80), Analyte::cd4, 0.15)
        .stops(d(100), Agent::aciclovir);
    const SubjectTimeline timeline = told.timeline(rules);
    const auto alerts = timeline.derived(rules, d(110)).alerts;
    ASSERT_EQ(alerts.size(), 1U);
    EXPECT_EQ(
        alert_sentence(timeline, alerts[0], rules),
        "Antiviral prophylaxis ended early, day 103: the last course ended on 2026-04-15 (day 100); it had begun on "
        "2026-01-05 (day 0); the policy asks for it until day 365; policy none named: the pack's default; the CD4 "
        "count "
        "is not above the limit of 0.2 10*9/L; last CD4 count 0.15 10*9/L, 2026-03-26 (day 80); the site has not said "
        "that its medication reports are complete: what is not recorded may have been given");
}

}  // namespace
}  // namespace cellvigil
