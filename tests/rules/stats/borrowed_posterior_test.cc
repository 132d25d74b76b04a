// Posteriors with a reference borrowed at a discount. Expected values: mpmath 1.3 with 30 digits (quadrature of the
// definitions), independent of the code.
#include "rules/stats/borrowed_posterior.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include <rapidcheck/gtest.h>

#include "rules/stats/special_functions.h"
#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

constexpr Confidence k95{0.95};

void expect_near(double got, double wanted) { EXPECT_NEAR(got, wanted, 1e-11 * std::fmax(wanted, 1e-3)); }

struct BetaCase {
    const char* name;
    BetaPrior initial;
    Proportion seen, reference;
    double weight, limit;
    double a, b, mean, lower, upper, above_reference, above_limit;
};
class BorrowedBeta : public testing::TestWithParam<BetaCase> {};

TEST_P(BorrowedBeta, equals_the_reference_values) {
    const BetaCase& c = GetParam();
    const auto posterior = borrowed_beta(c.initial, c.seen, c.reference, c.weight);
    ASSERT_TRUE(posterior.has_value());
    EXPECT_DOUBLE_EQ(posterior->a, c.a);
    EXPECT_DOUBLE_EQ(posterior->b, c.b);
    const Posterior summary = summary_of(*posterior, k95);
    expect_near(summary.mean, c.mean);
    expect_near(summary.interval.lower, c.lower);
    expect_near(summary.interval.upper, c.upper);
    const double reference = static_cast<double>(c.reference.events) / static_cast<double>(c.reference.subjects);
    expect_near(exceedance(*posterior, reference), c.above_reference);
    expect_near(exceedance(*posterior, c.limit), c.above_limit);
}
// clang-format off
INSTANTIATE_TEST_SUITE_P(Values, BorrowedBeta, testing::ValuesIn(std::to_array<BetaCase>({
    {"half_weight", kJeffreysBeta, {3, 20}, {1, 48}, 0.5, 0.05,
     4, 41, 0.088888888888888889, 0.025328421703450754, 0.18656201007202235, 0.9868158728337912, 0.82348903204863316},
    {"no_event_anywhere", kJeffreysBeta, {0, 10}, {0, 48}, 0.5, 0.05,
     0.5, 34.5, 0.014285714285714286, 1.4336290671557159e-5, 0.070711630679020998, 1, 0.06085994016787797},
    {"nothing_borrowed", kJeffreysBeta, {2, 12}, {9, 48}, 0, 0.25,
     2.5, 10.5, 0.19230769230769231, 0.036337756398671846, 0.43624793593638345, 0.45897137887296751, 0.26474541572927305},
    {"pooled", kJeffreysBeta, {5, 30}, {3, 48}, 1, 0.15,
     8.5, 70.5, 0.10759493670886076, 0.049698226462733954, 0.18420365625153413, 0.92043564892105933, 0.11662191463245949},
    {"a_frequent_event", {1, 1}, {45, 48}, {40, 48}, 0.25, 0.9,
     56, 6, 0.9032258064516129, 0.8189880888902016, 0.96304000512214811, 0.95396107122417895, 0.57945489052403963},
})), CaseName{});
// clang-format on

struct GammaCase {
    const char* name;
    GammaPrior initial;
    Rate seen, reference;
    double weight, limit;
    double shape, rate, mean, lower, upper, above_reference, above_limit;
};
class BorrowedGamma : public testing::TestWithParam<GammaCase> {};

TEST_P(BorrowedGamma, equals_the_reference_values) {
    const GammaCase& c = GetParam();
    const auto posterior = borrowed_gamma(c.initial, c.seen, c.reference, c.weight);
    ASSERT_TRUE(posterior.has_value());
    EXPECT_DOUBLE_EQ(posterior->shape, c.shape);
    EXPECT_DOUBLE_EQ(posterior->rate, c.rate);
    const Posterior summary = summary_of(*posterior, k95);
    expect_near(summary.mean, c.mean);
    expect_near(summary.interval.lower, c.lower);
    expect_near(summary.interval.upper, c.upper);
    expect_near(exceedance(*posterior, static_cast<double>(c.reference.events) / c.reference.person_time),
                c.above_reference);
    expect_near(exceedance(*posterior, c.limit), c.above_limit);
}
// clang-format off
INSTANTIATE_TEST_SUITE_P(Values, BorrowedGamma, testing::ValuesIn(std::to_array<GammaCase>({
    {"half_weight", kJeffreysGamma, {9, 118.5}, {9, 160}, 0.5, 0.05,
     14, 198.5, 0.07052896725440806, 0.038558842701766237, 0.11199191898316814, 0.76572960299893212, 0.86987080362138561},
    {"no_event_in_the_cohort", kJeffreysGamma, {0, 20}, {9, 115}, 0.5, 0.05,
     5, 77.5, 0.064516129032258065, 0.020948211485398975, 0.13214953129553157, 0.2764218567634843, 0.65324164450486986},
    {"nothing_borrowed", {2, 40}, {3, 50}, {9, 160}, 0, 0.05,
     5, 90, 0.055555555555555556, 0.018038737667982451, 0.11379542972670774, 0.42959595628350807, 0.53210357637471543},
    {"pooled", kJeffreysGamma, {12, 100}, {5, 200}, 1, 0.05,
     17.5, 300, 0.058333333333333333, 0.03428229438457494, 0.088672247570094151, 0.99874796825205246, 0.70813095116337813},
})), CaseName{});
// clang-format on

