// The site's grade beside ours: when they differ, when the data leave it open, when there is nothing to compare with.
#include "rules/grade/disagreement.h"

#include <functional>
#include <map>
#include <ostream>

#include <gtest/gtest.h>

#include "rules/findings/findings.h"
#include "rules/grade/disagreement_words.h"
#include "tests/rules/grade/report_story.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using namespace report_story;

constexpr Scale kCrs = Scale::astct_crs_2019;
constexpr Scale kV5 = Scale::ctcae_5_0;
constexpr auto kCrsReport = AdverseEventCategory::crs;

// CRS from day 3 10:00, grade 3 by norepinephrine from 14:20, its last sign at 18:05; observed absent until day 5.
Story crs_grade_3() {
    Story s = treated();
    s.temperature(d(3, 10), 39).starts(d(3, 14, 20), Agent::norepinephrine).stops(d(3, 18, 5), Agent::norepinephrine);
    for (int hour = 20; hour <= 20 + 48; hour += 4) {
        s.temperature(d(3, 0) + hours(hour), 37).systolic(d(3, 0) + hours(hour), 120).spo2(d(3, 0) + hours(hour), 98);
    }
    return s;
}
std::vector<Disagreement> items(const Story& s, const RuleSet& rules = {}) {
    return s.timeline(rules).derived(rules, d(300)).disagreements;
}
Story reporting_crs(Instant at, std::uint32_t grade, Scale scale = kCrs) {
    Story s = crs_grade_3();
    s.tell(at, graded(event_of(kCrsReport), grade, scale), "ae-1");
    return s;
}

