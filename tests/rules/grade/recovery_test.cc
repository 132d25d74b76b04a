// Milestones of counts: recoveries, courses, landmarks; what is unknown is said to be.
#include "rules/grade/recovery.h"

#include <ostream>
#include <vector>

#include <gtest/gtest.h>

#include "rules/grade/ctcae_lab.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

struct Count {
    int day;
    double value;
};
struct Given {
    Support what;
    int first;
    int last;
};
constexpr int kNone = CourseOfCounts::kNoDay;

struct Told {
    std::vector<Count> neutrophils{};
    std::vector<Count> platelets{};
    std::vector<Count> haemoglobin{};
    std::vector<Given> support{};
    int as_of = 400;
    int died = kNone;
    int excluded_from = kNone;
};

constexpr std::int32_t kDay0 = 20'000;

DaySeries series(const std::vector<Count>& counts, LabTerm term) {
    DaySeries made;
    std::uint32_t record = 1;
    for (const Count& count : counts) {
        LabValue lab;
        lab.value = *quantity_of(count.value);
        DayValue value;
        value.day = kDay0 + count.day;
        value.record = {record++};
        value.value = lab.value;
        value.severe = grade_lab(term, CtcaeVersion::v5_0, lab).grade >= 3;
        made.note(value, WorstOfDay::lowest);
    }
    return made;
}

Milestone milestone(const Told& told, MilestoneKind kind, const CountsRules& rules = {}) {
    const DaySeries neutrophils = series(told.neutrophils, LabTerm::neutrophil_count_decreased);
    const DaySeries platelets = series(told.platelets, LabTerm::platelet_count_decreased);
    const DaySeries haemoglobin = series(told.haemoglobin, LabTerm::anaemia);
    SupportSpans support;
    for (const Given& given : told.support) {
        const std::int32_t last = given.last == kNone ? SupportSpan::kGoesOn : kDay0 + given.last;
        support.spans.push_back({given.what, kDay0 + given.first, last, {900}});
    }
    CourseOfCounts course{
        {&neutrophils, &platelets, &haemoglobin}, &support, kDay0, 1, told.as_of, told.died, told.excluded_from};
    const auto all = milestones_of(course, rules);
    EXPECT_EQ(all.size(), static_cast<std::size_t>(kMilestoneKinds));
    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i].kind, static_cast<MilestoneKind>(i));
    return all[static_cast<std::size_t>(kind)];
}

std::vector<Count> steady(double value, int first, int last, int every = 1) {
    std::vector<Count> counts;
    for (int day = first; day <= last; day += every) counts.push_back({day, value});
    return counts;
}
std::vector<Count> operator+(std::vector<Count> one, const std::vector<Count>& other) {
    one.insert(one.end(), other.begin(), other.end());
    return one;
}

struct MilestoneCase {
    const char* name;
    MilestoneKind kind;
    Told told;
    Standing standing;
    int day = kNone;
    Flags flags{};
};
void PrintTo(const MilestoneCase& c, std::ostream* out) { *out << c.name; }
class Milestones : public testing::TestWithParam<MilestoneCase> {};
TEST_P(Milestones, stand) {
    const MilestoneCase& c = GetParam();
    const Milestone said = milestone(c.told, c.kind);
    EXPECT_EQ(static_cast<int>(said.standing), static_cast<int>(c.standing));
    EXPECT_EQ(said.day.value_or(kNone), c.day);
    EXPECT_EQ(said.flags, c.flags);
}

constexpr auto kAnc = MilestoneKind::neutrophil_recovery;
constexpr auto kPlt = MilestoneKind::platelet_recovery;
constexpr auto kYes = Standing::yes;
constexpr auto kNo = Standing::no;
constexpr auto kUnknown = Standing::unknown;
const Flags kOpen{Flag::window_open};
const Flags kGap{Flag::data_gap};
const Flags kConfounded{Flag::support_confounds};

