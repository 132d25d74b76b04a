// Every method by name: how often it alarms when the rate stands at its limit is its own alpha_actual, within Monte
// Carlo error. Simulated data, looked at as the daemon does.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "rules/monitor/look.h"

namespace cellvigil {
namespace {

constexpr int kPlans = 20'000;
constexpr std::int64_t kPersonDays = 30'681;
constexpr std::int32_t kSubjects = 48;

struct NullCase {
    const char* name;
    MonitorMethod method;
    double alternative = 0;
    double within = 0;  // beyond Monte Carlo error: of a numeric alpha_actual
};
class NullRate : public testing::TestWithParam<NullCase> {};

MonitorSpec spec_of(const NullCase& tested) {
    MonitorSpec spec;
    spec.id = tested.name;
    spec.cohort = "c";
    spec.method = tested.method;
    const bool time = counts_person_time(tested.method);
    spec.endpoint = time ? ReportedEndpoint::zoster_past_day_90 : ReportedEndpoint::crs_3;
    spec.limit_millionths = time ? 50'000 : 100'000;
    spec.planned_subjects = kSubjects;
    spec.planned_person_days = kPersonDays;
    if (tested.alternative > 0) spec.alternative_millionths = static_cast<std::int64_t>(tested.alternative * 1e6);
    return spec;
}

// One subject a day.
CalendarTable subjects_at(double rate, std::mt19937_64& random) {
    CalendarTable table;
    std::bernoulli_distribution event(rate);
    for (CalendarDay day = 0; day < kSubjects; ++day) table.add(BinaryShare{day, event(random), false, {}});
    return table;
}

// One subject after another, a thousand at risk at a time would be the same: person-time is what counts.
CalendarTable time_at(double per_day, std::mt19937_64& random) {
    CalendarTable table;
    table.at(0).entered = 1;
    table.at(static_cast<CalendarDay>(kPersonDays) - 1).left = 1;
    std::exponential_distribution<double> wait(per_day);
    for (double at = wait(random); at < static_cast<double>(kPersonDays); at += wait(random))
        ++table.at(static_cast<CalendarDay>(at)).events;
    return table;
}

TEST_P(NullRate, is_alpha_actual) {
    const NullCase& tested = GetParam();
    const MonitorSpec spec = spec_of(tested);
    const bool time = counts_person_time(spec.method);
    const double limit = static_cast<double>(spec.limit_millionths) / 1e6;
    // A history of 20 events; conditionally on them its person-time is what varies.
    History history{20, 20 / limit};
    const auto boundary = boundary_of(spec, history);
    ASSERT_TRUE(boundary.has_value()) << boundary.error().detail;
    ASSERT_TRUE(boundary->can_signal()) << boundary->cannot_signal;
    ASSERT_GT(boundary->alpha_actual, 0);
    std::mt19937_64 random(20'261'127);
    // The rate as the comparator leaves it known: Gamma(c + 1/2) over the history's person-time.
    std::gamma_distribution<double> uncertain(static_cast<double>(history.events) + 0.5, 1 / history.person_years);
    int alarms = 0;
    for (int plan = 0; plan < kPlans; ++plan) {
        const double rate = spec.method == MonitorMethod::conditional_maxsprt ? uncertain(random) : limit;
        const CalendarTable table = time ? time_at(rate / 365.25, random) : subjects_at(limit, random);
        const CalendarDay through = time ? static_cast<CalendarDay>(kPersonDays) - 1 : kSubjects;
        if (look(spec, *boundary, table, through).crossed) ++alarms;
    }
    const double share = static_cast<double>(alarms) / kPlans;
    const double error = std::sqrt(boundary->alpha_actual * (1 - boundary->alpha_actual) / kPlans);
    EXPECT_NEAR(share, boundary->alpha_actual, 4 * error + tested.within);
}

INSTANTIATE_TEST_SUITE_P(Methods, NullRate,
                         testing::Values(NullCase{"beta_binomial", MonitorMethod::beta_binomial},
                                         NullCase{"pocock", MonitorMethod::pocock},
                                         NullCase{"obrien_fleming", MonitorMethod::obrien_fleming},
                                         NullCase{"wang_tsiatis", MonitorMethod::wang_tsiatis},
                                         NullCase{"chen_chaloner", MonitorMethod::chen_chaloner, 0.3},
                                         NullCase{"sprt", MonitorMethod::sprt, 0.3},
                                         NullCase{"maxsprt_binomial", MonitorMethod::maxsprt_binomial},
                                         NullCase{"bernoulli_cusum", MonitorMethod::bernoulli_cusum, 0.3},
                                         NullCase{"evalue_binomial", MonitorMethod::evalue_binomial},
                                         NullCase{"gamma_poisson", MonitorMethod::gamma_poisson},
                                         NullCase{"maxsprt_poisson", MonitorMethod::maxsprt_poisson},
                                         NullCase{"conditional_maxsprt", MonitorMethod::conditional_maxsprt},
                                         NullCase{"poisson_cusum", MonitorMethod::poisson_cusum, 2, 0.001},
                                         NullCase{"evalue_poisson", MonitorMethod::evalue_poisson}),
                         [](const auto& one) { return std::string(one.param.name); });

// The evidence alone is judged past the plan.
TEST(NullRates, none_asks_for_more_than_its_alpha) {
    for (const MonitorMethod method : {MonitorMethod::evalue_binomial, MonitorMethod::evalue_poisson,
                                       MonitorMethod::poisson_cusum, MonitorMethod::bernoulli_cusum}) {
        const MonitorSpec spec = spec_of({name_of(method), method, counts_person_time(method) ? 2 : 0.3});
        const auto boundary = boundary_of(spec, {});
        ASSERT_TRUE(boundary.has_value());
        EXPECT_LE(boundary->alpha_actual, 0.05) << name_of(method);
    }
}

}  // namespace
}  // namespace cellvigil
