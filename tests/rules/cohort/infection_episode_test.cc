// Which reports are one infection: both sides of every recurrence interval, spread, co-infection, certainty, neuralgia,
// corrected onsets (docs/clinical/infections.md).
#include "rules/cohort/infection_episode.h"

#include <gtest/gtest.h>

#include "tests/rules/cohort/told.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using story::d;
using story::infected;
using story::rash;
using story::Seen;
using story::Story;

Story infused() { return std::move(Story().adult().infused()); }

struct IntervalCase {
    const char* name;
    Organism organism;
    int interval;
};
class RecurrenceInterval : public testing::TestWithParam<IntervalCase> {};

// Resolved on day 110: a report on the last day of the interval is the same episode, on the next a new one.
TEST_P(RecurrenceInterval, runs_from_resolution_and_includes_its_last_day) {
    const auto& [name, organism, interval] = GetParam();
    for (const int after : {interval, interval + 1}) {
        Story told = infused();
        told.tell_until(d(100), d(110), infected(organism)).tell(d(110 + after), infected(organism));
        EXPECT_EQ(Seen(told).infections().episodes.size(), after == interval ? 1U : 2U) << after;
    }
}
INSTANTIATE_TEST_SUITE_P(
    Table, RecurrenceInterval,
    testing::Values(
        IntervalCase{"bacteria", Organism::bacteria, 7}, IntervalCase{"c_difficile", Organism::c_difficile, 30},
        IntervalCase{"vzv", Organism::vzv, 14}, IntervalCase{"cmv", Organism::cmv, 60},
        IntervalCase{"hsv", Organism::hsv, 60}, IntervalCase{"ebv", Organism::ebv, 60},
        IntervalCase{"hhv6", Organism::hhv6, 60}, IntervalCase{"adenovirus", Organism::adenovirus, 14},
        IntervalCase{"enterovirus", Organism::enterovirus, 14}, IntervalCase{"influenza", Organism::influenza, 14},
        IntervalCase{"rsv", Organism::rsv, 14}, IntervalCase{"parainfluenza", Organism::parainfluenza, 14},
        IntervalCase{"rhinovirus", Organism::rhinovirus, 14}, IntervalCase{"sars_cov_2", Organism::sars_cov_2, 90},
        IntervalCase{"bk_virus", Organism::bk_virus, 60}, IntervalCase{"yeast", Organism::yeast, 14},
        IntervalCase{"mould", Organism::mould, 90}, IntervalCase{"pneumocystis", Organism::pneumocystis, 90},
        IntervalCase{"helicobacter", Organism::helicobacter, 365}, IntervalCase{"hbv", Organism::hbv, 365},
        IntervalCase{"other", Organism::other, 14}),
    CaseName{});

TEST(InfectionEpisodes, run_from_onset_where_the_pack_says_so) {
    RuleSet rules;
    rules.infection.interval_from_onset = true;
    Story told = infused();
    told.tell_until(d(100), d(110), infected(Organism::bacteria)).tell(d(108), infected(Organism::bacteria));
    EXPECT_EQ(Seen(told, rules).infections().episodes.size(), 2U);
    EXPECT_EQ(Seen(told).infections().episodes.size(), 1U);
}

TEST(InfectionEpisodes, of_different_organisms_are_different) {
    Story told = infused();
    told.tell(d(100), infected(Organism::cmv)).tell(d(101), infected(Organism::ebv));
    EXPECT_EQ(Seen(told).infections().episodes.size(), 2U);
    Story bacteria = infused();
    bacteria.tell(d(100), infected(Organism::bacteria, "", "e-coli"))
        .tell(d(101), infected(Organism::bacteria, "", "s-aureus"));
    EXPECT_EQ(Seen(bacteria).infections().episodes.size(), 2U);
    Story unnamed = infused();
    unnamed.tell(d(100), infected(Organism::bacteria)).tell(d(101), infected(Organism::bacteria, "", "s-aureus"));
    const Infections found = Seen(unnamed).infections();
    ASSERT_EQ(found.episodes.size(), 1U);
    EXPECT_EQ(found.episodes[0].pathogens[0].code, "o|s-aureus");
}

