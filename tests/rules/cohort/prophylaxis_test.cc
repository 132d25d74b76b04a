// Protected, not protected, unknown; low, not low, unknown: day by day, both sides of each limit.
#include "rules/cohort/prophylaxis.h"

#include <gtest/gtest.h>

#include "rules/cohort/immune_state.h"
#include "tests/rules/cohort/told.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using story::alive_through;
using story::d;
using story::Seen;
using story::Story;

Story infused() { return std::move(Story().adult().infused()); }

Intervention course(Agent agent, InterventionPhase phase, const char* id = "") {
    Intervention said;
    said.kind = InterventionKind::drug;
    said.agent = agent;
    said.phase = phase;
    said.course = id;
    said.policy = "policy-1";
    return said;
}
constexpr auto kStart = InterventionPhase::start;
constexpr auto kStop = InterventionPhase::stop;
constexpr auto kSingle = InterventionPhase::single;

Standing on_day(const Story& told, Prophylaxis kind, Day day) {
    const Seen seen(told);
    return standing_on(prophylaxis_runs(seen.facts(), seen.index(), kind, {0, 2000}, {}), day);
}

TEST(Prophylaxis, is_on_while_a_course_runs_and_off_only_where_medication_is_known) {
    Story told = infused();
    told.tell(d(-5), course(Agent::aciclovir, kStart, "a")).tell(d(180), course(Agent::aciclovir, kStop, "a"));
    EXPECT_EQ(on_day(told, Prophylaxis::antiviral, 0), Standing::yes);
    EXPECT_EQ(on_day(told, Prophylaxis::antiviral, 180), Standing::yes);
    EXPECT_EQ(on_day(told, Prophylaxis::antiviral, 181),
              Standing::unknown);  // stopped, and nobody says what came after
    told.tell(d(300), alive_through(d(300), SurveillanceDomain::medication));
    EXPECT_EQ(on_day(told, Prophylaxis::antiviral, 181), Standing::no);
    EXPECT_EQ(on_day(told, Prophylaxis::antiviral, 300), Standing::no);
    EXPECT_EQ(on_day(told, Prophylaxis::antiviral, 301), Standing::unknown);
}

TEST(Prophylaxis, surveillance_of_infections_says_nothing_about_medication) {
    Story told = infused();
    told.tell(d(300), alive_through(d(300), SurveillanceDomain::infection));
    EXPECT_EQ(on_day(told, Prophylaxis::antiviral, 100), Standing::unknown);
}

TEST(Prophylaxis, runs_on_until_a_stop_is_told) {
    Story told = infused();
    told.tell(d(-5), course(Agent::valaciclovir, kStart));
    EXPECT_EQ(on_day(told, Prophylaxis::antiviral, 1500), Standing::yes);
}

TEST(Prophylaxis, courses_are_told_apart_by_their_id) {
    Story told = infused();
    told.tell(d(0), course(Agent::aciclovir, kStart, "a")).tell(d(50), course(Agent::aciclovir, kStart, "b"));
    told.tell(d(60), course(Agent::aciclovir, kStop, "a"));
    EXPECT_EQ(on_day(told, Prophylaxis::antiviral, 100), Standing::yes);
    const Seen seen(told);
    const auto courses = prophylaxis_courses(seen.facts(), seen.index(), Prophylaxis::antiviral, {});
    ASSERT_EQ(courses.size(), 2U);
    EXPECT_EQ(courses[0], (ProphylaxisCourse{0, 60, "policy-1"}));
    EXPECT_EQ(courses[1].last, kOpenCourse);
}

TEST(Prophylaxis, a_stated_end_ends_the_course) {
    Story told = infused();
    told.tell_until(d(0), d(90), course(Agent::aciclovir, kStart, "a"));
    told.tell(d(300), alive_through(d(300)));
    EXPECT_EQ(on_day(told, Prophylaxis::antiviral, 90), Standing::yes);
    EXPECT_EQ(on_day(told, Prophylaxis::antiviral, 91), Standing::no);
}

TEST(Prophylaxis, treatment_of_an_infection_is_none) {
    Intervention treatment = course(Agent::aciclovir, kStart, "t");
    treatment.treatment = true;
    Story told = infused();
    told.tell(d(100), treatment).tell(d(300), alive_through(d(300)));
    EXPECT_EQ(on_day(told, Prophylaxis::antiviral, 105), Standing::no);
}

struct DoseCase {
    const char* name;
    Prophylaxis kind;
    Agent agent;
    Day last_covered;  // after a dose on day 100
};
class Dose : public testing::TestWithParam<DoseCase> {};
TEST_P(Dose, covers_its_days) {
    const DoseCase& one = GetParam();
    Story told = infused();
    told.tell(d(100), course(one.agent, kSingle)).tell(d(300), alive_through(d(300)));
    EXPECT_EQ(on_day(told, one.kind, 99), Standing::no);
    EXPECT_EQ(on_day(told, one.kind, one.last_covered), Standing::yes);
    EXPECT_EQ(on_day(told, one.kind, one.last_covered + 1), Standing::no);
}
INSTANTIATE_TEST_SUITE_P(
    Table, Dose,
    testing::Values(DoseCase{"aciclovir", Prophylaxis::antiviral, Agent::aciclovir, 100},
                    DoseCase{"cotrimoxazole", Prophylaxis::pneumocystis, Agent::cotrimoxazole, 100},
                    DoseCase{"pentamidine", Prophylaxis::pneumocystis, Agent::pentamidine, 127},
                    DoseCase{"immunoglobulin", Prophylaxis::immunoglobulin, Agent::immunoglobulin_iv, 127}),
    CaseName{});

