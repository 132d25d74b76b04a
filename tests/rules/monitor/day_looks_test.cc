// Looks come out of closes: one per day that every partition covers, with what they had closed by then.
#include "rules/monitor/day_looks.h"

#include <gtest/gtest.h>

#include <chrono>

namespace cellvigil {
namespace {

std::shared_ptr<const Prepared> prepared() {
    Catalogue catalogue;
    catalogue.cohorts.push_back({.id = "all", .products = {}, .studies = {}, .cohorts = {}, .sites = {}, .lots = {}});
    MonitorSpec spec;
    spec.id = "crs";
    spec.cohort = "*";
    spec.endpoint = ReportedEndpoint::crs_3;
    spec.method = MonitorMethod::beta_binomial;
    spec.limit_millionths = 50'000;
    spec.planned_subjects = 50;
    catalogue.monitors = {spec};
    return std::make_shared<const Prepared>(prepare(watch_plan(catalogue)));
}

DayClose close(std::uint32_t partition, CalendarDay first, CalendarDay through, std::int64_t infused,
               std::int64_t events) {
    DayClose one;
    one.partition = partition;
    one.first = first;
    one.through = through;
    one.late = through;
    if (infused != 0) one.changes.push_back({"all", "calendar/crs_3/infused", 50, infused});
    if (events != 0) one.changes.push_back({"all", "calendar/crs_3/known_events", 50, events});
    return one;
}

TEST(DayLooks, wait_for_every_partition_and_take_every_day) {
    DayLooks looks(prepared(), 2, {});
    looks.add(close(0, 100, 100, 4, 0));
    looks.add(close(0, 101, 103, 1, 1));
    EXPECT_FALSE(looks.next());
    looks.add(close(1, 101, 101, 2, 0));
    const auto first = looks.next();  // day 100 is not covered by partition 1
    ASSERT_TRUE(first);
    EXPECT_EQ(first->day, 101);
    EXPECT_EQ(first->signals[0].subjects, 7);
    EXPECT_EQ(first->signals[0].signal.events, 1);
    EXPECT_EQ(first->late, 103 + 101);
    EXPECT_FALSE(looks.next());
    looks.add(close(1, 102, 104, -1, 0));  // a correction, after the look
    for (const CalendarDay day : {102, 103}) {
        const auto look = looks.next();
        ASSERT_TRUE(look);
        EXPECT_EQ(look->day, day);
        EXPECT_EQ(look->signals[0].subjects, 6);
    }
    EXPECT_FALSE(looks.next());
}

TEST(DayLooks, a_gap_in_one_partition_is_passed_over) {
    DayLooks looks(prepared(), 2, {});
    looks.add(close(0, 1, 20, 1, 0));
    looks.add(close(1, 3, 3, 1, 0));
    looks.add(close(1, 18, 19, 1, 0));
    std::vector<CalendarDay> days;
    while (const auto look = looks.next()) days.push_back(look->day);
    EXPECT_EQ(days, (std::vector<CalendarDay>{3, 18, 19}));
}

TEST(DayLooks, resumed_after_a_look_they_give_the_same) {
    const std::vector<DayClose> closes{close(0, 1, 1, 3, 1), close(0, 2, 4, 2, 2), close(1, 1, 2, 5, 0),
                                       close(1, 3, 4, 1, 1)};
    DayLooks whole(prepared(), 2, {});
    for (const auto& one : closes) whole.add(one);
    std::vector<DayLook> expected;
    while (auto look = whole.next()) expected.push_back(std::move(*look));
    ASSERT_EQ(expected.size(), 4U);
    for (std::size_t done = 1; done < expected.size(); ++done) {
        DayLooks again(prepared(), 2, {});
        again.resume_after(expected[done - 1].day, courses_in(outcome_text(*prepared(), expected[done - 1])));
        for (const auto& one : closes) again.add(one);
        for (std::size_t i = done; i < expected.size(); ++i) {
            const auto look = again.next();
            ASSERT_TRUE(look);
            EXPECT_EQ(look->day, expected[i].day);
            EXPECT_EQ(look->sums, expected[i].sums);
            EXPECT_EQ(outcome_text(*prepared(), *look), outcome_text(*prepared(), expected[i]));
            EXPECT_EQ(look->tellings, expected[i].tellings);
        }
    }
}

TEST(DayLooks, an_outcome_says_who_crossed) {
    const auto watches = prepared();
    DayLook look;
    look.signals.resize(1);
    look.courses.resize(1);
    const std::string id = watches->watches[0].alarm_id;
    EXPECT_EQ(crossed_in(outcome_text(*watches, look), id), false);
    EXPECT_EQ(courses_in(outcome_text(*watches, look)).at(id), AlarmCourse{});
    look.signals[0].signal.crossed = Crossing{};
    look.courses[0] = {true, 12};
    const std::string said = outcome_text(*watches, look);
    EXPECT_EQ(crossed_in(said, id), true);
    EXPECT_EQ(crossed_in(said), std::vector<std::string>{id});
    EXPECT_EQ(crossed_in(said, "another"), std::nullopt);
    EXPECT_EQ(courses_in(said).at(id), look.courses[0]);
    // As looks were written before: the field before the last was the threshold.
    EXPECT_EQ(courses_in("a\tcrs\tall\t3\t9\t0\t3\t3\tcrossed\n").at("a"), (AlarmCourse{true, std::nullopt}));
}

// A subject with the event more, or one less by a correction, day by day.
TEST(DayLooks, tell_a_crossing_further_events_and_a_crossing_anew_and_nothing_else) {
    DayLooks looks(prepared(), 1, {});
    const std::vector<std::int64_t> events{0, 6, 0, 1, -1, 1, 1, -8, 0, 8, 0};
    std::vector<Telling> told;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const auto day = static_cast<CalendarDay>(100 + i);
        looks.add(close(0, day, day, i == 0 ? 20 : 0, events[i]));
        const auto look = looks.next();
        ASSERT_TRUE(look);
        told.push_back(look->tellings.at(0));
        EXPECT_EQ(look->courses.at(0).crossed, look->signals.at(0).signal.crossed.has_value());
    }
    using enum Telling;
    EXPECT_EQ(told, (std::vector{nothing, crossed, nothing, further, nothing, nothing, further, ended, nothing, crossed,
                                 nothing}));
}

}  // namespace
}  // namespace cellvigil
