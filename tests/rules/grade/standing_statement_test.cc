// Cases in which a statement hung on a question about something else, found by the laws
// (standing_statement_law_test.cc, subject_timeline_law_test.cc); those of support with a stated end are in
// ctcae_signs_test.cc and legacy_crs_test.cc.
#include <optional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/rules/grade/icans_ward.h"
#include "tests/rules/grade/legacy_ward.h"

namespace cellvigil {
namespace {

using icans_ward::adult;
using icans_ward::finding;
using legacy_ward::all_scales;
using legacy_ward::names;
using legacy_ward::range_of;
using legacy_ward::said_of;
using legacy_ward::value;
using story::d;
using story::Story;

Intervention given(InterventionKind kind, InterventionPhase phase = InterventionPhase::start) {
    Intervention told;
    told.kind = kind;
    told.phase = phase;
    return told;
}
Intervention ventilation() {
    Intervention told = given(InterventionKind::oxygen);
    told.device = OxygenDevice::invasive_ventilation;
    return told;
}
std::vector<Episode> episodes_of(const Story& told, Scale scale, Term term) {
    std::vector<Episode> found;
    for (const Episode& one : told.timeline(all_scales()).derived(all_scales(), d(300)).episodes) {
        if (one.scale == scale && one.term == term) found.push_back(one);
    }
    return found;
}

// One low reading opens no episode; CRS has nothing to say long after its window.
TEST(StandingStatement, a_healthy_pressure_ends_a_suspected_hypotension) {
    Story told;
    adult(told).systolic(d(200, 10), 80);
    ASSERT_EQ(range_of(said_of(told, d(203), Scale::ctcae_5_0, Term::hypotension)), "NA-2");
    told.systolic(d(203, 10), 120);
    EXPECT_EQ(range_of(said_of(told, d(203, 10), Scale::ctcae_5_0, Term::hypotension)), "0");
}

// In hospital a temperature holds for 8 hours, at home for 26.
TEST(StandingStatement, febrile_neutropenia_hears_of_an_admission) {
    Story told;
    adult(told).tell(d(2, 9), given(InterventionKind::hospital_stay, InterventionPhase::stop));
    told.temperature(d(7, 2), 40).tell(d(7, 3), given(InterventionKind::hospital_stay));
    EXPECT_EQ(range_of(said_of(told, d(7, 10), Scale::ctcae_5_0, Term::febrile_neutropenia)), "NA-3");
    EXPECT_EQ(range_of(said_of(told, d(7, 10, 1), Scale::ctcae_5_0, Term::febrile_neutropenia)), "-");
}

TEST(StandingStatement, enough_neutrophils_end_a_febrile_neutropenia_whose_fever_is_no_longer_known) {
    Story told;
    adult(told).lab(d(6, 17), Analyte::neutrophils, 0.6).temperature(d(6, 19), 40);
    ASSERT_EQ(range_of(said_of(told, d(10), Scale::ctcae_5_0, Term::febrile_neutropenia)), "3");
    told.lab(d(100, 10), Analyte::neutrophils, 7);
    EXPECT_EQ(range_of(said_of(told, d(100, 10), Scale::ctcae_5_0, Term::febrile_neutropenia)), "-");
}

TEST(StandingStatement, values_from_before_the_end_of_a_reported_iec_hs_make_up_no_other_one) {
    Story told;
    AdverseEvent report;
    report.category = AdverseEventCategory::iec_hs;
    adult(told).tell_until(d(6, 4), d(10, 19), report).lab(d(9, 1), Analyte::fibrinogen, 1.0);
    value(told, d(9, 2), Analyte::alt, 400, 40);
    ASSERT_TRUE(said_of(told, d(10, 18), Scale::iec_hs_2023, Term::iec_hs).episode_open);
    EXPECT_EQ(range_of(said_of(told, d(10, 20), Scale::iec_hs_2023, Term::iec_hs)), "-");
}

// The limit of silence passes on day 23, and the time in which the items count together on day 11.
TEST(StandingStatement, an_iec_hs_ends_with_the_last_value_that_told_of_it) {
    Story told;
    value(value(adult(told), d(8, 8), Analyte::ferritin, 5000, 300), d(8, 9), Analyte::alt, 400, 40);
    told.lab(d(9, 9), Analyte::fibrinogen, 1.0);
    value(told, d(33, 9), Analyte::ferritin, 250, 300);
    const std::vector<Episode> found = episodes_of(told, Scale::iec_hs_2023, Term::iec_hs);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].onset, d(9, 9));
    EXPECT_EQ(found[0].resolved, d(9, 9));
    EXPECT_TRUE(found[0].flags.has(Flag::unobserved_gap));
}

// A verdict without a stated end is over with the episode, and what is said then goes without it.
TEST(StandingStatement, the_end_of_a_crs_ends_the_verdict_on_a_tube_in_the_same_statement) {
    Story told;
    adult(told).signed_other(d(1, 22), Scale::astct_crs_2019, Component::hypoxia).temperature(d(2, 9), 39);
    told.tell(d(2, 16), ventilation());
    ASSERT_TRUE(said_of(told, d(2, 16), Scale::astct_crs_2019).flags.has(Flag::alt_cause_confirmed));
    told.temperature(d(5, 10), 36);
    const Assessment said = said_of(told, d(5, 10), Scale::astct_crs_2019);
    EXPECT_FALSE(said.episode_open);
    EXPECT_EQ(range_of(said), "0-4");
    EXPECT_FALSE(said.flags.has(Flag::alt_cause_confirmed));
}

