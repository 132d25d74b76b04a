// The course of ICANS over time: onset, end, recurrence, silence, evidence, and what is not a statement at all.
#include <gtest/gtest.h>

#include "tests/rules/grade/icans_ward.h"

namespace cellvigil {
namespace {

using namespace icans_ward;

std::vector<Episode> episodes_of(const Story& told, Instant as_of) {
    std::vector<Episode> found;
    for (const Episode& episode : told.timeline().derived({}, as_of).episodes) {
        if (episode.scale == Scale::astct_icans_2019) found.push_back(episode);
    }
    return found;
}

std::vector<std::string> evidence_of(const Story& told, Instant at) {
    const SubjectTimeline timeline = told.timeline();
    Assessment last;
    for (const Assessment& said : timeline.derived({}, at).assessments) {
        if (said.scale == Scale::astct_icans_2019) last = said;
    }
    std::vector<std::string> names;
    for (const RecordRef record : last.evidence) {
        if (record.known()) names.push_back(timeline.record_text(record));
    }
    return names;
}

Story& twice_daily(Story& told, int from, int to, std::uint32_t ice) {
    for (int day = from; day <= to; ++day) told.ice(d(day, 8), ice).ice(d(day, 20), ice);
    return told;
}

TEST(IcansEpisode, opens_with_the_first_sign_and_ends_with_the_last) {
    Story told;
    adult(told).ice(d(4, 8), 6).ice(d(4, 20), 3).ice(d(5, 8), 8);
    twice_daily(told, 6, 8, 10);
    const auto episodes = episodes_of(told, d(9, 8));
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_EQ(episodes[0].onset, d(4, 8));
    EXPECT_EQ(episodes[0].resolved, d(5, 8));
    EXPECT_EQ(int{episodes[0].max_grade}, 2);
    EXPECT_EQ(episodes[0].max_at, d(4, 8));
}

TEST(IcansEpisode, a_single_normal_score_and_silence_do_not_end_it) {
    Story told;
    adult(told).ice(d(4, 8), 6).ice(d(5, 8), 10);
    const auto episodes = episodes_of(told, d(20, 8));
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_FALSE(episodes[0].resolved.has_value());
}

TEST(IcansEpisode, ends_at_24_h_of_observed_absence) {
    Story told;
    adult(told).ice(d(4, 8), 6).ice(d(5, 8), 10).ice(d(5, 20), 10);
    EXPECT_FALSE(episodes_of(told, d(6, 8) - milliseconds(1))[0].resolved.has_value());
    EXPECT_EQ(episodes_of(told, d(6, 8))[0].resolved, d(4, 8));
}

TEST(IcansEpisode, daily_scores_are_enough) {
    Story told;
    adult(told).ice(d(4, 8), 6).ice(d(5, 8), 10).ice(d(6, 8), 10);
    EXPECT_EQ(episodes_of(told, d(6, 8))[0].resolved, d(4, 8));
}

TEST(IcansEpisode, a_visit_long_after_ends_it_when_it_is_still_normal) {
    Story told;
    adult(told).ice(d(4, 8), 6).ice(d(5, 8), 10).ice(d(12, 8), 10);
    EXPECT_EQ(episodes_of(told, d(12, 8))[0].resolved, d(4, 8));
}

TEST(IcansEpisode, a_sign_within_24_h_is_the_same_episode) {
    Story told;
    adult(told).ice(d(4, 8), 6).ice(d(4, 16), 10).ice(d(5, 4), 10).ice(d(5, 10), 9);
    const auto episodes = episodes_of(told, d(5, 12));
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_EQ(episodes[0].onset, d(4, 8));
    EXPECT_FALSE(episodes[0].resolved.has_value());
}

TEST(IcansEpisode, absence_counts_from_the_last_change_to_normal) {
    Story told;
    adult(told).ice(d(4, 8), 8).ice(d(4, 16), 10).ice(d(5, 4), 8).ice(d(5, 12), 10).ice(d(6, 0), 10).ice(d(6, 8), 10);
    EXPECT_FALSE(episodes_of(told, d(6, 12) - milliseconds(1))[0].resolved.has_value());
    EXPECT_EQ(episodes_of(told, d(6, 12))[0].resolved, d(5, 4));
}

TEST(IcansEpisode, a_new_sign_after_the_end_is_a_recurrence) {
    Story told;
    adult(told).ice(d(4, 8), 6);
    twice_daily(told, 5, 7, 10).ice(d(9, 8), 7);
    const auto episodes = episodes_of(told, d(9, 9));
    ASSERT_EQ(episodes.size(), 2U);
    EXPECT_EQ(episodes[1].ordinal, 2);
    EXPECT_EQ(episodes[1].onset, d(9, 8));
    EXPECT_TRUE(episodes[1].flags.has(Flag::recurrence));
}

TEST(IcansEpisode, a_seizure_ends_24_h_after_it_when_the_score_is_normal) {
    Story told;
    seizure(adult(told).ice(d(4, 8), 10), d(4, 9), 60U);
    twice_daily(told, 5, 6, 10);
    EXPECT_EQ(int{told.at(d(5, 9, 1), Scale::astct_icans_2019).grade}, 3);
    EXPECT_EQ(int{told.at(d(5, 9, 2), Scale::astct_icans_2019).grade}, 0);
    const auto episodes = episodes_of(told, d(6, 20));
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_EQ(episodes[0].onset, d(4, 9));
    EXPECT_EQ(episodes[0].resolved, d(4, 9, 1));
}

TEST(IcansEpisode, nobody_tested_after_a_seizure_so_it_stays_open) {
    Story told;
    seizure(adult(told), d(4, 9), 60U);
    EXPECT_FALSE(episodes_of(told, d(20, 9))[0].resolved.has_value());
}

TEST(IcansEpisode, a_sign_signed_off_does_not_hold_it_open_and_does_not_come_back) {
    Story told;
    adult(told).ice(d(4, 8), 6).neuro(d(4, 9), weakness(WeaknessDepth::deep));
    told.signed_other(d(4, 10), Scale::astct_icans_2019, Component::motor, "stroke of 2019");
    twice_daily(told, 5, 7, 10);
    const auto episodes = episodes_of(told, d(8, 8));
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_EQ(episodes[0].resolved, d(4, 9));
    EXPECT_EQ(int{episodes[0].max_grade}, 4);
    EXPECT_EQ(int{told.at(d(8, 8), Scale::astct_icans_2019).grade}, 0);
}

TEST(IcansEpisode, a_signature_covers_one_seizure_not_the_next) {
    Story told;
    seizure(adult(told).ice(d(4, 8), 10), d(4, 9), 60U, true);
    told.signed_other(d(4, 10), Scale::astct_icans_2019, Component::seizure, "known epilepsy");
    EXPECT_EQ(int{told.at(d(4, 11), Scale::astct_icans_2019).grade}, 0);
    seizure(told, d(6, 9), 60U, true);
    EXPECT_EQ(int{told.at(d(6, 10), Scale::astct_icans_2019).grade}, 3);
}

TEST(IcansEpisode, signed_off_in_the_same_minute_it_never_opened) {
    Story told;
    adult(told)
        .ice(d(4, 8), 5)
        .signed_other(d(4, 8), Scale::astct_icans_2019, Component::ice, "hepatic encephalopathy");
    EXPECT_TRUE(episodes_of(told, d(4, 9)).empty());
}

TEST(IcansEpisode, a_second_infusion_starts_anew) {
    Story told;
    adult(told).ice(d(4, 8), 6);
    twice_daily(told, 5, 6, 10).infused(d(40), "lot-2").ice(d(44, 8), 7);
    const auto episodes = episodes_of(told, d(44, 9));
    ASSERT_EQ(episodes.size(), 2U);
    EXPECT_EQ(episodes[1].infusion, 2);
    EXPECT_EQ(episodes[1].ordinal, 1);
    EXPECT_FALSE(episodes[1].flags.has(Flag::recurrence));
    EXPECT_FALSE(episodes[1].flags.has(Flag::delayed_neurotoxicity));
}

TEST(IcansStatement, nothing_neurological_is_no_statement) {
    Story told;
    adult(told).temperature(d(3, 8), 38.4).starts(d(3, 9), Agent::norepinephrine);
    EXPECT_FALSE(told.at(d(3, 10), Scale::astct_icans_2019).under_surveillance);
}

TEST(IcansStatement, before_the_infusion_there_is_none) {
    Story told;
    told.adult().ice(d(-2, 8), 5);
    EXPECT_FALSE(told.at(d(-2, 9), Scale::astct_icans_2019).under_surveillance);
}

TEST(IcansStatement, anaesthesia_for_a_procedure_makes_none_by_itself) {
    Story told;
    adult(told).tell_until(d(3, 9), d(3, 11), anaesthesia());
    EXPECT_FALSE(told.at(d(3, 10), Scale::astct_icans_2019).under_surveillance);
}

TEST(IcansStatement, ends_after_the_window_when_nobody_looks_any_more) {
    Story told;
    adult(told).ice(d(10, 8), 10).temperature(d(40, 8), 36.8);
    EXPECT_TRUE(told.at(d(28, 23, 59), Scale::astct_icans_2019).under_surveillance);
    EXPECT_FALSE(told.at(d(29, 0), Scale::astct_icans_2019).under_surveillance);
}

TEST(IcansStatement, sedation_long_after_the_infusion_says_nothing) {
    Story told;
    adult(told).ice(d(10, 8), 10).starts(d(90, 8), Agent::propofol);
    EXPECT_FALSE(told.at(d(90, 9), Scale::astct_icans_2019).under_surveillance);
}

TEST(IcansStatement, an_open_episode_is_never_dropped) {
    Story told;
    adult(told).ice(d(10, 8), 6).temperature(d(60, 8), 36.8);
    const Assessment said = told.at(d(60, 9), Scale::astct_icans_2019);
    EXPECT_TRUE(said.under_surveillance);
    EXPECT_EQ(int{said.grade}, int{kNotGradable});
    EXPECT_EQ(int{said.grade_upper}, 2);
}

TEST(IcansEvidence, names_what_decided_first) {
    Story told;
    told.adult().infused();
    IceAssessment ice;
    ice.total = 8;
    told.tell(d(3, 8), ice, "ice-8").tell(d(3, 9), weakness(WeaknessDepth::deep), "weak");
    EXPECT_EQ(evidence_of(told, d(3, 10)), (std::vector<std::string>{"ehr/weak", "ehr/ice-8"}));
}

TEST(IcansEvidence, names_the_verdict) {
    Story told;
    told.adult().infused();
    IceAssessment ice;
    ice.total = 5;
    Adjudication verdict;
    verdict.scale = Scale::astct_icans_2019;
    verdict.component = Component::ice;
    verdict.verdict = Verdict::other_cause;
    told.tell(d(3, 8), ice, "ice-5").tell(d(3, 9), verdict, "signed");
    EXPECT_EQ(evidence_of(told, d(3, 10)), (std::vector<std::string>{"ehr/ice-5", "ehr/signed"}));
}

TEST(IcansEvidence, names_the_score_that_says_0) {
    Story told;
    told.adult().infused();
    IceAssessment ice;
    ice.total = 10;
    told.tell(d(3, 8), ice, "ice-10");
    EXPECT_EQ(evidence_of(told, d(3, 9)), (std::vector<std::string>{"ehr/ice-10"}));
}

TEST(IcansEvidence, an_imputed_date_is_flagged) {
    Story told;
    adult(told).ice(d(3, 8), 5).last_with(bit(EventFlag::imputed_date));
    EXPECT_TRUE(told.at(d(3, 9), Scale::astct_icans_2019).flags.has(Flag::imputed_date));
}

// A pack may choose other values for what the guideline leaves open.
TEST(IcansKeys, change_what_they_say) {
    Story told;
    level(adult(told).ice(d(2, 20), 8), d(3, 11), Consciousness::alert);
    RuleSet rules;
    EXPECT_TRUE(told.at(d(3, 12), Scale::astct_icans_2019, rules).flags.has(Flag::carried_forward));
    rules.icans.carry_fresh = hours(16);
    EXPECT_TRUE(told.at(d(3, 12), Scale::astct_icans_2019, rules).flags.empty());
    rules.icans.carry_fresh = hours(6);
    rules.icans.carry = hours(12);
    EXPECT_EQ(int{told.at(d(3, 12), Scale::astct_icans_2019, rules).grade}, int{kNotGradable});
}

}  // namespace
}  // namespace cellvigil