// The suggested priors of the surveillance rules: half weight on Jeffreys', before anybody is seen.
TEST(BorrowedPosterior, half_weight_gives_the_suggested_priors) {
    const auto crs = borrowed_beta(kJeffreysBeta, {0, 0}, {1, 48}, kBorrowingWeight);
    ASSERT_TRUE(crs.has_value());
    EXPECT_EQ(crs->a, 1.0);
    EXPECT_EQ(crs->b, 24.0);
    const auto zoster = borrowed_gamma(kJeffreysGamma, {0, 0}, {9, 160}, kBorrowingWeight);
    ASSERT_TRUE(zoster.has_value());
    EXPECT_EQ(zoster->shape, 5.0);
    EXPECT_EQ(zoster->rate, 80.0);
}

struct GreaterCase {
    const char* name;
    BetaPrior first, second;
    double expected;
};
class GreaterProportion : public testing::TestWithParam<GreaterCase> {};

TEST_P(GreaterProportion, equals_the_reference_value_both_ways_round) {
    const GreaterCase& c = GetParam();
    EXPECT_NEAR(probability_greater(c.first, c.second), c.expected, 1e-11);
    EXPECT_NEAR(probability_greater(c.second, c.first), 1 - c.expected, 1e-11);
}
INSTANTIATE_TEST_SUITE_P(Values, GreaterProportion,
                         testing::ValuesIn(std::to_array<GreaterCase>({
                             {"three_of_twenty_against_one_of_48", {3.5, 17.5}, {1.5, 47.5}, 0.97562767467849852},
                             {"no_event_in_either", {0.5, 10.5}, {0.5, 48.5}, 0.72501454113241153},
                             {"nearly_equal", {9.5, 39.5}, {2.5, 10.5}, 0.54359636862077248},
                             {"frequent_events", {45.5, 3.5}, {40.5, 8.5}, 0.94703944089891943},
                             {"narrow_against_wide", {30.5, 970.5}, {3.5, 45.5}, 0.10962612313665904},
                             {"much_narrower", {5000.5, 95000.5}, {1.5, 29.5}, 0.61626930622692256},
                             {"nothing_known_of_either", {0.5, 0.5}, {0.5, 0.5}, 0.5},
                             {"as_large_as_can_be_against_as_little", {1e7, 1e7}, {0.1, 0.1}, 0.5},
                             {"a_million_alike", {1e6, 1e6}, {1e6, 1e6}, 0.5},
                             {"by_hand_five_sixths", {2, 1}, {1, 2}, 0.83333333333333333},
                         })),
                         CaseName{});

struct GreaterRateCase {
    const char* name;
    GammaPrior first, second;
    double expected;
};
class GreaterRate : public testing::TestWithParam<GreaterRateCase> {};

TEST_P(GreaterRate, equals_the_reference_value_both_ways_round) {
    const GreaterRateCase& c = GetParam();
    EXPECT_NEAR(probability_greater(c.first, c.second), c.expected, 1e-12);
    EXPECT_NEAR(probability_greater(c.second, c.first), 1 - c.expected, 1e-12);
}
INSTANTIATE_TEST_SUITE_P(Values, GreaterRate,
                         testing::ValuesIn(std::to_array<GreaterRateCase>({
                             {"nine_in_118_against_nine_in_160", {9.5, 118.5}, {9.5, 160}, 0.74042700861748441},
                             {"no_event_in_the_cohort", {0.5, 20}, {9.5, 115}, 0.084901080311293042},
                             {"far_above", {12.5, 100}, {5.5, 200}, 0.99917273816364634},
                             {"by_hand_three_quarters", {1, 1}, {1, 3}, 0.75},
                         })),
                         CaseName{});

