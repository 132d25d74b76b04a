// P14: second malignancies and the signs of one. Limits: docs/alerts.md.
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

constexpr Analyte kPlatelets = Analyte::platelets;

AdverseEvent malignancy(AdverseEventCategory category = AdverseEventCategory::second_malignancy) {
    AdverseEvent said;
    said.category = category;
    return said;
}
class Malignancy : public testing::TestWithParam<AlertCase> {};
TEST_P(Malignancy, alerts) { expect_row(SubjectRule::second_malignancy, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P14, Malignancy,
    testing::Values(AlertCase{"any", [](Story& s) { s.tell(d(700), malignancy()); }, kAlways, {Urgency::immediate}},
                    AlertCase{"of_t_cells",
                              [](Story& s) { s.tell(d(700), malignancy(AdverseEventCategory::t_cell_malignancy)); },
                              kAlways,
                              {Urgency::immediate}},
                    AlertCase{"another_event",
                              [](Story& s) { s.tell(d(700), malignancy(AdverseEventCategory::cardiac)); },
                              kAlways,
                              {}},
                    AlertCase{"only_the_death_says_so",
                              [](Story& s) { s.died(d(700), DeathCause::second_malignancy); },
                              kAlways,
                              {Urgency::immediate}}),
    CaseName{});

AdverseEvent coded(const char* code, const char* system = "http://hl7.org/fhir/sid/icd-10") {
    AdverseEvent said;
    said.category = AdverseEventCategory::other;
    said.codes = {{"http://snomed.info/sct", "1", ""}, {system, code, ""}};
    return said;
}
class CodedMalignancy : public testing::TestWithParam<AlertCase> {};
TEST_P(CodedMalignancy, alerts) { expect_row(SubjectRule::second_malignancy, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P14, CodedMalignancy,
    testing::Values(
        AlertCase{"cutaneous_t_cell_lymphoma",
                  [](Story& s) { s.tell(d(10), coded("C84.0")); },
                  kAlways,
                  {Urgency::immediate}},
        AlertCase{"without_a_dot",
                  [](Story& s) { s.tell(d(10), coded("C8440", "ICD10-CM")); },
                  kAlways,
                  {Urgency::immediate}},
        AlertCase{
            "other_t_and_nk_cell", [](Story& s) { s.tell(d(10), coded("C86.5")); }, kAlways, {Urgency::immediate}},
        AlertCase{
            "adult_t_cell_leukaemia", [](Story& s) { s.tell(d(10), coded("C91.5")); }, kAlways, {Urgency::immediate}},
        AlertCase{"t_prolymphocytic", [](Story& s) { s.tell(d(10), coded("C91.6")); }, kAlways, {Urgency::immediate}},
        AlertCase{"b_prolymphocytic_is_not", [](Story& s) { s.tell(d(100), coded("C91.3")); }, kAlways, {}},
        AlertCase{"the_disease_itself_is_not", [](Story& s) { s.tell(d(100), coded("C83.3")); }, kAlways, {}},
        AlertCase{"another_system_is_not_read", [](Story& s) { s.tell(d(100), coded("C84.0", "icd-9")); }, kAlways, {}},
        AlertCase{"enlarged_nodes_on_day_30", [](Story& s) { s.tell(d(30), coded("R59.0")); }, kAlways, {}},
        AlertCase{
            "enlarged_nodes_on_day_31", [](Story& s) { s.tell(d(31), coded("R59.0")); }, kAlways, {Urgency::high}},
        AlertCase{"told_again_is_no_other_sign",
                  [](Story& s) { s.tell(d(40), coded("R59.0")).tell(d(60), coded("R59.1")); },
                  kAlways,
                  {Urgency::high}},
        AlertCase{"a_mass_is_another_sign",
                  [](Story& s) { s.tell(d(40), coded("R59.0")).tell(d(60), coded("R22.2")); },
                  kAlways,
                  {Urgency::high, Urgency::high}},
        AlertCase{"a_mass_of_the_abdomen", [](Story& s) { s.tell(d(60), coded("R19.0")); }, kAlways, {Urgency::high}},
        AlertCase{"another_sign_of_the_abdomen", [](Story& s) { s.tell(d(60), coded("R19.1")); }, kAlways, {}},
        AlertCase{"a_rash_on_day_30", [](Story& s) { s.tell(d(30), coded("R21")); }, kAlways, {}},
        AlertCase{"a_rash_alone", [](Story& s) { s.tell(d(31), coded("R21")); }, kAlways, {Urgency::medium}},
        AlertCase{"a_rash_before",
                  [](Story& s) { s.tell(d(50), coded("R21")).tell(d(60), coded("R59.9")); },
                  kAlways,
                  {Urgency::immediate, Urgency::medium}},
        AlertCase{"a_rash_after",
                  [](Story& s) { s.tell(d(60), coded("R59.9")).tell(d(70), coded("R21")); },
                  kAlways,
                  {Urgency::immediate}}),
    CaseName{});

Story& two_counts(Story& s, int first, int second, Analyte analyte, double value) {
    return s.lab(d(first), analyte, value).lab(d(second), analyte, value);
}
class NewCytopenia : public testing::TestWithParam<AlertCase> {};
TEST_P(NewCytopenia, alerts) { expect_row(SubjectRule::second_malignancy, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P14, NewCytopenia,
    testing::Values(
        AlertCase{"after_a_recovery",
                  [](Story& s) { two_counts(s.lab(d(60), kPlatelets, 120), 91, 98, kPlatelets, 40); },
                  kAlways,
                  {Urgency::medium}},
        AlertCase{"begun_on_day_90",
                  [](Story& s) { two_counts(s.lab(d(60), kPlatelets, 120), 90, 98, kPlatelets, 40); },
                  kAlways,
                  {}},
        AlertCase{"six_days_do_not_last",
                  [](Story& s) { two_counts(s.lab(d(60), kPlatelets, 120), 91, 97, kPlatelets, 40); },
                  kAlways,
                  {}},
        AlertCase{"grade_2",
                  [](Story& s) { two_counts(s.lab(d(60), kPlatelets, 120), 91, 98, kPlatelets, 50); },
                  kAlways,
                  {}},
        AlertCase{"a_better_value_between",
                  [](Story& s) {
                      two_counts(s.lab(d(60), kPlatelets, 120), 91, 98, kPlatelets, 40).lab(d(95), kPlatelets, 60);
                  },
                  kAlways,
                  {}},
        AlertCase{"never_recovered_is_not_new",
                  [](Story& s) { two_counts(s.lab(d(60), kPlatelets, 74), 91, 98, kPlatelets, 40); },
                  kAlways,
                  {}},
        AlertCase{"recovered_to_grade_1",
                  [](Story& s) { two_counts(s.lab(d(60), kPlatelets, 75), 91, 98, kPlatelets, 40); },
                  kAlways,
                  {Urgency::medium}},
        AlertCase{"a_transfused_count_is_no_recovery",
                  [](Story& s) {
                      two_counts(s.transfuses(d(58), BloodProduct::platelets).lab(d(60), kPlatelets, 120), 91, 98,
                                 kPlatelets, 40);
                  },
                  kAlways,
                  {}},
        AlertCase{"nor_a_count_under_a_growth_factor",
                  [](Story& s) {
                      two_counts(s.gives(d(58), Agent::filgrastim).lab(d(60), Analyte::neutrophils, 3), 91, 98,
                                 Analyte::neutrophils, 0.4);
                  },
                  kAlways,
                  {}},
        AlertCase{
            "neutrophils",
            [](Story& s) { two_counts(s.lab(d(60), Analyte::neutrophils, 3), 91, 98, Analyte::neutrophils, 0.9); },
            kAlways,
            {Urgency::medium}},
        AlertCase{"another_therapy_explains_it",
                  [](Story& s) {
                      SubsequentTherapy next;
                      next.kind = SubsequentTherapyKind::systemic;
                      two_counts(s.lab(d(60), kPlatelets, 120).tell(d(80), next), 91, 98, kPlatelets, 40);
                  },
                  kAlways,
                  {}},
        AlertCase{"two_lineages",
                  [](Story& s) {
                      s.lab(d(60), kPlatelets, 120).lab(d(60), Analyte::haemoglobin, 120);
                      two_counts(s, 91, 98, kPlatelets, 40);
                      two_counts(s, 92, 99, Analyte::haemoglobin, 75);
                  },
                  kAlways,
                  {Urgency::medium, Urgency::high}},
        AlertCase{"beside_a_rash",
                  [](Story& s) {
                      two_counts(s.lab(d(60), kPlatelets, 120), 91, 98, kPlatelets, 40).tell(d(110), coded("R21"));
                  },
                  kAlways,
                  {Urgency::high, Urgency::medium}},
        AlertCase{"makes_enlarged_nodes_immediate",
                  [](Story& s) {
                      two_counts(s.lab(d(60), kPlatelets, 120).tell(d(70), coded("R59.1")), 91, 98, kPlatelets, 40);
                  },
                  kAlways,
                  {Urgency::immediate}}),
    CaseName{});

TEST(MalignancyAlert, weak_signs_are_told_alone_only_where_the_pack_wants_it) {
    RuleSet rules;
    rules.alert_limits.p14_lone_weak_sign = false;
    Story told;
    told.adult().infused().tell(d(60), coded("R21"));
    EXPECT_TRUE(alerts_of(told, SubjectRule::second_malignancy, kAlways, rules).empty());
    told.tell(d(70), coded("R59.1")).tell(d(80), coded("R21"));
    EXPECT_EQ(story::urgencies(alerts_of(told, SubjectRule::second_malignancy, kAlways, rules)), "immediate");
}

TEST(MalignancyAlert, of_two_signs_it_names_both_and_shows_their_records) {
    Story told;
    told.adult().infused().lab(d(60), kPlatelets, 120).tell(d(70), coded("R59.1"), "nodes");
    two_counts(told, 91, 98, kPlatelets, 40);
    const auto alert = alerts_of(told, SubjectRule::second_malignancy).at(0);
    EXPECT_EQ(detail_of(alert, Detail::malignancy)->text,
              "suspected: new thrombocytopenia, after enlarged lymph nodes");
    EXPECT_EQ(detail_of(alert, Detail::malignancy)->day, 91);
    EXPECT_EQ(detail_of(alert, Detail::mild)->day, 60);
    EXPECT_EQ(alert.day, 70);
    EXPECT_EQ(alert.evidence.size(), 3U) << "the nodes, the first and the last count";
    EXPECT_TRUE(tells(alert, Detail::transgene));
}

TEST(MalignancyAlert, a_sign_says_which) {
    Story told;
    told.adult().infused().tell(d(90), coded("R59.1"));
    const auto alert = alerts_of(told, SubjectRule::second_malignancy).at(0);
    EXPECT_EQ(detail_of(alert, Detail::malignancy)->text, "suspected: enlarged lymph nodes");
    EXPECT_TRUE(tells(alert, Detail::transgene));
}

TEST(MalignancyAlert, asks_for_the_transgene_and_life_long_follow_up) {
    Story told;
    told.adult().infused().tell(d(700), malignancy(AdverseEventCategory::t_cell_malignancy));
    const auto alert = alerts_of(told, SubjectRule::second_malignancy).at(0);
    EXPECT_EQ(detail_of(alert, Detail::malignancy)->text, "of T cells");
    EXPECT_TRUE(tells(alert, Detail::transgene));
    EXPECT_TRUE(tells(alert, Detail::lifelong));
}

}  // namespace
}  // namespace cellvigil