struct Case {
    const char* name;
    std::function<Story()> tell;
    std::optional<DisagreementKind> kind;  // nullopt: no item
    NotComputed why = NotComputed::none;
    Grade computed = kNotGradable;
    Grade upper = kNotGradable;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class SiteAgainstComputed : public testing::TestWithParam<Case> {};
TEST_P(SiteAgainstComputed, item) {
    const Case& c = GetParam();
    const auto found = items(c.tell());
    ASSERT_EQ(found.size(), c.kind ? 1U : 0U);
    if (!c.kind) return;
    EXPECT_EQ(found[0].kind, *c.kind);
    EXPECT_EQ(found[0].why, c.why);
    EXPECT_EQ(int{found[0].computed}, int{c.computed});
    EXPECT_EQ(int{found[0].computed_upper}, int{c.upper});
}

constexpr auto kDiffers = DisagreementKind::differs;
constexpr auto kOpen = DisagreementKind::left_open;
constexpr auto kNothing = DisagreementKind::not_computed;
// clang-format off
INSTANTIATE_TEST_SUITE_P(Rows, SiteAgainstComputed, testing::Values(
    Case{"same_grade", [] { return reporting_crs(d(3, 10), 3); }, {}},
    Case{"site_lower", [] { return reporting_crs(d(3, 10), 2); }, kDiffers, {}, 3, 3},
    Case{"site_higher", [] { return reporting_crs(d(3, 10), 4); }, kDiffers, {}, 3, 3},
    Case{"site_says_none", [] { return reporting_crs(d(3, 10), 0); }, kDiffers, {}, 3, 3},
    // The span of the episode, widened by 24 h: onset day 3 10:00, last sign day 3 18:05
    Case{"24_hours_before_the_onset", [] { return reporting_crs(d(2, 10), 2); }, kDiffers, {}, 3, 3},
    Case{"a_minute_earlier", [] { return reporting_crs(d(2, 9, 59), 2); }, kNothing, NotComputed::episode},
    Case{"24_hours_after_the_last_sign", [] { return reporting_crs(d(4, 18, 5), 2); }, kDiffers, {}, 3, 3},
    Case{"a_minute_later", [] { return reporting_crs(d(4, 18, 6), 2); }, kNothing, NotComputed::episode},
    Case{"no_episode_and_none_reported", [] { return reporting_crs(d(20), 0); }, {}},
    // What the data leave open
    Case{"within_what_is_possible", [] { Story s = treated(); s.temperature(d(3, 10), 38.5).systolic(d(3, 11), 88).systolic(d(3, 11, 2), 104).tell(d(3, 10), graded(event_of(kCrsReport), 2, kCrs)); return s; }, kOpen, {}, 1, 2},
    Case{"beyond_what_is_possible", [] { Story s = treated(); s.temperature(d(3, 10), 38.5).systolic(d(3, 11), 88).systolic(d(3, 11, 2), 104).tell(d(3, 10), graded(event_of(kCrsReport), 3, kCrs)); return s; }, kDiffers, {}, 1, 2},
    // Reported, not computed
    Case{"a_scale_nobody_computes", [] { return reporting_crs(d(3, 10), 2, Scale::bmt_ctn); }, kNothing, NotComputed::scale},
    Case{"a_scale_not_chosen_here", [] { return reporting_crs(d(3, 10), 2, Scale::lee_2014); }, kNothing, NotComputed::scale},
    Case{"a_scale_not_stated", [] { return reporting_crs(d(3, 10), 2, Scale::unspecified); }, kNothing, NotComputed::scale},
    Case{"a_term_nobody_computes", [] { Story s = treated(); s.tell(d(3), graded(event_of(AdverseEventCategory::cardiac), 2, kV5)); return s; }, kNothing, NotComputed::term},
    Case{"crs_by_the_scale_of_icans", [] { return reporting_crs(d(3, 10), 2, Scale::astct_icans_2019); }, kNothing, NotComputed::term},
    Case{"suspected_and_reported_on_another_day", [] { Story s = treated(); s.tell(d(50), graded(event_of(AdverseEventCategory::icans), 2, Scale::astct_icans_2019)); return s; }, kNothing, NotComputed::episode},
    // Infections: by record
    Case{"zoster_same", [] { Story s = treated(); s.tell(d(100), graded(infection_by(Organism::vzv, {Route::oral}), 2)); return s; }, {}},
    Case{"zoster_intravenous_reported_as_2", [] { Story s = treated(); s.tell(d(100), graded(infection_by(Organism::vzv, {Route::intravenous}), 2)); return s; }, kDiffers, {}, 3, 3},
    Case{"zoster_untold_treatment_reported_as_2", [] { Story s = treated(); s.tell(d(100), graded(infection_by(Organism::vzv), 2)); return s; }, kOpen, {}, kNotGradable, 3},
    Case{"zoster_on_bmt_ctn", [] { Story s = treated(); s.tell(d(100), graded(infection_by(Organism::vzv, {Route::oral}), 1, Scale::bmt_ctn)); return s; }, kNothing, NotComputed::scale},
    Case{"a_refuted_infection_reports_nothing", [] { Story s = treated(); auto i = graded(infection_by(Organism::vzv, {Route::intravenous}), 2); i.certainty = Certainty::refuted; s.tell(d(100), i); return s; }, {}},
    Case{"a_later_course_counts_against_the_report", [] { Story s = treated(); s.tell(d(100), graded(infection_by(Organism::vzv, {Route::oral}), 2)).tell(d(101), course(Agent::aciclovir, Route::intravenous)); return s; }, kDiffers, {}, 3, 3},
    // What is registered: by record
    Case{"malignancy_reported_as_2", [] { Story s = treated(); s.tell(d(200), graded(event_of(AdverseEventCategory::t_cell_malignancy), 2, kV5)); return s; }, kDiffers, {}, 3, 3},
    Case{"iec_hs_confirmed_and_admitted_reported_as_2", [] { Story s = treated(); auto e = graded(event_of(AdverseEventCategory::iec_hs), 2, Scale::iec_hs_2023); e.seriousness.hospitalisation = true; s.tell(d(9), e); return s; }, kDiffers, {}, 3, 3}),
    CaseName{});
// clang-format on

TEST(SiteAgainstComputedWindow, the_whole_window_is_compared_whatever_the_date) {
    Story s = treated();
    for (int day = 5; day <= 11; ++day) s.lab(d(day), Analyte::neutrophils, 0.3);
    s.lab(d(0, 11), Analyte::neutrophils, 2).lab(d(13), Analyte::neutrophils, 2).lab(d(20), Analyte::neutrophils, 2);
    s.lab(d(27), Analyte::neutrophils, 2).lab(d(31), Analyte::neutrophils, 2);
    s.tell(d(1), graded(event_of(AdverseEventCategory::cytopenia), 3, Scale::icaht_early));
    const auto found = items(s);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].kind, kDiffers);
    EXPECT_EQ(found[0].computed, 2);
    EXPECT_EQ(found[0].computed_upper, 2) << "the window has closed: nothing is open any more";
}

