// The published numbers of a C-CAR039 cohort come out of the hand-made ledger of 48 subjects (tests/support/ledger.h),
// with two analysis sets. What the table says of time at risk is checked against values that a program of another
// language computed from the ledger's rows.
#include <gtest/gtest.h>

#include "rules/cohort/decimal.h"
#include "rules/cohort/estimates.h"
#include "rules/cohort/landmark.h"
#include "rules/stats/half_up.h"
#include "tests/support/case_name.h"
#include "tests/support/ledger.h"

namespace cellvigil {
namespace {

constexpr Confidence kConfidence{0.95};
constexpr Day kFourYears = 1461;

const CohortTable& table() {
    static const CohortTable whole = [] {
        CohortTable counted;
        for (const ledger::Subject& subject : ledger::subjects()) {
            const SubjectTimeline timeline = ledger::timeline_of(subject);
            counted.add(share_of(subject_facts(timeline, {}, std::nullopt, std::nullopt), {}, {}));
        }
        return counted;
    }();
    return whole;
}

TableKey key(AnalysisSet set, Endpoint endpoint, Estimand estimand, Stratum stratum = {}) {
    return {set, false, {endpoint, estimand}, std::move(stratum)};
}

struct CountCase {
    const char* name;
    AnalysisSet set;
    Endpoint endpoint;
    Estimand estimand;
    const char* indication;  // "": all
    std::int64_t events;
    std::int64_t subjects;
    const char* percent;
};
class Ledger : public testing::TestWithParam<CountCase> {};

TEST_P(Ledger, counts_what_was_published) {
    const CountCase& expected = GetParam();
    Stratum stratum;
    if (*expected.indication != '\0') stratum = {Dimension::indication, expected.indication};
    const Fraction found = crude(table(), key(expected.set, expected.endpoint, expected.estimand, stratum));
    EXPECT_EQ(found.events, expected.events);
    EXPECT_EQ(found.subjects, expected.subjects);
    EXPECT_EQ(percent(found.events, found.subjects), expected.percent);
}

constexpr auto kSafety = AnalysisSet::safety;
constexpr auto kEfficacy = AnalysisSet::efficacy;
constexpr auto kBefore = Estimand::before_next_therapy;
constexpr auto kRegardless = Estimand::regardless;
INSTANTIATE_TEST_SUITE_P(
    Published, Ledger,
    testing::Values(
        CountCase{"crs", kSafety, Endpoint::crs_any, kRegardless, "", 45, 48, "93.8"},
        CountCase{"crs_3", kSafety, Endpoint::crs_3, kRegardless, "", 1, 48, "2.1"},
        CountCase{"icans", kSafety, Endpoint::icans_any, kRegardless, "", 3, 48, "6.3"},
        CountCase{"icans_3", kSafety, Endpoint::icans_3, kRegardless, "", 0, 48, "0.0"},
        CountCase{"neutropenia_3", kSafety, Endpoint::neutropenia_3, kRegardless, "", 40, 48, "83.3"},
        CountCase{"leukopenia_3", kSafety, Endpoint::leukopenia_3, kRegardless, "", 24, 48, "50.0"},
        CountCase{"zoster_past_day_90", kSafety, Endpoint::zoster_past_day_90, kRegardless, "", 9, 48, "18.8"},
        CountCase{"zoster_before_therapy", kSafety, Endpoint::zoster_past_day_90, kBefore, "", 8, 48, "16.7"},
        CountCase{"infection_past_day_90", kSafety, Endpoint::infection_past_day_90, kRegardless, "", 25, 48, "52.1"},
        CountCase{"response", kEfficacy, Endpoint::response, kBefore, "", 43, 47, "91.5"},
        CountCase{"complete", kEfficacy, Endpoint::complete_response, kBefore, "", 40, 47, "85.1"},
        CountCase{"response_lbcl", kEfficacy, Endpoint::response, kBefore, "LBCL", 39, 43, "90.7"},
        CountCase{"complete_lbcl", kEfficacy, Endpoint::complete_response, kBefore, "LBCL", 37, 43, "86.0"}),
    CaseName{});

TEST(LedgerSurvival, four_year_progression_free_and_overall_survival_are_53_3_and_65_9) {
    const auto at_four_years = [](Endpoint endpoint, Estimand estimand) {
        const TableCell* cell = table().find(key(kEfficacy, endpoint, estimand));
        const auto risk = risk_table(events_alone(*cell, endpoint));
        EXPECT_TRUE(risk.has_value());
        return survival_on(kaplan_meier(*risk, kConfidence), kFourYears).survival;
    };
    EXPECT_EQ(percent_of_share(at_four_years(Endpoint::progression_free, kBefore)), "53.3");
    EXPECT_EQ(percent_of_share(at_four_years(Endpoint::progression_free, kRegardless)), "53.3");
    EXPECT_EQ(percent_of_share(at_four_years(Endpoint::death, kRegardless)), "65.9");
    EXPECT_NEAR(at_four_years(Endpoint::progression_free, kRegardless), 0.5333603145235893, 1e-12);
    EXPECT_NEAR(at_four_years(Endpoint::death, kRegardless), 0.6588881262868908, 1e-12);
}

TEST(LedgerSurvival, deaths_stand_by_cause) {
    const TableCell* cell = table().find(key(kSafety, Endpoint::death, kRegardless));
    std::array<std::int64_t, kCauses> by_cause{};
    for (std::size_t i = 0; i < cell->days.size(); ++i) {
        for (std::size_t cause = 0; cause < kCauses; ++cause) by_cause[cause] += cell->days.row(i).events[cause];
    }
    // disease, infection, immune toxicity, other toxicity, second malignancy, other
    EXPECT_EQ(by_cause, (std::array<std::int64_t, kCauses>{13, 1, 0, 0, 1, 1}));
    EXPECT_EQ(crude(table(), key(kSafety, Endpoint::non_relapse_death, kRegardless)).events, 3);
    EXPECT_EQ(crude(table(), key(kSafety, Endpoint::second_malignancy, kRegardless)).events,
              1);  // known from the death
}

TEST(LedgerLandmark, two_of_those_tested_twice_have_persistent_severe_cytopenia_at_day_365) {
    const TableCell* cell = table().find(key(kSafety, Endpoint::severe_cytopenia, kBefore));
    const std::vector<Prevalence> found = prevalences(*cell);
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[2].landmark, 365);
    EXPECT_EQ(found[2].found.events, 2);
    EXPECT_EQ(found[2].found.subjects, 27);  // 29 tested, one of them once, one within 6 days
    EXPECT_EQ(found[2].there, 41);           // alive and before next therapy
}

// The subject's own milestone knows transfusions as well, and is content with one value of a lineage for "no". Where
// nobody was transfused, the two never contradict each other.
TEST(LedgerLandmark, does_not_contradict_the_subjects_milestones) {
    int yes = 0;
    int no = 0;
    for (const ledger::Subject& subject : ledger::subjects()) {
        const SubjectTimeline timeline = ledger::timeline_of(subject);
        const SubjectFacts facts = subject_facts(timeline, {}, std::nullopt, std::nullopt);
        const IndexCourse index = index_courses(facts, {}).front();
        if (!is_at(index, 365, kBefore)) continue;
        Standing milestone = Standing::unknown;
        for (const Milestone& one : timeline.derived({}, kAlways).milestones) {
            if (one.kind == MilestoneKind::persistent_cytopenia_day_365) milestone = one.standing;
        }
        const Standing counted = severe_cytopenia_at(facts, index, 365, {});
        if (counted != Standing::unknown) {
            EXPECT_EQ(counted, milestone) << subject.id;
        }
        EXPECT_EQ(counted == Standing::yes, milestone == Standing::yes) << subject.id;
        yes += counted == Standing::yes ? 1 : 0;
        no += counted == Standing::no ? 1 : 0;
    }
    EXPECT_EQ(yes, 2);
    EXPECT_EQ(no, 25);
}

struct TimeCase {
    const char* name;
    Estimand estimand;
    std::int64_t subjects, events, person_days;
    double incidence_365, incidence_730, incidence_1461;
};
class LedgerTime : public testing::TestWithParam<TimeCase> {};
TEST_P(LedgerTime, at_risk_of_zoster_past_day_90_is_what_the_rows_say) {
    const TimeCase& expected = GetParam();
    const TableCell* cell = table().find(key(kSafety, Endpoint::zoster_past_day_90, expected.estimand));
    ASSERT_NE(cell, nullptr);
    const auto rate = event_rate(*cell);
    ASSERT_TRUE(rate.has_value()) << rate.error().detail;
    EXPECT_EQ(rate->subjects, expected.subjects);
    EXPECT_EQ(rate->events, expected.events);
    EXPECT_EQ(rate->person_days, expected.person_days);
    const auto risk = risk_table(cell->days);
    const auto curve = aalen_johansen(*risk, kEventCause, {365, 730, 1461}, kConfidence);
    EXPECT_NEAR(curve[0].incidence, expected.incidence_365, 1e-12);
    EXPECT_NEAR(curve[1].incidence, expected.incidence_730, 1e-12);
    EXPECT_NEAR(curve[2].incidence, expected.incidence_1461, 1e-12);
}
INSTANTIATE_TEST_SUITE_P(Estimands, LedgerTime,
                         testing::Values(TimeCase{"before_next_therapy", kBefore, 47, 8, 43277, 0.08553875236294894,
                                                  0.1493383742911153, 0.17060491493383742},
                                         TimeCase{"regardless", kRegardless, 47, 9, 50488, 0.10680529300567108,
                                                  0.17119565217391303, 0.19305293005671076}),
                         CaseName{});

TEST(LedgerTime, strata_of_prophylaxis_add_up_to_the_whole) {
    const auto days_in = [](const Stratum& stratum) {
        const TableCell* cell = table().find(key(kSafety, Endpoint::zoster_past_day_90, kBefore, stratum));
        return cell == nullptr ? std::pair<std::int64_t, std::int64_t>{0, 0}
                               : std::pair{event_rate(*cell)->person_days, event_rate(*cell)->events};
    };
    const auto on = days_in({Dimension::antiviral, "on"});
    const auto off = days_in({Dimension::antiviral, "off"});
    const auto unknown = days_in({Dimension::antiviral, "unknown"});
    EXPECT_EQ(on.first + off.first + unknown.first, 43277);
    EXPECT_EQ(on.second + off.second + unknown.second, 8);
    EXPECT_EQ(unknown.first, 0);  // every day is covered by a statement about medication
    EXPECT_GT(on.first, 0);
    EXPECT_GT(off.first, on.first);
}

TEST(LedgerTime, nobody_is_pending_and_windows_are_complete) {
    const TableKey crs = key(kSafety, Endpoint::crs_3, kRegardless);
    EXPECT_EQ(completed(table(), crs).subjects, 48);
    EXPECT_EQ(completed(table(), crs).events, 1);
    EXPECT_EQ(pending(table(), crs), 0);
}

}  // namespace
}  // namespace cellvigil
