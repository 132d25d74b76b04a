// The short way (truth to monitor) and the long way (truth to messages to the cohort engine) count the same.
#include <cstdlib>

#include <gtest/gtest.h>

#include "daemon/backtest/detection.h"
#include "tests/daemon/backtest/cohort_of_messages.h"

namespace cellvigil::backtest {
namespace {

constexpr std::uint32_t kSubjects = 48;

simulate::Parameters cohort() {
    simulate::Parameters parameters = *simulate::preset("axi-cel");  // enough severe toxicity to count
    parameters.seed = 21;
    parameters.subjects = kSubjects;
    parameters.now = *parse_rfc3339("2026-03-01T00:00:00Z");
    return without_faults(parameters);
}

struct Counted {
    std::int64_t events = 0;
    std::int64_t person_days = 0;
};

Counted the_short_way(const simulate::Parameters& parameters, ReportedEndpoint endpoint, MonitorMethod method) {
    MonitorSpec monitor;
    monitor.endpoint = endpoint;
    monitor.method = method;
    std::vector<Share> shares;
    for (std::uint32_t i = 0; i < parameters.subjects; ++i)
        shares.push_back(share_of(simulate::draw_subject(parameters, i), parameters, monitor, Base::product, 0));
    constexpr CalendarDay kEnd = 1'000'000;
    const CalendarTable table = table_of(shares, counts_person_time(method), kEnd);
    if (counts_person_time(method)) {
        const Exposure seen = exposure(table, kEnd);
        return {seen.events, seen.person_days};
    }
    Counted counted;
    for (const InfusionDayCount& day : infusion_days(table, kEnd)) counted.events += day.known_events;
    return counted;
}

const EngineCounts& the_long_way() {
    static const EngineCounts counts = counts_of_messages(cohort(), 1);
    return counts;
}

TEST(Agreement, everybody_is_there) { EXPECT_EQ(the_long_way().subjects, static_cast<std::int64_t>(kSubjects)); }

TEST(Agreement, severe_crs_and_neurotoxicity_are_counted_alike) {
    const Counted crs = the_short_way(cohort(), ReportedEndpoint::crs_3, MonitorMethod::beta_binomial);
    const Counted icans = the_short_way(cohort(), ReportedEndpoint::icans_3, MonitorMethod::beta_binomial);
    EXPECT_GT(crs.events, 1);
    EXPECT_GT(icans.events, 1);
    EXPECT_LE(std::abs(crs.events - the_long_way().crs_3), 1);
    EXPECT_LE(std::abs(icans.events - the_long_way().icans_3), 1);
}

TEST(Agreement, zoster_past_day_90_has_the_same_events_and_person_time) {
    const Counted quick = the_short_way(cohort(), ReportedEndpoint::zoster_past_day_90, MonitorMethod::gamma_poisson);
    EXPECT_GT(quick.events, 2);
    // What happened shortly before the data cut is not reported yet; time counts to the last verified contact.
    EXPECT_LE(std::abs(quick.events - the_long_way().zoster_past_day_90), 1);
    EXPECT_NEAR(static_cast<double>(quick.person_days), static_cast<double>(the_long_way().zoster_person_days),
                0.15 * static_cast<double>(quick.person_days));
}

}  // namespace
}  // namespace cellvigil::backtest
