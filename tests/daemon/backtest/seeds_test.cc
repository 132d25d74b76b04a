// The published figures of C-CAR039 come out of the cohort engine when the simulator runs with its parameters: 5000
// subjects, the long way, in cohorts of 100 whose tables are added up. The truth alone: tests/daemon/simulate.

#include <gtest/gtest.h>

#include "tests/daemon/backtest/cohort_of_messages.h"

namespace cellvigil::backtest {
namespace {

constexpr std::uint32_t kSubjects = 5000;
constexpr std::uint32_t kAtOnce = 100;
constexpr double kPoints = 0.05;

const EngineCounts& five_thousand() {
    static const EngineCounts counted = [] {
        simulate::Parameters parameters = *simulate::preset("c-car039");
        parameters.seed = 1000;
        parameters.subjects = kAtOnce;
        parameters.now = *parse_rfc3339("2026-03-01T00:00:00Z");
        return counts_of_messages(without_faults(parameters), kSubjects / kAtOnce);
    }();
    return counted;
}

struct Seed {
    const char* name;
    std::int64_t EngineCounts::*events;
    double published;
    double points;  // tolerance, as a share
};
void PrintTo(const Seed& seed, std::ostream* out) { *out << seed.name; }

class Seeds : public testing::TestWithParam<Seed> {};

TEST_P(Seeds, the_share_is_within_five_points_of_the_published_one) {
    ASSERT_EQ(five_thousand().subjects, static_cast<std::int64_t>(kSubjects));
    const double share = static_cast<double>(five_thousand().*GetParam().events) / kSubjects;
    EXPECT_NEAR(share, GetParam().published, GetParam().points);
}

// "More than half" had an infection past day 90: half to all.
INSTANTIATE_TEST_SUITE_P(
    Published, Seeds,
    testing::Values(Seed{"crs_any_45_of_48", &EngineCounts::crs_any, 45.0 / 48, kPoints},
                    Seed{"crs_3_1_of_48", &EngineCounts::crs_3, 1.0 / 48, kPoints},
                    Seed{"icans_3_of_48", &EngineCounts::icans_any, 3.0 / 48, kPoints},
                    Seed{"neutropenia_3_40_of_48", &EngineCounts::neutropenia_3, 40.0 / 48, kPoints},
                    Seed{"zoster_past_day_90_9_of_48", &EngineCounts::zoster_past_day_90, 9.0 / 48, kPoints},
                    Seed{"infection_past_day_90", &EngineCounts::infection_past_day_90, 0.75, 0.25}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace cellvigil::backtest
