// P01, P12, P13, P15, P16: what is missing, ended or due. Limits: docs/alerts.md.
#include <map>
#include <set>

#include "tests/rules/findings/alert_story.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using story::AlertCase;
using story::alerts_of;
using story::course;
using story::d;
using story::detail_of;
using story::Story;
using story::tells;

constexpr auto kStart = InterventionPhase::start;
constexpr auto kStop = InterventionPhase::stop;

class ProphylaxisEnded : public testing::TestWithParam<AlertCase> {};
TEST_P(ProphylaxisEnded, alerts) { expect_row(SubjectRule::prophylaxis_ended, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P01, ProphylaxisEnded,
    testing::Values(
        AlertCase{"before_day_365",
                  [](Story& s) {
                      s.starts(d(0), Agent::aciclovir).lab(d(350), Analyte::cd4, 0.4).stops(d(364), Agent::aciclovir);
                  },
                  d(368),
                  {Urgency::high}},
        AlertCase{"on_day_365_with_cd4",
                  [](Story& s) {
                      s.starts(d(0), Agent::aciclovir).lab(d(350), Analyte::cd4, 0.4).stops(d(365), Agent::aciclovir);
                  },
                  d(400),
                  {}},
        AlertCase{"cd4_equal_to_the_limit_is_low",
                  [](Story& s) {
                      s.starts(d(0), Agent::aciclovir).lab(d(390), Analyte::cd4, 0.2).stops(d(400), Agent::aciclovir);
                  },
                  d(404),
                  {Urgency::high}},
        AlertCase{"cd4_just_above",
                  [](Story& s) {
                      s.starts(d(0), Agent::aciclovir).lab(d(390), Analyte::cd4, 0.201).stops(d(400), Agent::aciclovir);
                  },
                  d(404),
                  {}},
        AlertCase{"cd4_120_days_old",
                  [](Story& s) {
                      s.starts(d(0), Agent::aciclovir).lab(d(280), Analyte::cd4, 0.4).stops(d(400), Agent::aciclovir);
                  },
                  d(404),
                  {}},
        AlertCase{"cd4_121_days_old_is_unknown",
                  [](Story& s) {
                      s.starts(d(0), Agent::aciclovir).lab(d(279), Analyte::cd4, 0.4).stops(d(400), Agent::aciclovir);
                  },
                  d(404),
                  {Urgency::high}},
        AlertCase{"cd4_never_measured",
                  [](Story& s) { s.starts(d(0), Agent::aciclovir).stops(d(400), Agent::aciclovir); },
                  d(404),
                  {Urgency::high}},
        AlertCase{"cd4_below_a_bound_that_is_above_the_limit_is_unknown",
                  [](Story& s) {
                      Observation said;
                      said.analyte = Analyte::cd4;
                      said.status = ResultStatus::final;
                      said.value = thousandths(300);
                      said.comparator = Comparator::less;
                      s.starts(d(0), Agent::aciclovir).tell(d(390), said).stops(d(400), Agent::aciclovir);
                  },
                  d(404),
                  {Urgency::high}},
        AlertCase{
            "another_drug_on_the_third_day",
            [](Story& s) {
                s.starts(d(0), Agent::aciclovir).stops(d(100), Agent::aciclovir).starts(d(103), Agent::valaciclovir);
            },
            d(110),
            {}},
        AlertCase{"another_drug_after_the_third_day",
                  [](Story& s) {
                      s.starts(d(0), Agent::aciclovir)
                          .stops(d(100), Agent::aciclovir)
                          .starts(d(103, 11), Agent::valaciclovir);
                  },
                  d(110),
                  {Urgency::high}},
        AlertCase{
            "not_yet", [](Story& s) { s.starts(d(0), Agent::aciclovir).stops(d(100), Agent::aciclovir); }, d(103), {}},
        AlertCase{"a_stated_end_ends_it",
                  [](Story& s) { s.tell_until(d(0), d(100), course(Agent::aciclovir, kStart)); },
                  d(104),
                  {Urgency::high}},
        AlertCase{
            "treatment_that_ends_is_no_prophylaxis",
            [](Story& s) {
                s.tell(d(90), story::treating(Agent::aciclovir)).tell(d(100), story::treating(Agent::aciclovir, kStop));
            },
            d(110),
            {}},
        AlertCase{"two_ends_are_two_causes",
                  [](Story& s) {
                      s.starts(d(0), Agent::aciclovir)
                          .stops(d(50), Agent::aciclovir)
                          .starts(d(60), Agent::aciclovir)
                          .stops(d(90), Agent::aciclovir);
                  },
                  d(100),
                  {Urgency::high, Urgency::high}},
        AlertCase{
            "after_death_nothing_fires",
            [](Story& s) {
                s.starts(d(0), Agent::aciclovir).stops(d(100), Agent::aciclovir).died(d(101), DeathCause::disease);
            },
            d(110),
            {}}),
    CaseName{});

TEST(ProphylaxisEndedAlert, tells_what_it_rests_on) {
    RuleSet rules;
    ProphylaxisPolicy policy;
    policy.id = "six-months";
    policy.at_least_until_day = 180;
    rules.policies = {policy};
    Story told;
    told.adult().infused().tell(d(0), course(Agent::aciclovir, kStart, "six-months"), "start");
    told.lab(d(80), Analyte::cd4, 0.15).tell(d(100), course(Agent::aciclovir, kStop, "six-months"), "stop");
    const auto alerts = alerts_of(told, SubjectRule::prophylaxis_ended, d(104), rules);
    ASSERT_EQ(alerts.size(), 1U);
    EXPECT_EQ(detail_of(alerts[0], Detail::ended)->day, 100);
    EXPECT_NE(detail_of(alerts[0], Detail::ended)->source.find("stop"), std::string::npos);
    EXPECT_EQ(detail_of(alerts[0], Detail::minimum_day)->number, 180);
    EXPECT_EQ(detail_of(alerts[0], Detail::policy)->text, "six-months");
    EXPECT_EQ(detail_of(alerts[0], Detail::cd4)->number, 150'000);
    EXPECT_TRUE(tells(alerts[0], Detail::medication_not_stated)) << "nobody said that no other drug was given";
    EXPECT_FALSE(tells(alerts[0], Detail::cd4_unknown));
}

TEST(ProphylaxisEndedAlert, follows_the_policy_where_there_is_one) {
    RuleSet rules;
    ProphylaxisPolicy policy;
    policy.id = "six-months";
    policy.at_least_until_day = 180;  // and no CD4 condition
    rules.policies = {policy};
    for (const auto& [day, expected] : {std::pair{179, 1U}, {180, 0U}}) {
        Story told;
        told.adult().infused().starts(d(0), Agent::aciclovir).stops(d(day), Agent::aciclovir);
        EXPECT_EQ(alerts_of(told, SubjectRule::prophylaxis_ended, d(190), rules).size(), expected) << day;
    }
}

class CoverGap : public testing::TestWithParam<AlertCase> {};
TEST_P(CoverGap, alerts) { expect_row(SubjectRule::cover_gap, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P12, CoverGap,
    testing::Values(
        AlertCase{"fourteen_days", [](Story& s) { s.lab(d(60), Analyte::cd4, 0.1); }, d(74), {}},
        AlertCase{
            "more_than_fourteen_days", [](Story& s) { s.lab(d(60), Analyte::cd4, 0.1); }, d(74, 11), {Urgency::high}},
        AlertCase{"not_before_day_30", [](Story& s) { s.lab(d(10), Analyte::cd4, 0.1); }, d(43, 23), {}},
        AlertCase{"from_day_30_on", [](Story& s) { s.lab(d(10), Analyte::cd4, 0.1); }, d(44, 1), {Urgency::high}},
        AlertCase{"covered",
                  [](Story& s) { s.starts(d(30), Agent::cotrimoxazole).lab(d(60), Analyte::cd4, 0.1); },
                  d(100),
                  {}},
        AlertCase{
            "stopped",
            [](Story& s) {
                s.starts(d(30), Agent::cotrimoxazole).lab(d(60), Analyte::cd4, 0.1).stops(d(80), Agent::cotrimoxazole);
            },
            d(94, 11),
            {Urgency::high}},
        AlertCase{"a_dose_of_pentamidine_covers_28_days",
                  [](Story& s) { s.lab(d(60), Analyte::cd4, 0.1).gives(d(61), Agent::pentamidine); },
                  d(102),
                  {}},
        AlertCase{"and_no_longer",
                  [](Story& s) { s.lab(d(60), Analyte::cd4, 0.1).gives(d(61), Agent::pentamidine); },
                  d(104),
                  {Urgency::high}},
        AlertCase{"cd4_unknown_says_nothing", [](Story&) {}, d(300), {}},
        AlertCase{"cd4_above", [](Story& s) { s.lab(d(60), Analyte::cd4, 0.201); }, d(100), {}},
        AlertCase{"hepatitis_b_shown_and_no_antiviral",
                  [](Story& s) {
                      Observation said;
                      said.analyte = Analyte::anti_hbc;
                      said.status = ResultStatus::final;
                      said.truth = true;
                      s.tell(d(-10), said);
                  },
                  d(8),
                  {Urgency::high}},
        AlertCase{"within_seven_days",
                  [](Story& s) {
                      Observation said;
                      said.analyte = Analyte::anti_hbc;
                      said.status = ResultStatus::final;
                      said.truth = true;
                      s.tell(d(-10), said);
                  },
                  d(7),
                  {}},
        AlertCase{"on_entecavir",
                  [](Story& s) {
                      Observation said;
                      said.analyte = Analyte::anti_hbc;
                      said.status = ResultStatus::final;
                      said.truth = true;
                      s.tell(d(-10), said).starts(d(-5), Agent::entecavir);
                  },
                  d(60),
                  {}}),
    CaseName{});

class UncoveredSteroid : public testing::TestWithParam<AlertCase> {};
TEST_P(UncoveredSteroid, alerts) { expect_row(SubjectRule::uncovered_steroid, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P13, UncoveredSteroid,
    testing::Values(
        AlertCase{"five_days",
                  [](Story& s) { s.starts(d(40), Agent::prednisone).stops(d(45), Agent::prednisone); },
                  d(70),
                  {}},
        AlertCase{"more_than_five_days",
                  [](Story& s) { s.starts(d(40), Agent::prednisone).stops(d(45, 11), Agent::prednisone); },
                  d(46),
                  {Urgency::medium}},
        AlertCase{"and_no_cmv_test_a_week_later",
                  [](Story& s) { s.starts(d(40), Agent::prednisone); },
                  d(53),
                  {Urgency::medium, Urgency::medium}},
        AlertCase{"doses_of_following_days_are_one_stretch",
                  [](Story& s) {
                      for (int day = 40; day <= 45; ++day) s.gives(d(day), Agent::dexamethasone);
                  },
                  d(46),
                  {Urgency::medium}},
        AlertCase{"a_pause_begins_anew",
                  [](Story& s) {
                      for (const int day : {40, 41, 44, 45}) s.gives(d(day), Agent::dexamethasone);
                  },
                  d(70),
                  {}},
        AlertCase{"before_day_31",
                  [](Story& s) { s.starts(d(20), Agent::prednisone).stops(d(30), Agent::prednisone); },
                  d(70),
                  {}},
        AlertCase{"still_on_day_31", [](Story& s) { s.starts(d(20), Agent::prednisone); }, d(31), {Urgency::medium}},
        AlertCase{
            "covered_on_both_sides",
            [](Story& s) {
                s.starts(d(1), Agent::cotrimoxazole).starts(d(1), Agent::aciclovir).starts(d(40), Agent::prednisone);
            },
            d(50),
            {}},
        AlertCase{"only_one_side",
                  [](Story& s) { s.starts(d(1), Agent::cotrimoxazole).starts(d(40), Agent::prednisone); },
                  d(50),
                  {Urgency::medium}},
        AlertCase{"cmv_tested",
                  [](Story& s) {
                      Observation said;
                      said.code = "72493-0";
                      said.status = ResultStatus::final;
                      s.starts(d(1), Agent::cotrimoxazole)
                          .starts(d(1), Agent::aciclovir)
                          .starts(d(40), Agent::prednisone)
                          .tell(d(47), said);
                  },
                  d(80),
                  {}}),
    CaseName{});

// Which codes say that CMV was tested; each with a source in docs/clinical/codes.md.
struct CmvCodeCase {
    const char* name;
    const char* code;
    bool tested;
};
class CmvCode : public testing::TestWithParam<CmvCodeCase> {};
TEST_P(CmvCode, is_heeded) {
    Observation said;
    said.code = GetParam().code;
    said.status = ResultStatus::final;
    Story told;
    told.adult().infused().starts(d(1), Agent::cotrimoxazole).starts(d(1), Agent::aciclovir);
    told.starts(d(40), Agent::prednisone).tell(d(47), said);
    EXPECT_EQ(alerts_of(told, SubjectRule::uncovered_steroid, d(80)).empty(), GetParam().tested);
}
INSTANTIATE_TEST_SUITE_P(Codes, CmvCode,
                         testing::Values(CmvCodeCase{"serum_or_plasma_units", "72493-0", true},
                                         CmvCodeCase{"serum_or_plasma_presence", "30246-3", true},
                                         CmvCodeCase{"blood_presence", "4996-5", true},
                                         CmvCodeCase{"blood_count", "29604-6", true},
                                         CmvCodeCase{"any_specimen_count", "33006-8", true},
                                         CmvCodeCase{"from_memory_and_in_no_list", "5000-5", false},
                                         CmvCodeCase{"epstein_barr", "5002-1", false},
                                         CmvCodeCase{"lavage_is_no_blood", "49349-4", false}),
                         CaseName{});

void all_tests(Story& s, int day) {
    s.lab(d(day), Analyte::neutrophils, 2)
        .lab(d(day), Analyte::igg, 6)
        .lab(d(day), Analyte::cd4, 0.3)
        .lab(d(day), Analyte::cd19, 0.1);
}
class LandmarkOverdue : public testing::TestWithParam<AlertCase> {};
TEST_P(LandmarkOverdue, alerts) { expect_row(SubjectRule::landmark_overdue, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P15, LandmarkOverdue,
    testing::Values(
        AlertCase{"on_day_42_it_is_still_time", [](Story&) {}, d(42, 23), {}},
        AlertCase{"on_day_43_it_is_overdue", [](Story&) {}, d(43), {Urgency::info}},
        AlertCase{"a_month_later_it_matters_more", [](Story&) {}, d(73), {Urgency::medium}},
        AlertCase{"two_missing_matter",
                  [](Story& s) { s.lab(d(28), Analyte::igg, 6).lab(d(28), Analyte::cd4, 0.3); },
                  d(73),
                  {Urgency::medium}},
        AlertCase{
            "a_single_one_is_a_question_to_the_site",
            [](Story& s) { s.lab(d(28), Analyte::igg, 6).lab(d(28), Analyte::cd4, 0.3).lab(d(28), Analyte::cd19, 1); },
            d(73),
            {Urgency::info}},
        AlertCase{"the_last_landmark_that_matters",
                  [](Story& s) {
                      for (const int day : {28, 90, 180}) all_tests(s, day);
                  },
                  d(426),
                  {Urgency::medium}},
        AlertCase{"the_year_after_is_information",
                  [](Story& s) {
                      for (const int day : {28, 90, 180, 365}) all_tests(s, day);
                  },
                  d(800),
                  {Urgency::info}},
        AlertCase{"tested_on_day_14", [](Story& s) { all_tests(s, 14); }, d(80), {}},
        AlertCase{"tested_on_day_13_is_too_early", [](Story& s) { all_tests(s, 13); }, d(43), {Urgency::info}},
        AlertCase{"tested_late_in_time", [](Story& s) { all_tests(s, 42); }, d(80), {}},
        AlertCase{"tested_after_it_was_told", [](Story& s) { all_tests(s, 50); }, d(80), {Urgency::info}},
        AlertCase{"each_landmark_by_itself", [](Story& s) { all_tests(s, 28); }, d(122), {Urgency::info}},
        AlertCase{"lost_to_follow_up_is_not_asked",
                  [](Story& s) {
                      s.tell(d(30), Contact{ContactStatus::lost_to_follow_up, {}});
                  },
                  d(400),
                  {}},
        AlertCase{"nor_who_is_off_study",
                  [](Story& s) {
                      s.tell(d(30), Contact{ContactStatus::completed, {}});
                  },
                  d(400),
                  {}}),
    CaseName{});

class LandmarkOverdueAlert : public story::TreatedAdult {};
TEST_F(LandmarkOverdueAlert, says_what_is_missing) {
    told.lab(d(5), Analyte::neutrophils, 1).lab(d(28), Analyte::igg, 6).lab(d(28), Analyte::cd4, 0.3);
    const auto alerts = alerts_of(told, SubjectRule::landmark_overdue, d(43));
    ASSERT_EQ(alerts.size(), 1U);
    EXPECT_EQ(detail_of(alerts[0], Detail::landmark)->number, 28);
    EXPECT_EQ(detail_of(alerts[0], Detail::missing, 0)->text, "neutrophils");
    EXPECT_EQ(detail_of(alerts[0], Detail::missing, 0)->at, kAlways);
    EXPECT_EQ(detail_of(alerts[0], Detail::missing, 1)->text, "B cells (CD19)");
    EXPECT_EQ(detail_of(alerts[0], Detail::missing, 1)->at, kAlways);
    EXPECT_EQ(detail_of(alerts[0], Detail::missing, 2), nullptr);
}

// Five years of a subject's tests, told one by one when log time is there already: an alert speaks again when another
// test is missing or its urgency changes, and not because an earlier result came.
TEST_F(LandmarkOverdueAlert, speaks_again_only_when_what_is_missing_changes) {
    const RuleSet rules = story::only(SubjectRule::landmark_overdue);
    const std::size_t known_at_once = told.told().size();
    for (int day = 28; day < 5 * 365; day += 31) all_tests(told, day + day % 5);
    SubjectTimeline timeline("STUDY/S-001");
    for (std::size_t i = 0; i < known_at_once; ++i) timeline.apply(story::event_of(told.told()[i]), rules);
    timeline.advance(d(5 * 365), rules);
    EXPECT_EQ(timeline.publish().size(), 7U) << "days 28, 90, 180 and 365, years 2 to 4";
    std::map<std::string, std::set<std::string>> said;
    std::map<std::string, std::uint32_t> revisions;
    for (std::size_t i = known_at_once; i < told.told().size(); ++i) {
        if (!timeline.apply(story::event_of(told.told()[i]), rules).alerts_changed) continue;
        for (const AlertChange& change : timeline.publish()) {
            revisions[change.alert_id] = change.revision;
            if (change.kind == AlertChangeKind::withdrawn) continue;
            std::string missing = name_of(change.alert.urgency);
            for (const AlertDetail& detail : change.alert.details)
                missing += detail.what == Detail::missing ? " " + detail.text : "";
            EXPECT_TRUE(said[change.alert_id].insert(missing).second) << change.alert.day << ": " << missing;
        }
    }
    for (const auto& [id, revision] : revisions) EXPECT_LE(revision, 5U) << "raised, three fewer, withdrawn";
}

TEST_F(LandmarkOverdueAlert, asks_nobody_who_is_not_enrolled_or_joined_later) {
    Story stranger;
    stranger.infused();
    EXPECT_TRUE(alerts_of(stranger, SubjectRule::landmark_overdue, d(60)).empty());
    Story joiner;
    joiner.infused().tell(d(20), Enrollment{});
    EXPECT_TRUE(alerts_of(joiner, SubjectRule::landmark_overdue, d(60)).empty());
    EXPECT_EQ(alerts_of(joiner, SubjectRule::landmark_overdue, d(121)).size(), 1U)
        << "day 90 is the first that it was there for";
}

TEST(VaccineDueAlert, asks_nobody_who_is_not_enrolled) {
    Story stranger;
    stranger.infused();
    EXPECT_TRUE(alerts_of(stranger, SubjectRule::vaccine_due, d(400)).empty());
}

Intervention vaccination(Agent agent = Agent::none) {
    Intervention given;
    given.kind = InterventionKind::vaccination;
    given.phase = InterventionPhase::single;
    given.agent = agent;
    return given;
}
class VaccineDue : public testing::TestWithParam<AlertCase> {};
TEST_P(VaccineDue, alerts) { expect_row(SubjectRule::vaccine_due, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P16, VaccineDue,
    testing::Values(
        AlertCase{"day_179", [](Story&) {}, d(179, 23), {}},
        AlertCase{"day_180", [](Story&) {}, d(180), {Urgency::info}},
        AlertCase{"vaccinated", [](Story& s) { s.tell(d(120), vaccination()); }, d(200), {}},
        AlertCase{"a_vaccination_before_the_cells_counts_no_longer",
                  [](Story& s) { s.tell(d(-5), vaccination()); },
                  d(200),
                  {Urgency::info}},
        AlertCase{
            "zoster_vaccine_on_day_365", [](Story& s) { s.tell(d(120), vaccination()); }, d(365), {Urgency::info}},
        AlertCase{"zoster_vaccine_given",
                  [](Story& s) {
                      s.tell(d(120), vaccination()).tell(d(130), vaccination(Agent::zoster_vaccine_recombinant));
                  },
                  d(400),
                  {}},
        AlertCase{"put_off_by_immunoglobulin", [](Story& s) { s.gives(d(150), Agent::immunoglobulin_iv); }, d(209), {}},
        AlertCase{"until_60_days_later",
                  [](Story& s) { s.gives(d(150), Agent::immunoglobulin_iv); },
                  d(210),
                  {Urgency::info}}),
    CaseName{});

}  // namespace
}  // namespace cellvigil
