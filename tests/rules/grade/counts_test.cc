// ICAHT and T-ICAHT of a subject: windows that open and close, what is reported beside the grade, and who is graded.
#include "rules/grade/counts.h"

#include <gtest/gtest.h>

#include "rules/pack/rule_set.h"
#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;
using story::Story;

constexpr Grade NA = kNotGradable;

// Daily neutrophils of 2.0, per microlitre `low` on the days named.
Story daily(int first, int last, int low_first, int low_last, double low) {
    Story told;
    told.adult().infused(d(0, 6));
    for (int day = first; day <= last; ++day) {
        told.lab(d(day, 8), Analyte::neutrophils, day >= low_first && day <= low_last ? low / 1000 : 2.0);
    }
    return told;
}
Assessment early(const Story& told, Instant at) { return told.at(at, Scale::icaht_early); }
Assessment late(const Story& told, Instant at) { return told.at(at, Scale::icaht_late); }
std::int32_t figure(const Assessment& said, Figure what) {
    for (const Reported& reported : said.figures) {
        if (reported.what == what) return reported.value;
    }
    return -1;
}
Contact contact(ContactStatus status) { return Contact{status, {}}; }

TEST(EarlyWindow, is_open_until_day_30_has_passed) {
    const Story told = daily(0, 30, 5, 11, 300);
    const Assessment open = early(told, d(30, 23, 59));
    EXPECT_EQ(open.grade, 2);
    EXPECT_EQ(open.grade_upper, 4);
    EXPECT_TRUE(open.flags.has(Flag::window_open));
    const Assessment closed = early(told, d(31, 0));
    EXPECT_EQ(closed.grade, 2);
    EXPECT_EQ(closed.grade_upper, 2);
    EXPECT_TRUE(closed.flags.empty());
    EXPECT_EQ(closed.at, d(31, 0)) << "it closes by itself";
}

TEST(EarlyWindow, a_value_of_day_31_is_late) {
    Story told = daily(0, 30, 31, 31, 300);
    EXPECT_EQ(early(told, d(40)).grade, 0);
    told.lab(d(31, 8), Analyte::neutrophils, 0.3);
    EXPECT_EQ(early(told, d(40)).grade, 0);
    EXPECT_EQ(late(told, d(40)).grade_upper, 3);
}

TEST(EarlyWindow, never_above_is_said_only_once_it_is_closed) {
    const Story told = daily(0, 16, 2, 16, 300);
    EXPECT_EQ(early(told, d(16, 9)).grade, 3) << "steps 1 to 5 so far";
    Story died = told;
    died.died(d(16, 20), DeathCause::disease);
    EXPECT_EQ(early(died, d(17)).grade, 4) << "H17";
    EXPECT_FALSE(early(died, d(17)).flags.has(Flag::window_open));
    Story left = told;
    left.tell(d(16, 20), contact(ContactStatus::lost_to_follow_up));
    EXPECT_EQ(early(left, d(17)).grade, 4);
    Story seen = told;
    seen.tell(d(16, 20), contact(ContactStatus::alive));
    EXPECT_EQ(early(seen, d(17)).grade, 3) << "a visit is no end of follow-up";
}

TEST(EarlyWindow, silence_is_no_recovery) {
    const Story told = daily(0, 10, 0, 10, 300);
    const Assessment said = early(told, d(40));
    EXPECT_EQ(said.grade, 2) << "eleven days; twenty without a value stay unknown";
    EXPECT_EQ(said.grade_upper, 4);
    EXPECT_TRUE(said.flags.has(Flag::data_gap));
}

TEST(EarlyWindow, the_lowest_of_a_day_counts) {
    Story told = daily(0, 30, 5, 10, 300);
    told.lab(d(11, 6), Analyte::neutrophils, 0.5).lab(d(11, 20), Analyte::neutrophils, 3);
    EXPECT_EQ(early(told, d(31)).grade, 2);
}

TEST(EarlyWindow, bounds_are_taken_at_their_worst) {
    Story told = daily(0, 30, 5, 10, 300);
    Observation said;
    said.analyte = Analyte::neutrophils;
    said.status = ResultStatus::final;
    said.comparator = Comparator::less;
    said.value = thousandths(200);
    told.tell(d(11, 6), said);
    EXPECT_EQ(early(told, d(31)).grade, 2);
}

TEST(EarlyFigures, are_reported_beside_the_grade) {
    Story told = daily(0, 30, 5, 9, 300);
    for (int day = 13; day <= 17; ++day) told.lab(d(day, 6), Analyte::neutrophils, 0.08);
    told.gives(d(7), Agent::filgrastim).gives(d(8), Agent::filgrastim).gives(d(8, 20), Agent::filgrastim);
    told.gives(d(31), Agent::filgrastim);
    const Assessment said = early(told, d(32));
    EXPECT_EQ(figure(said, Figure::longest_500_days), 5);
    EXPECT_EQ(figure(said, Figure::longest_100_days), 5);
    EXPECT_EQ(figure(said, Figure::cumulative_500_days), 10);
    EXPECT_EQ(figure(said, Figure::growth_factor_days), 2);
}

