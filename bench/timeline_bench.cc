// The cost of one in-order event in the core, all scales on, by length of the timeline and by number of subjects.
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "rules/base/hash.h"
#include "rules/timeline/subject_timeline.h"
#include "tests/support/fact_story.h"

namespace cellvigil {
namespace {

using story::d;

// Ward mix: vital signs 85 %, laboratory 12 %, the rest 3 %.
Body nth_body(std::size_t i, bool ill) {
    const auto observed = [](Analyte analyte, Quantity value) {
        Observation said;
        said.analyte = analyte;
        said.status = ResultStatus::final;
        said.value = value;
        return said;
    };
    const std::size_t place = i % 100;
    if (place < 85) {
        constexpr Analyte kVitals[] = {Analyte::temperature, Analyte::systolic, Analyte::diastolic, Analyte::heart_rate,
                                       Analyte::spo2};
        const auto warmth = static_cast<std::int64_t>(i * 7919 % (ill ? 3000 : 1000));
        const Quantity values[] = {{36'500'000 + warmth * 1000},
                                   whole((ill ? 85 : 105) + static_cast<int>(i % 60)),
                                   whole(70),
                                   whole(80),
                                   whole(93 + static_cast<int>(i % 6))};
        return observed(kVitals[place % 5], values[place % 5]);
    }
    if (place < 97) return observed(Analyte::neutrophils, thousandths(static_cast<std::int64_t>(i % 4000)));
    IceAssessment ice;
    ice.total = static_cast<std::uint32_t>(ill ? 6 + i % 5 : 10);
    ice.consciousness = Consciousness::alert;
    return ice;
}

struct Feed {
    std::string message, record;
    Event event;
    void next(std::size_t i, Instant at, bool ill = true) {
        message = "0190a1b2-0000-7000-8000-" + std::to_string(100'000'000'000 + i);
        record = "vs-" + std::to_string(i);
        event.message_id = message;
        event.source_system = "site-01.ehr";
        event.study = "STUDY";
        event.cohort = "COHORT";
        event.site = "site-01";
        event.subject = "S-001";
        event.record = record;
        event.effective = {at, at, story::kOffset, TimePrecision::second};
        event.recorded_at = at;
        event.appended_at = at;
        event.content_hash = i * 0x9e3779b97f4a7c15;
        event.body = nth_body(i, ill);
    }
};

SubjectTimeline begun() { return story::Story().adult().infused().timeline(); }

// Arg: facts already in the timeline. Vital signs every 20 s, so that 10^5 of them fit the weeks after infusion. `ill`:
// every other reading crosses a limit, so that almost every vital sign changes a statement: the worst case.
void in_order(benchmark::State& state, bool ill) {
    const auto length = static_cast<std::size_t>(state.range(0));
    Feed feed;
    SubjectTimeline timeline = begun();
    std::size_t i = 0;
    const auto at = [](std::size_t n) { return d(0, 11) + seconds(20) * static_cast<long>(n); };
    const RuleSet rules;
    for (; i < length; ++i) {
        feed.next(i, at(i), ill);
        static_cast<void>(timeline.apply(feed.event, rules));
    }
    for (auto step : state) {
        static_cast<void>(step);
        feed.next(i, at(i), ill);
        benchmark::DoNotOptimize(timeline.apply(feed.event, rules));
        ++i;
    }
    state.counters["bytes_per_fact"] = static_cast<double>(timeline.memory_bytes()) / static_cast<double>(i);
}
void in_order_well(benchmark::State& state) { in_order(state, false); }
void in_order_ill(benchmark::State& state) { in_order(state, true); }
BENCHMARK(in_order_well)->RangeMultiplier(10)->Range(100, 100'000)->Iterations(100'000);
BENCHMARK(in_order_ill)->RangeMultiplier(10)->Range(100, 100'000)->Iterations(100'000);

void building_the_event_alone(benchmark::State& state) {
    Feed feed;
    std::size_t i = 0;
    for (auto step : state) {
        static_cast<void>(step);
        feed.next(i, d(0, 11) + seconds(20) * static_cast<long>(i));
        benchmark::DoNotOptimize(feed.event);
        ++i;
    }
}
BENCHMARK(building_the_event_alone)->Iterations(100'000);

// Args: percent of the facts that come late, and by how many facts; the others come in order, from 4000 facts on. In
// order each costs what in_order_ill shows.
void late(benchmark::State& state) {
    const auto share = static_cast<std::size_t>(state.range(0));
    const long distance = state.range(1);
    Feed feed;
    SubjectTimeline timeline = begun();
    const RuleSet rules;
    std::size_t i = 0;
    const auto next = [&] {
        const bool is_late = i >= 4000 && i * 37 % 100 < share;
        const Instant now = d(0, 11) + minutes(2) * static_cast<long>(i);
        feed.next(i, is_late ? now - minutes(2) * distance - seconds(30) : now);
        ++i;
        return timeline.apply(feed.event, rules);
    };
    while (i < 4000) static_cast<void>(next());
    for (auto step : state) {
        static_cast<void>(step);
        benchmark::DoNotOptimize(next());
    }
    state.counters["steps_again"] =
        benchmark::Counter(static_cast<double>(timeline.folded_again()), benchmark::Counter::kAvgIterations);
    state.counters["bytes_per_fact"] = static_cast<double>(timeline.memory_bytes()) / static_cast<double>(i);
}
BENCHMARK(late)->ArgNames({"percent", "facts"})->ArgsProduct({{5, 50}, {1, 8, 64, 1000}})->Iterations(4'000);

}  // namespace
}  // namespace cellvigil