const MilestoneCase kRecoveries[] = {
    {"three_values_at_0_5", kAnc, {.neutrophils = {{5, 0.2}, {9, 0.5}, {11, 0.5}, {14, 0.5}}}, kYes, 9},
    {"a_value_of_0_499_between",
     kAnc,
     {.neutrophils = {{5, 0.2}, {9, 0.5}, {11, 0.499}, {14, 0.5}, {15, 0.6}}, .as_of = 20},
     kNo},
    {"two_values", kAnc, {.neutrophils = {{5, 0.2}, {9, 0.5}, {11, 0.5}}, .as_of = 12}, kNo},
    {"two_values_long_ago", kAnc, {.neutrophils = {{5, 0.2}, {9, 0.5}, {11, 0.5}}, .as_of = 26}, kUnknown, kNone, kGap},
    {"two_values_fourteen_days_ago", kAnc, {.neutrophils = {{5, 0.2}, {9, 0.5}, {11, 0.5}}, .as_of = 25}, kNo},
    {"the_first_recovery_stays", kAnc, {.neutrophils = {{5, 0.2}, {9, 1}, {10, 1}, {11, 1}, {20, 0.1}}}, kYes, 9},
    {"under_filgrastim",
     kAnc,
     {.neutrophils = {{5, 0.2}, {9, 1}, {10, 1}, {11, 1}}, .support = {{Support::filgrastim, 3, 3}}},
     kYes,
     9,
     kConfounded},
    {"seven_days_after_filgrastim",
     kAnc,
     {.neutrophils = {{5, 0.2}, {9, 1}, {10, 1}, {11, 1}}, .support = {{Support::filgrastim, 2, 2}}},
     kYes,
     9},
    {"never_below", kAnc, {.neutrophils = steady(2, 0, 40)}, kYes},
    {"never_below_yet", kAnc, {.neutrophils = steady(2, 0, 20), .as_of = 20}, kUnknown, kNone, kOpen},
    {"no_value", kAnc, {}, kUnknown},
    {"not_before_as_of", kAnc, {.neutrophils = {{5, 0.2}, {9, 1}, {10, 1}, {11, 1}}, .as_of = 10}, kNo},
    {"platelets_at_20", kPlt, {.platelets = {{5, 10}, {9, 20}, {11, 20}, {14, 20}}}, kYes, 9},
    {"platelets_at_19", kPlt, {.platelets = {{5, 10}, {9, 19}, {11, 19}, {14, 19}}, .as_of = 15}, kNo},
    {"platelets_six_days_after_a_transfusion",
     kPlt,
     {.platelets = {{5, 10}, {9, 30}, {10, 30}, {11, 30}, {12, 30}}, .support = {{Support::platelets, 3, 3}}},
     kYes,
     10},
    {"platelets_carried_throughout",
     kPlt,
     {.platelets = {{5, 10}, {9, 30}, {10, 30}, {11, 30}, {12, 30}},
      .support = {{Support::platelets, 6, 6}},
      .as_of = 12},
     kNo},
    {"platelets_after_red_cells",
     kPlt,
     {.platelets = {{5, 10}, {9, 30}, {10, 30}, {11, 30}}, .support = {{Support::red_cells, 8, 8}}},
     kYes,
     9},
};
INSTANTIATE_TEST_SUITE_P(Recovery, Milestones, testing::ValuesIn(kRecoveries), CaseName{});

