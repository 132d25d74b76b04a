// The day of the first alarm: with what was known by then, and never without what the final table shows.
#include "daemon/backtest/detection.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "daemon/backtest/backtest.h"
#include "rules/monitor/look.h"

namespace cellvigil::backtest {
namespace {

constexpr CalendarDay kEnd = 1'000'000;

MonitorSpec of_subjects(MonitorMethod method = MonitorMethod::beta_binomial) {
    MonitorSpec monitor;
    monitor.id = "crs-3";
    monitor.method = method;
    monitor.limit_millionths = 50'000;
    monitor.planned_subjects = 48;
    monitor.prior_thousandths = 10'000;
    return monitor;
}

MonitorSpec of_person_time() {
    MonitorSpec monitor;
    monitor.id = "zoster";
    monitor.endpoint = ReportedEndpoint::zoster_past_day_90;
    monitor.method = MonitorMethod::gamma_poisson;
    monitor.limit_millionths = 50'000;
    monitor.planned_person_days = 30'681;
    monitor.prior_thousandths = 2'000;
    return monitor;
}

Boundary boundary(const MonitorSpec& monitor) { return *boundary_of(monitor, {}); }

// One infusion a day; the boundary alarms at 3 events among at most 10 subjects.
std::vector<Share> ten_subjects(CalendarDay third_known) {
    std::vector<Share> shares(10);
    for (int i = 0; i < 10; ++i) {
        shares[static_cast<std::size_t>(i)].infused = 100 + i;
        shares[static_cast<std::size_t>(i)].event = i < 3;
        shares[static_cast<std::size_t>(i)].known = 110 + i;
    }
    shares[2].known = third_known;
    return shares;
}

TEST(Detection, alarms_on_the_day_on_which_the_deciding_event_is_reported) {
    const MonitorSpec monitor = of_subjects();
    EXPECT_EQ(first_alarm_day(monitor, boundary(monitor), ten_subjects(112)), 112);
    EXPECT_EQ(first_alarm_day(monitor, boundary(monitor), ten_subjects(400)), 400);
}

TEST(Detection, two_events_among_ten_do_not_alarm) {
    const MonitorSpec monitor = of_subjects();
    std::vector<Share> shares = ten_subjects(112);
    shares[1].event = false;
    EXPECT_EQ(first_alarm_day(monitor, boundary(monitor), shares), std::nullopt);
}

TEST(Detection, who_was_left_out_does_not_count) {
    const MonitorSpec monitor = of_subjects();
    std::vector<Share> shares = ten_subjects(112);
    shares[2].left_out = true;
    EXPECT_EQ(first_alarm_day(monitor, boundary(monitor), shares), std::nullopt);
}

TEST(Detection, what_cannot_signal_never_does) {
    MonitorSpec monitor = of_subjects();
    Boundary none = boundary(monitor);
    none.cannot_signal = "for the test";
    EXPECT_EQ(first_alarm_day(monitor, none, ten_subjects(112)), std::nullopt);
}

std::vector<Share> late_events(int events, CalendarDay delay) {
    std::vector<Share> shares(20);
    for (int i = 0; i < 20; ++i) {
        Share& share = shares[static_cast<std::size_t>(i)];
        share.infused = 0;
        share.first = 91;
        share.last = i < events ? 120 + i : 1000;
        share.event = i < events;
        share.known = share.last + delay;
    }
    return shares;
}

TEST(Detection, person_time_alarms_when_enough_early_events_are_reported) {
    const MonitorSpec monitor = of_person_time();
    const auto at_once = first_alarm_day(monitor, boundary(monitor), late_events(8, 0));
    const auto late = first_alarm_day(monitor, boundary(monitor), late_events(8, 60));
    ASSERT_TRUE(at_once);
    EXPECT_EQ(late, *at_once + 60);
    EXPECT_EQ(first_alarm_day(monitor, boundary(monitor), late_events(1, 0)), std::nullopt);
}

// Of many drawn cohorts: an alarm on some day exactly when a look at everything crosses; and a look on that day, at
// what was known by then, crosses while one on the day before does not.
class DetectionLaw : public testing::TestWithParam<Base> {};

TEST_P(DetectionLaw, is_what_a_look_on_each_day_would_have_found) {
    simulate::Parameters parameters = *simulate::preset("c-car039");
    parameters.now = *parse_rfc3339("2026-01-01T00:00:00Z");
    parameters.scenario = simulate::Scenario::site_tripled;
    int alarms = 0;
    for (int run = 0; run < 60; ++run) {
        parameters.seed = static_cast<std::uint64_t>(run) + 1;
        for (const MonitorSpec& monitor : {of_subjects(), of_person_time()}) {
            std::vector<Share> shares;
            for (std::uint32_t i = 0; i < parameters.subjects; ++i)
                shares.push_back(share_of(simulate::draw_subject(parameters, i), parameters, monitor, GetParam(), 0));
            const Boundary limits = boundary(monitor);
            const bool by_time = counts_person_time(monitor.method);
            const auto alarm = first_alarm_day(monitor, limits, shares);
            EXPECT_EQ(alarm.has_value(),
                      look(monitor, limits, table_of(shares, by_time, kEnd), kEnd).crossed.has_value());
            if (!alarm) continue;
            ++alarms;
            const auto crossed_by = [&](CalendarDay day) {
                // Time at risk is known at once, so that a look at the known events sees all of it.
                return look(monitor, limits, table_of(shares, by_time, day), by_time ? kEnd : day).crossed.has_value();
            };
            EXPECT_TRUE(crossed_by(*alarm));
            EXPECT_FALSE(crossed_by(*alarm - 1));
        }
    }
    EXPECT_GT(alarms, 10);
}

INSTANTIATE_TEST_SUITE_P(Bases, DetectionLaw, testing::Values(Base::at_limit, Base::product), [](const auto& row) {
    return row.param == Base::product ? std::string("product") : std::string("at_limit");
});

// Charts and e-values are looked at day by day.
TEST(Detection, a_chart_and_an_e_value_alarm_too) {
    MonitorSpec chart = of_subjects(MonitorMethod::bernoulli_cusum);
    chart.alternative_millionths = 150'000;
    std::vector<Share> shares = ten_subjects(112);
    for (Share& share : shares) share.event = true;
    EXPECT_TRUE(first_alarm_day(chart, boundary(chart), shares));
    const MonitorSpec evalue = of_subjects(MonitorMethod::evalue_binomial);
    EXPECT_TRUE(first_alarm_day(evalue, boundary(evalue), shares));
    for (Share& share : shares) share.event = false;
    EXPECT_FALSE(first_alarm_day(chart, boundary(chart), shares));
    EXPECT_FALSE(first_alarm_day(evalue, boundary(evalue), shares));
}

}  // namespace
}  // namespace cellvigil::backtest
