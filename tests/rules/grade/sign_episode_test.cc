// Episodes of CTCAE's fever, hypotension and hypoxia: onset, maximum, resolution, recurrence, silence; both sides of
// the hold.
#include "rules/grade/sign_episode.h"

#include <gtest/gtest.h>

#include "tests/rules/grade/legacy_ward.h"

namespace cellvigil {
namespace {

using namespace legacy_ward;

std::vector<Episode> episodes_of(const Story& told, Scale scale, Term term, Instant asked = d(60),
                                 const RuleSet& rules = all_scales()) {
    std::vector<Episode> found = told.timeline(rules).derived(rules, asked).episodes;
    std::erase_if(found, [&](const Episode& one) { return one.scale != scale || one.term != term; });
    return found;
}

Story patient() {
    Story s;
    s.adult().infused();
    return s;
}
// Every 6 hours from a time on.
Story& charted(Story& s, Instant from, int readings, double celsius) {
    for (int i = 0; i < readings; ++i) s.temperature(from + hours(6 * i), celsius);
    return s;
}

constexpr Scale v5 = Scale::ctcae_5_0;
constexpr Scale v6 = Scale::ctcae_6_0;

TEST(FeverEpisode, from_the_first_fever_to_the_first_reading_without) {
    Story s = patient();
    charted(s, d(3, 8), 4, 38.4).temperature(d(4, 8), 39.6);
    charted(s, d(4, 14), 6, 36.9);
    for (const Scale version : {v5, v6}) {
        const auto episodes = episodes_of(s, version, Term::fever);
        ASSERT_EQ(episodes.size(), 1U);
        EXPECT_EQ(episodes[0].onset, d(3, 8));
        EXPECT_EQ(episodes[0].resolved, d(4, 14));
        EXPECT_EQ(int{episodes[0].max_grade}, 2);
        EXPECT_EQ(int{episodes[0].max_upper}, 2);
        EXPECT_EQ(episodes[0].max_at, d(4, 8));
        EXPECT_EQ(episodes[0].ordinal, 1);
        EXPECT_EQ(episodes[0].infusion, 1);
    }
}

TEST(FeverEpisode, is_open_until_a_day_without_fever_was_seen) {
    Story s = patient();
    s.temperature(d(3, 8), 38.4);
    charted(s, d(3, 14), 4, 36.9);  // to 08:00 on day 4
    EXPECT_TRUE(said_of(s, d(4, 13, 59), v5, Term::fever).episode_open);
    EXPECT_FALSE(episodes_of(s, v5, Term::fever, d(4, 13, 59))[0].resolved.has_value());
    EXPECT_FALSE(said_of(s, d(4, 14), v5, Term::fever).episode_open);
    EXPECT_EQ(episodes_of(s, v5, Term::fever, d(4, 14))[0].resolved, d(3, 14));
}

TEST(FeverEpisode, a_fever_within_the_day_is_the_same_one_and_later_another) {
    Story same = patient();
    same.temperature(d(3, 8), 38.4).temperature(d(3, 14), 36.9).temperature(d(4, 13, 59), 38.1);
    ASSERT_EQ(episodes_of(same, v5, Term::fever).size(), 1U);
    EXPECT_FALSE(said_of(same, d(4, 14), v5, Term::fever).flags.has(Flag::recurrence));
    Story other = patient();
    other.temperature(d(3, 8), 38.4).temperature(d(3, 14), 36.9).temperature(d(4, 14), 38.1);
    const auto episodes = episodes_of(other, v5, Term::fever);
    ASSERT_EQ(episodes.size(), 2U);
    EXPECT_EQ(episodes[0].resolved, d(3, 14));
    EXPECT_EQ(episodes[1].onset, d(4, 14));
    EXPECT_EQ(episodes[1].ordinal, 2);
    EXPECT_TRUE(said_of(other, d(4, 14), v5, Term::fever).flags.has(Flag::recurrence));
}

TEST(FeverEpisode, silence_ends_nothing) {
    Story s = patient();
    s.temperature(d(3, 8), 38.4);
    const auto episodes = episodes_of(s, v5, Term::fever, d(60));
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_FALSE(episodes[0].resolved.has_value());
    EXPECT_FALSE(said_of(s, d(17, 8), v5, Term::fever).flags.has(Flag::unobserved_gap));
    const Assessment silent = said_of(s, d(17, 8, 1), v5, Term::fever);
    EXPECT_TRUE(silent.flags.has(Flag::unobserved_gap));
    EXPECT_EQ(range_of(silent), "NA-1");
    EXPECT_TRUE(episodes[0].flags.has(Flag::unobserved_gap));
    Story seen = patient();
    charted(seen, d(3, 8), 70, 38.2);
    EXPECT_FALSE(said_of(seen, d(20, 8), v5, Term::fever).flags.has(Flag::unobserved_gap));
}

TEST(HypotensionEpisode, keeps_its_maximum_and_ends_with_a_normal_pressure) {
    Story s = patient();
    low_pressure(s, d(3, 8)).starts(d(3, 9), Agent::norepinephrine).stops(d(3, 20), Agent::norepinephrine);
    for (int hour = 20; hour <= 48; hour += 4) s.systolic(d(3) + hours(hour - 10), 118);
    const auto episodes = episodes_of(s, v5, Term::hypotension);
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_EQ(episodes[0].onset, d(3, 8, 10));
    EXPECT_EQ(int{episodes[0].max_grade}, 3);
    EXPECT_EQ(int{episodes[0].max_upper}, 4);
    ASSERT_TRUE(episodes[0].resolved.has_value());
    EXPECT_EQ(*episodes[0].resolved, d(3, 20));
}

TEST(HypotensionEpisode, a_pressure_that_is_no_longer_known_stays_possible) {
    Story s = patient();
    low_pressure(s, d(3, 8));
    const Assessment said = said_of(s, d(5), v5, Term::hypotension);
    EXPECT_EQ(range_of(said), "NA-2");
    EXPECT_TRUE(said.flags.has(Flag::stale_input));
    EXPECT_TRUE(said.episode_open);
}

TEST(HypoxiaEpisode, of_each_version_by_its_own_grades) {
    Story s = patient();
    s.spo2(d(3, 8), 92).spo2(d(3, 12), 86).spo2(d(3, 16), 97);
    for (int hour = 20; hour <= 48; hour += 4) s.spo2(d(3) + hours(hour - 10), 97);
    const auto five = episodes_of(s, v5, Term::hypoxia);
    const auto six = episodes_of(s, v6, Term::hypoxia);
    ASSERT_EQ(five.size(), 1U);
    ASSERT_EQ(six.size(), 1U);
    EXPECT_EQ(five[0].onset, d(3, 12));
    EXPECT_EQ(six[0].onset, d(3, 8));
    EXPECT_EQ(five[0].resolved, d(3, 16));
    EXPECT_EQ(six[0].resolved, d(3, 16));
    EXPECT_EQ(int{six[0].max_grade}, 3);
}

TEST(SignEpisodes, of_the_chosen_version_alone_and_kept_over_another_infusion) {
    RuleSet rules;
    rules.scales = {Scale::ctcae_6_0};
    Story s = patient();
    s.temperature(d(3, 8), 38.4).infused(d(4)).temperature(d(5), 38.6);
    EXPECT_TRUE(episodes_of(s, v5, Term::fever, d(6), rules).empty());
    const auto episodes = episodes_of(s, v6, Term::fever, d(6), rules);
    ASSERT_EQ(episodes.size(), 2U);
    EXPECT_EQ(episodes[0].infusion, 1);
    EXPECT_EQ(episodes[1].infusion, 2);
    EXPECT_EQ(episodes[1].ordinal, 1);
}

TEST(FebrileNeutropeniaEpisodes, open_ones_are_of_the_chosen_version) {
    RuleSet rules;
    rules.scales = {Scale::ctcae_6_0};
    Story s = patient();
    s.lab(d(5, 8), Analyte::neutrophils, 0.3).temperature(d(5), 38.5);
    EXPECT_TRUE(episodes_of(s, v5, Term::febrile_neutropenia, d(6), rules).empty());
    EXPECT_EQ(episodes_of(s, v6, Term::febrile_neutropenia, d(6), rules).size(), 1U);
    EXPECT_EQ(episodes_of(s, v5, Term::febrile_neutropenia, d(6)).size(), 1U);
}

}  // namespace
}  // namespace cellvigil
