// HBV reactivation: the four definitions with both sides of each limit, passive antibody, what is missing, the flare.
#include "rules/grade/hbv.h"

#include <functional>
#include <ostream>

#include <gtest/gtest.h>

#include "tests/rules/grade/report_story.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

using namespace report_story;

constexpr Term kTerm = Term::hbv_reactivation_suspected;

enum class Raised : std::uint8_t { no, yes, cannot_tell };
struct Case {
    const char* name;
    std::function<void(Story&)> tell;
    Raised expected;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class HbvReactivation : public testing::TestWithParam<Case> {};
TEST_P(HbvReactivation, suspected) {
    Story told;
    told.adult();
    GetParam().tell(told);
    const Assessment said = standing(told, d(120), Scale::ctcae_5_0, kTerm);
    EXPECT_EQ(said.flags.has(Flag::suspicion), GetParam().expected == Raised::yes);
    EXPECT_EQ(said.flags.has(Flag::required_item_missing), GetParam().expected == Raised::cannot_tell);
    EXPECT_EQ(said.under_surveillance, GetParam().expected != Raised::no);
    EXPECT_EQ(said.grade, kNotGradable);
}

Story& dna(Story& s, Instant at, std::int64_t value, Comparator comparator = Comparator::unspecified) {
    return s.tell(at, measured(Analyte::hbv_dna, value, {}, comparator));
}
Story& undetectable(Story& s, Instant at) { return dna(s, at, 10, Comparator::less); }
Story& antigen(Story& s, Instant at, bool positive) { return s.tell(at, told(Analyte::hbsag, positive)); }
Story& antibody(Story& s, Instant at, bool positive) { return s.tell(at, told(Analyte::anti_hbc, positive)); }
Story& carrier(Story& s) { return antigen(s, d(-10), true); }
Story& past_infection(Story& s) { return antibody(antigen(s, d(-10), false), d(-10), true); }

// clang-format off
INSTANTIATE_TEST_SUITE_P(Definitions, HbvReactivation, testing::Values(
    // HBsAg positive, DNA measured before
    Case{"rise_of_100_times", [](Story& s) { dna(dna(carrier(s), d(-9), 50).infused(), d(60), 5000); }, Raised::yes},
    Case{"rise_of_less_than_100_times", [](Story& s) { dna(dna(carrier(s), d(-9), 50).infused(), d(60), 4999); }, Raised::no},
    Case{"twelve_thousand_is_no_rise_of_100_times", [](Story& s) { dna(dna(carrier(s), d(-9), 500).infused(), d(60), 12000); }, Raised::no},
    // HBsAg positive, undetectable before
    Case{"undetectable_then_1000", [](Story& s) { dna(undetectable(carrier(s), d(-9)).infused(), d(60), 1000); }, Raised::yes},
    Case{"undetectable_then_999", [](Story& s) { dna(undetectable(carrier(s), d(-9)).infused(), d(60), 999); }, Raised::no},
    Case{"undetectable_after_the_infusion_then_1000", [](Story& s) { dna(undetectable(carrier(s).infused(), d(30)), d(60), 1000); }, Raised::yes},
    // HBsAg positive, never measured before
    Case{"without_baseline_10000", [](Story& s) { dna(carrier(s).infused(), d(60), 10000); }, Raised::yes},
    Case{"without_baseline_9999", [](Story& s) { dna(carrier(s).infused(), d(60), 9999); }, Raised::no},
    Case{"first_after_the_infusion_is_no_baseline", [](Story& s) { dna(dna(carrier(s).infused(), d(30), 5000), d(60), 10000); }, Raised::yes},
    // HBsAg negative, anti-HBc positive
    Case{"detectable", [](Story& s) { dna(past_infection(s).infused(), d(60), 12); }, Raised::yes},
    Case{"below_the_assay", [](Story& s) { undetectable(past_infection(s).infused(), d(60)); }, Raised::no},
    Case{"zero", [](Story& s) { dna(past_infection(s).infused(), d(60), 0); }, Raised::no},
    Case{"antigen_returns", [](Story& s) { antigen(past_infection(s).infused(), d(60), true); }, Raised::yes},
    Case{"antigen_stays_away", [](Story& s) { antigen(past_infection(s).infused(), d(60), false); }, Raised::no},
    // Passive antibody
    Case{"antibody_after_immunoglobulin_is_no_infection", [](Story& s) { antibody(antigen(s, d(-10), false).infused().gives(d(20), Agent::immunoglobulin_iv), d(40), true); }, Raised::no},
    Case{"dna_with_a_passive_antibody_cannot_be_judged", [](Story& s) { dna(antibody(antigen(s, d(-10), false).infused().gives(d(20), Agent::immunoglobulin_iv), d(40), true), d(60), 12); }, Raised::cannot_tell},
    Case{"antibody_180_days_after_immunoglobulin", [](Story& s) { dna(antibody(antigen(s.gives(d(-190), Agent::immunoglobulin_sc), d(-10), false), d(-10), true).infused(), d(60), 12); }, Raised::cannot_tell},
    Case{"antibody_later_than_that", [](Story& s) { dna(antibody(antigen(s.gives(d(-190), Agent::immunoglobulin_sc), d(-10), false), d(-10, 10, 1), true).infused(), d(60), 12); }, Raised::yes},
    Case{"antibody_before_immunoglobulin_stays_genuine", [](Story& s) { dna(antibody(past_infection(s).infused().gives(d(20), Agent::immunoglobulin_iv), d(40), true), d(60), 12); }, Raised::yes},
    // What is missing
    Case{"dna_and_nothing_else", [](Story& s) { dna(s.infused(), d(60), 12); }, Raised::cannot_tell},
    Case{"antibody_never_measured", [](Story& s) { dna(antigen(s, d(-10), false).infused(), d(60), 12); }, Raised::cannot_tell},
    Case{"antigen_returns_and_no_antibody_known", [](Story& s) { antigen(antigen(s, d(-10), false).infused(), d(60), true); }, Raised::cannot_tell},
    Case{"nothing_measured", [](Story& s) { carrier(s).infused(); }, Raised::no},
    Case{"before_the_infusion", [](Story& s) { dna(past_infection(s), d(-9), 12).infused(); }, Raised::no},
    // Observed absence
    Case{"detectable_then_not", [](Story& s) { undetectable(dna(past_infection(s).infused(), d(60), 12), d(90)); }, Raised::no}),
    CaseName{});
// clang-format on

TEST(HbvUnknownAntigen, ten_thousand_meets_whichever_definition_and_what_is_missing_is_said) {
    Story s;
    s.adult();
    dna(s.infused(), d(60), 10000);
    const Assessment said = standing(s, d(61), Scale::ctcae_5_0, kTerm);
    EXPECT_TRUE(said.flags.has(Flag::suspicion));
    EXPECT_TRUE(said.flags.has(Flag::required_item_missing));
}

struct FlareCase {
    const char* name;
    std::int64_t baseline;
    std::int64_t now;
    bool expected;
};
void PrintTo(const FlareCase& c, std::ostream* out) { *out << c.name; }
class HbvFlare : public testing::TestWithParam<FlareCase> {};
TEST_P(HbvFlare, by_alt) {
    Story s;
    s.adult().tell(d(-1), measured(Analyte::alt, GetParam().baseline));
    dna(past_infection(s).infused(), d(60), 500).tell(d(61), measured(Analyte::alt, GetParam().now));
    EXPECT_EQ(standing(s, d(62), Scale::ctcae_5_0, kTerm).flags.has(Flag::hepatitis_flare), GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(Limits, HbvFlare,
                         testing::Values(FlareCase{"three_times_and_above_100", 40, 120, true},
                                         FlareCase{"less_than_three_times", 41, 122, false},
                                         FlareCase{"three_times_and_at_100", 33, 100, false},
                                         FlareCase{"three_times_and_101", 33, 101, true},
                                         FlareCase{"three_times_a_low_baseline", 20, 60, false}),
                         CaseName{});

TEST(HbvFlareWithout, a_baseline_cannot_be_told) {
    Story s;
    s.adult();
    dna(past_infection(s).infused(), d(60), 500).tell(d(61), measured(Analyte::alt, 900));
    EXPECT_FALSE(standing(s, d(62), Scale::ctcae_5_0, kTerm).flags.has(Flag::hepatitis_flare));
}

TEST(HbvEpisode, has_an_onset_and_an_end) {
    Story s;
    s.adult();
    undetectable(dna(past_infection(s).infused(), d(60), 12), d(90));
    const auto episodes = episodes_of(s, Scale::ctcae_5_0, kTerm);
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_EQ(episodes[0].onset, d(60));
    EXPECT_TRUE(episodes[0].resolved);
    EXPECT_EQ(episodes[0].max_grade, kNotGradable);
}

TEST(HbvEpisode, ends_with_its_last_result_whatever_silence_followed) {
    Story s;
    s.adult();
    undetectable(dna(past_infection(s).infused(), d(60), 12), d(150));  // the limit passes on day 102
    const auto episodes = episodes_of(s, Scale::ctcae_5_0, kTerm);
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_EQ(episodes[0].resolved, d(60));
    EXPECT_TRUE(episodes[0].flags.has(Flag::unobserved_gap));
}

TEST(HbvEpisode, an_alt_is_no_sign_of_the_virus) {
    Story s;
    s.adult();
    dna(past_infection(s).infused(), d(60), 12).tell(d(70), measured(Analyte::alt, 900));
    undetectable(s, d(90));
    const auto episodes = episodes_of(s, Scale::ctcae_5_0, kTerm);
    ASSERT_EQ(episodes.size(), 1U);
    EXPECT_EQ(episodes[0].resolved, d(60));
}

}  // namespace
}  // namespace cellvigil
