#include "daemon/packs/rule_pack.h"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "rules/pack/decisions.h"

namespace cellvigil::packs {
namespace {

std::string file(const std::string& path) {
    std::ifstream in(CELLVIGIL_SOURCE_DIR + ("/" + path));
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

TEST(RulePack, the_shipped_default_pack_is_what_is_built_in) {
    const PackReading reading = read_rule_pack(file("rules/packs/default.yaml"), "default.yaml");
    ASSERT_TRUE(reading.problems.empty()) << reading.problems[0].where << ": " << reading.problems[0].detail;
    EXPECT_EQ(decision_lines(reading.rules), decision_lines(RuleSet{}));
    for (const Decision& decision : decisions()) {
        EXPECT_NE(file("rules/packs/default.yaml").find(std::string("  ") + decision.key + ":"), std::string::npos)
            << decision.key;
    }
}

TEST(RulePack, a_changed_decision_changes_the_rules_and_the_hash) {
    const PackReading reading =
        read_rule_pack("pack: p\ndecisions:\n  crs.sbp_adult: 95\n  crs.waiver_expiry_h: 48\n", "p.yaml");
    ASSERT_TRUE(reading.problems.empty());
    EXPECT_EQ(reading.rules.crs.systolic_adult, whole(95));
    EXPECT_EQ(reading.rules.crs.waiver_expiry, hours(48));
    EXPECT_NE(reading.rules.hash, read_rule_pack("pack: p\n", "p.yaml").rules.hash);
}

TEST(RulePack, comments_and_order_do_not_change_the_hash) {
    const auto one = read_rule_pack("pack: p\ndecisions: {crs.sbp_adult: 95, icans.late_d: 30}", "p.yaml");
    const auto other = read_rule_pack("# note\ndecisions: {icans.late_d: 30, crs.sbp_adult: 95}\npack: p", "p.yaml");
    EXPECT_EQ(one.rules.hash, other.rules.hash);
}

struct Wrong {
    const char* name;
    const char* text;
    const char* where;
    const char* detail;
};
class WrongPack : public testing::TestWithParam<Wrong> {};
TEST_P(WrongPack, is_refused_with_its_place) {
    const PackReading reading = read_rule_pack(GetParam().text, "p.yaml");
    ASSERT_FALSE(reading.problems.empty());
    EXPECT_EQ(reading.problems[0].where, GetParam().where);
    EXPECT_NE(reading.problems[0].detail.find(GetParam().detail), std::string::npos) << reading.problems[0].detail;
}
INSTANTIATE_TEST_SUITE_P(Packs, WrongPack,
                         testing::Values(Wrong{"unknown_key", "pack: p\nfoo: 1\n", "p.yaml:2:1", "unknown key"},
                                         Wrong{"unknown_decision", "pack: p\ndecisions:\n  crs.nope: 1\n", "p.yaml:3:3",
                                               "no such decision key"},
                                         Wrong{"out_of_range", "pack: p\ndecisions:\n  crs.sbp_adult: 300\n",
                                               "p.yaml:3:18", "from 70 to 110"},
                                         Wrong{"not_a_number", "pack: p\ndecisions:\n  crs.sbp_adult: ninety\n",
                                               "p.yaml:3:18", "a whole number of mm[Hg]"},
                                         Wrong{"none_where_there_must_be_one",
                                               "pack: p\ndecisions:\n  crs.sbp_adult: none\n", "p.yaml:3:18",
                                               "whole number"},
                                         Wrong{"no_name", "decisions: {}\n", "p.yaml:1:1", "pack: missing"},
                                         Wrong{"broken_yaml", "pack: [p\n", "p.yaml:2:1", "end of sequence"},
                                         Wrong{"not_a_map", "- p\n", "p.yaml:1:1", "a rule pack is a map"}),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(RulePack, limits_that_contradict_each_other_are_refused) {
    EXPECT_FALSE(
        read_rule_pack("pack: p\ndecisions: {crs.onset_soft_d: 30, crs.onset_hard_d: 20}", "p").problems.empty());
    EXPECT_FALSE(
        read_rule_pack("pack: p\ndecisions: {icans.carry_fresh_h: 24, icans.carry_h: 12}", "p").problems.empty());
}

TEST(DecisionRegister, the_page_for_clinicians_is_the_table) {
    EXPECT_NE(file("docs/clinical/decisions.md").find(decisions_markdown()), std::string::npos)
        << "docs/clinical/decisions.md must hold:\n"
        << decisions_markdown();
}

TEST(RulePack, scales_are_chosen_for_all_and_by_cohort) {
    const PackReading reading =
        read_rule_pack("pack: p\nscales: [CTCAE_6_0]\ncohort_scales:\n  S/B: [LEE_2014]\n  S/A: []\n", "p.yaml");
    ASSERT_TRUE(reading.problems.empty()) << reading.problems.front().detail;
    const ScaleSet always{Scale::astct_crs_2019, Scale::astct_icans_2019};
    ScaleSet six = always;
    six.add(Scale::ctcae_6_0);
    ScaleSet lee = always;
    lee.add(Scale::lee_2014);
    EXPECT_EQ(reading.rules.scales_for("S/other"), six);
    EXPECT_EQ(reading.rules.scales_for("S/A"), always);
    EXPECT_EQ(reading.rules.scales_for("S/B"), lee);
    EXPECT_NE(reading.rules.hash, read_rule_pack("pack: p\nscales: [CTCAE_6_0]\n", "p.yaml").rules.hash);
}

TEST(RulePack, a_scale_that_is_not_computed_is_refused_with_its_place) {
    const PackReading reading =
        read_rule_pack("pack: p\nscales: [BMT_CTN, nonsense]\ncohort_scales: {nowhere: []}\n", "p.yaml");
    ASSERT_EQ(reading.problems.size(), 3U);
    EXPECT_EQ(reading.problems[0].where, "p.yaml:2:10");
    EXPECT_NE(reading.problems[1].detail.find("nonsense"), std::string::npos);
    EXPECT_NE(reading.problems[2].detail.find("study/cohort"), std::string::npos);
}

TEST(RulePack, subject_alerts_are_chosen_for_all_and_by_cohort) {
    const PackReading reading =
        read_rule_pack("pack: p\nalerts: [P01, P04]\ncohort_alerts:\n  S/B: [P18]\n  S/A: []\n", "p.yaml");
    ASSERT_TRUE(reading.problems.empty()) << reading.problems.front().detail;
    const SubjectRuleSet two{SubjectRule::prophylaxis_ended, SubjectRule::herpes_zoster};
    EXPECT_EQ(reading.rules.alerts_for("S/other"), two);
    EXPECT_TRUE(reading.rules.alerts_for("S/A").empty());
    EXPECT_TRUE(reading.rules.alerts_for("S/B").has(SubjectRule::late_fever));
    EXPECT_EQ(read_rule_pack("pack: p\n", "p.yaml").rules.alerts, kSwitchedRules) << "left out: all";
    EXPECT_NE(reading.rules.hash, read_rule_pack("pack: p\nalerts: [P01, P04]\n", "p.yaml").rules.hash);
}

TEST(RulePack, an_alert_that_cannot_be_switched_is_refused_with_its_place) {
    const PackReading reading =
        read_rule_pack("pack: p\nalerts: [crs_grade_3, P19]\ncohort_alerts: {nowhere: [P01]}\n", "p.yaml");
    ASSERT_EQ(reading.problems.size(), 3U);
    EXPECT_EQ(reading.problems[0].where, "p.yaml:2:10");
    EXPECT_NE(reading.problems[1].detail.find("P19"), std::string::npos);
    EXPECT_NE(reading.problems[2].detail.find("study/cohort"), std::string::npos);
}

TEST(RulePack, the_policies_reach_the_rules) {
    const PackReading reading = read_rule_pack(
        "pack: p\npolicies:\n  - {id: six, kind: antiviral, at_least_until_day: 180, source: a table}\n", "p.yaml");
    ASSERT_TRUE(reading.problems.empty()) << reading.problems.front().detail;
    ASSERT_EQ(reading.rules.policies.size(), 1U);
    EXPECT_EQ(reading.rules.policies[0].at_least_until_day, 180);
}

}  // namespace
}  // namespace cellvigil::packs