TEST(InfectionEpisodes, spread_to_a_new_site_and_grow_worse_without_a_new_onset) {
    Infection first = infected(Organism::bacteria, "lung");
    first.severities = {{2, Scale::ctcae_5_0}};
    Infection spread = infected(Organism::bacteria, "blood");
    spread.severities = {{4, Scale::ctcae_5_0}, {3, Scale::bmt_ctn}};
    spread.seriousness.life_threatening = true;
    Story told = infused();
    told.tell_until(d(100), d(104), first).tell(d(110), spread);
    const Infections found = Seen(told).infections();
    ASSERT_EQ(found.episodes.size(), 1U);
    const InfectionEpisode& episode = found.episodes[0];
    EXPECT_EQ(episode.onset, d(100));
    EXPECT_EQ(episode.sites, (std::vector<std::string>{"s|lung", "s|blood"}));
    EXPECT_EQ(episode.severity.ctcae, 4U);
    EXPECT_EQ(episode.severity.bmt_ctn, 3U);
    EXPECT_EQ(episode.severity.serious, Standing::yes);
    EXPECT_FALSE(episode.resolved);
}

struct CoinfectionCase {
    const char* name;
    const char* second_site;
    int days_later;
    Organism second;
    std::size_t episodes;
};
class Coinfection : public testing::TestWithParam<CoinfectionCase> {};
TEST_P(Coinfection, is_one_episode_of_several_organisms_at_one_site) {
    const CoinfectionCase& one = GetParam();
    Story told = infused();
    told.tell(d(100), infected(Organism::rsv, "lung"))
        .tell(d(100 + one.days_later), infected(one.second, one.second_site));
    const Infections found = Seen(told).infections();
    ASSERT_EQ(found.episodes.size(), one.episodes);
    EXPECT_EQ(found.episodes[0].is_coinfection(), one.episodes == 1);
}
INSTANTIATE_TEST_SUITE_P(Table, Coinfection,
                         testing::Values(CoinfectionCase{"three_days", "lung", 3, Organism::bacteria, 1},
                                         CoinfectionCase{"four_days", "lung", 4, Organism::bacteria, 2},
                                         CoinfectionCase{"elsewhere", "urine", 0, Organism::bacteria, 2},
                                         CoinfectionCase{"site_not_said", "", 0, Organism::bacteria, 2},
                                         CoinfectionCase{"zoster_stands_alone", "lung", 0, Organism::vzv, 2}),
                         CaseName{});

TEST(InfectionEpisodes, without_an_organism_merge_by_site) {
    Story told = infused();
    told.tell_until(d(100), d(105), infected(Organism::unspecified, "lung"))
        .tell(d(112), infected(Organism::bacteria, "lung", "s-pneumoniae"))
        .tell(d(112), infected(Organism::unspecified, "skin"));
    const Infections found = Seen(told).infections();
    ASSERT_EQ(found.episodes.size(), 2U);
    ASSERT_EQ(found.episodes[0].pathogens.size(), 1U);  // named later: not a second organism
    EXPECT_EQ(found.episodes[0].pathogens[0].group, RecurrenceGroup::bacteria);
    Story late = infused();
    late.tell_until(d(100), d(105), infected(Organism::unspecified, "lung"))
        .tell(d(113), infected(Organism::unspecified, "lung"));
    EXPECT_EQ(Seen(late).infections().episodes.size(), 2U);
}

TEST(InfectionEpisodes, are_one_where_the_site_says_so) {
    Infection linked = infected(Organism::ebv);
    linked.linked_record = "first";
    Story told = infused();
    told.tell(d(100), infected(Organism::cmv), "first").tell(d(300), linked);
    EXPECT_EQ(Seen(told).infections().episodes.size(), 1U);
}

TEST(InfectionEpisodes, a_corrected_onset_splits_and_merges) {
    Story told = infused();
    told.tell_until(d(100), d(110), rash()).tell(d(120), rash(), "second");
    EXPECT_EQ(Seen(told).infections().episodes.size(), 1U);
    Story corrected = infused();
    corrected.tell_until(d(100), d(110), rash()).tell(d(125), rash(), "second");
    EXPECT_EQ(Seen(corrected).infections().episodes.size(), 2U);
}

