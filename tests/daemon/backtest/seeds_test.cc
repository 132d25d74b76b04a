// The published figures of C-CAR039 come out of the cohort engine when the simulator runs with its parameters: 5000
// subjects, the long way, in cohorts of 100 whose counts are added up. The truth alone: tests/daemon/simulate.
#include <future>
#include <vector>

#include <gtest/gtest.h>

#include "tests/daemon/backtest/cohort_of_messages.h"

namespace cellvigil::backtest {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint32_t kCohorts = 10;  // they are ten times slower
#else
constexpr std::uint32_t kCohorts = 50;
#endif
constexpr std::uint32_t kThreads = 2;
constexpr std::uint32_t kAtOnce = 100;
constexpr double kPoints = 0.05;

std::vector<EngineCounts> cohorts() {
    std::vector<std::future<EngineCounts>> parts;
    for (std::uint32_t i = 0; i < kThreads; ++i) {
        simulate::Parameters parameters = *simulate::preset("c-car039");
        parameters.seed = 1000 * (i + 1);
        parameters.subjects = kAtOnce;
        parameters.now = *parse_rfc3339("2026-03-01T00:00:00Z");
        parts.push_back(std::async(std::launch::async, [parameters = without_faults(parameters)] {
            return counts_of_messages(parameters, kCohorts / kThreads);
        }));
    }
    std::vector<EngineCounts> counts;
    for (auto& part : parts) counts.push_back(part.get());
    return counts;
}

struct Seed {
    const char* name;
    std::int64_t EngineCounts::*events;
    double published;
    double points;  // tolerance, as a share
};

// "More than half" had an infection past day 90: half to all.
constexpr Seed kSeeds[] = {
    {"CRS, 45 of 48", &EngineCounts::crs_any, 45.0 / 48, kPoints},
    {"CRS of grade 3 or more, 1 of 48", &EngineCounts::crs_3, 1.0 / 48, kPoints},
    {"neurotoxicity, 3 of 48", &EngineCounts::icans_any, 3.0 / 48, kPoints},
    {"neutropenia of grade 3 or more, 40 of 48", &EngineCounts::neutropenia_3, 40.0 / 48, kPoints},
    {"zoster past day 90, 9 of 48", &EngineCounts::zoster_past_day_90, 9.0 / 48, kPoints},
    {"infection past day 90, more than half", &EngineCounts::infection_past_day_90, 0.75, 0.25},
};

// One test, because the cohorts take most of a minute.
TEST(Seeds, the_engine_counts_within_five_points_of_what_was_published) {
    const std::vector<EngineCounts> counts = cohorts();
    std::int64_t subjects = 0;
    for (const EngineCounts& part : counts) subjects += part.subjects;
    ASSERT_EQ(subjects, static_cast<std::int64_t>(kCohorts * kAtOnce));
    for (const Seed& seed : kSeeds) {
        std::int64_t events = 0;
        for (const EngineCounts& part : counts) events += part.*seed.events;
        EXPECT_NEAR(static_cast<double>(events) / static_cast<double>(subjects), seed.published, seed.points)
            << seed.name;
    }
}

}  // namespace
}  // namespace cellvigil::backtest