TEST(LateWindow, needs_two_values) {
    Story told = daily(0, 30, 99, 99, 0);
    told.lab(d(45), Analyte::neutrophils, 0.45);
    EXPECT_EQ(late(told, d(46)).grade, NA);
    EXPECT_EQ(late(told, d(46)).grade_upper, 3);
    EXPECT_TRUE(late(told, d(46)).flags.has(Flag::single_value));
    told.lab(d(50), Analyte::neutrophils, 0.46);
    EXPECT_EQ(late(told, d(51)).grade, 3);
}

TEST(LateWindow, has_no_hole_for_fractions) {
    Story told = daily(0, 30, 99, 99, 0);
    told.lab(d(45), Analyte::neutrophils, 0.4505).lab(d(50), Analyte::neutrophils, 0.46);
    EXPECT_EQ(late(told, d(51)).grade, 3);
}

TEST(LateWindow, ends_with_day_100) {
    Story told = daily(0, 30, 99, 99, 0);
    told.lab(d(99), Analyte::neutrophils, 0.9)
        .lab(d(100), Analyte::neutrophils, 0.9)
        .lab(d(101), Analyte::neutrophils, 0.05);
    EXPECT_EQ(late(told, d(102)).grade, 2);
}

TEST(LateWindow, ends_with_progression_or_the_next_therapy) {
    for (const bool progression : {true, false}) {
        Story told = daily(0, 30, 99, 99, 0);
        told.lab(d(45), Analyte::neutrophils, 0.9).lab(d(50), Analyte::neutrophils, 0.9);
        if (progression) {
            told.tell(d(55), DiseaseStatus{Response::progressive, {}, std::nullopt});
        } else {
            told.tell(d(55), SubsequentTherapy{});
        }
        told.lab(d(60), Analyte::neutrophils, 0.05).lab(d(61), Analyte::neutrophils, 0.05);
        EXPECT_EQ(late(told, d(62)).grade, 2);
    }
}

TEST(PlateletWindow, has_both_terms) {
    Story told;
    told.adult().infused(d(0, 6));
    for (int day = 0; day <= 60; day += 2) told.lab(d(day, 8), Analyte::platelets, day >= 6 && day <= 12 ? 40 : 90);
    const Assessment early = told.at(d(31), Scale::t_icaht, Term::early);
    EXPECT_EQ(early.grade, 2) << "a line from 90 on day 4 to 40 on day 6, and the same after day 12";
    EXPECT_EQ(figure(early, Figure::cumulative_50_days), 7);
    const Assessment late = told.at(d(61), Scale::t_icaht, Term::late);
    EXPECT_EQ(late.grade, 1);
    EXPECT_EQ(late.deciding, Components{Component::platelets});
}

TEST(PlateletWindow, open_is_flagged) {
    Story told;
    told.adult().infused(d(0, 6)).lab(d(3), Analyte::platelets, 15);
    const Assessment said = told.at(d(4), Scale::t_icaht, Term::early);
    EXPECT_EQ(said.grade, 3);
    EXPECT_EQ(said.grade_upper, 4);
    EXPECT_TRUE(said.flags.has(Flag::window_open));
}

TEST(CountsScales, not_chosen_are_not_said) {
    RuleSet rules;
    rules.scales = ScaleSet{Scale::astct_crs_2019, Scale::astct_icans_2019, Scale::icaht_late};
    const Story told = daily(0, 40, 5, 11, 300);
    for (const Assessment& said : told.timeline(rules).derived(rules, d(50)).assessments) {
        EXPECT_TRUE(rules.scales.has(said.scale)) << name_of(said.scale);
    }
    EXPECT_TRUE(told.at(d(41), Scale::icaht_late, rules).under_surveillance);
}

TEST(CountsMilestones, of_an_earlier_infusion_are_kept) {
    Story told = daily(0, 40, 5, 11, 300);
    told.infused(d(60), "lot-2").lab(d(65), Analyte::neutrophils, 0.2);
    const auto milestones = told.timeline().derived({}, d(70)).milestones;
    ASSERT_EQ(milestones.size(), 2U * kMilestoneKinds);
    EXPECT_EQ(milestones[0].infusion, 1);
    EXPECT_EQ(milestones[0].standing, Standing::yes);
    EXPECT_EQ(milestones[0].day, 12);
    EXPECT_EQ(milestones[kMilestoneKinds].infusion, 2);
    EXPECT_EQ(milestones[kMilestoneKinds].standing, Standing::no);
}

TEST(CountsMilestones, stand_as_of_the_time_asked) {
    const Story told = daily(0, 40, 5, 11, 300);
    const auto recovery = [&](int day) { return told.timeline().derived({}, d(day, 12)).milestones[0]; };
    EXPECT_EQ(recovery(13).standing, Standing::no);
    EXPECT_EQ(recovery(14).standing, Standing::yes);
    EXPECT_EQ(recovery(14).day, 12);
}

}  // namespace
}  // namespace cellvigil
