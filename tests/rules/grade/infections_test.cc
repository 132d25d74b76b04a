// Infections through the fold: reports, courses, stays and death become episodes and statements.
#include "rules/grade/infections.h"

#include <functional>
#include <ostream>

#include <gtest/gtest.h>

#include "rules/findings/zoster.h"
#include "tests/rules/grade/report_story.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using namespace report_story;

constexpr Grade kNone = kNotGradable;

Infection with(Infection said, const std::function<void(Infection&)>& change) {
    change(said);
    return said;
}

struct Case {
    const char* name;
    std::function<void(Story&)> tell;
    Term term;
    Grade grade;
    Grade upper;
    Flags flags;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class Infections : public testing::TestWithParam<Case> {};
TEST_P(Infections, grade) {
    const Case& c = GetParam();
    Story told = treated();
    c.tell(told);
    const Assessment said = standing(told, d(101), Scale::ctcae_5_0, c.term);
    ASSERT_TRUE(said.under_surveillance);
    EXPECT_EQ(int{said.grade}, int{c.grade});
    EXPECT_EQ(int{said.grade_upper}, int{c.upper});
    EXPECT_EQ(said.flags, c.flags);
    const auto episodes = episodes_of(told, Scale::ctcae_5_0, c.term);
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_EQ(int{episodes[0].max_grade}, int{c.grade});
    EXPECT_EQ(int{episodes[0].max_upper}, int{c.upper});
}

const Infection kZoster = infection_by(Organism::vzv);
const Infection kPneumonia = infection_by(Organism::bacteria);

// clang-format off
INSTANTIATE_TEST_SUITE_P(Rows, Infections, testing::Values(
    // The report alone
    Case{"T22_zoster_valaciclovir", [](Story& s) { s.tell(d(100), infection_by(Organism::vzv, {Route::oral})); }, Term::shingles, 2, 2, {}},
    Case{"T22_zoster_admitted_for_iv", [](Story& s) { s.tell(d(100), with(infection_by(Organism::vzv, {Route::intravenous}), [](Infection& i) { i.hospitalised = true; })); }, Term::shingles, 3, 3, {}},
    Case{"two_non_adjacent_dermatomes", [](Story& s) { s.tell(d(100), with(infection_by(Organism::vzv, {Route::oral}), [](Infection& i) { i.zoster->dermatomes = 2; i.zoster->non_contiguous = true; })); }, Term::shingles, 3, 3, {Flag::disseminated_zoster}},
    Case{"two_adjacent_dermatomes", [](Story& s) { s.tell(d(100), with(infection_by(Organism::vzv, {Route::oral}), [](Infection& i) { i.zoster->dermatomes = 2; })); }, Term::shingles, 2, 2, {}},
    Case{"visceral", [](Story& s) { s.tell(d(100), with(infection_by(Organism::vzv, {Route::oral}), [](Infection& i) { i.zoster->visceral = true; })); }, Term::shingles, 3, 3, {Flag::disseminated_zoster}},
    Case{"twenty_vesicles_outside", [](Story& s) { s.tell(d(100), with(infection_by(Organism::vzv, {Route::oral}), [](Infection& i) { i.zoster->outside_lesions = 20; })); }, Term::shingles, 2, 2, {}},
    Case{"twenty_one_vesicles_outside", [](Story& s) { s.tell(d(100), with(infection_by(Organism::vzv, {Route::oral}), [](Infection& i) { i.zoster->outside_lesions = 21; })); }, Term::shingles, 3, 3, {Flag::disseminated_zoster}},
    Case{"seriousness_says_hospitalised", [](Story& s) { s.tell(d(100), with(infection_by(Organism::vzv, {Route::oral}), [](Infection& i) { i.seriousness.hospitalisation = true; })); }, Term::shingles, 3, 3, {}},
    Case{"life_threatening", [](Story& s) { s.tell(d(100), with(infection_by(Organism::cmv, {Route::intravenous}), [](Infection& i) { i.seriousness.life_threatening = true; })); }, Term::cmv_reactivation, 4, 4, {}},
    Case{"fatal_outcome", [](Story& s) { s.tell(d(100), with(infection_by(Organism::ebv), [](Infection& i) { i.outcome = Outcome::fatal; })); }, Term::ebv_reactivation, 5, 5, {}},
    Case{"nothing_but_the_report", [](Story& s) { s.tell(d(100), kPneumonia); }, Term::infection, kNone, 3, {Flag::treatment_unknown}},
    Case{"possible", [](Story& s) { s.tell(d(100), with(infection_by(Organism::mould, {Route::oral}), [](Infection& i) { i.certainty = Certainty::possible; })); }, Term::infection, 2, 2, {Flag::unconfirmed_infection}},
    // Blood
    Case{"bacteria_in_blood", [](Story& s) { s.tell(d(100), with(infection_by(Organism::bacteria, {Route::intravenous}), [](Infection& i) { i.site.display = "Blood"; })); }, Term::bacteraemia, 2, 2, {}},
    Case{"bacteria_in_blood_that_threaten_life", [](Story& s) { s.tell(d(100), with(infection_by(Organism::bacteria, {Route::intravenous}), [](Infection& i) { i.site.display = "Blood"; i.seriousness.life_threatening = true; })); }, Term::sepsis, 4, 4, {}},
    // Courses
    Case{"course_by_mouth", [](Story& s) { s.tell(d(100), kZoster).tell(d(100, 18), course(Agent::valaciclovir)); }, Term::shingles, 2, 2, {}},
    Case{"course_intravenous", [](Story& s) { s.tell(d(100), infection_by(Organism::vzv, {Route::oral})).tell(d(100, 18), course(Agent::aciclovir, Route::intravenous)); }, Term::shingles, 3, 3, {}},
    Case{"course_of_unknown_route", [](Story& s) { s.tell(d(100), kZoster).tell(d(100, 18), course(Agent::aciclovir)); }, Term::shingles, kNone, 3, {Flag::treatment_unknown}},
    Case{"course_begun_before_the_report", [](Story& s) { s.tell(d(98), course(Agent::valaciclovir)).tell(d(100), kZoster); }, Term::shingles, 2, 2, {}},
    Case{"course_begun_too_early", [](Story& s) { s.tell(d(98, 9), course(Agent::valaciclovir)).tell(d(100), kZoster); }, Term::shingles, kNone, 3, {Flag::treatment_unknown}},
    Case{"prophylaxis_never_raises", [](Story& s) { s.tell(d(100), infection_by(Organism::vzv, {Route::oral})).tell(d(100, 18), prophylaxis(Agent::aciclovir)); }, Term::shingles, 2, 2, {}},
    Case{"prophylaxis_marked_as_treatment_by_mistake", [](Story& s) { auto given = prophylaxis(Agent::aciclovir); given.treatment = true; s.tell(d(100), infection_by(Organism::vzv, {Route::oral})).tell(d(100, 18), given); }, Term::shingles, 2, 2, {}},
    Case{"course_against_something_else", [](Story& s) { s.tell(d(100), infection_by(Organism::vzv, {Route::oral})).tell(d(100, 18), course(Agent::micafungin)); }, Term::shingles, 2, 2, {}},
    Case{"course_against_an_unknown_organism", [](Story& s) { s.tell(d(100), infection_by(Organism::unspecified)).tell(d(100, 18), course(Agent::micafungin)); }, Term::infection, 3, 3, {}},
    Case{"ganciclovir_is_intravenous", [](Story& s) { s.tell(d(100), infection_by(Organism::cmv)).tell(d(100, 18), course(Agent::ganciclovir)); }, Term::cmv_reactivation, 3, 3, {}},
    Case{"entecavir_for_hepatitis_b", [](Story& s) { s.tell(d(100), infection_by(Organism::hbv)).tell(d(100, 18), course(Agent::entecavir)); }, Term::hbv_reactivation, 2, 2, {}},
    // Stays
    Case{"admitted_for_it", [](Story& s) { s.tell(d(100), infection_by(Organism::vzv, {Route::oral})).tell(d(100, 18), stay(Indication::infection)); }, Term::shingles, 3, 3, {}},
    Case{"admitted_about_then", [](Story& s) { s.tell(d(100), infection_by(Organism::vzv, {Route::oral})).tell(d(100, 18), stay()); }, Term::shingles, 2, 3, {Flag::admission_unknown}},
    Case{"admitted_for_crs", [](Story& s) { s.tell(d(100), infection_by(Organism::vzv, {Route::oral})).tell(d(100, 18), stay(Indication::crs)); }, Term::shingles, 2, 2, {}},
    // Adverse event reports
    Case{"coded_shingles", [](Story& s) { auto e = event_of(AdverseEventCategory::infection); e.codes = {{"http://terminology.hl7.org/MedDRA", "10040555", ""}}; e.seriousness.hospitalisation = true; s.tell(d(100), e); }, Term::shingles, 3, 3, {}},
    Case{"coded_sepsis", [](Story& s) { auto e = event_of(AdverseEventCategory::infection); e.codes = {{"", "10040047", ""}}; s.tell(d(100), e); }, Term::sepsis, 3, 3, {}},
    Case{"a_number_of_another_system_is_no_code", [](Story& s) { auto e = event_of(AdverseEventCategory::infection); e.codes = {{"http://snomed.info/sct", "10040047", ""}}; s.tell(d(100), e); }, Term::infection, kNone, 3, {Flag::treatment_unknown}},
    Case{"event_report_joins_the_infection", [](Story& s) { auto e = event_of(AdverseEventCategory::infection); e.codes = {{"", "10040555", ""}}; e.seriousness.life_threatening = true; s.tell(d(100), infection_by(Organism::vzv, {Route::oral})).tell(d(100, 20), e); }, Term::shingles, 4, 4, {}},
    // Death
    Case{"death_by_the_one_open_infection", [](Story& s) { s.tell(d(100), infection_by(Organism::mould, {Route::intravenous})).died(d(100, 20), DeathCause::infection); }, Term::infection, 5, 5, {}},
    Case{"death_of_unknown_cause", [](Story& s) { s.tell(d(100), infection_by(Organism::mould, {Route::intravenous})).died(d(100, 20), DeathCause::unknown); }, Term::infection, 3, 5, {Flag::death_cause_unknown}},
    Case{"death_by_lymphoma", [](Story& s) { s.tell(d(100), infection_by(Organism::mould, {Route::intravenous})).died(d(100, 20), DeathCause::disease); }, Term::infection, 3, 3, {}}),
    CaseName{});
// clang-format on

TEST(InfectionsDeath, of_several_open_infections_it_may_be_any) {
    Story told = treated();
    told.tell(d(99), infection_by(Organism::mould, {Route::intravenous}))
        .tell(d(99), infection_by(Organism::cmv, {Route::oral}))
        .died(d(100), DeathCause::infection);
    const Assessment cmv = standing(told, d(101), Scale::ctcae_5_0, Term::cmv_reactivation);
    EXPECT_EQ(cmv.grade, 2);
    EXPECT_EQ(cmv.grade_upper, 5);
    EXPECT_TRUE(cmv.flags.has(Flag::death_cause_unknown));
}

TEST(InfectionsEpisode, a_refuted_report_is_none) {
    Story told = treated();
    told.tell(d(100), with(kZoster, [](Infection& i) { i.certainty = Certainty::refuted; }));
    EXPECT_FALSE(standing(told, d(101), Scale::ctcae_5_0, Term::shingles).under_surveillance);
    EXPECT_TRUE(episodes_of(told, Scale::ctcae_5_0, Term::shingles).empty());
}

TEST(InfectionsEpisode, before_the_infusion_nothing_is_graded) {
    Story told;
    told.adult().tell(d(-5), infection_by(Organism::vzv, {Route::oral})).infused();
    EXPECT_TRUE(episodes_of(told, Scale::ctcae_5_0, Term::shingles).empty());
}

TEST(InfectionsEpisode, a_linked_report_belongs_to_the_record_it_names) {
    Story told = treated();
    told.tell(d(100), infection_by(Organism::cmv, {Route::oral}), "cmv-1");
    told.tell(d(120),
              with(infection_by(Organism::cmv, {Route::intravenous}), [](Infection& i) { i.linked_record = "cmv-1"; }));
    const auto linked = episodes_of(told, Scale::ctcae_5_0, Term::cmv_reactivation);
    ASSERT_EQ(linked.size(), 1U);
    EXPECT_EQ(linked[0].max_grade, 3);
    EXPECT_EQ(linked[0].max_at, d(120));
    told.tell(d(130), infection_by(Organism::cmv, {Route::oral}));
    EXPECT_EQ(episodes_of(told, Scale::ctcae_5_0, Term::cmv_reactivation).size(), 2U);
}

TEST(InfectionsEpisode, ends_as_reported_and_stands_until_then) {
    Story told = treated();
    told.tell_until(d(100), d(110), infection_by(Organism::vzv, {Route::oral}));
    EXPECT_TRUE(standing(told, d(110), Scale::ctcae_5_0, Term::shingles).under_surveillance);
    EXPECT_FALSE(standing(told, d(110, 11), Scale::ctcae_5_0, Term::shingles).under_surveillance);
    const auto episodes = episodes_of(told, Scale::ctcae_5_0, Term::shingles);
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_EQ(episodes[0].resolved, d(110));
}

TEST(InfectionsEpisode, the_worst_that_holds_is_said) {
    Story told = treated();
    told.tell_until(d(100), d(105), infection_by(Organism::bacteria, {Route::intravenous}));
    told.tell(d(101), infection_by(Organism::yeast, {Route::oral}));
    EXPECT_EQ(standing(told, d(102), Scale::ctcae_5_0, Term::infection).grade, 3);
    EXPECT_EQ(standing(told, d(106), Scale::ctcae_5_0, Term::infection).grade, 2);
    EXPECT_EQ(episodes_of(told, Scale::ctcae_5_0, Term::infection).size(), 2U);
}

// The same reports are the same episodes here and where zoster is counted and alerted.
TEST(InfectionsEpisode, zoster_is_divided_as_its_alerts_are) {
    Story told = treated();
    told.tell_until(d(100), d(110), infection_by(Organism::vzv, {Route::oral}))
        .tell(d(124), infection_by(Organism::vzv, {Route::oral}))      // 14 days after the resolution: the same
        .tell(d(138, 11), infection_by(Organism::vzv, {Route::oral}))  // more than 14 days after the last report
        .tell(d(200), infection_by(Organism::vzv, {Route::intravenous}));
    const auto episodes = episodes_of(told, Scale::ctcae_5_0, Term::shingles);
    const auto alerts = told.timeline().derived({}, d(400)).alerts;
    ASSERT_EQ(episodes.size(), 3U);
    ASSERT_EQ(alerts.size(), episodes.size());
    for (std::size_t i = 0; i < alerts.size(); ++i) {
        EXPECT_EQ(alerts[i].rule, SubjectRule::herpes_zoster);
        EXPECT_EQ(alerts[i].at, episodes[i].onset);
        EXPECT_EQ(alerts[i].ordinal, episodes[i].ordinal);
    }
}

TEST(InfectionsScale, each_chosen_version_says_it_and_no_other) {
    Story told = treated();
    told.tell(d(100), infection_by(Organism::vzv, {Route::oral}));
    RuleSet both;
    both.scales.add(Scale::ctcae_6_0);
    EXPECT_EQ(standing(told, d(101), Scale::ctcae_6_0, Term::shingles, both).grade, 2);
    EXPECT_EQ(standing(told, d(101), Scale::ctcae_5_0, Term::shingles, both).grade, 2);
    EXPECT_FALSE(standing(told, d(101), Scale::ctcae_6_0, Term::shingles).under_surveillance);
    RuleSet neither;
    neither.scales.remove(Scale::ctcae_5_0);
    EXPECT_TRUE(episodes_of(told, Scale::ctcae_5_0, Term::shingles, neither).empty());
}

}  // namespace
}  // namespace cellvigil
