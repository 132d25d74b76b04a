#include "rules/monitor/look.h"

#include <gmock/gmock.h>

namespace cellvigil {
namespace {

using testing::HasSubstr;

MonitorSpec crs() {
    MonitorSpec monitor;
    monitor.method = MonitorMethod::beta_binomial;
    monitor.limit_millionths = 50'000;
    monitor.planned_subjects = 48;
    return monitor;
}
MonitorSpec zoster() {
    MonitorSpec monitor;
    monitor.method = MonitorMethod::gamma_poisson;
    monitor.limit_millionths = 50'000;
    monitor.planned_person_days = 29'220;
    return monitor;
}
Boundary of(const MonitorSpec& monitor) { return *boundary_of(monitor, {}); }

// Subjects infused on days 0, 1, 2, ...; those numbered in `events` have it.
CalendarTable cohort(int subjects, const std::vector<int>& events) {
    CalendarTable table;
    for (int i = 0; i < subjects; ++i)
        table.add(BinaryShare{i, std::find(events.begin(), events.end(), i) != events.end(), false, {}});
    return table;
}

TEST(Look, the_third_event_among_ten_alarms_among_eleven_it_does_not) {
    const Signal crossed = look(crs(), of(crs()), cohort(10, {1, 4, 9}), 100);
    ASSERT_TRUE(crossed.crossed);
    EXPECT_EQ(crossed.crossed->events, 3);
    EXPECT_EQ(crossed.crossed->subjects, 10);
    EXPECT_GE(crossed.margin, 1);
    const Signal quiet = look(crs(), of(crs()), cohort(11, {1, 4, 10}), 100);
    EXPECT_FALSE(quiet.crossed);
    EXPECT_LT(quiet.margin, 1);
    EXPECT_THAT(quiet.next, HasSubstr("4th event among at most 21 subjects"));
}

// Three events among the first ten, known when thirty are infused already.
TEST(Look, a_prefix_alarms_though_many_are_pending) {
    EXPECT_TRUE(look(crs(), of(crs()), cohort(30, {1, 4, 9}), 100).crossed);
    EXPECT_FALSE(look(crs(), of(crs()), cohort(30, {1, 4, 12}), 100).crossed);
}

TEST(Look, those_infused_after_the_look_do_not_count_in_it) {
    EXPECT_FALSE(look(crs(), of(crs()), cohort(10, {1, 4, 9}), 8).crossed);
}

TEST(Look, numbers_for_people_stand_beside_the_decision) {
    const Signal signal = look(crs(), of(crs()), cohort(24, {3}), 100);
    EXPECT_EQ(signal.subjects, 24);
    EXPECT_EQ(signal.events, 1);
    EXPECT_NEAR(*signal.estimate, 1.0 / 24, 1e-12);
    EXPECT_NEAR(signal.expected, 1.2, 1e-12);
    EXPECT_GT(signal.interval->upper, *signal.estimate);
    EXPECT_GT(*signal.posterior, 0);
    EXPECT_LT(*signal.posterior, 0.95);
}

TEST(Look, an_empty_cohort_has_no_estimate_and_no_alarm) {
    const Signal signal = look(crs(), of(crs()), {}, 100);
    EXPECT_EQ(signal.estimate, std::nullopt);
    EXPECT_FALSE(signal.crossed);
    EXPECT_THAT(signal.next, HasSubstr("3rd event among at most 10"));
    const Signal time = look(zoster(), of(zoster()), {}, 100);
    EXPECT_EQ(time.estimate, std::nullopt);
    EXPECT_FALSE(time.crossed);
}

TEST(Look, more_subjects_than_planned_ask_for_a_new_epoch) {
    EXPECT_FALSE(look(crs(), of(crs()), cohort(48, {}), 100).horizon_passed);
    EXPECT_TRUE(look(crs(), of(crs()), cohort(49, {}), 100).horizon_passed);
}

// The fourth event alarms while at most 0.683 are expected: 13.66 person-years, 4989 person-days.
CalendarTable four_events(CalendarDay last_event) {
    CalendarTable table;
    table.add(PersonTimeShare{0, 4000, false});
    for (const CalendarDay day : {100, 200, 300}) table.add(PersonTimeShare{day, day, true});
    table.add(PersonTimeShare{last_event, last_event, true});
    return table;
}
TEST(Look, an_event_alarms_by_the_person_time_at_which_it_came) {
    const Boundary boundary = of(zoster());
    const Signal early = look(zoster(), boundary, four_events(3900), 4000);
    ASSERT_TRUE(early.crossed);
    EXPECT_EQ(early.crossed->events, 4);
    EXPECT_EQ(early.crossed->person_days, 3901 + 4);
    // The same events looked at much later say the same.
    EXPECT_EQ(look(zoster(), boundary, four_events(3900), 40'000).crossed, early.crossed);
    // More time before the fourth: no alarm.
    CalendarTable more = four_events(3900);
    more.add(PersonTimeShare{0, 2000, false});
    EXPECT_FALSE(look(zoster(), boundary, more, 4000).crossed);
    EXPECT_THAT(look(zoster(), boundary, more, 4000).next, HasSubstr("5th event by"));
}

TEST(Look, a_corrected_onset_moves_the_alarm) {
    CalendarTable table = four_events(3900);
    table.subtract(PersonTimeShare{100, 100, true});
    EXPECT_FALSE(look(zoster(), of(zoster()), table, 4000).crossed);
}

TEST(Look, a_boundary_that_cannot_signal_says_so_whatever_happens) {
    MonitorSpec monitor = zoster();
    monitor.method = MonitorMethod::maxsprt_poisson;
    monitor.planned_person_days = 7'305;
    monitor.least_events = 4;
    const Signal signal = look(monitor, of(monitor), four_events(3900), 4000);
    EXPECT_FALSE(signal.crossed);
    EXPECT_THAT(signal.cannot_signal, HasSubstr("rarer than alpha"));
    EXPECT_EQ(signal.events, 4);
}

TEST(Look, e_values_alarm_at_one_over_alpha) {
    MonitorSpec monitor = crs();
    monitor.method = MonitorMethod::evalue_binomial;
    const Signal quiet = look(monitor, of(monitor), cohort(20, {1}), 100);
    EXPECT_FALSE(quiet.crossed);
    const Signal loud = look(monitor, of(monitor), cohort(20, {1, 2, 3, 4, 5, 6}), 100);
    EXPECT_TRUE(loud.crossed);
    EXPECT_GE(loud.statistic, loud.threshold);
}

TEST(Look, a_cusum_alarms_where_its_path_reaches_h) {
    MonitorSpec monitor = crs();
    monitor.method = MonitorMethod::bernoulli_cusum;
    monitor.alternative_millionths = 150'000;
    EXPECT_FALSE(look(monitor, of(monitor), cohort(40, {5, 20, 35}), 100).crossed);
    EXPECT_TRUE(look(monitor, of(monitor), cohort(40, {10, 11, 12, 13}), 100).crossed);
    MonitorSpec rates = zoster();
    rates.method = MonitorMethod::poisson_cusum;
    rates.alternative_millionths = 2'000'000;
    rates.threshold_thousandths = 2000;
    EXPECT_TRUE(look(rates, of(rates), four_events(400), 4000).crossed);
    EXPECT_FALSE(look(rates, of(rates), four_events(3900), 40).crossed);
}

}  // namespace
}  // namespace cellvigil
