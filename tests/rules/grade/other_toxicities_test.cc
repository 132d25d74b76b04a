// Delayed neurotoxicity, second malignancies, LICATS and enterocolitis: what registers them and how far they are
// graded.
#include <functional>
#include <ostream>

#include <gtest/gtest.h>

#include "rules/grade/delayed_neurotoxicity.h"
#include "rules/grade/registered.h"
#include "tests/rules/grade/report_story.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using namespace report_story;

NeuroFinding finding(NeuroKind kind, bool present = true) {
    NeuroFinding said;
    said.kind = kind;
    said.present = present;
    return said;
}
Story with_icans_over() {
    Story s = treated();
    s.ice(d(4), 5).ice(d(6), 10).ice(d(8), 10);
    return s;
}

struct NeuroCase {
    const char* name;
    std::function<Story()> tell;
    bool registered;
};
void PrintTo(const NeuroCase& c, std::ostream* out) { *out << c.name; }
class DelayedNeurotoxicity : public testing::TestWithParam<NeuroCase> {};
TEST_P(DelayedNeurotoxicity, registered) {
    const Assessment said = standing(GetParam().tell(), d(60), Scale::ctcae_5_0, Term::delayed_neurotoxicity);
    EXPECT_EQ(said.under_surveillance, GetParam().registered);
    EXPECT_EQ(said.flags.has(Flag::suspicion), GetParam().registered);
    EXPECT_EQ(said.flags.has(Flag::delayed_neurotoxicity), GetParam().registered);
    EXPECT_EQ(said.grade, kNotGradable);
}
// clang-format off
INSTANTIATE_TEST_SUITE_P(Rows, DelayedNeurotoxicity, testing::Values(
    NeuroCase{"on_day_28", [] { Story s = treated(); s.neuro(d(28, 23), finding(NeuroKind::parkinsonism)); return s; }, false},
    NeuroCase{"on_day_29", [] { Story s = treated(); s.neuro(d(29, 0, 1), finding(NeuroKind::parkinsonism)); return s; }, true},
    NeuroCase{"after_icans_resolved", [] { Story s = with_icans_over(); s.neuro(d(12), finding(NeuroKind::parkinsonism)); return s; }, true},
    NeuroCase{"early_and_no_icans_yet", [] { Story s = treated(); s.neuro(d(12), finding(NeuroKind::parkinsonism)); return s; }, false},
    NeuroCase{"in_icans", [] { Story s = treated(); s.ice(d(4), 5).neuro(d(5), finding(NeuroKind::tremor)); return s; }, false},
    NeuroCase{"there_since_icans", [] { Story s = treated(); s.ice(d(4), 5).neuro(d(5), finding(NeuroKind::tremor)).ice(d(6), 10).ice(d(8), 10).neuro(d(12), finding(NeuroKind::tremor)); return s; }, false},
    NeuroCase{"there_before_the_infusion", [] { Story s; s.adult().neuro(d(-3), finding(NeuroKind::tremor)).infused().neuro(d(40), finding(NeuroKind::tremor)); return s; }, false},
    NeuroCase{"a_domain_that_meets_icans_is_icans", [] { Story s = treated(); s.neuro(d(35), finding(NeuroKind::seizure)); return s; }, false},
    NeuroCase{"seventh_nerve_N43", [] { Story s = treated(); s.ice(d(35), 10).neuro(d(35), finding(NeuroKind::cranial_nerve_palsy)); return s; }, true},
    NeuroCase{"said_absent", [] { Story s = treated(); s.neuro(d(35), finding(NeuroKind::parkinsonism, false)); return s; }, false},
    NeuroCase{"gone_again", [] { Story s = treated(); s.neuro(d(35), finding(NeuroKind::parkinsonism)).neuro(d(50), finding(NeuroKind::parkinsonism, false)); return s; }, false},
    NeuroCase{"headache", [] { Story s = treated(); s.neuro(d(35), finding(NeuroKind::headache)); return s; }, false},
    NeuroCase{"stroke", [] { Story s = treated(); s.neuro(d(35), finding(NeuroKind::stroke)); return s; }, false},
    NeuroCase{"reported", [] { Story s = treated(); s.tell(d(40), event_of(AdverseEventCategory::neuro_other)); return s; }, true},
    NeuroCase{"reported_and_over", [] { Story s = treated(); s.tell_until(d(40), d(50), event_of(AdverseEventCategory::neuro_other)); return s; }, false}),
    CaseName{});
