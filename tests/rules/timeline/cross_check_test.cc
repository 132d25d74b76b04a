// Values that do not fit with the subject's other values: both sides of each limit, through the real fold.
#include "rules/timeline/cross_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "tests/support/case_name.h"
#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;
using story::Story;
using story::Told;

Observation reading(Analyte analyte, Quantity value, std::string panel = "") {
    Observation said;
    said.analyte = analyte;
    said.status = ResultStatus::final;
    said.value = value;
    said.panel = std::move(panel);
    return said;
}
Observation compared(Analyte analyte, Comparator comparator, Quantity value) {
    Observation said = reading(analyte, value);
    said.comparator = comparator;
    return said;
}

Story started() {
    Story story;
    story.adult().infused();
    return story;
}

// Record to kind, of what is listed.
std::map<std::string, std::string> listed(const Story& story, const RuleSet& rules = {}) {
    const SubjectTimeline timeline = story.timeline(rules);
    std::map<std::string, std::string> items;
    for (const QualityItem& item : timeline.derived(rules, kAlways).quality) {
        items[timeline.record_text(item.record)] = name_of(item.kind);
    }
    return items;
}
using Items = std::map<std::string, std::string>;

// ---- a value against the one before

struct SlipCase {
    const char* name;
    Analyte analyte;
    std::int64_t first_thousandth;
    std::int64_t second_thousandth;
    int hours_between;
    bool held;
};
class Slips : public testing::TestWithParam<SlipCase> {};