constexpr auto kQuick = MilestoneKind::quick_course;
constexpr auto kIntermittent = MilestoneKind::intermittent_course;
constexpr auto kAplastic = MilestoneKind::aplastic_course;
const std::vector<Count> kSteadyAfter = steady(2, 12, 60);
const MilestoneCase kCourses[] = {
    {"quick", kQuick, {.neutrophils = steady(0.3, 5, 11) + kSteadyAfter}, kYes, 12},
    {"quick_not_before_day_61",
     kQuick,
     {.neutrophils = steady(0.3, 5, 11) + kSteadyAfter, .as_of = 60},
     kUnknown,
     kNone,
     kOpen},
    {"quick_needs_a_late_value",
     kQuick,
     {.neutrophils = steady(0.3, 5, 11) + steady(2, 12, 45)},
     kUnknown,
     kNone,
     kGap},
    {"quick_with_a_value_on_day_47", kQuick, {.neutrophils = steady(0.3, 5, 11) + steady(2, 12, 47)}, kYes, 12},
    {"quick_with_the_last_on_day_46",
     kQuick,
     {.neutrophils = steady(0.3, 5, 11) + steady(2, 12, 46)},
     kUnknown,
     kNone,
     kGap},
    {"not_quick_after_a_second_dip",
     kQuick,
     {.neutrophils = steady(0.3, 5, 11) + steady(2, 12, 24) + steady(0.9, 25, 26) + steady(2, 27, 60)},
     kNo},
    {"a_value_of_1_0_is_no_dip",
     kQuick,
     {.neutrophils = steady(0.3, 5, 11) + steady(2, 12, 24) + steady(1.0, 25, 26) + steady(2, 27, 60)},
     kYes,
     12},
    {"not_quick_when_aplastic", kQuick, {.neutrophils = steady(0.3, 5, 18) + steady(2, 19, 60)}, kNo},
    {"intermittent_dips_on_day_22",
     kIntermittent,
     {.neutrophils = steady(0.3, 5, 11) + steady(2, 12, 21) + steady(0.9, 22, 23) + steady(2, 24, 60)},
     kYes,
     22},
    {"a_dip_until_day_21_is_none",
     kIntermittent,
     {.neutrophils = steady(0.3, 5, 11) + steady(2, 12, 19) + steady(0.9, 20, 21) + steady(2, 22, 60)},
     kNo},
    {"intermittent_needs_more_than_1_5",
     kIntermittent,
     {.neutrophils = steady(0.3, 5, 11) + steady(1.5, 12, 24) + steady(0.9, 25, 26) + steady(1.5, 27, 60)},
     kNo},
    {"intermittent_is_seen_while_open",
     kIntermittent,
     {.neutrophils = steady(0.3, 5, 11) + steady(2, 12, 24) + steady(0.9, 25, 26), .as_of = 26},
     kYes,
     25},
    {"a_first_dip_is_no_second",
     kIntermittent,
     {.neutrophils = steady(2, 0, 24) + steady(0.9, 25, 26) + steady(2, 27, 60)},
     kNo},
    {"aplastic_of_14_days",
     kAplastic,
     {.neutrophils = steady(2, 0, 4) + steady(0.3, 5, 18) + steady(2, 19, 60)},
     kYes,
     18},
    {"thirteen_days", kAplastic, {.neutrophils = steady(2, 0, 4) + steady(0.3, 5, 17) + steady(2, 18, 60)}, kNo},
    {"at_500_is_not_below", kAplastic, {.neutrophils = steady(2, 0, 4) + steady(0.5, 5, 25) + steady(2, 26, 60)}, kNo},
    {"a_day_above_parts",
     kAplastic,
     {.neutrophils =
          steady(2, 0, 4) + steady(0.3, 5, 12) + steady(0.6, 13, 13) + steady(0.3, 14, 20) + steady(2, 21, 60)},
     kNo},
    {"a_gap_of_14_days_may_hide_it",
     kAplastic,
     {.neutrophils = steady(2, 0, 4) + steady(2, 19, 60)},
     kUnknown,
     kNone,
     kGap},
    {"a_gap_of_13_days_may_not", kAplastic, {.neutrophils = steady(2, 0, 4) + steady(2, 18, 60)}, kNo},
    {"aplastic_is_not_denied_while_open",
     kAplastic,
     {.neutrophils = steady(2, 0, 20), .as_of = 20},
     kUnknown,
     kNone,
     kOpen},
};
INSTANTIATE_TEST_SUITE_P(Courses, Milestones, testing::ValuesIn(kCourses), CaseName{});

