#include "daemon/backtest/summary.h"

#include <algorithm>
#include <cmath>

namespace cellvigil::backtest {

Estimate share_of_runs(std::uint64_t counted, std::uint64_t runs) {
    if (runs == 0) return {};
    const double p = static_cast<double>(counted) / static_cast<double>(runs);
    return {p, std::sqrt(p * (1 - p) / static_cast<double>(runs))};
}

std::optional<Estimate> mean_of(const std::vector<double>& values) {
    if (values.empty()) return std::nullopt;
    const auto n = static_cast<double>(values.size());
    double sum = 0;
    for (const double value : values) sum += value;
    double squares = 0;
    for (const double value : values) squares += (value - sum / n) * (value - sum / n);
    return Estimate{sum / n, n > 1 ? std::sqrt(squares / (n - 1) / n) : 0};
}

std::optional<Estimate> median_of(std::vector<double> values) {
    if (values.empty()) return std::nullopt;
    std::sort(values.begin(), values.end());
    const std::size_t count = values.size();
    const double median = count % 2 == 1 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
    constexpr double kHalfWidth = 0.98;  // 1.96 / 2, in units of sqrt(n): ranks of the 95 % interval
    const double reach = kHalfWidth * std::sqrt(static_cast<double>(count));
    const double middle = static_cast<double>(count) / 2;
    const auto low = static_cast<std::size_t>(std::max(0.0, std::floor(middle - reach)));
    const auto high = std::min(count - 1, static_cast<std::size_t>(std::ceil(middle + reach)));
    return Estimate{median, (values[high] - values[low]) / 4};
}

void summarise(Characteristics& found, const std::vector<Trial>& trials) {
    std::vector<double> days;
    std::vector<double> delays;
    std::uint64_t used_up = 0;
    double events = 0;
    double size = 0;
    found.runs = trials.size();
    for (const Trial& trial : trials) {
        events += trial.events;
        size += trial.size;
        used_up += trial.plan_used_up ? 1 : 0;
        if (!trial.alarm) continue;
        ++found.alarms;
        days.push_back(*trial.alarm);
        found.alarm_days.push_back(*trial.alarm);
        if (!found.raised) continue;
        const bool before = !trial.excess || *trial.alarm < *trial.excess;
        if (before) ++found.alarms_before_excess;
        if (!before) delays.push_back(*trial.alarm - *trial.excess);
    }
    std::sort(found.alarm_days.begin(), found.alarm_days.end());
    const auto runs = static_cast<double>(std::max<std::uint64_t>(found.runs, 1));
    found.alarm = share_of_runs(found.alarms, found.runs);
    if (found.raised) found.power = share_of_runs(delays.size(), found.runs);
    found.mean_days = mean_of(days);
    found.median_days = median_of(days);
    found.mean_delay = mean_of(delays);
    found.median_delay = median_of(delays);
    found.mean_events = events / runs;
    found.mean_size = size / runs;
    found.plan_used_up = static_cast<double>(used_up) / runs;
}

}  // namespace cellvigil::backtest
