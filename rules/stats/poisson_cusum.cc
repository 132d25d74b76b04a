#include "rules/stats/poisson_cusum.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "rules/base/ensure.h"
#include "rules/stats/special_functions.h"

namespace cellvigil {
namespace {

constexpr std::size_t kStepsPerEvent = 400;
constexpr std::size_t kMostCells = 200'000;
constexpr std::size_t kMostEventsPerStep = 4;  // the rest is below 1e-12: a step is a small part of an event

}  // namespace

double alarm_probability(const PoissonCusum& chart, double expected, double true_ratio) {
    ensure(chart.ratio > 1 && chart.h > 0 && expected > 0 && true_ratio >= 0, "a chart against a rise, and a plan");
    const double jump = std::log(chart.ratio);
    const double cell = jump / static_cast<double>(kStepsPerEvent);
    const double step = cell / (chart.ratio - 1);  // in expected events: C falls by one cell
    const auto cells = static_cast<std::size_t>(std::ceil(chart.h / cell - 1e-9));
    if (cells > kMostCells) return 0;
    const auto steps = static_cast<std::int64_t>(std::llround(expected / step));
    std::vector<double> events;
    for (std::size_t k = 0; k < kMostEventsPerStep; ++k)
        events.push_back(special::poisson_mass(static_cast<double>(k), true_ratio * step));
    std::vector<double> now(cells, 0);  // C = i cells, below h
    std::vector<double> next(cells, 0);
    now[0] = 1;
    for (std::int64_t s = 0; s < steps; ++s) {
        std::fill(next.begin(), next.end(), 0);
        for (std::size_t i = 0; i < cells; ++i) {
            if (now[i] == 0) continue;
            const std::size_t fallen = i == 0 ? 0 : i - 1;
            for (std::size_t k = 0; k < events.size(); ++k) {
                const std::size_t to = fallen + k * kStepsPerEvent;
                if (to >= cells) break;  // an alarm: leaves the chain
                next[to] += now[i] * events[k];
            }
        }
        now.swap(next);
    }
    double silent = 0;
    for (const double mass : now) silent += mass;
    return std::clamp(1 - silent, 0.0, 1.0);
}

double calibrated_h(double ratio, double expected, double alpha) {
    std::int64_t low = 0;  // thousandths; alarms too often
    std::int64_t high = 20'000;
    while (high - low > 1) {
        const std::int64_t middle = (low + high) / 2;
        const bool rare = alarm_probability({ratio, static_cast<double>(middle) / 1000.0}, expected, 1) <= alpha;
        (rare ? high : low) = middle;
    }
    return static_cast<double>(high) / 1000.0;
}

}  // namespace cellvigil