TEST_P(Slips, are_held_by_their_ratio_to_the_value_before) {
    const auto& [name, analyte, first, second, hours_between, held] = GetParam();
    Story story = started();
    story.tell(d(1), reading(analyte, thousandths(first)), "first");
    story.tell(d(1) + hours(hours_between), reading(analyte, thousandths(second)), "second");
    EXPECT_EQ(listed(story), held ? (Items{{"ehr/second", "unit_slip_suspected"}}) : Items{});
}
INSTANTIATE_TEST_SUITE_P(Limits, Slips,
                         testing::ValuesIn(std::to_array<SlipCase>({
                             {"platelets_ratio_499", Analyte::platelets, 1000, 499'000, 1, false},
                             {"platelets_ratio_500", Analyte::platelets, 1000, 500'000, 1, true},
                             {"platelets_ratio_2000", Analyte::platelets, 1000, 2'000'000, 1, true},
                             {"platelets_ratio_2001", Analyte::platelets, 1000, 2'001'000, 1, false},
                             {"platelets_inverse_499", Analyte::platelets, 499'000, 1000, 1, false},
                             {"platelets_inverse_500", Analyte::platelets, 500'000, 1000, 1, true},
                             {"platelets_inverse_2000", Analyte::platelets, 2'000'000, 1000, 1, true},
                             {"platelets_inverse_2001", Analyte::platelets, 2'001'000, 1000, 1, false},
                             {"after_72_hours", Analyte::platelets, 1000, 500'000, 72, true},
                             {"after_73_hours", Analyte::platelets, 1000, 500'000, 73, false},
                             {"neutrophils", Analyte::neutrophils, 2, 2000, 24, true},
                             {"lymphocytes", Analyte::lymphocytes, 1, 1000, 24, true},
                             {"leukocytes", Analyte::leukocytes, 3, 3000, 24, true},
                             {"cd4", Analyte::cd4, 1, 1000, 24, true},
                             {"cd19", Analyte::cd19, 1, 1000, 24, true},
                             {"from_zero_there_is_no_ratio", Analyte::neutrophils, 0, 2000, 24, false},
                             {"to_zero_there_is_no_ratio", Analyte::neutrophils, 2000, 0, 24, false},
                             {"haemoglobin_ratio_8_999", Analyte::haemoglobin, 11'000, 98'989, 1, false},
                             {"haemoglobin_ratio_9", Analyte::haemoglobin, 11'000, 99'000, 1, true},
                             {"haemoglobin_ratio_11", Analyte::haemoglobin, 11'000, 121'000, 1, true},
                             {"haemoglobin_above_11", Analyte::haemoglobin, 11'000, 121'001, 1, false},
                             {"haemoglobin_inverse_10", Analyte::haemoglobin, 120'000, 12'000, 1, true},
                             {"crp_ratio_10", Analyte::crp, 12'000, 120'000, 1, true},
                             {"crp_ratio_12", Analyte::crp, 12'000, 144'000, 1, false},
                             {"crp_ratio_1000_is_no_decimal_slip", Analyte::crp, 500, 500'000, 1, false},
                             {"ferritin_is_not_judged", Analyte::ferritin, 1000, 1'000'000, 1, false},
                             {"temperature_is_not_judged", Analyte::spo2, 9000, 90'000, 1, false},
                         })),
                         CaseName{});

TEST(Slip, is_judged_against_the_last_accepted_value) {
    Story story = started();
    story.tell(d(1, 8), reading(Analyte::platelets, whole(250)), "good");
    story.tell(d(1, 12), reading(Analyte::platelets, thousandths(250)), "slip");
    story.tell(d(1, 16), reading(Analyte::platelets, thousandths(240)), "slip-again");
    story.tell(d(1, 20), reading(Analyte::platelets, whole(240)), "good-again");
    EXPECT_EQ(listed(story), (Items{{"ehr/slip", "unit_slip_suspected"}, {"ehr/slip-again", "unit_slip_suspected"}}));
}

TEST(Slip, a_bound_is_neither_judged_nor_judged_by) {
    Story story = started();
    story.tell(d(1, 8), compared(Analyte::neutrophils, Comparator::less, thousandths(2)), "below");
    story.tell(d(1, 12), reading(Analyte::neutrophils, whole(2)), "exact");
    story.tell(d(1, 16), compared(Analyte::neutrophils, Comparator::less, thousandths(2)), "below-again");
    EXPECT_EQ(listed(story), Items{});
}

TEST(Slip, the_held_value_is_not_graded) {
    Story story = started();
    for (int day = 0; day <= 8; ++day) story.lab(d(day, 8), Analyte::neutrophils, 1.2);
    story.lab(d(2, 12), Analyte::neutrophils, 0.0012);
    const Assessment said = story.at(d(9), Scale::icaht_early);
    EXPECT_EQ(said.grade, 0);
    const RuleSet never = [] {
        RuleSet rules;
        rules.quality.slip_within.reset();
        return rules;
    }();
    EXPECT_EQ(story.at(d(9), Scale::icaht_early, never).grade, 1);
    EXPECT_EQ(listed(story, never), Items{});
}

// ---- what lets a held value go

Told told_again(const Story& story, const std::string& record, Body body, RecordAction action) {
    const auto found =
        std::find_if(story.told().begin(), story.told().end(), [&](const Told& told) { return told.record == record; });
    Told told = *found;
    told.message_id += "-again";
    told.event.version = 2;
    told.event.action = action;
    told.event.body = std::move(body);
    told.event.content_hash += 1;
    told.event.appended_at += hours(1);
    return told;
}

Story with_slip() {
    Story story = started();
    story.tell(d(1, 8), reading(Analyte::platelets, whole(250)), "before");
    story.tell(d(1, 12), reading(Analyte::platelets, thousandths(250)), "slip");
    return story;
}

std::vector<QualityKind> kinds(const SubjectTimeline& timeline) {
    std::vector<QualityKind> kinds;
    for (const QualityItem& item : timeline.derived({}, kAlways).quality) kinds.push_back(item.kind);
    return kinds;
}

TEST(HeldValue, is_told_and_counted) {
    const Story story = with_slip();
    SubjectTimeline timeline("STUDY/S-001");
    ApplyOutcome last;
    for (const Told& told : story.told()) last = timeline.apply(event_of(told), {});
    EXPECT_EQ(last.what, Applied::applied);
    EXPECT_EQ(last.held, Reason::unit_slip_suspected);
    EXPECT_TRUE(last.summary_changed);
    EXPECT_EQ(timeline.summary().quality.of[static_cast<std::size_t>(QualityKind::unit_slip_suspected)], 1);
    const auto items = timeline.derived({}, kAlways).quality;
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(timeline.record_text(items[0].record), "ehr/slip");
    EXPECT_EQ(timeline.record_text(items[0].against), "ehr/before");
    EXPECT_EQ(timeline.facts().size(), 4U) << "the value is kept";
}

TEST(HeldValue, is_judged_again_when_it_is_amended) {
    const Story story = with_slip();
    SubjectTimeline timeline = story.timeline();
    const Told amended = told_again(story, "slip", reading(Analyte::platelets, whole(240)), RecordAction::amend);
    EXPECT_EQ(timeline.apply(event_of(amended), {}).held, std::nullopt);
    EXPECT_EQ(kinds(timeline), std::vector<QualityKind>{});
    EXPECT_EQ(timeline.summary().quality, QualityCounts{});
}

TEST(HeldValue, is_judged_again_when_the_other_value_goes) {
    const Story story = with_slip();
    SubjectTimeline timeline = story.timeline();
    timeline.apply(event_of(told_again(story, "before", Retraction{}, RecordAction::retract)), {});
    EXPECT_EQ(kinds(timeline), std::vector<QualityKind>{});
}

Adjudication verdict_on(Verdict verdict, std::string record) {
    Adjudication said;
    said.verdict = verdict;
    said.judged_record = std::move(record);
    said.clinician = "clinician-1";
    said.role = "investigator";
    said.signed_at = d(2);
    return said;
}

TEST(HeldValue, a_signed_verdict_confirms_it_whatever_the_times) {
    Story story = with_slip();
    story.tell(d(2), verdict_on(Verdict::value_confirmed, "ehr/slip"), "verdict");
    EXPECT_EQ(listed(story), Items{});
    story.tell(d(1, 14), reading(Analyte::platelets, thousandths(260)), "next");
    EXPECT_EQ(listed(story), Items{}) << "a confirmed value is one to compare with";
}

TEST(HeldValue, a_signed_verdict_rejects_a_value_that_fits) {
    Story story = with_slip();
    story.tell(d(2), verdict_on(Verdict::value_rejected, "ehr/before"), "verdict");
    EXPECT_EQ(listed(story), (Items{{"ehr/before", "value_rejected"}}));
}

TEST(HeldValue, a_verdict_is_revoked_by_a_retraction_or_a_later_one) {
    Story story = with_slip();
    story.tell(d(2), verdict_on(Verdict::value_confirmed, "ehr/slip"), "verdict");
    SubjectTimeline timeline = story.timeline();
    timeline.apply(event_of(told_again(story, "verdict", Retraction{}, RecordAction::retract)), {});
    EXPECT_EQ(kinds(timeline), std::vector{QualityKind::unit_slip_suspected});
    story.tell(d(3), verdict_on(Verdict::value_rejected, "ehr/slip"), "later");
    EXPECT_EQ(listed(story), (Items{{"ehr/slip", "value_rejected"}}));
}

TEST(HeldValue, a_verdict_may_come_before_the_value_it_names) {
    const Story in_order = [] {
        Story story = with_slip();
        story.tell(d(2), verdict_on(Verdict::value_confirmed, "ehr/slip"), "verdict");
        return story;
    }();
    std::vector<Told> backwards(in_order.told().rbegin(), in_order.told().rend());
    SubjectTimeline timeline("STUDY/S-001");
    for (const Told& told : backwards) timeline.apply(event_of(told), {});
    EXPECT_EQ(timeline.canonical({}), in_order.timeline().canonical({}));
    EXPECT_EQ(kinds(timeline), std::vector<QualityKind>{});
}

// ---- pressures of one reading

struct PressureCase {
    const char* name;
    int systolic;
    int diastolic;
    const char* systolic_panel;
    const char* diastolic_panel;
    int minutes_apart;
    bool held;
};
class Pressures : public testing::TestWithParam<PressureCase> {};

TEST_P(Pressures, systolic_is_above_diastolic) {
    const auto& c = GetParam();
    Story story = started();
    story.tell(d(1, 8), reading(Analyte::systolic, whole(c.systolic), c.systolic_panel), "s");
    story.tell(d(1, 8) + minutes(c.minutes_apart), reading(Analyte::diastolic, whole(c.diastolic), c.diastolic_panel),
               "d");
    EXPECT_EQ(listed(story), c.held ? (Items{{"ehr/s", "pressure_order"}, {"ehr/d", "pressure_order"}}) : Items{});
}
INSTANTIATE_TEST_SUITE_P(Limits, Pressures,
                         testing::ValuesIn(std::to_array<PressureCase>({
                             {"above", 81, 80, "", "", 0, false},
                             {"equal", 80, 80, "", "", 0, true},
                             {"below", 79, 80, "", "", 0, true},
                             {"same_panel", 79, 80, "p1", "p1", 0, true},
                             {"another_panel", 79, 80, "p1", "p2", 0, false},
                             {"one_names_no_panel", 79, 80, "p1", "", 0, true},
                             {"another_moment", 79, 80, "", "", 1, false},
                         })),
                         CaseName{});

TEST(Pressure, an_impossible_pair_is_no_hypotension) {
    Story story = started();
    story.temperature(d(1, 7), 39.0).systolic(d(1, 8), 70).systolic(d(1, 9), 70);
    EXPECT_EQ(story.at(d(1, 9), Scale::astct_crs_2019).grade, 2);
    story.tell(d(1, 8), reading(Analyte::diastolic, whole(75))).tell(d(1, 9), reading(Analyte::diastolic, whole(75)));
    EXPECT_EQ(story.at(d(1, 9), Scale::astct_crs_2019).grade, 1);
}

// ---- differential counts

struct DifferentialCase {
    const char* name;
    Comparator comparator;
    std::int64_t neutrophils_thousandth;
    std::int64_t leukocytes_thousandth;
    Comparator leukocytes_comparator;
    bool held;
};
class Differentials : public testing::TestWithParam<DifferentialCase> {};

TEST_P(Differentials, a_part_is_at_most_the_whole) {
    const auto& c = GetParam();
    Story story = started();
    story.tell(d(1), compared(Analyte::neutrophils, c.comparator, thousandths(c.neutrophils_thousandth)), "anc");
    story.tell(d(1), compared(Analyte::leukocytes, c.leukocytes_comparator, thousandths(c.leukocytes_thousandth)),
               "wbc");
    EXPECT_EQ(listed(story), c.held ? (Items{{"ehr/anc", "differential"}}) : Items{});
}
INSTANTIATE_TEST_SUITE_P(Limits, Differentials,
                         testing::ValuesIn(std::to_array<DifferentialCase>({
                             {"at_105_percent", Comparator::unspecified, 2100, 2000, Comparator::unspecified, false},
                             {"above_105_percent", Comparator::unspecified, 2101, 2000, Comparator::unspecified, true},
                             {"less_proves_nothing", Comparator::less, 2101, 2000, Comparator::unspecified, false},
                             {"greater_proves_it", Comparator::greater, 2101, 2000, Comparator::unspecified, true},
                             {"against_a_lower_bound", Comparator::unspecified, 2101, 2000, Comparator::greater, false},
                             {"against_an_upper_bound", Comparator::unspecified, 2101, 2000, Comparator::less, true},
                         })),
                         CaseName{});

TEST(Differential, lymphocytes_above_the_leukocytes_take_the_neutrophils_along) {
    Story story = started();
    story.tell(d(1), reading(Analyte::neutrophils, whole(1)), "anc");
    story.tell(d(1), reading(Analyte::lymphocytes, whole(3)), "alc");
    story.tell(d(1), reading(Analyte::leukocytes, whole(2)), "wbc");
    EXPECT_EQ(listed(story), (Items{{"ehr/alc", "differential"}, {"ehr/anc", "differential"}}));
}

TEST(Differential, of_another_moment_is_not_compared) {
    Story story = started();
    story.tell(d(1), reading(Analyte::leukocytes, whole(2)), "wbc");
    story.tell(d(1) + minutes(1), reading(Analyte::neutrophils, whole(3)), "anc");
    EXPECT_EQ(listed(story), Items{});
}

// ---- marks

TEST(Interleukin6, is_marked_under_a_blocker_and_used) {
    Story story = started();
    story.tell(d(1, 8), reading(Analyte::il6, whole(100)), "before");
    story.gives(d(1, 10), Agent::tocilizumab);
    story.tell(d(1, 12), reading(Analyte::il6, whole(5000)), "after");
    story.tell(d(15, 10), reading(Analyte::il6, whole(50)), "day-14");
    story.tell(d(15, 11), reading(Analyte::il6, whole(50)), "past-day-14");
    EXPECT_EQ(listed(story), (Items{{"ehr/after", "il6_blocked"}, {"ehr/day-14", "il6_blocked"}}));
    EXPECT_TRUE(is_used(QualityKind::il6_blocked));
}

TEST(Quality, what_admission_could_not_use_is_listed_with_its_reason) {
    Story story = started();
    story.tell(d(1), reading(Analyte::platelets, whole(1)), "unit").last_with(bit(EventFlag::unit_unknown));
    story.tell(d(1), reading(Analyte::platelets, whole(1)), "range").last_with(bit(EventFlag::implausible));
    EXPECT_EQ(listed(story), (Items{{"ehr/unit", "unit_unknown"}, {"ehr/range", "implausible"}}));
}

TEST(Quality, what_is_later_than_the_death_is_listed) {
    Story story = started();
    story.died(d(3), DeathCause::disease).tell(d(4), reading(Analyte::platelets, whole(1)), "late");
    EXPECT_EQ(listed(story), (Items{{"ehr/late", "after_death"}}));
}

}  // namespace
}  // namespace cellvigil
