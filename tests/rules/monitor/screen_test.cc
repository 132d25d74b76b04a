// Screens at their limits, and that subjects' shares give their tables.
#include "rules/monitor/screen.h"

#include <gmock/gmock.h>

#include <cmath>

#include "rules/monitor/evaluation.h"
#include "tests/rules/cohort/told.h"

namespace cellvigil::story {
namespace {

constexpr CalendarDay kThrough = 20'820;  // 2027-01-01

ScreenSpec spec_of(ScreenMethod method) {
    ScreenSpec spec;
    spec.id = name_of(method);
    spec.cohort = "all";
    spec.method = method;
    return spec;
}

const ScreenUnit& unit_of(const ScreenLook& look, const std::string& unit, const std::string& cause = "rate") {
    const auto found = std::find_if(look.units.begin(), look.units.end(),
                                    [&](const ScreenUnit& one) { return one.unit == unit && one.cause == cause; });
    EXPECT_NE(found, look.units.end()) << unit;
    return found == look.units.end() ? look.units.at(0) : *found;
}
double figure(const ScreenUnit& unit, const std::string& name) {
    for (const ScreenFigure& one : unit.figures) {
        if (name == one.name) return one.value.value_or(NAN);
    }
    ADD_FAILURE() << "no figure " << name;
    return NAN;
}

struct Rate {
    const char* unit;
    std::int64_t events;
    std::int64_t days;
    std::int32_t first_day = 0;
};
ScreenTable rates(const std::vector<Rate>& sites) {
    ScreenTable table;
    for (const Rate& site : sites) {
        table.add(site.unit, ScreenColumn::events, 0, site.events);
        table.add(site.unit, ScreenColumn::at_risk, 0, site.days);
        table.add(site.unit, ScreenColumn::subjects, site.first_day, 1);
    }
    return table;
}

// ---- C10

struct CompletenessCase {
    const char* name;
    std::int64_t days;
    std::int64_t known;
    bool raised;
};
class Completeness : public testing::TestWithParam<CompletenessCase> {};
TEST_P(Completeness, floor_is_enough) {
    ScreenTable table;
    table.add("", ScreenColumn::at_risk, 0, GetParam().days);
    table.add("", ScreenColumn::known, 0, GetParam().known);
    const ScreenLook look = look_at_completeness(spec_of(ScreenMethod::completeness), table);
    ASSERT_EQ(look.units.size(), 1U);
    EXPECT_EQ(look.units[0].raised, GetParam().raised);
}
INSTANTIATE_TEST_SUITE_P(Limits, Completeness,
                         testing::ValuesIn(std::vector<CompletenessCase>{{"just_enough", 1000, 700, false},
                                                                         {"one_day_short", 1000, 699, true},
                                                                         {"nothing_known", 1000, 0, true},
                                                                         {"all", 1000, 1000, false}}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(CompletenessScreen, without_time_at_risk_it_cannot_say) {
    EXPECT_FALSE(look_at_completeness(spec_of(ScreenMethod::completeness), {}).cannot_signal.empty());
}

// ---- C07

TEST(SiteScreen, alike_sites_are_quiet_and_one_with_far_more_or_far_less_is_not) {
    const std::vector<Rate> alike{{"a", 10, 10'000}, {"b", 11, 10'000}, {"c", 9, 10'000}, {"d", 10, 10'000}};
    for (const ScreenUnit& unit : look_at_sites(spec_of(ScreenMethod::site_outlier), rates(alike), {}).units)
        EXPECT_FALSE(unit.raised) << unit.words;
    auto high = alike;
    high.push_back({"e", 40, 10'000});
    const ScreenLook above = look_at_sites(spec_of(ScreenMethod::site_outlier), rates(high), {});
    EXPECT_TRUE(unit_of(above, "e").raised);
    EXPECT_STREQ(unit_of(above, "e").side, "high");
    EXPECT_FALSE(unit_of(above, "a").raised);
    EXPECT_EQ(figure(unit_of(above, "e"), "expected_from_other_sites"), 10);
    auto low = alike;
    low.push_back({"e", 5, 40'000});
    const ScreenLook below = look_at_sites(spec_of(ScreenMethod::site_outlier), rates(low), {});
    EXPECT_TRUE(unit_of(below, "e").raised);
    EXPECT_STREQ(unit_of(below, "e").side, "low");
}

TEST(SiteScreen, what_sites_differ_by_anyway_widens_the_limits) {
    // Chance alone would not give 30 where 15 are expected, but these sites differ by as much among themselves.
    const std::vector<Rate> apart{
        {"a", 4, 10'000}, {"b", 30, 10'000}, {"c", 6, 10'000}, {"d", 28, 10'000}, {"e", 30, 10'000}};
    const ScreenLook look = look_at_sites(spec_of(ScreenMethod::site_outlier), rates(apart), {});
    EXPECT_GT(figure(unit_of(look, "e"), "tau2"), 0);
    EXPECT_FALSE(unit_of(look, "e").raised);
}

TEST(SiteScreen, two_sites_cannot_be_told_apart) {
    const auto look = look_at_sites(spec_of(ScreenMethod::site_outlier), rates({{"a", 40, 1000}, {"b", 1, 1000}}), {});
    EXPECT_FALSE(look.cannot_signal.empty());
}

ScreenTable reports(std::int64_t quiet_subjects) {
    ScreenTable table;
    for (const char* site : {"a", "b", "c"}) {
        table.add(site, ScreenColumn::subjects, 2, 6);
        table.add(site, ScreenColumn::subjects, 3, 6);
    }
    table.add("quiet", ScreenColumn::subjects, 0, quiet_subjects);
    return table;
}
TEST(SiteScreen, a_site_without_reports_is_told_from_four_subjects_on) {
    const ScreenTable three = rates({{"a", 3, 1000}, {"b", 3, 1000}, {"c", 3, 1000}, {"quiet", 3, 1000}});
    const auto look = [&](std::int64_t subjects) {
        return look_at_sites(spec_of(ScreenMethod::site_outlier), three, reports(subjects));
    };
    EXPECT_TRUE(unit_of(look(4), "quiet", "reports").raised);
    EXPECT_FALSE(unit_of(look(4), "a", "reports").raised);
    const ScreenLook few = look(3);
    EXPECT_TRUE(std::none_of(few.units.begin(), few.units.end(), [](const ScreenUnit& one) {
        return one.unit == "quiet" && std::string(one.cause) == "reports";
    }));
}

// ---- C08

TEST(LotScreen, by_exact_conditional_poisson_over_all_lots) {
    // 8 of 12 events in a sixth of the time: P(X >= 8 | 12, 1/6) = 1.6e-4 roughly, times six lots.
    std::vector<Rate> lots;
    for (int i = 1; i <= 5; ++i) lots.push_back({"", i <= 4 ? 1 : 0, 1000, i});
    const char* names[] = {"L1", "L2", "L3", "L4", "L5"};
    for (std::size_t i = 0; i < 5; ++i) lots[i].unit = names[i];
    lots.push_back({"L6", 8, 1000, 6});
    const ScreenLook look = look_at_lots(spec_of(ScreenMethod::lot_scan), rates(lots));
    EXPECT_TRUE(unit_of(look, "L6").raised);
    EXPECT_EQ(figure(unit_of(look, "L6"), "windows"), 6);
    EXPECT_NEAR(figure(unit_of(look, "L6"), "p"), 1.55e-4, 0.2e-4);
    EXPECT_NEAR(*unit_of(look, "L6").p, 6 * figure(unit_of(look, "L6"), "p"), 1e-12);
    EXPECT_FALSE(unit_of(look, "L1").raised);
}

TEST(LotScreen, neighbours_are_found_together_where_each_alone_is_not) {
    std::vector<Rate> lots;
    static const char* names[] = {"L0", "L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L9"};
    for (int i = 0; i < 10; ++i) lots.push_back({names[i], i == 4 || i == 5 ? 4 : 0, 1000, i});
    lots[0].events = 2;
    ScreenSpec spec = spec_of(ScreenMethod::lot_scan);
    const ScreenLook alone = look_at_lots(spec, rates(lots));
    EXPECT_TRUE(std::none_of(alone.units.begin(), alone.units.end(), [](const ScreenUnit& one) { return one.raised; }));
    spec.widest = 2;
    const ScreenLook together = look_at_lots(spec, rates(lots));
    const ScreenUnit& found = unit_of(together, "L4");
    EXPECT_TRUE(found.raised) << found.words;
    EXPECT_EQ(figure(found, "lots"), 2);
}

TEST(LotScreen, two_events_are_no_cluster) {
    const ScreenLook look =
        look_at_lots(spec_of(ScreenMethod::lot_scan), rates({{"L1", 0, 100'000, 1}, {"L2", 2, 10, 2}}));
    EXPECT_FALSE(unit_of(look, "L2").raised);
}

// ---- C09

ScreenTable delays(std::int64_t recent_late, std::int64_t recent_soon) {
    const std::int32_t quarter = kThrough / kQuarterDays;
    ScreenTable table;
    for (std::int32_t day = 1; day <= 30; ++day)
        table.add("a", ScreenColumn::events, delay_place(quarter - 3, day % 10), 1);
    table.add("a", ScreenColumn::events, delay_place(quarter, 60), recent_late);
    table.add("a", ScreenColumn::events, delay_place(quarter - 1, 3), recent_soon);
    return table;
}
TEST(DelayScreen, a_site_that_begins_to_report_late_is_told_with_median_and_90th_percentile) {
    const ScreenLook look = look_at_delays(spec_of(ScreenMethod::reporting_delay), delays(6, 4), kThrough);
    const ScreenUnit& site = unit_of(look, "a", "delay");
    EXPECT_TRUE(site.raised) << site.words;
    EXPECT_EQ(figure(site, "recent_median_days"), 60);
    EXPECT_EQ(figure(site, "recent_p90_days"), 60);
    EXPECT_EQ(figure(site, "earlier_p90_days"), 8);
    EXPECT_EQ(figure(site, "earlier_median_days"), 4);
}
TEST(DelayScreen, as_before_or_four_reports_only_is_quiet) {
    EXPECT_FALSE(
        unit_of(look_at_delays(spec_of(ScreenMethod::reporting_delay), delays(1, 9), kThrough), "a", "delay").raised);
    EXPECT_FALSE(
        unit_of(look_at_delays(spec_of(ScreenMethod::reporting_delay), delays(4, 0), kThrough), "a", "delay").raised);
    EXPECT_TRUE(
        unit_of(look_at_delays(spec_of(ScreenMethod::reporting_delay), delays(5, 0), kThrough), "a", "delay").raised);
}

// ---- C13

ScreenTable pairs(std::int64_t zoster_before, std::int64_t zoster_now) {
    const std::int32_t month = kThrough / kMonthDays;
    ScreenTable table;
    table.add("x#crs_any", ScreenColumn::events, month - 5, 100);
    table.add("y#crs_any", ScreenColumn::events, month - 5, 100);
    table.add("y#zoster", ScreenColumn::events, month - 5, 5);
    table.add("x#zoster", ScreenColumn::events, month - 1, zoster_before);
    table.add("x#zoster", ScreenColumn::events, month, zoster_now);
    return table;
}
ScreenLook look_at_pairs(const ScreenSpec& spec, const ScreenTable& counts, CalendarDay through) {
    PairFit none;
    return cellvigil::look_at_pairs(spec, counts, through, none);
}
TEST(PairScreen, the_information_component_signals_after_two_months_in_a_row) {
    const ScreenSpec spec = spec_of(ScreenMethod::ic);
    EXPECT_FALSE(unit_of(look_at_pairs(spec, pairs(0, 60), kThrough), "x#zoster", "reporting").raised);
    EXPECT_TRUE(unit_of(look_at_pairs(spec, pairs(60, 0), kThrough), "x#zoster", "reporting").raised);
    EXPECT_FALSE(unit_of(look_at_pairs(spec, pairs(60, 0), kThrough), "y#zoster", "reporting").raised);
}
TEST(PairScreen, every_method_shows_every_figure) {
    for (const ScreenMethod method : {ScreenMethod::ic, ScreenMethod::eb05, ScreenMethod::prr, ScreenMethod::ror}) {
        const ScreenLook look = look_at_pairs(spec_of(method), pairs(60, 0), kThrough);
        const ScreenUnit& unit = unit_of(look, "x#zoster", "reporting");
        // 60 of 160 against 5 of 105.
        EXPECT_NEAR(figure(unit, "prr"), (60.0 / 160) / (5.0 / 105), 1e-12);
        EXPECT_NEAR(figure(unit, "ror"), (60.0 / 100) / (5.0 / 100), 1e-12);
        EXPECT_GT(figure(unit, "ic025"), 0);
        EXPECT_GT(figure(unit, "ebgm"), 1);
        EXPECT_EQ(unit.raised, method != ScreenMethod::eb05) << name_of(method);  // EB05 is below 2 at twice the share
    }
}
TEST(PairScreen, one_product_has_nothing_to_be_compared_with) {
    ScreenTable table;
    table.add("x#zoster", ScreenColumn::events, 1, 10);
    EXPECT_FALSE(look_at_pairs(spec_of(ScreenMethod::prr), table, kThrough).cannot_signal.empty());
}

// ---- what is kept

TEST(Screens, an_alarm_id_is_of_unit_and_cause_not_of_the_numbers) {
    const ScreenSpec spec = spec_of(ScreenMethod::site_outlier);
    ScreenUnit one;
    one.unit = "site-01";
    ScreenUnit later = one;
    later.side = "low";
    later.p = 0.1;
    EXPECT_EQ(screen_alarm_id(spec, one), screen_alarm_id(spec, later));
    later.unit = "site-02";
    EXPECT_NE(screen_alarm_id(spec, one), screen_alarm_id(spec, later));
    EXPECT_EQ(screen_alarm_id(spec, one).size(), 32U);
}

WatchPlan plan_with(const std::vector<ScreenMethod>& methods) {
    Catalogue catalogue;
    catalogue.cohorts.push_back({.id = "all", .products = {}, .studies = {}, .cohorts = {}, .sites = {}, .lots = {}});
    for (const ScreenMethod method : methods) {
        catalogue.screens.push_back(spec_of(method));
        catalogue.screens.back().cohort = "*";
    }
    return watch_plan(catalogue);
}

ScreenTable table_of(const Story& told, const WatchPlan& plan, ScreenGroup group) {
    ScreenTable table;
    for (const ScreenCount& one : watch_share(Seen(told).facts(), plan, {}).screens) {
        if (plan.screens.tables[one.table].group == group) table.add(one.unit, one.column, one.x, one.count);
    }
    return table;
}

TEST(ScreenShare, rates_by_site_are_days_at_risk_and_events) {
    Story told;
    told.enrolled().infused().tell(d(120), rash()).tell(d(200), alive_through(d(200)));
    const ScreenTable table = table_of(told, plan_with({ScreenMethod::site_outlier}), ScreenGroup::site_rates);
    ASSERT_EQ(table.units().size(), 1U);
    const ScreenTable::Unit& site = table.units().begin()->second;
    EXPECT_EQ(site.total(ScreenColumn::events), 1);
    EXPECT_EQ(site.total(ScreenColumn::at_risk), 30);  // day 91 to day 120
}

TEST(ScreenShare, reports_count_of_those_only_who_were_followed_through_day_90) {
    const WatchPlan plan = plan_with({ScreenMethod::site_outlier});
    const auto subjects = [&](int through) {
        Story told;
        told.enrolled()
            .infused()
            .tell(d(20), infected(Organism::bacteria, "lung"))
            .tell(d(40), infected(Organism::cmv));
        told.tell(d(through), alive_through(d(through)));
        return table_of(told, plan, ScreenGroup::site_reports);
    };
    EXPECT_TRUE(subjects(89).units().empty());
    ASSERT_EQ(subjects(90).units().size(), 1U);
    EXPECT_EQ(subjects(90).units().begin()->second.of(ScreenColumn::subjects), (ScreenTable::Row{{2, 1}}));
}

TEST(ScreenShare, time_at_risk_without_a_cd4_count_is_not_known) {
    const WatchPlan plan = plan_with({ScreenMethod::completeness});
    Story told;
    told.enrolled().infused().tell(d(200), alive_through(d(200)));
    const ScreenTable table = table_of(told, plan, ScreenGroup::completeness);
    EXPECT_EQ(table.units().at("").total(ScreenColumn::at_risk), 110);
    EXPECT_EQ(table.units().at("").total(ScreenColumn::known), 0);
}

TEST(ScreenShare, an_unknown_cohort_filter_takes_nobody) {
    Catalogue catalogue;
    CohortFilter other;
    other.id = "other";
    other.sites = {"elsewhere"};
    catalogue.cohorts.push_back(other);
    catalogue.screens.push_back(spec_of(ScreenMethod::completeness));
    catalogue.screens.back().cohort = "other";
    Story told;
    told.enrolled().infused().tell(d(200), alive_through(d(200)));
    EXPECT_TRUE(watch_share(Seen(told).facts(), watch_plan(catalogue), {}).screens.empty());
}

TEST(LowConfidence, marks_the_zoster_monitors_of_the_cohort_alone) {
    Catalogue catalogue;
    catalogue.cohorts.push_back({.id = "all", .products = {}, .studies = {}, .cohorts = {}, .sites = {}, .lots = {}});
    for (const ReportedEndpoint endpoint : {ReportedEndpoint::zoster_past_day_90, ReportedEndpoint::crs_3}) {
        MonitorSpec monitor;
        monitor.id = row_of(endpoint).name;
        monitor.cohort = "all";
        monitor.endpoint = endpoint;
        const bool time = row_of(endpoint).kind == EndpointKind::person_time;
        monitor.method = time ? MonitorMethod::gamma_poisson : MonitorMethod::beta_binomial;
        monitor.limit_millionths = 50'000;
        monitor.planned_subjects = 48;
        monitor.planned_person_days = 30'681;
        catalogue.monitors.push_back(monitor);
    }
    catalogue.screens.push_back(spec_of(ScreenMethod::completeness));
    const Prepared prepared = prepare(watch_plan(catalogue));
    const std::vector<CalendarTable> tables(prepared.plan.tables.size());
    std::vector<ScreenTable> screens(prepared.plan.screens.tables.size());
    screens.at(0).add("", ScreenColumn::at_risk, 0, 1000);
    screens.at(0).add("", ScreenColumn::known, 0, 699);
    std::vector<WatchSignal> signals = evaluate(prepared, tables, kThrough);
    mark_low_confidence(prepared, look_at_screens(prepared, screens, kThrough), signals);
    EXPECT_TRUE(signals.at(0).low_confidence);
    EXPECT_FALSE(signals.at(1).low_confidence);
    screens.at(0).add("", ScreenColumn::known, 0, 1);
    signals = evaluate(prepared, tables, kThrough);
    mark_low_confidence(prepared, look_at_screens(prepared, screens, kThrough), signals);
    EXPECT_FALSE(signals.at(0).low_confidence);
}

}  // namespace
}  // namespace cellvigil::story