TEST(Prophylaxis, a_zoster_vaccine_protects_from_its_second_dose_on) {
    Story told = infused();
    told.tell(d(-100), course(Agent::zoster_vaccine_recombinant, kSingle));  // before the cells: protects no longer
    told.tell(d(365), course(Agent::zoster_vaccine_recombinant, kSingle));
    told.tell(d(545), course(Agent::zoster_vaccine_recombinant, kSingle)).tell(d(900), alive_through(d(900)));
    EXPECT_EQ(on_day(told, Prophylaxis::zoster_vaccine, 544), Standing::no);
    EXPECT_EQ(on_day(told, Prophylaxis::zoster_vaccine, 545), Standing::yes);
    EXPECT_EQ(on_day(told, Prophylaxis::zoster_vaccine, 1200), Standing::yes);
}

// ---- immune state

struct LimitCase {
    const char* name;
    ImmuneMarker marker;
    Analyte analyte;
    double at_limit, above;
    Day valid;
};
class ImmuneLimit : public testing::TestWithParam<LimitCase> {};
TEST_P(ImmuneLimit, includes_the_limit_and_holds_for_its_days) {
    const LimitCase& one = GetParam();
    const auto low_on = [&](double value, Day day) {
        Story told = infused();
        told.lab(d(100), one.analyte, value);
        const Seen seen(told);
        return standing_on(low_runs(seen.facts(), seen.index(), one.marker, {0, 2000}, {}), day);
    };
    EXPECT_EQ(low_on(one.at_limit, 99), Standing::unknown);
    EXPECT_EQ(low_on(one.at_limit, 100), Standing::yes);
    EXPECT_EQ(low_on(one.above, 100), Standing::no);
    EXPECT_EQ(low_on(one.at_limit, 100 + one.valid), Standing::yes);
    EXPECT_EQ(low_on(one.at_limit, 101 + one.valid), Standing::unknown);
}
INSTANTIATE_TEST_SUITE_P(Table, ImmuneLimit,
                         testing::Values(LimitCase{"igg", ImmuneMarker::igg, Analyte::igg, 4.0, 4.01, 120},
                                         LimitCase{"cd4", ImmuneMarker::cd4, Analyte::cd4, 0.2, 0.201, 120},
                                         LimitCase{"b_cells", ImmuneMarker::b_cells, Analyte::cd19, 0.02, 0.021, 180},
                                         LimitCase{"lymphocytes", ImmuneMarker::lymphocytes, Analyte::lymphocytes, 0.5,
                                                   0.501, 30}),
                         CaseName{});

struct ComparatorCase {
    const char* name;
    Comparator comparator;
    double value;
    Standing low;  // against 0.2
    Cd4Band band;
};
class ImmuneComparator : public testing::TestWithParam<ComparatorCase> {};
TEST_P(ImmuneComparator, says_only_what_it_implies) {
    const ComparatorCase& one = GetParam();
    Observation measured;
    measured.analyte = Analyte::cd4;
    measured.status = ResultStatus::final;
    measured.comparator = one.comparator;
    measured.value = *quantity_of(one.value);
    Story told = infused();
    told.tell(d(100), measured);
    const Seen seen(told);
    EXPECT_EQ(standing_on(low_runs(seen.facts(), seen.index(), ImmuneMarker::cd4, {0, 2000}, {}), 100), one.low);
    Cd4Band band = Cd4Band::unknown;
    for (const Cd4Run& run : cd4_runs(seen.facts(), seen.index(), {0, 2000}, {})) {
        if (run.first <= 100 && 100 <= run.last) band = run.standing;
    }
    EXPECT_EQ(band, one.band);
}
INSTANTIATE_TEST_SUITE_P(
    Table, ImmuneComparator,
    testing::Values(ComparatorCase{"below_the_limit", Comparator::less, 0.2, Standing::yes, Cd4Band::unknown},
                    ComparatorCase{"below_more", Comparator::less, 0.21, Standing::unknown, Cd4Band::unknown},
                    ComparatorCase{"below_very_low", Comparator::less, 0.05, Standing::yes, Cd4Band::very_low},
                    ComparatorCase{"above_the_limit", Comparator::greater, 0.2, Standing::no, Cd4Band::above},
                    ComparatorCase{"above_less", Comparator::greater, 0.19, Standing::unknown, Cd4Band::unknown},
                    ComparatorCase{"at_least_the_limit", Comparator::greater_or_equal, 0.2, Standing::unknown,
                                   Cd4Band::unknown},
                    ComparatorCase{"plain_very_low", Comparator::unspecified, 0.05, Standing::yes, Cd4Band::very_low},
                    ComparatorCase{"plain_low", Comparator::unspecified, 0.051, Standing::yes, Cd4Band::low},
                    ComparatorCase{"plain_at_limit", Comparator::unspecified, 0.2, Standing::yes, Cd4Band::low},
                    ComparatorCase{"plain_above", Comparator::unspecified, 0.201, Standing::no, Cd4Band::above}),
    CaseName{});

TEST(ImmuneState, before_the_infusion_says_nothing_after_it) {
    Story told = infused();
    told.lab(d(-1), Analyte::cd4, 0.9);
    const Seen seen(told);
    EXPECT_EQ(standing_on(low_runs(seen.facts(), seen.index(), ImmuneMarker::cd4, {0, 2000}, {}), 1),
              Standing::unknown);
}

}  // namespace
}  // namespace cellvigil