// Worked example 2 of docs/clinical/car-hematotox.md: 3. `missing`: without ferritin, so 3 to 5.
Story scored(int reported, int day, bool missing = false) {
    Story s;
    s.enrolled().lab(d(-6), Analyte::platelets, 110).lab(d(-6), Analyte::neutrophils, 0.95);
    s.lab(d(-6), Analyte::haemoglobin, 101).lab(d(-6), Analyte::crp, 42);
    if (!missing) s.lab(d(-6), Analyte::ferritin, 540);
    s.infused().tell(d(day), graded(event_of(AdverseEventCategory::cytopenia), static_cast<std::uint32_t>(reported),
                                    Scale::car_hematotox));
    return s;
}

TEST(SiteAgainstComputedScore, car_hematotox_reported_before_or_after_the_infusion) {
    for (const int day : {-1, 0, 5}) {
        EXPECT_TRUE(items(scored(3, day)).empty()) << day;
        const auto found = items(scored(4, day));
        ASSERT_EQ(found.size(), 1U) << day;
        EXPECT_EQ(found[0].kind, kDiffers) << day;
        EXPECT_EQ(found[0].computed, 3) << day;
    }
}

TEST(SiteAgainstComputedScore, car_hematotox_with_a_missing_item_is_left_open) {
    const auto found = items(scored(4, 1, true));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].kind, DisagreementKind::left_open);
    EXPECT_EQ(found[0].computed_upper, 5);
    EXPECT_EQ(items(scored(1, 1, true)).at(0).kind, DisagreementKind::left_open)
        << "the sum so far is a lower bound that a statement without a score does not carry";
}

TEST(SiteAgainstComputedWorst, of_two_episodes_that_hold_the_date_the_higher_counts) {
    RuleSet rules;
    rules.report_tolerance = hours(24 * 7);
    Story s = crs_grade_3();
    s.temperature(d(7), 38.5);
    s.tell(d(7), graded(event_of(kCrsReport), 1, kCrs));
    const auto found = items(s, rules);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].computed, 3);
    EXPECT_TRUE(items(s).empty()) << "within 24 h only the second, of grade 1, holds it";
}

TEST(SiteAgainstComputedFold, a_correction_of_either_side_settles_it) {
    Story s = crs_grade_3();
    s.tell(d(3, 10), graded(event_of(kCrsReport), 2, kCrs), "ae-1");
    SubjectTimeline timeline = s.timeline();
    EXPECT_EQ(timeline.summary().grade_disagreements, 1);
    story::Told amended = s.told().back();
    amended.message_id = "m-late";
    amended.event.version = 2;
    amended.event.action = RecordAction::amend;
    amended.event.body = graded(event_of(kCrsReport), 3, kCrs);
    amended.event.content_hash += 1;
    const ApplyOutcome outcome = timeline.apply(story::event_of(amended), {});
    EXPECT_TRUE(outcome.summary_changed);
    EXPECT_EQ(timeline.summary().grade_disagreements, 0);
    EXPECT_TRUE(timeline.derived({}, d(300)).disagreements.empty());
}

