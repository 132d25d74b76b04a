// What a look costs: all monitors and screens of a pack's cohorts, from the sums, while the number of subjects grows
// and the calendar does not. Boundaries are prepared once and are not in the figure.
#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "rules/monitor/screen_memo.h"

namespace cellvigil {
namespace {

constexpr CalendarDay kFirst = 18'000;
constexpr CalendarDay kDays = 1'826;  // five years
constexpr std::int64_t kSites = 20;
constexpr std::int64_t kLots = 60;

// What a pack for one product watches, on one cohort.
Catalogue catalogue_of(std::int64_t subjects) {
    Catalogue catalogue;
    catalogue.cohorts.push_back({.id = "all", .products = {}, .studies = {}, .cohorts = {}, .sites = {}, .lots = {}});
    for (const ReportedEndpoint endpoint :
         {ReportedEndpoint::crs_3, ReportedEndpoint::icans_3, ReportedEndpoint::cytopenia_day_365,
          ReportedEndpoint::death_day_100, ReportedEndpoint::zoster_disseminated, ReportedEndpoint::zoster_past_day_90,
          ReportedEndpoint::zoster_off_prophylaxis, ReportedEndpoint::severe_infection}) {
        MonitorSpec monitor;
        monitor.id = row_of(endpoint).name;
        monitor.cohort = "all";
        monitor.endpoint = endpoint;
        const bool time = row_of(endpoint).kind == EndpointKind::person_time;
        monitor.method = time ? MonitorMethod::gamma_poisson : MonitorMethod::beta_binomial;
        monitor.limit_millionths = 50'000;
        monitor.planned_subjects = std::clamp<std::int64_t>(subjects, 48, 240);
        monitor.planned_person_days = 30'681;
        catalogue.monitors.push_back(monitor);
    }
    for (const ScreenMethod method : {ScreenMethod::site_outlier, ScreenMethod::lot_scan, ScreenMethod::reporting_delay,
                                      ScreenMethod::completeness, ScreenMethod::ic}) {
        ScreenSpec screen;
        screen.id = name_of(method);
        screen.cohort = "all";
        screen.method = method;
        screen.widest = 3;
        catalogue.screens.push_back(screen);
    }
    return catalogue;
}

std::vector<CalendarTable> tables_of(const WatchPlan& plan, std::int64_t subjects) {
    std::mt19937_64 random(7);
    std::uniform_int_distribution<CalendarDay> infused(kFirst, kFirst + kDays - 400);
    std::uniform_int_distribution<CalendarDay> followed(91, 390);
    std::bernoulli_distribution event(0.02);
    std::vector<CalendarTable> tables(plan.tables.size());
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const bool time = row_of(plan.tables[i].endpoint).kind == EndpointKind::person_time;
        for (std::int64_t subject = 0; subject < subjects; ++subject) {
            const CalendarDay day = infused(random);
            if (time) {
                tables[i].add(PersonTimeShare{day + 91, day + followed(random), event(random)});
            } else {
                tables[i].add(BinaryShare{day, event(random), false, {}});
            }
        }
    }
    return tables;
}

std::vector<ScreenTable> screens_of(const WatchPlan& plan, std::int64_t subjects) {
    std::mt19937_64 random(8);
    std::vector<ScreenTable> tables(plan.screens.tables.size());
    const CalendarDay through = kFirst + kDays;
    const char* const kinds[] = {"crs_any", "icans_any", "neutropenia_3", "zoster", "other_infection", "iec_hs"};
    for (std::size_t i = 0; i < tables.size(); ++i) {
        ScreenTable& table = tables[i];
        const ScreenGroup group = plan.screens.tables[i].group;
        const bool by_lot = group == ScreenGroup::lot_rates;
        for (std::int64_t subject = 0; subject < subjects; ++subject) {
            const std::string unit = (by_lot ? "L" : "S") + std::to_string(subject % (by_lot ? kLots : kSites));
            switch (group) {
                case ScreenGroup::site_rates:
                case ScreenGroup::lot_rates:
                    table.add(unit, ScreenColumn::events, 0, random() % 50 == 0 ? 1 : 0);
                    table.add(unit, ScreenColumn::at_risk, 0, 200);
                    if (by_lot)
                        table.add(unit, ScreenColumn::subjects, kFirst + static_cast<CalendarDay>(subject % kLots) * 30,
                                  1);
                    break;
                case ScreenGroup::site_reports:
                    // Bounded here as it is in life: a site of a thousand is looked at by its totals.
                    if (subject < 1000)
                        table.add(unit, ScreenColumn::subjects, static_cast<std::int32_t>(random() % 3), 1);
                    break;
                case ScreenGroup::site_delays:
                    table.add(unit, ScreenColumn::events,
                              delay_place(through / kQuarterDays - static_cast<std::int32_t>(random() % 8),
                                          static_cast<std::int32_t>(random() % 60)),
                              1);
                    break;
                case ScreenGroup::completeness:
                    table.add("", ScreenColumn::at_risk, 0, 200);
                    table.add("", ScreenColumn::known, 0, 150);
                    break;
                case ScreenGroup::pairs:
                    table.add("p" + std::to_string(subject % 4) + "#" + kinds[random() % 6], ScreenColumn::events,
                              through / kMonthDays - static_cast<std::int32_t>(random() % 40), 1);
                    break;
            }
        }
    }
    return tables;
}

void evaluate_monitors(benchmark::State& state) {
    const Prepared prepared = prepare(watch_plan(catalogue_of(state.range(0))));
    const std::vector<CalendarTable> tables = tables_of(prepared.plan, state.range(0));
    for (auto _ : state) benchmark::DoNotOptimize(evaluate(prepared, tables, kFirst + kDays));
    state.counters["monitors"] = static_cast<double>(prepared.watches.size());
}
BENCHMARK(evaluate_monitors)
    ->ArgName("subjects")
    ->Arg(50)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMicrosecond);

