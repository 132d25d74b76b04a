// From a subject's story to what it puts into the calendar tables, and to whether a monitor alarms.
#include "rules/monitor/calendar_share.h"

#include <gtest/gtest.h>

#include "rules/monitor/evaluation.h"
#include "tests/rules/cohort/told.h"

namespace cellvigil::story {
namespace {

WatchPlan plan_of(std::vector<ReportedEndpoint> endpoints, CohortFilter cohort = {}) {
    Catalogue catalogue;
    cohort.id = "all";
    catalogue.cohorts.push_back(cohort);
    for (const ReportedEndpoint endpoint : endpoints) {
        MonitorSpec spec;
        spec.id = row_of(endpoint).name;
        spec.cohort = "*";
        spec.endpoint = endpoint;
        spec.method = row_of(endpoint).kind == EndpointKind::person_time ? MonitorMethod::gamma_poisson
                                                                         : MonitorMethod::beta_binomial;
        spec.limit_millionths = 50'000;
        spec.planned_subjects = 48;
        spec.planned_person_days = 30'681;
        catalogue.monitors.push_back(spec);
    }
    return watch_plan(catalogue);
}

// 2026-01-05, the day of infusion at the site.
const CalendarDay kInfused = static_cast<CalendarDay>(site_date(infusion_time(), kOffset).time_since_epoch().count());

CalendarTable table_of(const Story& told, const WatchPlan& plan, std::size_t table = 0) {
    CalendarTable found;
    for (const CalendarCount& one : calendar_share(Seen(told).facts(), plan, {})) {
        if (one.table == table) in(found.at(one.day), one.column) += one.count;
    }
    return found;
}

TEST(CalendarShare, zoster_past_day_90_is_time_from_day_91_to_the_event) {
    Story told;
    told.enrolled().infused().tell(d(120), rash()).tell(d(200), alive_through(d(200)));
    CalendarTable expected;
    expected.add(PersonTimeShare{kInfused + 91, kInfused + 120, true});
    EXPECT_EQ(table_of(told, plan_of({ReportedEndpoint::zoster_past_day_90})), expected);
}

// Sites send what they have: the product's id, a name in any case, or the ATC code.
TEST(CalendarShare, a_cohort_of_a_product_holds_whom_the_site_names_by_name_or_by_atc_code) {
    CohortFilter axi_cel;
    axi_cel.products = {"axi-cel"};
    WatchPlan plan = plan_of({ReportedEndpoint::zoster_past_day_90}, axi_cel);
    plan.catalogue.products.resize(2);
    plan.catalogue.products[0].id = "axi-cel";
    plan.catalogue.products[0].names = {"axi-cel", "axicabtagene ciloleucel"};
    plan.catalogue.products[0].atc = "L01XL03";
    plan.catalogue.products[1].id = "relma-cel";
    plan.catalogue.products[1].names = {"relma-cel"};
    const auto of = [](const char* code) {
        Infusion given;
        given.product.code = code;
        Story told;
        told.enrolled().tell(infusion_time(), given).tell(d(200), alive_through(d(200)));
        return told;
    };
    for (const char* code : {"axi-cel", "Axicabtagene Ciloleucel", "L01XL03", "l01xl03"}) {
        EXPECT_EQ(product_in(Seen(of(code)).facts(), plan.catalogue.products), "axi-cel") << code;
        EXPECT_FALSE(table_of(of(code), plan).rows().empty()) << code;
    }
    for (const char* code : {"relma-cel", "L01XL04", "L01XL0", ""}) {
        EXPECT_NE(product_in(Seen(of(code)).facts(), plan.catalogue.products), "axi-cel") << code;
        EXPECT_TRUE(table_of(of(code), plan).rows().empty()) << code;
    }
    EXPECT_EQ(product_in(Seen(of("L01XL04")).facts(), plan.catalogue.products), "");
}

TEST(CalendarShare, without_an_event_it_ends_with_the_last_verified_contact) {
    Story told;
    told.enrolled().infused().tell(d(200), alive_through(d(200)));
    CalendarTable expected;
    expected.add(PersonTimeShare{kInfused + 91, kInfused + 200, false});
    EXPECT_EQ(table_of(told, plan_of({ReportedEndpoint::zoster_past_day_90})), expected);
}

TEST(CalendarShare, zoster_on_day_90_is_not_past_it_and_an_onset_moved_to_day_92_is) {
    const WatchPlan plan = plan_of({ReportedEndpoint::zoster_past_day_90});
    const auto events = [&](int day) {
        Story told;
        told.enrolled().infused().tell(d(day), rash()).tell(d(200), alive_through(d(200)));
        std::int64_t found = 0;
        const CalendarTable table = table_of(told, plan);
        for (const auto& [on, row] : table.rows()) found += row.events;
        return found;
    };
    EXPECT_EQ(events(90), 0);
    EXPECT_EQ(events(91), 1);
    EXPECT_EQ(events(92), 1);
}

TEST(CalendarShare, a_pending_subject_is_in_n_from_its_infusion_on) {
    Story told;
    told.enrolled().infused();
    CalendarTable expected;
    expected.add(BinaryShare{kInfused, false, false, std::nullopt});
    EXPECT_EQ(table_of(told, plan_of({ReportedEndpoint::crs_3})), expected);
    EXPECT_EQ(table_of(told, plan_of({ReportedEndpoint::cytopenia_day_365})), expected);
}

TEST(CalendarShare, a_death_on_day_30_is_one_by_day_30_and_one_on_day_31_is_not) {
    const auto known = [](int day) {
        Story told;
        told.enrolled().infused().died(d(day), DeathCause::infection);
        CalendarTable table = table_of(told, plan_of({ReportedEndpoint::death_day_30}));
        return table.at(kInfused).known_events;
    };
    EXPECT_EQ(known(30), 1);
    EXPECT_EQ(known(31), 0);
}

TEST(CalendarShare, who_died_before_the_landmark_is_not_asked_there) {
    Story told;
    told.enrolled().infused().died(d(100), DeathCause::disease);
    EXPECT_TRUE(table_of(told, plan_of({ReportedEndpoint::cytopenia_day_365})).rows().empty());
}

TEST(CalendarShare, another_site_and_an_uninfused_subject_give_nothing) {
    Story infused;
    infused.enrolled().infused();
    CohortFilter elsewhere;
    elsewhere.sites = {"site-99"};
    EXPECT_TRUE(table_of(infused, plan_of({ReportedEndpoint::crs_3}, elsewhere)).rows().empty());
    Story enrolled;
    enrolled.enrolled();
    EXPECT_TRUE(table_of(enrolled, plan_of({ReportedEndpoint::crs_3})).rows().empty());
}

TEST(Evaluation, zoster_in_every_early_subject_alarms_and_none_does_not) {
    const WatchPlan plan = plan_of({ReportedEndpoint::zoster_past_day_90, ReportedEndpoint::infection_3});
    const Prepared prepared = prepare(plan);
    Story ill;
    ill.enrolled().infused().tell(d(95), rash()).tell(d(200), alive_through(d(200)));
    Story well;
    well.enrolled().infused().tell(d(200), alive_through(d(200)));
    const auto found = [&](const Story& told) {
        std::vector<CalendarTable> tables(plan.tables.size());
        for (int i = 0; i < 10; ++i) tables[0].merge(table_of(told, plan));
        return evaluate(prepared, tables, kInfused + 300);
    };
    EXPECT_TRUE(found(ill)[0].signal.crossed);
    EXPECT_EQ(found(ill)[0].subjects, 10);
    EXPECT_FALSE(found(well)[0].signal.crossed);
    EXPECT_EQ(found(ill)[1].signal.cannot_signal, "the endpoint is not counted from subjects' facts");
    const std::string said = explanation(prepared.watches[0], found(ill)[0], kInfused + 300);
    EXPECT_NE(said.find("10 events in 50 person-days"), std::string::npos) << said;
    EXPECT_NE(said.find("crossed by event"), std::string::npos) << said;
}

TEST(Evaluation, another_limit_is_another_alarm_and_the_same_is_the_same) {
    WatchPlan plan = plan_of({ReportedEndpoint::crs_3});
    const std::string one = prepare(plan).watches[0].alarm_id;
    EXPECT_EQ(prepare(plan).watches[0].alarm_id, one);
    plan.watches[0].monitor.limit_millionths = 60'000;
    EXPECT_NE(prepare(plan).watches[0].alarm_id, one);
}

}  // namespace
}  // namespace cellvigil::story
