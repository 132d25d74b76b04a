// A cohort beside its reference profile: what is borrowed, what is compared, and why not.
#include "rules/cohort/borrowing.h"

#include <gtest/gtest.h>

#include "rules/stats/borrowed_posterior.h"

namespace cellvigil {
namespace {

ReferenceRate rate(ReportedEndpoint endpoint, std::int64_t first, std::int64_t last, SourceTier tier) {
    ReferenceRate rate;
    rate.endpoint = endpoint;
    rate.set = "safety";
    rate.events_first = first;
    rate.events_last = last;
    rate.subjects = 48;
    rate.data_cut = "2026";
    rate.tier = tier;
    return rate;
}

Catalogue catalogue_with(std::vector<ReferenceRate> rates) {
    Catalogue catalogue;
    Profile profile;
    profile.id = "old";
    profile.rates = std::move(rates);
    catalogue.profiles.push_back(std::move(profile));
    return catalogue;
}

MonitorSpec crs() {
    MonitorSpec monitor;
    monitor.endpoint = ReportedEndpoint::crs_3;
    monitor.method = MonitorMethod::beta_binomial;
    monitor.limit_millionths = 50'000;
    monitor.reference = "old";
    return monitor;
}

MonitorSpec zoster() {
    MonitorSpec monitor;
    monitor.endpoint = ReportedEndpoint::zoster_past_day_90;
    monitor.method = MonitorMethod::gamma_poisson;
    monitor.limit_millionths = 50'000;
    monitor.reference = "old";
    return monitor;
}

const Catalogue kLabel = catalogue_with({rate(ReportedEndpoint::crs_3, 1, 1, SourceTier::label)});

TEST(Borrowing, a_label_is_borrowed_from_at_half_weight) {
    const auto found = borrowing_of(kLabel, crs(), {3, 20, 0});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->weight, 0.5);
    EXPECT_EQ(found->why_not, "");
    EXPECT_EQ(found->cannot_compare, "");
    EXPECT_EQ(found->subjects, 48);
    ASSERT_EQ(found->readings.size(), 1U);
    const BorrowedReading& reading = found->readings[0];
    EXPECT_EQ(reading.reference_events, 1);
    EXPECT_NEAR(reading.mean, 0.088888888888888889, 1e-14);
    EXPECT_NEAR(reading.interval.lower, 0.025328421703450754, 1e-12);
    EXPECT_NEAR(reading.interval.upper, 0.18656201007202235, 1e-12);
    EXPECT_NEAR(reading.above_limit, 0.82348903204863316, 1e-12);
    EXPECT_NEAR(reading.above_reference, 0.9868158728337912, 1e-12);
    EXPECT_NEAR(reading.exceeds_reference, 0.97562767467849852, 1e-11);
}

struct WeightCase {
    const char* name;
    SourceTier tier;
    bool signed_off;
    std::optional<std::int64_t> asked;
    double weight;
    bool says_why_not;
};
class BorrowingWeight : public testing::TestWithParam<WeightCase> {};
TEST_P(BorrowingWeight, follows_the_pack_else_the_tier) {
    const WeightCase& c = GetParam();
    Catalogue catalogue = catalogue_with({rate(ReportedEndpoint::crs_3, 1, 1, c.tier)});
    catalogue.profiles[0].rates[0].signed_off = c.signed_off;
    MonitorSpec monitor = crs();
    monitor.borrowing_per_mille = c.asked;
    const auto found = borrowing_of(catalogue, monitor, {3, 20, 0});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->weight, c.weight);
    EXPECT_EQ(!found->why_not.empty(), c.says_why_not) << found->why_not;
    ASSERT_EQ(found->readings.size(), 1U) << "a comparison needs no borrowing";
    EXPECT_NEAR(found->readings[0].exceeds_reference, 0.97562767467849852, 1e-11) << "whatever the weight";
}
INSTANTIATE_TEST_SUITE_P(Rows, BorrowingWeight,
                         testing::Values(WeightCase{"label", SourceTier::label, false, {}, 0.5, false},
                                         WeightCase{"review", SourceTier::review, false, {}, 0, true},
                                         WeightCase{"press", SourceTier::press, false, {}, 0, true},
                                         WeightCase{"press_signed_off", SourceTier::press, true, {}, 0.5, false},
                                         WeightCase{"the_pack_says_nothing_at_all", SourceTier::primary, false, 0, 0,
                                                    false},
                                         WeightCase{"the_pack_pools", SourceTier::primary, false, 1000, 1, false}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Borrowing, a_count_that_is_not_settled_gives_both_ends) {
    const Catalogue catalogue = catalogue_with({rate(ReportedEndpoint::crs_3, 0, 9, SourceTier::primary)});
    const auto found = borrowing_of(catalogue, crs(), {3, 20, 0});
    ASSERT_TRUE(found);
    ASSERT_EQ(found->readings.size(), 2U);
    EXPECT_EQ(found->readings[0].reference_events, 0);
    EXPECT_EQ(found->readings[1].reference_events, 9);
    EXPECT_LT(found->readings[0].mean, found->readings[1].mean);
    EXPECT_GT(found->readings[0].exceeds_reference, found->readings[1].exceeds_reference);
}

TEST(Borrowing, a_rate_per_person_time_needs_the_references_person_time) {
    Catalogue catalogue = catalogue_with({rate(ReportedEndpoint::zoster_past_day_90, 9, 9, SourceTier::primary)});
    const SeenInCohort seen{9, 48, 43'283};  // 118.5 years and a fifth of a day
    const auto without = borrowing_of(catalogue, zoster(), seen);
    ASSERT_TRUE(without);
    EXPECT_TRUE(without->readings.empty());
    EXPECT_NE(without->cannot_compare.find("no person-time"), std::string::npos) << without->cannot_compare;
    ReferenceRate counted = catalogue.profiles[0].rates[0];
    counted.person_days = 58'440;  // 160 years
    catalogue.profiles[0].rates.push_back(counted);
    const auto with = borrowing_of(catalogue, zoster(), seen);
    ASSERT_TRUE(with);
    ASSERT_EQ(with->readings.size(), 1U) << "the rate that was counted over time is preferred";
    EXPECT_NEAR(with->readings[0].mean, 0.0705290, 1e-6);
    EXPECT_NEAR(with->readings[0].above_limit, 0.869871, 1e-4);
    EXPECT_NEAR(with->readings[0].exceeds_reference, 0.740427, 1e-4);
}

TEST(Borrowing, a_presumed_person_time_is_compared_with_and_not_borrowed_from_until_signed) {
    Catalogue catalogue = catalogue_with({rate(ReportedEndpoint::zoster_past_day_90, 0, 9, SourceTier::primary)});
    ReferenceRate& presumed = catalogue.profiles[0].rates[0];
    presumed.person_days = 42'004;
    presumed.person_time_presumed = true;
    const SeenInCohort seen{9, 48, 43'283};
    const auto found = borrowing_of(catalogue, zoster(), seen);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->person_time_presumed);
    EXPECT_EQ(found->weight, 0);
    EXPECT_NE(found->why_not.find("presumed person-time"), std::string::npos) << found->why_not;
    ASSERT_EQ(found->readings.size(), 2U);
    EXPECT_LT(found->readings[1].exceeds_reference, 0.5) << "9 in 115 years against 9 in 118.5";
    EXPECT_GT(found->readings[0].exceeds_reference, 0.99);
    presumed.signed_off = true;
    EXPECT_EQ(borrowing_of(catalogue, zoster(), seen)->weight, 0.5);
}

TEST(Borrowing, nobody_yet_is_no_number) {
    const auto nobody = borrowing_of(kLabel, crs(), {0, 0, 0});
    ASSERT_TRUE(nobody);
    EXPECT_TRUE(nobody->readings.empty());
    EXPECT_NE(nobody->cannot_compare, "");
    EXPECT_EQ(borrowing_of(kLabel, crs(), {0, 1, 0})->readings.size(), 1U);
}

TEST(Borrowing, a_monitor_without_a_reference_has_none) {
    MonitorSpec monitor = crs();
    monitor.reference.clear();
    EXPECT_FALSE(borrowing_of(kLabel, monitor, {3, 20, 0}));
    monitor.reference = "another";
    EXPECT_FALSE(borrowing_of(kLabel, monitor, {3, 20, 0}));
}

TEST(Borrowing, a_curve_is_no_count) {
    Catalogue catalogue = kLabel;
    catalogue.profiles[0].rates[0].estimator = Estimator::kaplan_meier;
    EXPECT_FALSE(borrowing_of(catalogue, crs(), {3, 20, 0}));
}

}  // namespace
}  // namespace cellvigil
