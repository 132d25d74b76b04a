// What one subject contributes: entry, exit and why, by estimand; windows, landmarks, strata, re-infusion; and what an
// inspector would try (corrected onset, other therapy, wrong patient, what was known when).
#include "rules/cohort/contribution.h"

#include <gtest/gtest.h>

#include "rules/cohort/cohort_table.h"
#include "rules/cohort/estimates.h"
#include "tests/rules/cohort/told.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using story::alive_through;
using story::d;
using story::infected;
using story::rash;
using story::Seen;
using story::Story;
using story::Told;

constexpr auto kBefore = Estimand::before_next_therapy;
constexpr auto kRegardless = Estimand::regardless;
constexpr EndpointKey kZosterBefore{Endpoint::zoster_past_day_90, kBefore};
constexpr EndpointKey kZosterRegardless{Endpoint::zoster_past_day_90, kRegardless};

Story infused() { return std::move(Story().adult().infused()); }
Story followed(int through = 1000) { return std::move(infused().tell(d(through), alive_through(d(through)))); }

SubsequentTherapy therapy(SubsequentTherapyKind kind, TherapyIntent intent = TherapyIntent::unspecified) {
    SubsequentTherapy said;
    said.kind = kind;
    said.intent = intent;
    return said;
}

Spell only(const std::vector<Spell>& spells) {
    EXPECT_EQ(spells.size(), 1U);
    return spells.empty() ? Spell{} : spells.front();
}

// ---- where time at risk past day 90 begins

struct OnsetCase {
    const char* name;
    int day;
    bool counts;
};
class PastDay90 : public testing::TestWithParam<OnsetCase> {};
TEST_P(PastDay90, begins_on_day_91) {
    Story told = followed();
    told.tell_until(d(GetParam().day), d(GetParam().day + 1), rash());
    const Spell spell = only(Seen(told).spells(kZosterBefore));
    EXPECT_EQ(spell.ended_in_cause, GetParam().counts);
    EXPECT_EQ(spell.exit, GetParam().counts ? GetParam().day : 1000);
}
INSTANTIATE_TEST_SUITE_P(Table, PastDay90,
                         testing::Values(OnsetCase{"day_89", 89, false}, OnsetCase{"day_90", 90, false},
                                         OnsetCase{"day_91", 91, true}, OnsetCase{"day_92", 92, true}),
                         CaseName{});

TEST(Contribution, time_at_risk_begins_when_the_earlier_zoster_can_recur) {
    Story told = followed();
    told.tell_until(d(80), d(85), rash());
    // Resolved on day 85, at risk from day 100 on: the interval of 14 days included.
    EXPECT_EQ(only(Seen(told).spells(kZosterBefore)), (Spell{99, 1000, Exit::last_contact, 0, false}));
}

TEST(Contribution, who_joins_later_enters_later_and_not_with_an_event_of_before) {
    Story told;
    told.infused().tell(d(200), Enrollment{}, "enrollment").tell(d(1000), alive_through(d(1000)));
    EXPECT_EQ(only(Seen(told).spells(kZosterBefore)).origin, 199);
    EXPECT_EQ(only(Seen(told).spells({Endpoint::death, kRegardless})).origin, 199);
    told.tell(d(150), rash());
    EXPECT_TRUE(Seen(told).spells(kZosterBefore).empty());
}

// ---- how it ends