TEST(SiteAgainstComputedFold, neither_overwrites_the_other) {
    const Story s = reporting_crs(d(3, 10), 4);
    EXPECT_EQ(s.timeline().summary().crs_max, 3);
    EXPECT_EQ(items(s)[0].reported, 4);
}

TEST(SiteAgainstComputedFold, the_summary_counts_each_kind) {
    Story s = crs_grade_3();
    s.tell(d(3, 10), graded(event_of(kCrsReport), 2, kCrs));
    s.tell(d(3, 11), graded(event_of(kCrsReport), 4, kCrs));
    s.tell(d(3, 12), graded(event_of(kCrsReport), 2, Scale::bmt_ctn));
    s.tell(d(100), graded(infection_by(Organism::vzv), 2));
    const SubjectSummary summary = s.timeline().summary();
    EXPECT_EQ(summary.grade_disagreements, 2);
    EXPECT_EQ(summary.grades_not_computed, 1);
    EXPECT_EQ(summary.grades_left_open, 1);
    std::map<std::string, int> cells;
    for (const CellKey& cell : cells_of(summary)) cells[cell.measure] = cell.x;
    EXPECT_EQ(cells["grade_disagreement"], 2);
    EXPECT_EQ(cells["grade_not_computed"], 1);
    EXPECT_EQ(cells["grade_left_open"], 1);
}

TEST(SiteAgainstComputedFold, is_part_of_the_state_that_is_hashed) {
    RuleSet other;
    other.report_tolerance = hours(0);
    const Story s = reporting_crs(d(2, 12), 2);
    EXPECT_NE(s.timeline().canonical({}), s.timeline(other).canonical(other));
}

std::string words(const Story& s) {
    const SubjectTimeline timeline = s.timeline();
    const auto facts = timeline.facts();
    const auto found = timeline.derived({}, d(300)).disagreements;
    return found.empty() ? "" : render_disagreement(found[0], facts, story::kOffset, {});
}

TEST(SiteAgainstComputedWords, say_both_sides_and_why) {
    EXPECT_EQ(words(reporting_crs(d(3, 10), 2)),
              "site says CRS 2; computed 3: norepinephrine 14:20 to 18:05; temperature 39 °C at 10:00");
    EXPECT_EQ(
        words(reporting_crs(d(4, 8), 2)),
        "site says CRS 2; computed 3: norepinephrine 14:20 to 18:05 on day 3; temperature 39 °C at 10:00 on day 3");
    Story overnight = treated();
    overnight.temperature(d(3, 10), 39).starts(d(3, 20), Agent::norepinephrine).stops(d(4, 6), Agent::norepinephrine);
    overnight.tell(d(3, 10), graded(event_of(kCrsReport), 2, kCrs));
    EXPECT_EQ(words(overnight),
              "site says CRS 2; computed 3: norepinephrine 20:00 to 06:00 on day 4; temperature 39 °C at 10:00");
    EXPECT_EQ(words(reporting_crs(d(20), 2)), "site says CRS 2; no computed episode within 24 h of the report");
    EXPECT_EQ(words(reporting_crs(d(3), 2, Scale::bmt_ctn)), "site says BMT_CTN 2; this scale is not computed here");
    Story zoster = treated();
    zoster.tell(d(100), graded(infection_by(Organism::vzv), 2));
    EXPECT_EQ(
        words(zoster),
        "site says shingles (CTCAE 5.0) 2; computed not gradable, could be as high as 3: herpes zoster, 1 dermatome "
        "(site's report) at 10:00");
    Story dated = reporting_crs(d(20), 2);
    dated.last_with(bit(EventFlag::imputed_date));
    EXPECT_EQ(words(dated),
              "site says CRS 2; no computed episode within 24 h of the report; of the report's date only the "
              "day, month or year is known");
}

}  // namespace
}  // namespace cellvigil
