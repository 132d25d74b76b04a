// Laws of the tables and looks; and the false-alarm rate of each default monitor under the null, by simulation.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "rules/monitor/look.h"

namespace cellvigil {
namespace {

std::vector<BinaryShare> arbitrary_subjects() {
    std::vector<BinaryShare> shares;
    const int count = *rc::gen::inRange(0, 60);
    for (int i = 0; i < count; ++i)
        shares.push_back({*rc::gen::inRange(0, 40), *rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>(), {}});
    return shares;
}
std::vector<PersonTimeShare> arbitrary_times() {
    std::vector<PersonTimeShare> shares;
    const int count = *rc::gen::inRange(0, 40);
    for (int i = 0; i < count; ++i) {
        const int first = *rc::gen::inRange(0, 500);
        shares.push_back({first, first + *rc::gen::inRange(0, 300), *rc::gen::arbitrary<bool>()});
    }
    return shares;
}

RC_GTEST_PROP(CalendarTableLaw, parts_merged_in_any_order_are_the_whole, ()) {
    const auto subjects = arbitrary_subjects();
    const auto times = arbitrary_times();
    CalendarTable whole;
    for (const auto& share : subjects) whole.add(share);
    for (const auto& share : times) whole.add(share);
    std::vector<CalendarTable> parts(static_cast<std::size_t>(*rc::gen::inRange(2, 8)));
    for (const auto& share : subjects)
        parts[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(parts.size())))].add(share);
    for (const auto& share : times)
        parts[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(parts.size())))].add(share);
    std::reverse(parts.begin(), parts.end());
    CalendarTable merged;
    for (const CalendarTable& part : parts) merged.merge(part);
    RC_ASSERT(merged == whole);
}

RC_GTEST_PROP(CalendarTableLaw, what_is_taken_back_leaves_nothing, ()) {
    const auto times = arbitrary_times();
    CalendarTable table;
    for (const auto& share : times) table.add(share);
    for (const auto& share : times) table.subtract(share);
    RC_ASSERT(table == CalendarTable{});
}

RC_GTEST_PROP(CalendarTableLaw, person_days_are_those_of_each_subject, ()) {
    const auto times = arbitrary_times();
    const CalendarDay through = *rc::gen::inRange(0, 900);
    CalendarTable table;
    std::int64_t expected = 0;
    for (const auto& share : times) {
        table.add(share);
        expected += std::max(0, std::min(share.last, through) - share.first + 1);
    }
    RC_ASSERT(exposure(table, through).person_days == expected);
}

MonitorSpec geller() {
    MonitorSpec monitor;
    monitor.method = MonitorMethod::beta_binomial;
    monitor.limit_millionths = 100'000;
    monitor.planned_subjects = 48;
    return monitor;
}
const Boundary& geller_boundary() {
    static const Boundary boundary = *boundary_of(geller(), {});
    return boundary;
}

// An alarm is never taken back by more reports of the same events: only corrections take events away.
RC_GTEST_PROP(LookLaw, one_more_event_never_takes_an_alarm_away, ()) {
    const auto subjects = arbitrary_subjects();
    CalendarTable table;
    for (auto share : subjects) {
        share.lost = false;
        table.add(share);
    }
    RC_PRE(!subjects.empty());
    const bool before = look(geller(), geller_boundary(), table, 100).crossed.has_value();
    const auto& chosen = subjects[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(subjects.size())))];
    RC_PRE(!chosen.event);
    table.subtract(BinaryShare{chosen.infused, false, false, {}});
    table.add(BinaryShare{chosen.infused, true, false, {}});
    RC_ASSERT(!before || look(geller(), geller_boundary(), table, 100).crossed.has_value());
}

RC_GTEST_PROP(LookLaw, a_later_look_at_the_same_table_keeps_the_crossing, ()) {
    const auto times = arbitrary_times();
    MonitorSpec monitor;
    monitor.method = MonitorMethod::gamma_poisson;
    monitor.limit_millionths = 100'000;
    monitor.planned_person_days = 3650;
    static const Boundary boundary = *boundary_of(monitor, {});
    CalendarTable table;
    for (const auto& share : times) table.add(share);
    const CalendarDay early = *rc::gen::inRange(0, 400);
    const auto first = look(monitor, boundary, table, early).crossed;
    if (first) RC_ASSERT(look(monitor, boundary, table, 2000).crossed == first);
}

// Three standard errors of a binomial share.
double tolerance(double p, int runs) { return 3 * std::sqrt(p * (1 - p) / runs); }

TEST(FalseAlarms, geller_under_the_null_with_outcomes_that_come_late) {
    constexpr int kRuns = 20'000;
    std::mt19937_64 random(20260302);
    std::bernoulli_distribution event(0.10);
    std::uniform_int_distribution<int> delay(1, 28);
    int alarms = 0;
    for (int run = 0; run < kRuns; ++run) {
        // One subject a week; each event is known some days after infusion; a look at the end of every week and after
        // the last.
        std::vector<int> known(48, -1);
        for (int i = 0; i < 48; ++i) {
            if (event(random)) known[static_cast<std::size_t>(i)] = 7 * i + delay(random);
        }
        bool alarmed = false;
        for (int week = 0; week < 54 && !alarmed; ++week) {
            CalendarTable table;
            for (int i = 0; i < 48 && 7 * i <= 7 * week; ++i) {
                const int day = known[static_cast<std::size_t>(i)];
                table.add(BinaryShare{7 * i, day >= 0 && day <= 7 * week, false, {}});
            }
            alarmed = look(geller(), geller_boundary(), table, 7 * week).crossed.has_value();
        }
        alarms += alarmed ? 1 : 0;
    }
    const double alpha = geller_boundary().alpha_actual;
    EXPECT_NEAR(static_cast<double>(alarms) / kRuns, alpha, tolerance(alpha, kRuns));
}

TEST(FalseAlarms, gamma_poisson_under_the_null_by_whole_days) {
    constexpr int kRuns = 4'000;
    MonitorSpec monitor;
    monitor.method = MonitorMethod::gamma_poisson;
    monitor.limit_millionths = 50'000;
    monitor.planned_person_days = 29'220;
    const Boundary boundary = *boundary_of(monitor, {});
    std::mt19937_64 random(20260303);
    std::exponential_distribution<double> wait(0.05 / 365.25);
    int alarms = 0;
    for (int run = 0; run < kRuns; ++run) {
        // Ten subjects at risk for 2922 days each, each replaced after its event.
        CalendarTable table;
        for (int subject = 0; subject < 10; ++subject) {
            int from = 0;
            while (from < 2922) {
                const int length = static_cast<int>(std::min(wait(random), 1e6)) + 1;
                const bool happens = from + length <= 2922;
                table.add(PersonTimeShare{from, happens ? from + length - 1 : 2921, happens});
                from += happens ? length : 2922;
            }
        }
        alarms += look(monitor, boundary, table, 2922).crossed ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(alarms) / kRuns, boundary.alpha_actual, tolerance(boundary.alpha_actual, kRuns));
}

}  // namespace
}  // namespace cellvigil