struct ExitCase {
    const char* name;
    Body body;
    int day;
    Exit before;
    bool before_competes;
    Exit regardless;
    int regardless_day;
    bool regardless_competes;
};
class ExitTable : public testing::TestWithParam<ExitCase> {};
TEST_P(ExitTable, decides_by_estimand) {
    const ExitCase& one = GetParam();
    Story told = followed();
    told.tell(d(one.day), one.body);
    const Seen seen(told);
    const Spell before = only(seen.spells(kZosterBefore));
    EXPECT_EQ(before.why, one.before);
    EXPECT_EQ(before.ended_in_cause, one.before_competes);
    const Spell regardless = only(seen.spells(kZosterRegardless));
    EXPECT_EQ(regardless.why, one.regardless);
    EXPECT_EQ(regardless.exit, one.regardless_day);
    EXPECT_EQ(regardless.ended_in_cause, one.regardless_competes);
}
DiseaseStatus status(Response response) {
    DiseaseStatus said;
    said.response = response;
    return said;
}
INSTANTIATE_TEST_SUITE_P(Table, ExitTable,
                         testing::Values(ExitCase{"death", Death{}, 300, Exit::death, true, Exit::death, 300, true},
                                         ExitCase{"systemic", therapy(SubsequentTherapyKind::systemic), 300,
                                                  Exit::systemic_therapy, true, Exit::last_contact, 1000, false},
                                         ExitCase{"engager", therapy(SubsequentTherapyKind::t_cell_engager), 300,
                                                  Exit::systemic_therapy, true, Exit::last_contact, 1000, false},
                                         ExitCase{"not_against_the_disease",
                                                  therapy(SubsequentTherapyKind::systemic, TherapyIntent::other), 300,
                                                  Exit::last_contact, false, Exit::last_contact, 1000, false},
                                         ExitCase{"radiotherapy", therapy(SubsequentTherapyKind::radiotherapy), 300,
                                                  Exit::last_contact, false, Exit::last_contact, 1000, false},
                                         ExitCase{"transplant", therapy(SubsequentTherapyKind::allogeneic_hct), 300,
                                                  Exit::transplant, true, Exit::transplant, 300, false},
                                         ExitCase{"new_cells", therapy(SubsequentTherapyKind::cell_therapy), 300,
                                                  Exit::cell_therapy, true, Exit::cell_therapy, 300, false},
                                         ExitCase{"progression_alone", status(Response::progressive), 300,
                                                  Exit::last_contact, false, Exit::last_contact, 1000, false},
                                         ExitCase{"withdrawn", ConsentChange{ConsentScope::stop_collection}, 300,
                                                  Exit::withdrawn, false, Exit::withdrawn, 300, false},
                                         ExitCase{"stopped_treatment_only", ConsentChange{ConsentScope::stop_treatment},
                                                  300, Exit::last_contact, false, Exit::last_contact, 1000, false}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(Contribution, a_silent_subject_contributes_to_the_last_verified_day) {
    Story told = infused();
    told.tell(d(400), alive_through(d(380))).tell(d(700), Contact{ContactStatus::not_reached, {}});
    EXPECT_EQ(only(Seen(told).spells(kZosterBefore)), (Spell{90, 380, Exit::last_contact, 0, false}));
    EXPECT_EQ(only(Seen(told).spells({Endpoint::death, kRegardless})).exit, 400);  // alive on the day of the contact
    told.tell(d(800), Contact{ContactStatus::lost_to_follow_up, {}});
    EXPECT_EQ(only(Seen(told).spells(kZosterBefore)), (Spell{90, 380, Exit::lost, 0, false}));
}

TEST(Contribution, who_had_the_event_before_anybody_said_alive_is_in_the_denominator_too) {
    Story told = infused();
    told.temperature(d(2), 39.0);
    CohortTable table;
    table.add(Seen(told).share());
    EXPECT_EQ(subjects_in(table, AnalysisSet::safety, {}), 1);
    const TableKey crs{AnalysisSet::safety, false, {Endpoint::crs_any, kRegardless}, {}};
    EXPECT_EQ(crude(table, crs).events, 1);
    EXPECT_EQ(crude(table, crs).subjects, 1);
    table.subtract(Seen(told).share());
    EXPECT_TRUE(table.cells().empty());
}

TEST(Contribution, without_surveillance_of_infections_there_is_no_time_at_risk_of_them) {
    Story told = infused();
    told.tell(d(400), Contact{ContactStatus::alive, {}});
    EXPECT_TRUE(Seen(told).spells(kZosterBefore).empty());
    RuleSet rules;
    rules.cohorts.infections_followed_by = FollowedBy::contact;
    EXPECT_EQ(only(Seen(told, rules).spells(kZosterBefore)).exit, 400);
}

TEST(Contribution, an_event_past_the_last_verified_day_is_verified_by_itself_unless_the_subject_had_left) {
    Story told = followed(300);
    told.tell(d(330), rash());
    EXPECT_EQ(only(Seen(told).spells(kZosterBefore)), (Spell{90, 330, Exit::event, 0, true}));
    told.tell(d(320), ConsentChange{ConsentScope::stop_collection});
    EXPECT_EQ(only(Seen(told).spells(kZosterBefore)), (Spell{90, 300, Exit::withdrawn, 0, false}));
}

TEST(Contribution, a_death_after_the_loss_counts_for_survival_alone) {
    Story told = followed(300);
    told.tell(d(400), Contact{ContactStatus::lost_to_follow_up, {}}).died(d(900), DeathCause::disease);
    EXPECT_EQ(only(Seen(told).spells({Endpoint::death, kRegardless})).exit, 900);
    EXPECT_EQ(only(Seen(told).spells(kZosterBefore)), (Spell{90, 300, Exit::lost, 0, false}));
}

TEST(Contribution, on_one_day_the_event_comes_first) {
    Story told = followed();
    told.tell(d(300), rash())
        .tell(d(300, 8), therapy(SubsequentTherapyKind::systemic))
        .died(d(300, 20), DeathCause::infection);
    EXPECT_EQ(only(Seen(told).spells(kZosterBefore)).why, Exit::event);
}

TEST(Contribution, recurrent_zoster_is_not_at_risk_while_it_cannot_recur) {
    Story told = followed();
    told.tell_until(d(100), d(110), rash()).tell_until(d(400), d(420), rash());
    const auto spells =
        Seen(told).spells({Endpoint::zoster_past_day_90, kBefore, GradeSide::computed, Counting::every});
    ASSERT_EQ(spells.size(), 3U);
    EXPECT_EQ(spells[0], (Spell{90, 100, Exit::event, 0, true}));
    EXPECT_EQ(spells[1], (Spell{124, 400, Exit::event, 0, true}));  // 110 + 14 days blocked
    EXPECT_EQ(spells[2], (Spell{434, 1000, Exit::last_contact, 0, false}));
    EXPECT_EQ(Seen(told).spells(kZosterBefore).size(), 1U);
}

TEST(Contribution, another_infusion_is_an_index_of_its_own_and_ends_the_first) {
    Story told = followed(1200);
    told.infused(d(400), "lot-2").tell(d(430), rash()).tell(d(500), rash());
    const SubjectShare share = Seen(told).share();
    ASSERT_EQ(share.indexes.size(), 2U);
    EXPECT_EQ(share.indexes[1].ordinal, 2);
    EXPECT_EQ(only(Seen(told).spells(kZosterBefore)), (Spell{90, 400, Exit::cell_therapy, 4, true}));
    for (const Contribution& one : share.indexes[1].contributions) {
        if (one.key != kZosterBefore) continue;
        EXPECT_EQ(one.spells.at(0).exit, 100);  // day 500 is day 100 of the second
    }
}

TEST(Contribution, severe_infections_count_in_the_window_of_their_onset) {
    Infection severe = infected(Organism::bacteria);
    severe.severities = {{3, Scale::ctcae_5_0}};
    struct {
        int day;
        Endpoint window;
    } const cases[] = {{30, Endpoint::severe_infection_w0},  {31, Endpoint::severe_infection_w1},
                       {90, Endpoint::severe_infection_w1},  {91, Endpoint::severe_infection_w2},
                       {365, Endpoint::severe_infection_w2}, {366, Endpoint::severe_infection_w3}};
    for (const auto& [day, window] : cases) {
        Story told = followed();
        told.tell(d(day), severe);
        const Seen seen(told);
        for (const Endpoint one : {Endpoint::severe_infection_w0, Endpoint::severe_infection_w1,
                                   Endpoint::severe_infection_w2, Endpoint::severe_infection_w3})
            EXPECT_EQ(only(seen.spells({one, kBefore})).ended_in_cause, one == window) << day << " " << name_of(one);
    }
}

TEST(Contribution, a_severe_infection_without_the_pack_s_grade_stands_in_the_upper_count_only) {
    Infection admitted = infected(Organism::bacteria);
    admitted.hospitalised = true;
    Story told = followed();
    told.tell(d(100), admitted);
    EXPECT_FALSE(only(Seen(told).spells({Endpoint::severe_infection_w2, kBefore})).ended_in_cause);
    EXPECT_TRUE(only(Seen(told).spells({Endpoint::severe_infection_w2, kBefore, GradeSide::upper})).ended_in_cause);
    RuleSet rules;
    rules.infection.severe_by = SevereInfection::treated_or_admitted;
    EXPECT_TRUE(only(Seen(told, rules).spells({Endpoint::severe_infection_w2, kBefore})).ended_in_cause);
}

TEST(Contribution, grades_stand_side_by_side) {
    AdverseEvent reported;
    reported.category = AdverseEventCategory::crs;
    reported.reported = SiteGrade{3, Scale::astct_crs_2019};
    Story told = followed();
    told.temperature(d(3), 38.9).tell(d(4), reported);
    const Seen seen(told);
    EXPECT_FALSE(only(seen.spells({Endpoint::crs_3, kBefore})).ended_in_cause);
    EXPECT_EQ(only(seen.spells({Endpoint::crs_any, kBefore})).exit, 3);
    EXPECT_EQ(only(seen.spells({Endpoint::crs_3, kBefore, GradeSide::site})).exit, 4);
    EXPECT_FALSE(only(seen.spells({Endpoint::crs_3, kBefore, GradeSide::computed_else_site})).ended_in_cause);
    Story ungraded = followed();
    ungraded.tell(d(4), reported);
    EXPECT_EQ(only(Seen(ungraded).spells({Endpoint::crs_3, kBefore, GradeSide::computed_else_site})).exit, 4);
}

TEST(Contribution, progression_free_time_is_censored_at_the_last_assessment_before_another_therapy) {
    Story told = followed();
    told.tell(d(30), status(Response::complete)).tell(d(200), status(Response::complete));
    told.tell(d(250), therapy(SubsequentTherapyKind::systemic)).tell(d(300), status(Response::progressive));
    EXPECT_EQ(only(Seen(told).spells({Endpoint::progression_free, kBefore})),
              (Spell{-1, 200, Exit::last_contact, 0, false}));
    EXPECT_EQ(only(Seen(told).spells({Endpoint::progression_free, kRegardless})),
              (Spell{-1, 300, Exit::event, 0, true}));
}

TEST(Contribution, death_after_relapse_is_no_non_relapse_death) {
    for (const bool relapsed : {false, true}) {
        Story told = followed();
        if (relapsed) told.tell(d(100), status(Response::relapse));
        told.died(d(300), DeathCause::infection);
        const Spell spell = only(Seen(told).spells({Endpoint::non_relapse_death, kRegardless}));
        EXPECT_EQ(spell.why, relapsed ? Exit::progression : Exit::event);
        EXPECT_EQ(spell.exit, relapsed ? 100 : 300);
        EXPECT_EQ(only(Seen(told).spells({Endpoint::death, kRegardless})).cause, death_column(DeathCause::infection));
    }
}

TEST(Contribution, an_infused_subject_is_in_the_efficacy_set_once_it_is_evaluable) {
    Story told = followed();
    told.tell(d(28), status(Response::not_evaluable));
    EXPECT_FALSE(Seen(told).share().indexes.at(0).efficacy);
    told.tell(d(-3), status(Response::progressive));
    EXPECT_FALSE(Seen(told).share().indexes.at(0).efficacy);
    told.tell(d(60), status(Response::stable));
    EXPECT_TRUE(Seen(told).share().indexes.at(0).efficacy);
    EXPECT_TRUE(Seen(std::move(Story().adult())).share().indexes.empty());  // not infused: no set
}

// ---- landmarks

struct CytopeniaCase {
    const char* name;
    std::vector<std::pair<int, double>> neutrophils;
    Standing persists;
    bool platelets_tested = true;
};
class CytopeniaAt365 : public testing::TestWithParam<CytopeniaCase> {};
TEST_P(CytopeniaAt365, needs_two_severe_values_a_week_apart) {
    Story told = followed();
    for (const auto& [day, value] : GetParam().neutrophils) told.lab(d(day), Analyte::neutrophils, value);
    for (const int day : {340, 380}) {
        told.lab(d(day), Analyte::haemoglobin, 120);
        if (GetParam().platelets_tested) told.lab(d(day), Analyte::platelets, 150);
    }
    const auto spells = Seen(told).spells({Endpoint::severe_cytopenia, kBefore});
    ASSERT_EQ(spells.size(), 3U);  // days 90, 180, 365
    const Spell& last = spells[2];
    EXPECT_EQ(last.exit, 365);
    EXPECT_EQ(last.ended_in_cause, GetParam().persists != Standing::unknown);
    EXPECT_EQ(last.why == Exit::event, GetParam().persists == Standing::yes);
}
INSTANTIATE_TEST_SUITE_P(
    Table, CytopeniaAt365,
    testing::Values(CytopeniaCase{"a_week_apart", {{350, 0.9}, {357, 0.9}}, Standing::yes},
                    CytopeniaCase{"six_days_apart", {{350, 0.9}, {356, 0.9}}, Standing::unknown},
                    CytopeniaCase{"first_and_last_day", {{335, 0.9}, {395, 0.9}}, Standing::yes},
                    CytopeniaCase{"before_the_window", {{334, 0.9}, {350, 0.9}}, Standing::unknown},
                    CytopeniaCase{"after_the_window", {{390, 0.9}, {396, 0.9}, {397, 0.9}}, Standing::unknown},
                    CytopeniaCase{"grade_2_at_the_limit", {{350, 1.0}, {360, 1.0}}, Standing::no},
                    CytopeniaCase{"milder_between", {{350, 0.9}, {355, 1.2}, {360, 0.9}}, Standing::no},
                    CytopeniaCase{"not_tested", {}, Standing::unknown},
                    CytopeniaCase{
                        "normal_but_platelets_not_tested", {{350, 2.0}, {360, 2.0}}, Standing::unknown, false},
                    CytopeniaCase{"severe_and_platelets_not_tested", {{350, 0.9}, {360, 0.9}}, Standing::yes, false}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Landmark, does_not_see_a_value_that_was_rejected) {
    Story told = followed();
    told.lab(d(350), Analyte::neutrophils, 0.9).tell(d(360), Observation{}, "other");
    Observation low;
    low.analyte = Analyte::neutrophils;
    low.status = ResultStatus::final;
    low.value = *quantity_of(0.8);
    told.tell(d(370), low, "judged");
    EXPECT_EQ(Seen(told).spells({Endpoint::severe_cytopenia, kBefore}).at(2).why, Exit::event);
    Adjudication rejected;
    rejected.verdict = Verdict::value_rejected;
    rejected.judged_record = "ehr/judged";
    rejected.clinician = "clinician-1";
    rejected.signed_at = d(380);
    told.tell(d(380), rejected);
    EXPECT_FALSE(Seen(told).spells({Endpoint::severe_cytopenia, kBefore}).at(2).ended_in_cause);
}

TEST(Landmark, is_for_those_who_are_there) {
    const EndpointKey key{Endpoint::severe_cytopenia, kBefore};
    Story dead = followed();
    dead.died(d(180), DeathCause::disease);
    EXPECT_EQ(Seen(dead).spells(key).size(), 1U);  // day 90 only
    Story treated = followed();
    treated.tell(d(181), therapy(SubsequentTherapyKind::systemic));
    EXPECT_EQ(Seen(treated).spells(key).size(), 2U);
    EXPECT_EQ(Seen(treated).spells({Endpoint::severe_cytopenia, kRegardless}).size(), 3U);
    EXPECT_EQ(Seen(followed(364)).spells(key).size(), 2U);
}

// ---- what an inspector tries

Told correction(const Told& earlier, Instant at, Instant told_at) {
    Told next = earlier;
    next.message_id += "-v2";
    next.event.version = 2;
    next.event.action = RecordAction::amend;
    next.event.effective.from = next.event.effective.until = at;
    next.event.recorded_at = next.event.appended_at = told_at;
    next.event.content_hash += 1;
    return next;
}

class Inspected {
  public:
    explicit Inspected(const Story& told) : timeline_(told.timeline()) {}
    void apply(const Told& told) { static_cast<void>(timeline_.apply(story::event_of(told), {})); }
    SubjectShare share(std::optional<Instant> known_at = std::nullopt) const {
        return share_of(subject_facts(timeline_, {}, known_at, std::nullopt), {}, {});
    }

  private:
    SubjectTimeline timeline_;
};

EventRate zoster_rate(const CohortTable& table, Estimand estimand) {
    const TableCell* cell = table.find({AnalysisSet::safety, false, {Endpoint::zoster_past_day_90, estimand}, {}});
    return cell == nullptr ? EventRate{} : *event_rate(*cell);
}

TEST(Inspection, an_onset_corrected_from_day_89_to_92_moves_past_day_90_and_both_versions_can_be_explained) {
    Story told = followed();
    told.tell(d(89), rash(), "zoster");
    Inspected subject(told);
    CohortTable table;
    const SubjectShare before = subject.share();
    table.add(before);
    EXPECT_EQ(zoster_rate(table, kBefore).events, 0);
    const Instant corrected_at = d(1001);
    subject.apply(correction(told.told().back(), d(92), corrected_at));
    const SubjectShare after = subject.share();
    table.subtract(before);
    EXPECT_TRUE(table.empty());
    table.add(after);
    EXPECT_EQ(zoster_rate(table, kBefore).events, 1);
    EXPECT_EQ(zoster_rate(table, kBefore).person_days, 2);
    EXPECT_EQ(subject.share(corrected_at - minutes(1)), before);  // what the system showed then
    EXPECT_EQ(subject.share(corrected_at), after);
}

TEST(Inspection, zoster_after_another_therapy_counts_in_the_secondary_estimand_only) {
    Story told = followed();
    told.tell(d(200), status(Response::relapse))
        .tell(d(205), therapy(SubsequentTherapyKind::systemic))
        .tell(d(230), rash());
    CohortTable table;
    table.add(Seen(told).share());
    EXPECT_EQ(zoster_rate(table, kBefore).events, 0);
    EXPECT_EQ(zoster_rate(table, kBefore).person_days, 205 - 90);
    EXPECT_EQ(zoster_rate(table, kRegardless).events, 1);
    EXPECT_EQ(zoster_rate(table, kRegardless).person_days, 230 - 90);
}

TEST(Inspection, a_report_of_the_wrong_patient_leaves_no_trace) {
    Story told = followed();
    Inspected clean(told);
    told.tell(d(150), rash(), "zoster");
    Inspected subject(told);
    CohortTable table;
    const SubjectShare before = subject.share();
    table.add(before);
    Told nullified = correction(told.told().back(), d(150), d(1100));
    nullified.event.action = RecordAction::retract;
    nullified.event.body = Retraction{};
    subject.apply(nullified);
    table.subtract(before);
    table.add(subject.share());
    CohortTable expected;
    expected.add(clean.share());
    EXPECT_EQ(table, expected);
    EXPECT_EQ(subject.share(d(1099)), before);
}

TEST(DataCut, ends_time_and_leaves_later_events_out) {
    Story told = followed();
    told.tell(d(500), rash());
    // The only statement of surveillance was made later than the cut, and is of days before it as well.
    EXPECT_EQ(only(Seen(told, {}, std::nullopt, d(400)).spells(kZosterBefore)),
              (Spell{90, 400, Exit::data_cut, 0, false}));
    EXPECT_EQ(only(Seen(told, {}, std::nullopt, d(600)).spells(kZosterBefore)), (Spell{90, 500, Exit::event, 0, true}));
    told.died(d(450), DeathCause::disease);
    EXPECT_EQ(only(Seen(told, {}, std::nullopt, d(400)).spells({Endpoint::death, kRegardless})).why, Exit::data_cut);
}

TEST(Cohort, is_chosen_by_every_filter_that_is_given) {
    Story told = followed();
    const Seen seen(told);
    CohortDefinition cohort;
    EXPECT_TRUE(belongs(seen.facts(), cohort));
    cohort.cohorts = {"STUDY/COHORT"};
    cohort.sites = {"site-01"};
    cohort.products = {"C-CAR039"};
    EXPECT_TRUE(belongs(seen.facts(), cohort));
    cohort.sites = {"site-02"};
    EXPECT_FALSE(belongs(seen.facts(), cohort));
    EXPECT_TRUE(share_of(seen.facts(), cohort, {}).indexes.empty());
}

}  // namespace
}  // namespace cellvigil