void evaluate_screens(benchmark::State& state) {
    const Prepared prepared = prepare(watch_plan(catalogue_of(state.range(0))));
    const std::vector<ScreenTable> tables = screens_of(prepared.plan, state.range(0));
    for (auto _ : state) benchmark::DoNotOptimize(look_at_screens(prepared, tables, kFirst + kDays));
    state.counters["screens"] = static_cast<double>(prepared.plan.screens.screens.size());
}
BENCHMARK(evaluate_screens)
    ->ArgName("subjects")
    ->Arg(50)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMicrosecond);

// What a commit costs: one subject's fact changes one table of the monitors and one of the screens, and all of the
// cohort are looked at.
void evaluate_after_one_fact(benchmark::State& state) {
    const auto prepared = std::make_shared<const Prepared>(prepare(watch_plan(catalogue_of(state.range(0)))));
    std::vector<CalendarTable> tables = tables_of(prepared->plan, state.range(0));
    std::vector<ScreenTable> screens = screens_of(prepared->plan, state.range(0));
    ScreenMemo memo(prepared);
    static_cast<void>(memo.look(screens, kFirst + kDays));
    std::size_t fact = 0;
    for (auto _ : state) {
        tables[fact % tables.size()].add(BinaryShare{kFirst + 1, false, false, {}});
        ScreenTable& screen = screens[fact % screens.size()];
        const auto& [unit, counts] = *screen.units().begin();
        screen.add(unit, ScreenColumn::events,
                   counts.of(ScreenColumn::events).empty() ? 0 : counts.of(ScreenColumn::events).back().first, 1);
        ++fact;
        std::vector<WatchSignal> found = evaluate(*prepared, tables, kFirst + kDays);
        mark_low_confidence(*prepared, memo.look(screens, kFirst + kDays), found);
        benchmark::DoNotOptimize(found);
    }
    state.counters["screens_per_look"] =
        static_cast<double>(memo.computed()) / static_cast<double>(std::max<std::size_t>(fact, 1));
}
BENCHMARK(evaluate_after_one_fact)
    ->ArgName("subjects")
    ->Arg(50)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace cellvigil