TEST(InfectionEpisodes, count_from_the_pack_s_certainty_on) {
    for (const auto& [certainty, level] : {std::pair{Certainty::possible, 1}, std::pair{Certainty::probable, 2},
                                           std::pair{Certainty::unspecified, 2}, std::pair{Certainty::proven, 3}}) {
        Infection said = rash();
        said.certainty = certainty;
        Story told = infused();
        told.tell(d(100), said);
        const Infections found = Seen(told).infections();
        for (const int fewest : {1, 2, 3}) {
            RuleSet rules;
            rules.infection.fewest_certainty = fewest;
            EXPECT_EQ(counts(found.episodes.at(0), rules.infection), level >= fewest) << level << " " << fewest;
        }
    }
    Infection refuted = rash();
    refuted.certainty = Certainty::refuted;
    Story told = infused();
    told.tell(d(100), refuted);
    EXPECT_TRUE(Seen(told).infections().episodes.empty());
}

TEST(InfectionEpisodes, that_are_viraemia_alone_do_not_count) {
    Infection viraemia = infected(Organism::cmv);
    viraemia.viraemia_only = true;
    Story told = infused();
    told.tell(d(100), viraemia);
    EXPECT_FALSE(counts(Seen(told).infections().episodes.at(0), {}));
    told.tell(d(110), infected(Organism::cmv, "lung"));  // becomes disease: the same episode, and it counts
    EXPECT_EQ(Seen(told).infections().episodes.size(), 1U);
    EXPECT_TRUE(counts(Seen(told).infections().episodes.at(0), {}));
}

TEST(PostherpeticNeuralgia, is_linked_and_never_a_new_zoster) {
    Infection pain = infected(Organism::vzv);
    pain.zoster = Zoster{};
    pain.zoster->postherpetic_neuralgia = true;
    Story told = infused();
    told.tell_until(d(100), d(110), rash()).tell(d(200), pain, "pain");
    const Infections found = Seen(told).infections();
    ASSERT_EQ(found.episodes.size(), 1U);
    EXPECT_TRUE(found.episodes[0].postherpetic);
    ASSERT_EQ(found.neuralgias.size(), 1U);
    EXPECT_EQ(found.neuralgias[0].episode, 1);
    EXPECT_EQ(told.timeline().summary().zoster_episodes, 1);  // nor does it alert
    Story alone = infused();
    alone.tell(d(200), pain);
    EXPECT_TRUE(Seen(alone).infections().episodes.empty());
    EXPECT_EQ(Seen(alone).infections().neuralgias.at(0).episode, 0);
}

TEST(InfectionSeverity, systems_stand_side_by_side) {
    Infection treated = rash(4);
    treated.treatment_routes = {Route::oral};
    treated.hospitalised = false;
    InfectionSeverity severity = severity_of(treated);
    EXPECT_EQ(severity.bmt_ctn_by_class, 2U);
    EXPECT_EQ(severity.ctcae, std::nullopt);
    EXPECT_EQ(severity.requires_treatment, Standing::yes);
    EXPECT_EQ(severity.treated_or_admitted, Standing::no);
    EXPECT_EQ(severity.serious, Standing::unknown);
    EXPECT_EQ(is_severe(severity, SevereInfection::ctcae_3), Standing::unknown);
    treated.treatment_routes.push_back(Route::intravenous);
    EXPECT_EQ(severity_of(treated).treated_or_admitted, Standing::yes);
    treated.hospitalised = true;  // grade 2, and serious
    EXPECT_EQ(severity_of(treated).serious, Standing::yes);
}

TEST(InfectionSeverity, a_treatment_course_told_apart_counts_for_its_episode) {
    Intervention course;
    course.kind = InterventionKind::drug;
    course.agent = Agent::aciclovir;
    course.route = Route::intravenous;
    course.treatment = true;
    course.indication = Indication::infection;
    course.phase = InterventionPhase::start;
    Story told = infused();
    told.tell_until(d(100), d(110), rash()).tell(d(102), course);
    EXPECT_EQ(Seen(told).infections().episodes.at(0).severity.treated_or_admitted, Standing::yes);
    Story other = infused();
    other.tell_until(d(100), d(110), rash()).tell(d(200), course);
    EXPECT_EQ(Seen(other).infections().episodes.at(0).severity.treated_or_admitted, Standing::unknown);
}

}  // namespace
}  // namespace cellvigil