// clang-format on

TEST(DelayedNeurotoxicityNever, makes_icans) {
    Story s = treated();
    s.ice(d(35), 10)
        .neuro(d(35), finding(NeuroKind::cranial_nerve_palsy))
        .neuro(d(36, 8), finding(NeuroKind::parkinsonism));
    EXPECT_EQ(s.at(d(36, 9), Scale::astct_icans_2019).grade, 0);
}

struct ReportCase {
    const char* name;
    std::function<void(Story&)> tell;
    Scale scale;
    Term term;
    Grade grade;
    Grade upper;
    Flags flags;
};
void PrintTo(const ReportCase& c, std::ostream* out) { *out << c.name; }
class Registered : public testing::TestWithParam<ReportCase> {};
TEST_P(Registered, graded_as_far_as_the_report_goes) {
    const ReportCase& c = GetParam();
    Story s = treated();
    c.tell(s);
    const Assessment said = standing(s, d(202), c.scale, c.term);
    ASSERT_TRUE(said.under_surveillance);
    EXPECT_EQ(int{said.grade}, int{c.grade});
    EXPECT_EQ(int{said.grade_upper}, int{c.upper});
    EXPECT_EQ(said.flags, c.flags);
}

AdverseEvent serious(AdverseEventCategory category, bool threatens, bool kills = false) {
    AdverseEvent said = event_of(category);
    said.seriousness.life_threatening = threatens;
    if (kills) said.outcome = Outcome::fatal;
    return said;
}
AdverseEvent admitted(AdverseEventCategory category) {
    AdverseEvent said = event_of(category);
    said.seriousness.hospitalisation = true;
    return said;
}
AdverseEvent recovered(AdverseEvent said) {
    said.outcome = Outcome::recovered;
    return said;
}
Intervention intensive_care() {
    Intervention given = stay();
    given.kind = InterventionKind::icu_stay;
    return given;
}
constexpr AdverseEventCategory kTCell = AdverseEventCategory::t_cell_malignancy;
constexpr AdverseEventCategory kSecond = AdverseEventCategory::second_malignancy;
constexpr AdverseEventCategory kLicats = AdverseEventCategory::licats;
constexpr AdverseEventCategory kGut = AdverseEventCategory::enterocolitis;
constexpr Scale kV5 = Scale::ctcae_5_0;
// clang-format off
INSTANTIATE_TEST_SUITE_P(Rows, Registered, testing::Values(
    ReportCase{"second_malignancy", [](Story& s) { s.tell(d(200), event_of(kSecond)); }, kV5, Term::secondary_malignancy, 3, 3, {Flag::suspicion, Flag::always_serious}},
    ReportCase{"second_malignancy_by_its_number", [](Story& s) { auto e = event_of(AdverseEventCategory::other); e.codes = {{"", "10049737", ""}}; s.tell(d(200), e); }, kV5, Term::secondary_malignancy, 3, 3, {Flag::suspicion, Flag::always_serious}},
    ReportCase{"said_not_to_be_serious_and_is", [](Story& s) { s.tell(d(200), serious(kTCell, false)); }, kV5, Term::t_cell_malignancy, 3, 3, {Flag::suspicion, Flag::always_serious}},
    ReportCase{"t_cell_is_a_second_malignancy_too", [](Story& s) { s.tell(d(200), event_of(kTCell)); }, kV5, Term::secondary_malignancy, 3, 3, {Flag::suspicion, Flag::always_serious}},
    ReportCase{"t_cell_in_the_first_weeks", [](Story& s) { s.tell(d(20), event_of(kTCell)); }, kV5, Term::t_cell_malignancy, 3, 3, {Flag::suspicion, Flag::always_serious}},
    ReportCase{"t_cell_life_threatening", [](Story& s) { s.tell(d(200), serious(kTCell, true)); }, kV5, Term::t_cell_malignancy, 4, 4, {Flag::suspicion, Flag::always_serious}},
    ReportCase{"t_cell_fatal", [](Story& s) { s.tell(d(200), serious(kTCell, true, true)); }, kV5, Term::t_cell_malignancy, 5, 5, {Flag::suspicion, Flag::always_serious}},
    ReportCase{"death_by_second_malignancy", [](Story& s) { s.tell(d(200), event_of(kTCell)).died(d(201), DeathCause::second_malignancy); }, kV5, Term::secondary_malignancy, 5, 5, {Flag::suspicion, Flag::always_serious}},
    ReportCase{"licats_nothing_more_said", [](Story& s) { s.tell(d(200), event_of(kLicats)); }, Scale::licats_2025, Term::licats, 1, 2, {Flag::suspicion, Flag::treatment_unknown}},
    ReportCase{"licats_resolved_by_itself", [](Story& s) { s.tell_until(d(195), d(203), recovered(event_of(kLicats))); }, Scale::licats_2025, Term::licats, 1, 1, {Flag::suspicion}},
    ReportCase{"licats_steroid_for_7_days", [](Story& s) { s.tell_until(d(196), d(203), recovered(event_of(kLicats))).gives(d(198), Agent::prednisone); }, Scale::licats_2025, Term::licats, 1, 2, {Flag::suspicion, Flag::ambiguous_scale}},
    ReportCase{"licats_steroid_for_more", [](Story& s) { s.tell_until(d(196), d(203, 11), recovered(event_of(kLicats))).gives(d(198), Agent::prednisone); }, Scale::licats_2025, Term::licats, 2, 2, {Flag::suspicion}},
    ReportCase{"licats_admitted", [](Story& s) { s.tell(d(200), admitted(kLicats)); }, Scale::licats_2025, Term::licats, 3, 3, {Flag::suspicion}},
    ReportCase{"licats_intensive_care", [](Story& s) { s.tell(d(200), admitted(kLicats)).tell(d(200, 20), intensive_care()); }, Scale::licats_2025, Term::licats, 4, 4, {Flag::suspicion}},
    ReportCase{"licats_has_no_5", [](Story& s) { s.tell(d(200), serious(kLicats, true, true)); }, Scale::licats_2025, Term::licats, 1, 4, {Flag::suspicion, Flag::treatment_unknown, Flag::ambiguous_scale}},
    ReportCase{"enterocolitis", [](Story& s) { s.tell(d(200), event_of(kGut)); }, kV5, Term::enterocolitis, kNotGradable, 2, {Flag::suspicion}},
    ReportCase{"enterocolitis_admitted", [](Story& s) { s.tell(d(200), admitted(kGut)); }, kV5, Term::enterocolitis, 3, 3, {Flag::suspicion}},
    ReportCase{"enterocolitis_with_an_infection", [](Story& s) { s.tell(d(195), infection_by(Organism::c_difficile, {Route::oral})).tell(d(200), admitted(kGut)); }, kV5, Term::enterocolitis, 3, 3, {Flag::suspicion, Flag::alt_cause_suspected}},
    ReportCase{"enterocolitis_fatal", [](Story& s) { s.tell(d(200), serious(kGut, true, true)); }, kV5, Term::enterocolitis, 5, 5, {Flag::suspicion}}),
    CaseName{});
