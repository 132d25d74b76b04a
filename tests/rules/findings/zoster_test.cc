// Zoster classes by their table, episodes by the refractory interval, alerts from both (docs/clinical/zoster.md).
#include "rules/findings/zoster.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"
#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;
using story::Story;

struct ClassCase {
    const char* name;
    Zoster zoster;
    ZosterClass expected;
};
class ZosterClasses : public testing::TestWithParam<ClassCase> {};
TEST_P(ZosterClasses, are_the_highest_that_a_feature_supports) {
    Infection infection;
    infection.organism = Organism::vzv;
    infection.zoster = GetParam().zoster;
    EXPECT_EQ(zoster_class(infection), GetParam().expected);
}
Zoster with(std::optional<std::uint32_t> dermatomes, std::optional<std::uint32_t> outside = {}) {
    Zoster zoster;
    zoster.dermatomes = dermatomes;
    zoster.outside_lesions = outside;
    return zoster;
}
Zoster with(std::optional<bool> Zoster::*feature, std::uint32_t dermatomes = 1) {
    Zoster zoster = with(dermatomes);
    zoster.*feature = true;
    return zoster;
}
INSTANTIATE_TEST_SUITE_P(
    Table, ZosterClasses,
    testing::Values(ClassCase{"one_dermatome", with(1), ZosterClass::localised},
                    ClassCase{"two_dermatomes", with(2), ZosterClass::localised},
                    ClassCase{"three_dermatomes", with(3), ZosterClass::multidermatomal},
                    ClassCase{"twenty_outside", with(1, 20), ZosterClass::localised},
                    ClassCase{"twenty_one_outside", with(1, 21), ZosterClass::disseminated},
                    ClassCase{"non_contiguous", with(&Zoster::non_contiguous), ZosterClass::disseminated},
                    ClassCase{"said_disseminated", with(&Zoster::disseminated), ZosterClass::disseminated},
                    ClassCase{"ophthalmic", with(&Zoster::ophthalmic), ZosterClass::ophthalmic_or_oticus},
                    ClassCase{"oticus", with(&Zoster::oticus), ZosterClass::ophthalmic_or_oticus},
                    ClassCase{"cns", with(&Zoster::cns), ZosterClass::cns_or_visceral},
                    ClassCase{"visceral_beats_ophthalmic",
                              [] {
                                  Zoster z = with(&Zoster::ophthalmic);
                                  z.visceral = true;
                                  return z;
                              }(),
                              ZosterClass::cns_or_visceral},
                    ClassCase{"nothing_said", with(std::nullopt), ZosterClass::unspecified}),
    CaseName{});

const RuleSet kZosterOnly = story::alerting({SubjectRule::herpes_zoster});

Infection rash(std::uint32_t dermatomes = 1) {
    Infection infection;
    infection.pathogen = PathogenClass::viral;
    infection.organism = Organism::vzv;
    infection.zoster = with(dermatomes);
    return infection;
}

TEST(ZosterAlert, every_episode_alerts_once_with_day_and_class) {
    Story told;
    told.adult().infused().tell_until(d(120), d(130), rash()).tell(d(144), rash(3)).tell(d(145), rash());
    const Derived derived = told.timeline(kZosterOnly).derived(kZosterOnly, kAlways);
    ASSERT_EQ(derived.alerts.size(), 1U) << "day 144 lies within 14 days of the resolution on day 130";
    EXPECT_EQ(derived.alerts[0].rule, SubjectRule::herpes_zoster);
    EXPECT_EQ(derived.alerts[0].day, 120);
    EXPECT_EQ(derived.alerts[0].zoster, ZosterClass::multidermatomal);
    EXPECT_EQ(derived.alerts[0].evidence.size(), 3U);
}

TEST(ZosterAlert, beyond_the_refractory_interval_is_another_episode) {
    Story told;
    told.adult().infused().tell_until(d(120), d(130), rash()).tell(d(144, 10, 1), rash());
    EXPECT_EQ(told.timeline(kZosterOnly).derived(kZosterOnly, kAlways).alerts.size(), 2U);
}

TEST(ZosterAlert, past_day_90_means_day_91_on) {
    for (const auto& [day, counted] : {std::pair{90, 0}, {91, 1}}) {
        Story told;
        told.adult().infused().tell(d(day), rash());
        EXPECT_EQ(int{told.timeline().summary().zoster_past_day_90}, counted) << day;
    }
}

TEST(ZosterAlert, viraemia_alone_and_refuted_reports_are_no_zoster) {
    Infection viraemia = rash();
    viraemia.viraemia_only = true;
    Infection refuted = rash();
    refuted.certainty = Certainty::refuted;
    Story told;
    told.adult().infused().tell(d(100), viraemia).tell(d(110), refuted);
    EXPECT_TRUE(told.timeline(kZosterOnly).derived(kZosterOnly, kAlways).alerts.empty());
}

TEST(PublishedAlerts, are_raised_once_changed_on_worsening_and_withdrawn_by_retraction) {
    Story story;
    story.adult()
        .infused()
        .temperature(d(3, 8), 39.0)
        .starts(d(3, 9), Agent::norepinephrine)
        .starts(d(3, 10), Agent::epinephrine);
    story.temperature(d(3, 11), 39.0);
    SubjectTimeline timeline("STUDY/S-001");
    std::vector<AlertChange> changes;
    const auto apply = [&](const story::Told& told) {
        if (timeline.apply(story::event_of(told), kZosterOnly).alerts_changed) {
            for (AlertChange& change : timeline.publish()) changes.push_back(std::move(change));
        }
    };
    for (const story::Told& told : story.told()) apply(told);
    ASSERT_EQ(changes.size(), 3U);
    EXPECT_EQ(changes[0].kind, AlertChangeKind::raised);
    EXPECT_EQ(int{changes[0].alert.grade_upper}, 3);
    EXPECT_EQ(changes[1].kind, AlertChangeKind::changed);
    EXPECT_EQ(int{changes[1].alert.grade_upper}, 4);
    EXPECT_EQ(changes[2].revision, 3U) << "grade 4 once they have run together for 30 min";
    EXPECT_EQ(changes[0].alert_id, changes[2].alert_id);
    EXPECT_TRUE(timeline.publish().empty());
    for (const std::size_t pressor : {3U, 4U}) {
        story::Told gone = story.told()[pressor];
        gone.message_id += "-retract";
        gone.event.version = 2;
        gone.event.action = RecordAction::retract;
        gone.event.body = Retraction{};
        gone.event.content_hash += 1;
        apply(gone);
    }
    ASSERT_FALSE(changes.empty());
    EXPECT_EQ(changes.back().kind, AlertChangeKind::withdrawn);
    EXPECT_EQ(changes.back().alert_id, changes[0].alert_id);
}

TEST(ToxicityDeath, alerts_at_once) {
    Story told;
    told.adult().infused().temperature(d(8, 8), 38.9).died(d(8, 10), DeathCause::crs);
    const Derived derived = told.timeline(kZosterOnly).derived(kZosterOnly, kAlways);
    ASSERT_EQ(derived.alerts.size(), 2U);
    EXPECT_EQ(derived.alerts[0].rule, SubjectRule::crs_grade_3);
    EXPECT_EQ(derived.alerts[1].rule, SubjectRule::toxicity_death);
    EXPECT_EQ(int{derived.alerts[1].grade}, 5);
}

}  // namespace
}  // namespace cellvigil
