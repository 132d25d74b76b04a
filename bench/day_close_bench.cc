// What closing a day costs: each of four partitions closes it with what changed since its last close, and the look is
// taken and written down. By subjects that were infused before (the sums are all that is left of them), by cohorts of
// the pack, and by subjects whose counts changed that day. `digest` is the part of it that fingerprints all sums.
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "rules/monitor/day_looks.h"

namespace cellvigil {
namespace {

constexpr CalendarDay kFirst = 18'000;
constexpr CalendarDay kDays = 1'826;  // five years
constexpr std::uint32_t kPartitions = 4;

Catalogue catalogue_of(std::int64_t cohorts) {
    Catalogue catalogue;
    for (std::int64_t c = 0; c < cohorts; ++c) {
        const std::string cohort = "cohort-" + std::to_string(c);
        catalogue.cohorts.push_back(
            {.id = cohort, .products = {}, .studies = {}, .cohorts = {}, .sites = {}, .lots = {}});
        for (const ReportedEndpoint endpoint :
             {ReportedEndpoint::crs_3, ReportedEndpoint::icans_3, ReportedEndpoint::cytopenia_day_365,
              ReportedEndpoint::death_day_100, ReportedEndpoint::zoster_past_day_90,
              ReportedEndpoint::severe_infection}) {
            MonitorSpec monitor;
            monitor.id = row_of(endpoint).name;
            monitor.cohort = cohort;
            monitor.endpoint = endpoint;
            const bool time = row_of(endpoint).kind == EndpointKind::person_time;
            monitor.method = time ? MonitorMethod::gamma_poisson : MonitorMethod::beta_binomial;
            monitor.limit_millionths = 50'000;
            monitor.planned_subjects = 240;
            monitor.planned_person_days = 152'000;
            catalogue.monitors.push_back(monitor);
        }
    }
    return catalogue;
}

// One subject's counts in every table of its cohort.
void change(std::vector<CellChange>& changes, const WatchPlan& plan, CalendarDay day, std::mt19937_64& random) {
    for (const WatchedTable& table : plan.tables) {
        const auto put = [&](CalendarColumn column, CalendarDay x) {
            changes.push_back({table.cohort.id, calendar_measure(table, column), x, 1});
        };
        if (row_of(table.endpoint).kind == EndpointKind::person_time) {
            put(CalendarColumn::entered, day + 91);
            put(CalendarColumn::left, day + 91 + static_cast<CalendarDay>(random() % 300));
        } else {
            put(CalendarColumn::infused, day);
            if (random() % 50 == 0) put(CalendarColumn::known_events, day);
        }
    }
}

DayClose close_of(std::uint32_t partition, CalendarDay first, CalendarDay through, std::vector<CellChange> changes) {
    DayClose close;
    close.partition = partition;
    close.first = first;
    close.through = through;
    close.rules = "bench";
    close.changes = std::move(changes);
    return close;
}

void close_a_day(benchmark::State& state) {
    const std::int64_t subjects = state.range(0);
    const auto prepared = std::make_shared<const Prepared>(prepare(watch_plan(catalogue_of(state.range(1)))));
    std::mt19937_64 random(5);
    DayLooks looks(prepared, kPartitions, {});
    const CalendarDay end = kFirst + kDays;
    for (std::uint32_t p = 0; p < kPartitions; ++p) {
        std::vector<CellChange> all;
        for (std::int64_t s = p; s < subjects; s += kPartitions)
            change(all, prepared->plan, kFirst + static_cast<CalendarDay>(random() % (kDays - 400)), random);
        looks.add(close_of(p, end, end, std::move(all)));
    }
    while (looks.next()) {
    }
    CalendarDay day = end;
    std::size_t taken = 0;
    for (auto _ : state) {
        state.PauseTiming();
        ++day;
        std::vector<DayClose> closes;
        for (std::uint32_t p = 0; p < kPartitions; ++p) {
            std::vector<CellChange> changes;
            for (std::int64_t s = p; s < state.range(2); s += kPartitions)
                change(changes, prepared->plan, day - 100, random);
            closes.push_back(close_of(p, day, day, std::move(changes)));
        }
        state.ResumeTiming();
        for (DayClose& close : closes) looks.add(std::move(close));
        while (const auto look = looks.next()) {
            benchmark::DoNotOptimize(outcome_text(*prepared, *look));
            ++taken;
        }
    }
    if (taken != static_cast<std::size_t>(state.iterations())) state.SkipWithError("a close did not give its look");
    state.counters["monitors"] = static_cast<double>(prepared->watches.size());
}
BENCHMARK(close_a_day)
    ->ArgNames({"subjects", "cohorts", "changed"})
    ->Args({100, 1, 4})
    ->Args({1'000, 1, 4})
    ->Args({10'000, 1, 4})
    ->Args({100'000, 1, 4})
    ->Args({10'000, 4, 4})
    ->Args({10'000, 16, 4})
    ->Args({10'000, 1, 100})
    ->Args({10'000, 1, 1'000})
    ->Iterations(200)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace cellvigil
