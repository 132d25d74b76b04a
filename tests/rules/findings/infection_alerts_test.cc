// P02 to P06, P10, P11, P17: infections and what is reported. Limits: docs/alerts.md.
#include "tests/rules/findings/alert_story.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using story::AlertCase;
using story::alerts_of;
using story::d;
using story::detail_of;
using story::infection;
using story::nerve_pain;
using story::pneumonia;
using story::Story;
using story::tells;
using story::zoster;

class LowIgg : public testing::TestWithParam<AlertCase> {};
TEST_P(LowIgg, alerts) { expect_row(SubjectRule::low_igg_infections, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P02, LowIgg,
    testing::Values(AlertCase{"igg_equal_to_the_limit_and_one_serious",
                              [](Story& s) { s.lab(d(100), Analyte::igg, 4).tell(d(110), pneumonia(true)); },
                              kAlways,
                              {Urgency::high}},
                    AlertCase{"igg_just_above",
                              [](Story& s) { s.lab(d(100), Analyte::igg, 4.01).tell(d(110), pneumonia(true)); },
                              kAlways,
                              {}},
                    AlertCase{"igg_120_days_old",
                              [](Story& s) { s.lab(d(100), Analyte::igg, 3).tell(d(220), pneumonia(true)); },
                              kAlways,
                              {Urgency::high}},
                    AlertCase{"igg_121_days_old_is_unknown",
                              [](Story& s) { s.lab(d(100), Analyte::igg, 3).tell(d(221), pneumonia(true)); },
                              kAlways,
                              {}},
                    AlertCase{"igg_never_measured", [](Story& s) { s.tell(d(110), pneumonia(true)); }, kAlways, {}},
                    AlertCase{"one_treated",
                              [](Story& s) { s.lab(d(100), Analyte::igg, 3).tell(d(110), pneumonia(false, true)); },
                              kAlways,
                              {}},
                    AlertCase{"two_treated",
                              [](Story& s) {
                                  s.lab(d(100), Analyte::igg, 3)
                                      .tell(d(110), pneumonia(false, true))
                                      .tell(d(150), pneumonia(false, true));
                              },
                              kAlways,
                              {Urgency::high}},
                    AlertCase{"the_igg_comes_last",
                              [](Story& s) { s.tell(d(110), pneumonia(true)).lab(d(120), Analyte::igg, 3); },
                              kAlways,
                              {Urgency::high}},
                    AlertCase{"183_days_apart",
                              [](Story& s) {
                                  s.tell(d(100), pneumonia(false, true))
                                      .lab(d(280), Analyte::igg, 3)
                                      .tell(d(283), pneumonia(false, true));
                              },
                              kAlways,
                              {Urgency::high}},
                    AlertCase{"184_days_apart",
                              [](Story& s) {
                                  s.tell(d(100), pneumonia(false, true))
                                      .lab(d(280), Analyte::igg, 3)
                                      .tell(d(284), pneumonia(false, true));
                              },
                              kAlways,
                              {}},
                    AlertCase{"replaced",
                              [](Story& s) {
                                  s.lab(d(100), Analyte::igg, 3)
                                      .gives(d(105), Agent::immunoglobulin_iv)
                                      .tell(d(110), pneumonia(true));
                              },
                              kAlways,
                              {}},
                    AlertCase{"replaced_28_days_ago",
                              [](Story& s) {
                                  s.lab(d(100), Analyte::igg, 3)
                                      .gives(d(105), Agent::immunoglobulin_iv)
                                      .tell(d(133, 11), pneumonia(true));
                              },
                              kAlways,
                              {Urgency::high}},
                    AlertCase{"another_site",
                              [](Story& s) {
                                  Infection said = pneumonia(true);
                                  said.site.display = "skin";
                                  s.lab(d(100), Analyte::igg, 3).tell(d(110), said);
                              },
                              kAlways,
                              {}}),
    CaseName{});

class BCellAplasia : public testing::TestWithParam<AlertCase> {};
TEST_P(BCellAplasia, alerts) { expect_row(SubjectRule::b_cell_aplasia, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P03, BCellAplasia,
    testing::Values(AlertCase{"day_181",
                              [](Story& s) { s.lab(d(170), Analyte::igg, 3.9).lab(d(181), Analyte::cd19, 0.02); },
                              kAlways,
                              {Urgency::medium}},
                    AlertCase{"day_180",
                              [](Story& s) { s.lab(d(170), Analyte::igg, 3.9).lab(d(180), Analyte::cd19, 0.02); },
                              kAlways,
                              {}},
                    AlertCase{"b_cells_just_above",
                              [](Story& s) { s.lab(d(170), Analyte::igg, 3.9).lab(d(181), Analyte::cd19, 0.021); },
                              kAlways,
                              {}},
                    AlertCase{"igg_just_above",
                              [](Story& s) { s.lab(d(170), Analyte::igg, 4.01).lab(d(181), Analyte::cd19, 0.001); },
                              kAlways,
                              {}},
                    AlertCase{"igg_unknown", [](Story& s) { s.lab(d(181), Analyte::cd19, 0.001); }, kAlways, {}},
                    AlertCase{"igg_comes_later",
                              [](Story& s) { s.lab(d(181), Analyte::cd19, 0.001).lab(d(200), Analyte::igg, 3); },
                              kAlways,
                              {Urgency::medium}},
                    AlertCase{"b_cells_181_days_old_are_unknown",
                              [](Story& s) { s.lab(d(181), Analyte::cd19, 0.001).lab(d(362), Analyte::igg, 3); },
                              kAlways,
                              {}}),
    CaseName{});

class AnyZoster : public testing::TestWithParam<AlertCase> {};
TEST_P(AnyZoster, alerts) { expect_row(SubjectRule::herpes_zoster, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P04, AnyZoster,
    testing::Values(
        AlertCase{"the_first", [](Story& s) { s.tell(d(120), zoster()); }, kAlways, {Urgency::medium}},
        AlertCase{"a_second_within_365_days",
                  [](Story& s) { s.tell(d(120), zoster()).tell(d(485), zoster()); },
                  kAlways,
                  {Urgency::medium, Urgency::high}},
        AlertCase{"a_second_after_366_days",
                  [](Story& s) { s.tell(d(120), zoster()).tell(d(486), zoster()); },
                  kAlways,
                  {Urgency::medium, Urgency::medium}},
        AlertCase{"while_on_prophylaxis",
                  [](Story& s) { s.starts(d(0), Agent::valaciclovir).tell(d(120), zoster()); },
                  kAlways,
                  {Urgency::high}},
        AlertCase{"after_prophylaxis",
                  [](Story& s) {
                      s.starts(d(0), Agent::valaciclovir).stops(d(119), Agent::valaciclovir).tell(d(120), zoster());
                  },
                  kAlways,
                  {Urgency::medium}},
        AlertCase{"severe_ones_too",
                  [](Story& s) {
                      Infection said = zoster();
                      said.zoster->ophthalmic = true;
                      s.tell(d(120), said);
                  },
                  kAlways,
                  {Urgency::medium}}),
    CaseName{});

class ZosterAlert : public story::TreatedAdult {};
TEST_F(ZosterAlert, tells_prophylaxis_and_cd4_three_valued) {
    told.tell(d(120), zoster(2));
    auto alert = alerts_of(told, SubjectRule::herpes_zoster).at(0);
    EXPECT_EQ(detail_of(alert, Detail::prophylaxis)->text, "unknown");
    EXPECT_TRUE(tells(alert, Detail::cd4_unknown));
    EXPECT_EQ(detail_of(alert, Detail::dermatomes)->number, 2);
    Story known;
    Surveillance said;
    said.domain = SurveillanceDomain::medication;
    said.complete_through = {d(150), d(150), story::kOffset, TimePrecision::day};
    known.adult()
        .infused()
        .tell(d(110), Contact{ContactStatus::alive, {said}})
        .lab(d(100), Analyte::cd4, 0.1)
        .tell(d(120), zoster());
    alert = alerts_of(known, SubjectRule::herpes_zoster).at(0);
    EXPECT_EQ(detail_of(alert, Detail::prophylaxis)->text, "no");
    EXPECT_FALSE(tells(alert, Detail::cd4_unknown));
    EXPECT_EQ(detail_of(alert, Detail::cd4)->day, 100);
}

class SevereZoster : public testing::TestWithParam<AlertCase> {};
TEST_P(SevereZoster, alerts) { expect_row(SubjectRule::severe_zoster, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P05, SevereZoster,
    testing::Values(AlertCase{"three_dermatomes", [](Story& s) { s.tell(d(120), zoster(3)); }, kAlways, {}},
                    AlertCase{"disseminated",
                              [](Story& s) {
                                  Infection said = zoster();
                                  said.zoster->outside_lesions = 21;
                                  s.tell(d(120), said);
                              },
                              kAlways,
                              {Urgency::immediate}},
                    AlertCase{"ophthalmic",
                              [](Story& s) {
                                  Infection said = zoster();
                                  said.zoster->ophthalmic = true;
                                  s.tell(d(5), said);
                              },
                              kAlways,
                              {Urgency::immediate}},
                    AlertCase{"twice_reported_is_one",
                              [](Story& s) {
                                  Infection said = zoster();
                                  said.zoster->cns = true;
                                  s.tell(d(120), said).tell(d(121), said);
                              },
                              kAlways,
                              {Urgency::immediate}}),
    CaseName{});

class Neuralgia : public testing::TestWithParam<AlertCase> {};
TEST_P(Neuralgia, alerts) { expect_row(SubjectRule::neuralgia, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P06, Neuralgia,
    testing::Values(
        AlertCase{"pain_on_day_89_of_it_is_not_yet",
                  [](Story& s) { s.tell(d(100), zoster()).tell(d(150), nerve_pain()); },
                  d(189, 9),
                  {}},
        AlertCase{"pain_that_nobody_said_had_gone",
                  [](Story& s) { s.tell(d(100), zoster()).tell(d(150), nerve_pain()); },
                  d(190),
                  {Urgency::info}},
        AlertCase{"pain_that_has_gone",
                  [](Story& s) {
                      s.tell(d(100), zoster()).tell(d(150), nerve_pain()).tell(d(180), nerve_pain(Outcome::recovered));
                  },
                  d(200),
                  {}},
        AlertCase{"reported_late",
                  [](Story& s) { s.tell(d(100), zoster()).tell(d(195), nerve_pain()); },
                  d(195),
                  {Urgency::info}},
        AlertCase{
            "no_zoster_is_known_before", [](Story& s) { s.tell(d(195), nerve_pain()); }, d(195), {Urgency::info}}),
    CaseName{});

Infection graded(std::uint32_t grade) {
    Infection said = pneumonia(false, true);
    said.severities = {{grade, Scale::ctcae_5_0}};
    return said;
}
class SevereInfectionAlerts : public testing::TestWithParam<AlertCase> {};
TEST_P(SevereInfectionAlerts, alerts) { expect_row(SubjectRule::severe_infection, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P10, SevereInfectionAlerts,
    testing::Values(
        AlertCase{"grade_3_on_day_91", [](Story& s) { s.tell(d(91), graded(3)); }, kAlways, {Urgency::immediate}},
        AlertCase{"grade_3_on_day_90", [](Story& s) { s.tell(d(90), graded(3)); }, kAlways, {}},
        AlertCase{"grade_2", [](Story& s) { s.tell(d(91), graded(2)); }, kAlways, {}},
        AlertCase{"intravenous_is_grade_3",
                  [](Story& s) {
                      Infection said = pneumonia();
                      said.treatment_routes = {Route::intravenous};
                      s.tell(d(91), said);
                  },
                  kAlways,
                  {Urgency::immediate}},
        AlertCase{"could_be_grade_3", [](Story& s) { s.tell(d(91), pneumonia()); }, kAlways, {Urgency::high}},
        AlertCase{"fatal_at_any_time",
                  [](Story& s) {
                      Infection said = pneumonia();
                      said.outcome = Outcome::fatal;
                      s.tell(d(20), said);
                  },
                  kAlways,
                  {Urgency::immediate}},
        AlertCase{"only_the_death_says_so",
                  [](Story& s) { s.died(d(20), DeathCause::infection); },
                  kAlways,
                  {Urgency::immediate}},
        AlertCase{"death_of_the_disease", [](Story& s) { s.died(d(20), DeathCause::disease); }, kAlways, {}}),
    CaseName{});

class SevereInfectionAlert : public story::TreatedAdult {};
TEST_F(SevereInfectionAlert, keeps_its_name_when_a_mild_infection_is_reported_late) {
    told.tell(d(120), graded(3), "severe");
    const std::string id = alert_id("S", alerts_of(told, SubjectRule::severe_infection).at(0));
    told.tell(d(100), graded(2), "mild");
    const auto after = alerts_of(told, SubjectRule::severe_infection);
    ASSERT_EQ(after.size(), 1U);
    EXPECT_EQ(alert_id("S", after[0]), id);
}

Infection of(Organism organism, const char* site) { return infection(organism, PathogenClass::viral, site); }
class Repeated : public testing::TestWithParam<AlertCase> {};
TEST_P(Repeated, alerts) { expect_row(SubjectRule::repeated_infection, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P11, Repeated,
    testing::Values(AlertCase{"third_within_90_days",
                              [](Story& s) {
                                  s.tell(d(100), of(Organism::rsv, "lung"))
                                      .tell(d(130), of(Organism::influenza, "nose"))
                                      .tell(d(189), pneumonia());
                              },
                              kAlways,
                              {Urgency::medium}},
                    AlertCase{"third_on_the_ninetieth_day_after",
                              [](Story& s) {
                                  s.tell(d(100), of(Organism::rsv, "lung"))
                                      .tell(d(130), of(Organism::influenza, "nose"))
                                      .tell(d(190), pneumonia());
                              },
                              kAlways,
                              {}},
                    AlertCase{"one_episode_is_not_three",
                              [](Story& s) {
                                  for (const int day : {100, 105, 110}) s.tell(d(day), pneumonia());
                              },
                              kAlways,
                              {}},
                    AlertCase{"the_same_organism_outside_its_interval",
                              [](Story& s) {
                                  s.tell(d(100), of(Organism::rsv, "lung")).tell(d(114, 11), of(Organism::rsv, "lung"));
                              },
                              kAlways,
                              {Urgency::medium}},
                    AlertCase{"the_same_organism_within_its_interval",
                              [](Story& s) {
                                  s.tell(d(100), of(Organism::rsv, "lung")).tell(d(114), of(Organism::rsv, "lung"));
                              },
                              kAlways,
                              {}},
                    AlertCase{"bacteria_need_not_be_the_same",
                              [](Story& s) { s.tell(d(100), pneumonia()).tell(d(150), pneumonia()); },
                              kAlways,
                              {}},
                    AlertCase{"viraemia_alone_is_none",
                              [](Story& s) {
                                  Infection said = of(Organism::cmv, "blood");
                                  said.viraemia_only = true;
                                  s.tell(d(100), said).tell(d(170), said);
                              },
                              kAlways,
                              {}}),
    CaseName{});

SubsequentTherapy therapy(SubsequentTherapyKind kind) {
    SubsequentTherapy given;
    given.kind = kind;
    return given;
}
class AfterTherapy : public testing::TestWithParam<AlertCase> {};
TEST_P(AfterTherapy, alerts) { expect_row(SubjectRule::infection_after_therapy, GetParam()); }
INSTANTIATE_TEST_SUITE_P(
    P17, AfterTherapy,
    testing::Values(
        AlertCase{"after_it_began",
                  [](Story& s) { s.tell(d(100), therapy(SubsequentTherapyKind::systemic)).tell(d(110), pneumonia()); },
                  kAlways,
                  {Urgency::info}},
        AlertCase{"before_it_began",
                  [](Story& s) { s.tell(d(90), pneumonia()).tell(d(100), therapy(SubsequentTherapyKind::systemic)); },
                  kAlways,
                  {}},
        AlertCase{"begun_before_and_reported_again_after",
                  [](Story& s) {
                      s.tell(d(98), pneumonia())
                          .tell(d(100), therapy(SubsequentTherapyKind::systemic))
                          .tell(d(102), pneumonia());
                  },
                  kAlways,
                  {}},
        AlertCase{
            "radiotherapy_does_not_count",
            [](Story& s) { s.tell(d(100), therapy(SubsequentTherapyKind::radiotherapy)).tell(d(110), pneumonia()); },
            kAlways,
            {}},
        AlertCase{"each_new_infection",
                  [](Story& s) {
                      s.tell(d(100), therapy(SubsequentTherapyKind::systemic))
                          .tell(d(110), pneumonia())
                          .tell(d(200), pneumonia());
                  },
                  kAlways,
                  {Urgency::info, Urgency::info}}),
    CaseName{});

}  // namespace
}  // namespace cellvigil