struct ImpossibleCase {
    const char* name;
    Proportion seen, reference;
    double weight;
    const char* says;
};
class ImpossibleProportion : public testing::TestWithParam<ImpossibleCase> {};
TEST_P(ImpossibleProportion, is_an_error_that_says_what) {
    const ImpossibleCase& c = GetParam();
    const auto posterior = borrowed_beta(kJeffreysBeta, c.seen, c.reference, c.weight);
    ASSERT_FALSE(posterior.has_value());
    EXPECT_EQ(posterior.error().code, Errc::invalid);
    EXPECT_NE(posterior.error().detail.find(c.says), std::string::npos) << posterior.error().detail;
}
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
INSTANTIATE_TEST_SUITE_P(Inputs, ImpossibleProportion,
                         testing::ValuesIn(std::to_array<ImpossibleCase>({
                             {"weight_below_0", {1, 2}, {1, 2}, -0.001, "weight"},
                             {"weight_above_1", {1, 2}, {1, 2}, 1.001, "weight"},
                             {"weight_no_number", {1, 2}, {1, 2}, kNan, "weight"},
                             {"more_events_than_subjects", {3, 2}, {1, 2}, 0.5, "the cohort: events"},
                             {"negative_events", {-1, 2}, {1, 2}, 0.5, "the cohort: events"},
                             {"reference_with_more_events", {1, 2}, {3, 2}, 0.5, "the reference: events"},
                         })),
                         CaseName{});

TEST(BorrowedPosterior, a_rate_needs_person_time_and_a_prior_is_positive) {
    EXPECT_FALSE(borrowed_gamma(kJeffreysGamma, {0, 0}, {0, 0}, 0.5).has_value());
    EXPECT_FALSE(borrowed_gamma(kJeffreysGamma, {0, 0}, {9, 160}, 0).has_value()) << "nothing is borrowed";
    EXPECT_TRUE(borrowed_gamma(kJeffreysGamma, {0, 0}, {9, 160}, 0.01).has_value());
    EXPECT_FALSE(borrowed_gamma(kJeffreysGamma, {1, 0}, {9, 160}, 0.5).has_value()) << "an event in no time";
    EXPECT_FALSE(borrowed_gamma(kJeffreysGamma, {1, kNan}, {9, 160}, 0.5).has_value());
    EXPECT_FALSE(borrowed_gamma(kJeffreysGamma, {-1, 5}, {9, 160}, 0.5).has_value());
    EXPECT_FALSE(borrowed_gamma({0, 1}, {1, 5}, {9, 160}, 0.5).has_value());
    EXPECT_FALSE(borrowed_beta({0, 1}, {1, 5}, {9, 160}, 0.5).has_value());
}

// The table of docs/statistics/borrowing.md: from how many events of 48 "P(above 5 %) >= 0.95" is said, and how often
// that happens (sums of Python's exact binomials over mpmath's posteriors).
struct CostCase {
    const char* name;
    Proportion reference;
    double weight;
    std::int64_t from;
    double at_limit, at_thrice;
};
class CostOfBorrowing : public testing::TestWithParam<CostCase> {};
TEST_P(CostOfBorrowing, is_as_documented) {
    const CostCase& c = GetParam();
    std::int64_t from = 0;
    while (exceedance(*borrowed_beta(kJeffreysBeta, {from, 48}, c.reference, c.weight), 0.05) < 0.95) ++from;
    EXPECT_EQ(from, c.from);
    const auto events = static_cast<double>(from);
    EXPECT_NEAR(special::binomial_upper(events, 48, 0.05), c.at_limit, 0.00006);
    EXPECT_NEAR(special::binomial_upper(events, 48, 0.15), c.at_thrice, 0.00006);
}
INSTANTIATE_TEST_SUITE_P(Rows, CostOfBorrowing,
                         testing::ValuesIn(std::to_array<CostCase>({
                             {"nothing_borrowed", {1, 48}, 0, 6, 0.0317, 0.7456},
                             {"half_of_a_lower_reference", {1, 48}, 0.5, 7, 0.0095, 0.5939},
                             {"all_of_a_lower_reference", {1, 48}, 1, 8, 0.0024, 0.4333},
                             {"half_of_a_higher_reference", {9, 48}, 0.5, 3, 0.4330, 0.9817},
                             {"all_of_a_higher_reference", {9, 48}, 1, 0, 1, 1},
                         })),
                         CaseName{});