// clang-format on

TEST(RegisteredEpisodes, malignancy_stands_for_good_and_what_ended_is_over) {
    Story s = treated();
    s.tell(d(200), event_of(kTCell)).tell_until(d(10), d(21), event_of(kLicats));
    EXPECT_TRUE(standing(s, d(5000), kV5, Term::secondary_malignancy).under_surveillance);
    EXPECT_FALSE(standing(s, d(22), Scale::licats_2025, Term::licats).under_surveillance);
    EXPECT_EQ(episodes_of(s, kV5, Term::t_cell_malignancy).size(), 1U);
    const auto licats = episodes_of(s, Scale::licats_2025, Term::licats);
    ASSERT_EQ(licats.size(), 1U);
    EXPECT_EQ(licats[0].resolved, d(21));
}

TEST(RegisteredScale, version_6_says_it_where_only_version_6_is_graded) {
    Story s = treated();
    s.tell(d(200), event_of(kTCell)).neuro(d(40), finding(NeuroKind::parkinsonism));
    RuleSet rules;
    rules.scales.remove(Scale::ctcae_5_0);
    rules.scales.add(Scale::ctcae_6_0);
    EXPECT_EQ(standing(s, d(201), Scale::ctcae_6_0, Term::t_cell_malignancy, rules).grade, 3);
    EXPECT_TRUE(standing(s, d(41), Scale::ctcae_6_0, Term::delayed_neurotoxicity, rules).under_surveillance);
}

}  // namespace
}  // namespace cellvigil