constexpr auto k90 = MilestoneKind::cytopenia_recovered_day_90;
const std::vector<Count> kFineAnc = steady(2, 0, 104, 4);
const std::vector<Count> kFinePlt = steady(150, 0, 104, 4);
const std::vector<Count> kFineHb = steady(120, 0, 104, 4);
Told day_90(std::vector<Count> neutrophils, std::vector<Given> support = {}, int as_of = 110) {
    return {.neutrophils = std::move(neutrophils),
            .platelets = kFinePlt,
            .haemoglobin = kFineHb,
            .support = std::move(support),
            .as_of = as_of};
}
const std::vector<Count> kLow = steady(0.3, 5, 30, 5);
const MilestoneCase kDay90[] = {
    {"never_severe", k90, day_90(kFineAnc), kYes},
    {"recovered", k90, day_90(kLow + steady(1.2, 40, 100, 10)), kYes, 40},
    {"grade_2_is_recovered", k90, day_90(kLow + steady(1.0, 40, 100, 10)), kYes, 40},
    {"grade_3_is_not", k90, day_90(kLow + steady(0.999, 40, 100, 10)), kNo},
    {"a_later_severe_value_before_day_90", k90,
     day_90(kLow + steady(1.2, 40, 60, 10) + std::vector<Count>{{89, 0.9}, {95, 2}, {97, 2}, {99, 2}}), kNo},
    {"a_severe_value_after_day_90", k90, day_90(kLow + steady(1.2, 40, 90, 10) + std::vector<Count>{{91, 0.9}}), kYes,
     40},
    {"the_first_on_day_90", k90, day_90(kLow + std::vector<Count>{{90, 1.2}, {95, 1.2}, {100, 1.2}}), kYes, 90},
    {"the_first_on_day_91", k90, day_90(kLow + std::vector<Count>{{91, 1.2}, {95, 1.2}, {100, 1.2}}), kNo},
    {"two_values_only", k90, day_90(kLow + std::vector<Count>{{80, 1.2}, {85, 1.2}}), kNo},
    {"two_values_and_time_left", k90, day_90(kLow + std::vector<Count>{{80, 1.2}, {85, 1.2}}, {}, 95), kUnknown, kNone,
     kOpen},
    {"no_value_from_day_76_to_104", k90, day_90(kLow + steady(1.2, 40, 75, 5)), kUnknown, kNone, kGap},
    {"a_value_on_day_76", k90, day_90(kLow + steady(1.2, 40, 76, 6)), kYes, 40},
    {"before_day_90", k90, day_90(kLow + steady(1.2, 40, 88, 4), {}, 89), kUnknown, kNone, kOpen},
    {"filgrastim_six_days_before", k90, day_90(kLow + steady(1.2, 40, 100, 10), {{Support::filgrastim, 34, 34}}), kYes,
     50},
    {"filgrastim_seven_days_before", k90, day_90(kLow + steady(1.2, 40, 100, 10), {{Support::filgrastim, 33, 33}}),
     kYes, 40},
    {"pegfilgrastim_thirteen_days_before", k90,
     day_90(kLow + steady(1.2, 40, 100, 10), {{Support::pegfilgrastim, 27, 27}}), kYes, 50},
    {"pegfilgrastim_fourteen_days_before", k90,
     day_90(kLow + steady(1.2, 40, 100, 10), {{Support::pegfilgrastim, 26, 26}}), kYes, 40},
    {"dependent_on_filgrastim", k90, day_90(kLow + steady(1.2, 40, 100, 10), {{Support::filgrastim, 30, kNone}}), kNo},
    {"dependent_on_red_cells", k90,
     day_90(kLow + steady(1.2, 40, 100, 10), {{Support::red_cells, 30, 30},
                                              {Support::red_cells, 45, 45},
                                              {Support::red_cells, 55, 55},
                                              {Support::red_cells, 65, 65},
                                              {Support::red_cells, 75, 75},
                                              {Support::red_cells, 85, 85}}),
     kYes, 40, kConfounded},
    {"transfused_to_the_end", k90,
     day_90(kLow + steady(1.2, 40, 100, 10), {{Support::red_cells, 36, 36},
                                              {Support::red_cells, 46, 46},
                                              {Support::red_cells, 56, 56},
                                              {Support::red_cells, 66, 66},
                                              {Support::red_cells, 76, 76},
                                              {Support::red_cells, 86, 86}}),
     kNo},
    {"platelets_unseen",
     k90,
     {.neutrophils = kFineAnc, .platelets = steady(150, 0, 70, 5), .haemoglobin = kFineHb, .as_of = 110},
     kUnknown,
     kNone,
     kGap},
    {"anaemia_not_recovered",
     k90,
     {.neutrophils = kFineAnc, .platelets = kFinePlt, .haemoglobin = steady(79, 0, 104, 4), .as_of = 110},
     kNo},
    {"died_before",
     k90,
     {.neutrophils = kLow, .platelets = kFinePlt, .haemoglobin = kFineHb, .as_of = 110, .died = 60},
     kUnknown},
};
INSTANTIATE_TEST_SUITE_P(Day90, Milestones, testing::ValuesIn(kDay90), CaseName{});

