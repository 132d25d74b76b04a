// Which keys of the register a statement names.
#include "rules/grade/decided_by.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "rules/pack/decisions.h"
#include "rules/timeline/alert_sentence.h"
#include "tests/rules/grade/icans_ward.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using namespace icans_ward;

struct KeyCase {
    const char* name;
    Scale scale;
    void (*tell)(Story&);
    const char* key;  // named
    const char* not_named;
};
class Keys : public testing::TestWithParam<KeyCase> {};

TEST_P(Keys, are_named_where_their_question_arose) {
    Story told;
    GetParam().tell(told);
    const SubjectTimeline timeline = told.timeline();
    const auto facts = timeline.facts();
    const auto fact_of = [&](RecordRef record) {
        const auto found =
            std::find_if(facts.begin(), facts.end(), [&](const Fact& fact) { return fact.record == record; });
        return found == facts.end() ? nullptr : &*found;
    };
    const auto uses = decisions_behind(told.at(d(3, 12), GetParam().scale), fact_of, {});
    const auto names = [&](const char* key) {
        return std::any_of(uses.begin(), uses.end(), [&](const DecisionUse& use) { return use.key == key; });
    };
    EXPECT_TRUE(names(GetParam().key));
    EXPECT_FALSE(names(GetParam().not_named));
}
constexpr Scale kCrs = Scale::astct_crs_2019;
constexpr Scale kIcans = Scale::astct_icans_2019;
INSTANTIATE_TEST_SUITE_P(
    Table, Keys,
    testing::ValuesIn(std::to_array<KeyCase>({
        {"vasopressin", kCrs, [](Story& s) { adult(s).temperature(d(3, 11), 39).starts(d(3, 11), Agent::vasopressin); },
         "crs.vasopressin_alone", "crs.sbp_adult"},
        {"saturation", kCrs,
         [](Story& s) { adult(s).temperature(d(3, 11), 39).spo2(d(3, 11), 88).spo2(d(3, 11, 10), 88); },
         "crs.spo2_untreated", "crs.overlap_min"},
        {"waiver", kCrs,
         [](Story& s) {
             adult(s).temperature(d(2, 8), 39).gives(d(2, 9), Agent::tocilizumab).temperature(d(3, 11), 36.5);
             s.starts(d(3, 11), Agent::norepinephrine);
         },
         "crs.waiver_expiry_h", "crs.spo2_untreated"},
        {"score", kIcans, [](Story& s) { adult(s).ice(d(3, 11), 6); }, "icans.carry_h", "icans.seizure_counts_h"},
        {"seizure", kIcans,
         [](Story& s) {
             NeuroFinding finding;
             finding.kind = NeuroKind::seizure;
             adult(s).neuro(d(3, 11), finding);
         },
         "icans.seizure_counts_h", "icans.imaging_counts_d"},
    })),
    CaseName{});

TEST(Keys, of_the_astct_scales_can_each_be_named) {
    for (const Decision& decision : decisions()) {
        const std::string_view key = decision.key;
        if (!key.starts_with("crs.") && !key.starts_with("icans.") && !key.starts_with("validity.")) continue;
        EXPECT_TRUE(may_be_named(key)) << key;
    }
}

TEST(AlertSentence, is_the_statements_own) {
    Story told;
    told.adult().infused().temperature(d(4, 14), 39).starts(d(4, 14, 20), Agent::norepinephrine);
    const SubjectTimeline timeline = told.timeline();
    const auto alerts = timeline.derived({}, kAlways).alerts;
    ASSERT_EQ(alerts.size(), 1U);
    EXPECT_EQ(
        alert_sentence(timeline, alerts[0], {}),
        "CRS grade 3 since 14:20 on day 4: hypotension; norepinephrine started 14:20; temperature 39 °C at 14:00");
}

}  // namespace
}  // namespace cellvigil