struct Drawn {
    Proportion seen, reference;
    double weight;
    double limit;
};
constexpr double kRounding = 1e-13;  // where both are 1 but for the last digits

Drawn some_counts() {
    Drawn drawn;
    drawn.seen.subjects = *rc::gen::inRange(1, 400);
    drawn.seen.events = *rc::gen::inRange<std::int64_t>(0, drawn.seen.subjects);
    drawn.reference.subjects = *rc::gen::inRange(1, 400);
    drawn.reference.events = *rc::gen::inRange<std::int64_t>(0, drawn.reference.subjects + 1);
    drawn.weight = *rc::gen::inRange(0, 1001) / 1000.0;
    drawn.limit = *rc::gen::inRange(1, 1000) / 1000.0;
    return drawn;
}

RC_GTEST_PROP(BorrowedLaw, one_event_more_never_lowers_an_exceedance, ()) {
    const Drawn d = some_counts();
    const Proportion more{d.seen.events + 1, d.seen.subjects};
    const auto before = borrowed_beta(kJeffreysBeta, d.seen, d.reference, d.weight);
    const auto after = borrowed_beta(kJeffreysBeta, more, d.reference, d.weight);
    RC_ASSERT(exceedance(*after, d.limit) >= exceedance(*before, d.limit) - kRounding);
    const auto other = borrowed_beta(kJeffreysBeta, d.reference, {}, 0);
    RC_ASSERT(probability_greater(*after, *other) >= probability_greater(*before, *other) - 1e-12);
    const Rate rate{d.seen.events, static_cast<double>(d.seen.subjects)};
    const Rate history{d.reference.events, static_cast<double>(d.reference.subjects)};
    const auto slower = borrowed_gamma(kJeffreysGamma, rate, history, d.weight);
    const auto faster = borrowed_gamma(kJeffreysGamma, {rate.events + 1, rate.person_time}, history, d.weight);
    RC_ASSERT(exceedance(*faster, d.limit) >= exceedance(*slower, d.limit) - kRounding);
}

RC_GTEST_PROP(BorrowedLaw, weight_0_is_the_plain_posterior_and_weight_1_pools, ()) {
    const Drawn d = some_counts();
    const auto plain = borrowed_beta(kJeffreysBeta, d.seen, d.reference, 0);
    RC_ASSERT(exceedance(*plain, d.limit) == posterior_above(kJeffreysBeta, d.seen, d.limit));
    const auto pooled = borrowed_beta(kJeffreysBeta, d.seen, d.reference, 1);
    const Proportion all{d.seen.events + d.reference.events, d.seen.subjects + d.reference.subjects};
    RC_ASSERT(exceedance(*pooled, d.limit) == posterior_above(kJeffreysBeta, all, d.limit));
    const Rate rate{d.seen.events, static_cast<double>(d.seen.subjects)};
    const Rate history{d.reference.events, static_cast<double>(d.reference.subjects)};
    const auto plain_rate = borrowed_gamma(kJeffreysGamma, rate, history, 0);
    RC_ASSERT(exceedance(*plain_rate, d.limit) == rate_posterior_above(kJeffreysGamma, rate, d.limit));
    const auto pooled_rate = borrowed_gamma(kJeffreysGamma, rate, history, 1);
    const Rate both{rate.events + history.events, rate.person_time + history.person_time};
    RC_ASSERT(exceedance(*pooled_rate, d.limit) == rate_posterior_above(kJeffreysGamma, both, d.limit));
}

RC_GTEST_PROP(BorrowedLaw, what_is_borrowed_draws_the_mean_towards_the_reference, ()) {
    const Drawn d = some_counts();
    const auto mean = [&](double weight) {
        return summary_of(*borrowed_beta(kJeffreysBeta, d.seen, d.reference, weight), k95).mean;
    };
    const double target = static_cast<double>(d.reference.events) / static_cast<double>(d.reference.subjects);
    RC_ASSERT(std::fabs(mean(d.weight) - target) <= std::fabs(mean(0) - target) + 1e-12);
    RC_ASSERT(std::fabs(mean(1) - target) <= std::fabs(mean(d.weight) - target) + 1e-12);
}

RC_GTEST_PROP(BorrowedLaw, one_of_two_is_greater, ()) {
    const Drawn d = some_counts();
    const auto first = borrowed_beta(kJeffreysBeta, d.seen, {}, 0);
    const auto second = borrowed_beta(kJeffreysBeta, d.reference, {}, 0);
    RC_ASSERT(std::fabs(probability_greater(*first, *second) + probability_greater(*second, *first) - 1) < 1e-11);
}

}  // namespace
}  // namespace cellvigil