TEST(Day90, says_when_a_relapse_may_explain_it) {
    Told told = day_90(kLow + steady(1.2, 40, 100, 10));
    told.excluded_from = 60;
    EXPECT_TRUE(milestone(told, k90).flags.has(Flag::relapse_possible));
    told.excluded_from = 91;
    EXPECT_FALSE(milestone(told, k90).flags.has(Flag::relapse_possible));
}

constexpr auto k365 = MilestoneKind::persistent_cytopenia_day_365;
Told day_365(std::vector<Count> platelets, int as_of = 400) {
    return {.neutrophils = steady(2, 335, 395, 30),
            .platelets = std::move(platelets),
            .haemoglobin = steady(120, 335, 395, 30),
            .as_of = as_of};
}
Told with(Told told, std::vector<Given> support, int excluded_from = kNone, int died = kNone) {
    told.support = std::move(support);
    told.excluded_from = excluded_from;
    told.died = died;
    return told;
}
const Told kFine365 = day_365(steady(150, 335, 395, 30));
const MilestoneCase kDay365[] = {
    {"two_values_7_days_apart", k365, day_365({{360, 40}, {367, 40}}), kYes, 367},
    {"two_values_6_days_apart", k365, day_365({{360, 40}, {366, 40}}), kNo},
    {"milder_between", k365, day_365({{360, 40}, {363, 50}, {367, 40}}), kNo},
    {"at_50_is_not_severe", k365, day_365({{360, 50}, {367, 50}}), kNo},
    {"first_on_day_335", k365, day_365({{335, 40}, {342, 40}}), kYes, 342},
    {"day_334_does_not_count", k365, day_365({{334, 40}, {341, 40}, {350, 90}}), kNo},
    {"last_on_day_395", k365, day_365({{388, 40}, {395, 40}}), kYes, 395},
    {"day_396_does_not_count", k365, day_365({{389, 40}, {396, 40}}), kNo},
    {"fine", k365, kFine365, kNo},
    {"fine_while_open", k365, day_365(steady(150, 335, 395, 30), 395), kUnknown, kNone, kOpen},
    {"seen_while_open", k365, day_365({{360, 40}, {367, 40}}, 370), kYes, 367},
    {"one_lineage_unseen", k365, day_365({}), kUnknown, kNone, kGap},
    {"dependent_on_transfusions", k365,
     with(kFine365, {{Support::platelets, 350, 350}, {Support::platelets, 357, 357}}), kYes, kNone, kConfounded},
    {"two_transfusions_6_days_apart", k365,
     with(kFine365, {{Support::platelets, 350, 350}, {Support::platelets, 356, 356}}), kNo},
    {"dependent_on_a_growth_factor_course", k365, with(kFine365, {{Support::tpo_agonist, 300, kNone}}), kYes, kNone,
     kConfounded},
    {"transfusions_before_the_window", k365,
     with(kFine365, {{Support::platelets, 320, 320}, {Support::platelets, 334, 334}}), kNo},
    {"after_relapse_it_is_not_judged", k365, with(day_365({{360, 40}, {367, 40}}), {}, 362), kUnknown, kNone,
     Flags{Flag::relapse_possible}},
    {"relapse_after_it_was_shown", k365, with(day_365({{360, 40}, {367, 40}}), {}, 370), kYes, 367},
    {"relapse_after_the_window", k365, with(kFine365, {}, 396), kNo},
    {"died_before", k365, with(kFine365, {}, kNone, 300), kUnknown},
};
INSTANTIATE_TEST_SUITE_P(Day365, Milestones, testing::ValuesIn(kDay365), CaseName{});

}  // namespace
}  // namespace cellvigil
