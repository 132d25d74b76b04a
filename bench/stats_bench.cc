// What the statistics cost: calibrations, which callers do once and keep, and evaluations, which run at every change of
// a cohort.
#include <array>
#include <cstdint>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>

#include "rules/stats/aalen_johansen.h"
#include "rules/stats/beta_posterior.h"
#include "rules/stats/cmaxsprt.h"
#include "rules/stats/evalue.h"
#include "rules/stats/kaplan_meier.h"
#include "rules/stats/maxsprt_poisson.h"
#include "rules/stats/mgps_fit.h"
#include "rules/stats/multiplicity.h"
#include "rules/stats/poisson_rate.h"
#include "rules/stats/prefix_rule.h"
#include "rules/stats/stop_rule_bin.h"
#include "rules/stats/stop_rule_gamma_poisson.h"

namespace cellvigil {
namespace {

// ---- calibrations

void calibrate_binary(benchmark::State& state) {
    BinaryRule rule = default_binary_rule(48, 0.05, 0.05);
    rule.family = static_cast<BinaryFamily>(state.range(0));
    rule.p1 = 0.15;
    rule.nu = 0.35;
    for (auto _ : state) benchmark::DoNotOptimize(calibrate(rule));
}
BENCHMARK(calibrate_binary)
    ->ArgName("family")
    ->DenseRange(static_cast<int>(BinaryFamily::pocock), static_cast<int>(BinaryFamily::maxsprt))
    ->Unit(benchmark::kMillisecond);

void calibrate_binary_default(benchmark::State& state) {
    const BinaryRule rule = default_binary_rule(static_cast<std::int32_t>(state.range(0)), 0.05, 0.05);
    for (auto _ : state) benchmark::DoNotOptimize(calibrate(rule));
}
BENCHMARK(calibrate_binary_default)->ArgName("patients")->Arg(48)->Arg(240)->Arg(1000)->Unit(benchmark::kMillisecond);

void calibrate_gamma_poisson(benchmark::State& state) {
    const GammaPoissonRule rule{.expected = static_cast<double>(state.range(0))};
    for (auto _ : state) benchmark::DoNotOptimize(calibrate(rule));
}
BENCHMARK(calibrate_gamma_poisson)->ArgName("expected")->Arg(4)->Arg(40)->Arg(200)->Unit(benchmark::kMillisecond);

void calibrate_maxsprt(benchmark::State& state) {
    const PoissonMaxsprt design{.horizon = {.expected = static_cast<double>(state.range(0))}};
    for (auto _ : state) benchmark::DoNotOptimize(maxsprt_poisson_critical_value(design));
}
BENCHMARK(calibrate_maxsprt)->ArgName("expected")->Arg(4)->Arg(100)->Unit(benchmark::kMillisecond);

void calibrate_cmaxsprt(benchmark::State& state) {
    ConditionalMaxsprt design;
    design.history_events = 12;
    design.most_events = static_cast<std::int32_t>(state.range(0));
    for (auto _ : state) benchmark::DoNotOptimize(cmaxsprt_critical_value(design));
}
BENCHMARK(calibrate_cmaxsprt)->ArgName("events")->Arg(10)->Arg(50)->Unit(benchmark::kMillisecond);

// ---- evaluations

void evaluate_prefix_rule(benchmark::State& state) {
    const BinaryBoundary boundary = calibrate(default_binary_rule(48, 0.05, 0.05)).boundary;
    std::vector<InfusionDayCount> table;
    for (int i = 0; i < 48; ++i) table.push_back({3 * i, 1, i % 20 == 0 ? 1 : 0});
    for (auto _ : state) benchmark::DoNotOptimize(prefix_rule(table, boundary));
}
BENCHMARK(evaluate_prefix_rule);

void evaluate_first_alarm(benchmark::State& state) {
    const EventLimits limits = calibrate(GammaPoissonRule{.expected = 4.19}).limits;
    const std::vector<double> arrivals{0.5, 1.2, 2.0, 2.9, 3.3, 4.1};
    for (auto _ : state) benchmark::DoNotOptimize(first_alarm(limits, {.expected = 4.19}, arrivals));
}
BENCHMARK(evaluate_first_alarm);

void evaluate_posterior(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(posterior_above({0.5, 9.5}, {4, 31}, 0.05));
}
BENCHMARK(evaluate_posterior);

void evaluate_garwood(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(garwood(9, {0.95}));
}
BENCHMARK(evaluate_garwood);

void evaluate_log_evalue(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(log_evalue_poisson({}, 9, 4.19));
}
BENCHMARK(evaluate_log_evalue);

void evaluate_e_bh(benchmark::State& state) {
    std::mt19937_64 random(1);
    std::lognormal_distribution<double> evidence(0, 2);
    std::vector<double> e;
    for (int i = 0; i < 200; ++i) e.push_back(evidence(random));
    for (auto _ : state) benchmark::DoNotOptimize(e_benjamini_hochberg(e, 0.1));
}
BENCHMARK(evaluate_e_bh);

DayTable cohort(std::int64_t subjects) {
    std::mt19937_64 random(2);
    std::uniform_int_distribution<int> day(1, 1500);
    std::uniform_int_distribution<int> outcome(0, 2);
    DayTable table(2);
    table.enter(0, subjects);
    for (std::int64_t i = 0; i < subjects; ++i) {
        const int kind = outcome(random);
        if (kind == 0) {
            table.censor(day(random));
        } else {
            table.have_event(day(random), static_cast<std::size_t>(kind - 1));
        }
    }
    return table;
}

void evaluate_kaplan_meier(benchmark::State& state) {
    const DayTable table = cohort(state.range(0));
    for (auto _ : state) benchmark::DoNotOptimize(kaplan_meier(*risk_table(table), {0.95}));
}
BENCHMARK(evaluate_kaplan_meier)->ArgName("subjects")->Arg(48)->Arg(480)->Arg(48'000)->Unit(benchmark::kMicrosecond);

void evaluate_aalen_johansen(benchmark::State& state) {
    const DayTable table = cohort(state.range(0));
    const std::vector<std::int32_t> days{30, 90, 180, 365, 730, 1095};
    for (auto _ : state) benchmark::DoNotOptimize(aalen_johansen(*risk_table(table), 0, days, {0.95}));
}
BENCHMARK(evaluate_aalen_johansen)->ArgName("subjects")->Arg(48)->Arg(480)->Arg(48'000)->Unit(benchmark::kMicrosecond);

void change_one_subject(benchmark::State& state) {
    DayTable table = cohort(state.range(0));
    for (auto _ : state) {
        table.have_event(700, 0, -1);
        table.have_event(701, 1, 1);
        table.have_event(701, 1, -1);
        table.have_event(700, 0, 1);
    }
}
BENCHMARK(change_one_subject)->ArgName("subjects")->Arg(48)->Arg(480);

PairCounts reports(std::size_t products, std::size_t events, int count) {
    std::mt19937_64 random(3);
    std::geometric_distribution<int> product(3.0 / static_cast<double>(products));
    std::geometric_distribution<int> event(3.0 / static_cast<double>(events));
    std::vector<std::int64_t> dense(products * events, 0);
    PairCounts counts;
    counts.product_totals.assign(products, 0);
    counts.event_totals.assign(events, 0);
    for (int i = 0; i < count; ++i) {
        const auto p = static_cast<std::size_t>(product(random)) % products;
        const auto e = static_cast<std::size_t>(event(random)) % events;
        ++dense[p * events + e];
        ++counts.product_totals[p];
        ++counts.event_totals[e];
        ++counts.total;
    }
    for (std::size_t p = 0; p < products; ++p) {
        for (std::size_t e = 0; e < events; ++e) {
            if (dense[p * events + e] == 0) continue;
            counts.cells.push_back(
                {static_cast<std::uint32_t>(p), static_cast<std::uint32_t>(e), dense[p * events + e]});
        }
    }
    return counts;
}

void fit_mgps_from_scratch(benchmark::State& state) {
    const auto pairs = weighted_pairs(
        reports(static_cast<std::size_t>(state.range(0)), 400, static_cast<int>(state.range(1))), ZeroCounts::included);
    for (auto _ : state) benchmark::DoNotOptimize(fit_mgps(pairs, ZeroCounts::included));
    state.counters["rows"] = static_cast<double>(pairs.size());
}
BENCHMARK(fit_mgps_from_scratch)
    ->ArgNames({"products", "reports"})
    ->Args({40, 5'000})
    ->Args({1'000, 50'000})
    ->Unit(benchmark::kMillisecond);

void fit_mgps_warm(benchmark::State& state) {
    const auto pairs = weighted_pairs(reports(40, 400, 5'000), ZeroCounts::included);
    const MgpsPrior prior = fit_mgps(pairs, ZeroCounts::included)->prior;
    for (auto _ : state) benchmark::DoNotOptimize(fit_mgps(pairs, ZeroCounts::included, prior));
}
BENCHMARK(fit_mgps_warm)->Unit(benchmark::kMillisecond);

void score_one_pair(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(mgps_score(MgpsPrior{}, 16, 4.1));
}
BENCHMARK(score_one_pair)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace cellvigil