// ECMO that nobody charts runs on as a sign, until it is signed as due to something else; 14 days later the episode may
// have ended unseen. ASTCT says the same before and after, the older scales with an organ row do not.
TEST(StandingStatement, silence_after_a_verdict_leaves_the_older_scales_open) {
    Story told;
    adult(told).tell(d(1, 23), given(InterventionKind::dialysis)).tell(d(6, 6), given(InterventionKind::ecmo));
    told.temperature(d(7, 15), 40).signed_other(d(198, 19), Scale::astct_crs_2019, Component::hypoxia);
    const Instant limit = d(212, 19);
    ASSERT_TRUE(said_of(told, limit, Scale::astct_crs_2019)
                    .says_same(said_of(told, limit + milliseconds(1), Scale::astct_crs_2019)));
    EXPECT_EQ(range_of(said_of(told, limit, Scale::lee_2014)), "4");
    EXPECT_EQ(range_of(said_of(told, limit + milliseconds(1), Scale::lee_2014)), "NA-4");
}

// ASTCT speaks twice at 24 hours after the infusion: of the saturation, and of the temperature.
TEST(StandingStatement, the_older_scales_hear_the_second_statement_of_an_instant) {
    Story told;
    const Instant day_later = story::infusion_time() + hours(24);
    adult(told).temperature(day_later - hours(1), 38).spo2(day_later, 89).temperature(day_later, 39);
    EXPECT_FALSE(said_of(told, day_later, Scale::astct_crs_2019).flags.has(Flag::infusion_reaction_window));
    EXPECT_FALSE(said_of(told, day_later, Scale::lee_2014).flags.has(Flag::infusion_reaction_window));
}

// Any later fact of the subject ended it for CARTOX, too.
TEST(StandingStatement, a_score_of_10_ends_the_verdict_on_the_score_for_cartox_too) {
    Story told;
    adult(told).ice(d(3, 6), 5).signed_other(d(5, 1), Scale::astct_icans_2019, Component::ice);
    ASSERT_TRUE(said_of(told, d(5, 2), Scale::cartox_cres).flags.has(Flag::alt_cause_confirmed));
    told.ice(d(5, 11), 10);
    const Assessment said = said_of(told, d(5, 11), Scale::cartox_cres);
    EXPECT_EQ(range_of(said), "NA-1");
    EXPECT_FALSE(said.flags.has(Flag::alt_cause_confirmed));
}

// A late sign opens the episode, and within one it matters that nobody can be tested.
TEST(StandingStatement, a_late_icans_says_at_once_that_a_tube_keeps_from_testing) {
    Story told;
    adult(told).tell(d(229, 10), ventilation()).neuro(d(230, 10), finding(NeuroKind::diffuse_oedema_imaging));
    const Assessment said = said_of(told, d(230, 10), Scale::astct_icans_2019);
    EXPECT_TRUE(said.episode_open);
    EXPECT_EQ(names(said.flags), "sedated delayed_neurotoxicity ");
}

// What CRS spares: a healthy reading in the place of another one, but for its date.
TEST(StandingStatement, an_imputed_date_is_remarked_while_it_is_the_last_reading) {
    Story told;
    adult(told).temperature(d(2, 8), 39).temperature(d(3, 9), 37);
    told.temperature(d(3, 12), 37).last_with(bit(EventFlag::imputed_date));
    EXPECT_EQ(names(said_of(told, d(3, 12), Scale::ctcae_5_0, Term::fever).flags), "imputed_date ");
    told.temperature(d(3, 13), 37);
    EXPECT_EQ(names(said_of(told, d(3, 13), Scale::ctcae_5_0, Term::fever).flags), "");
}

// Nobody follows it any further, and nobody saw it end.
TEST(UnfinishedEpisode, is_listed_after_the_next_infusion) {
    Story told;
    adult(told).temperature(d(2, 8), 39).ice(d(2, 9), 5);
    AdverseEvent report;
    report.category = AdverseEventCategory::iec_hs;
    told.tell(d(2, 10), report).infused(d(3, 10), "lot-2");
    for (const auto& [scale, term] :
         {std::pair(Scale::astct_crs_2019, Term::none), std::pair(Scale::astct_icans_2019, Term::none),
          std::pair(Scale::lee_2014, Term::none), std::pair(Scale::cartox_cres, Term::none),
          std::pair(Scale::iec_hs_2023, Term::iec_hs), std::pair(Scale::ctcae_5_0, Term::fever)}) {
        const std::vector<Episode> found = episodes_of(told, scale, term);
        ASSERT_EQ(found.size(), 1U) << name_of(scale);
        EXPECT_EQ(found[0].infusion, 1);
        EXPECT_EQ(found[0].resolved, std::nullopt);
    }
}

TEST(UnfinishedEpisode, is_another_one_than_the_next_index_has) {
    Story told;
    adult(told).temperature(d(2, 8), 39).infused(d(3, 10), "lot-2").temperature(d(4, 8), 39);
    const std::vector<Episode> found = episodes_of(told, Scale::astct_crs_2019, Term::none);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].infusion, 1);
    EXPECT_EQ(found[1].infusion, 2);
    EXPECT_EQ(found[1].ordinal, 1);
}

}  // namespace
}  // namespace cellvigil
