// What came of many simulated cohorts, with how far chance alone may have moved each figure. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/backtest/share.h"

namespace cellvigil::backtest {

struct Estimate {
    double value = 0;
    double error = 0;  // Monte Carlo standard error
    bool operator==(const Estimate&) const = default;
};
Estimate share_of_runs(std::uint64_t counted, std::uint64_t runs);  // sqrt(p (1 - p) / runs)
// nullopt of nothing. The median's error is a quarter of the width of its 95 % interval by ranks.
std::optional<Estimate> mean_of(const std::vector<double>& values);
std::optional<Estimate> median_of(std::vector<double> values);

// One simulated cohort under one monitor.
struct Trial {
    std::optional<std::int32_t> alarm;   // days after the first infusion
    std::optional<std::int32_t> excess;  // the same: first day on which anybody's risk was raised
    std::int32_t events = 0;
    double size = 0;  // subjects, or person-days at risk
    bool plan_used_up = false;
};

struct Characteristics {
    std::string monitor;
    ReportedEndpoint endpoint = ReportedEndpoint::crs_3;
    simulate::Scenario scenario = simulate::Scenario::none;
    bool raised = false;        // by the scenario; else every alarm is a false one
    std::string cannot_signal;  // why; empty: it can
    double alpha = 0;           // exact, of the boundary at its limit
    std::uint64_t runs = 0;
    std::uint64_t alarms = 0;
    std::uint64_t alarms_before_excess = 0;
    Estimate alarm;                     // probability
    std::optional<Estimate> power;      // alarms from the excess on; nullopt: not raised
    std::optional<Estimate> mean_days;  // from the first infusion, of the runs that alarm
    std::optional<Estimate> median_days;
    std::optional<Estimate> mean_delay;  // from the true excess, of the alarms from the excess on
    std::optional<Estimate> median_delay;
    double mean_events = 0;
    double mean_size = 0;                  // subjects, or person-years
    double plan_used_up = 0;               // share of runs: false alarms equal alpha only where this is near 1
    std::vector<std::int32_t> alarm_days;  // ascending
};
void summarise(Characteristics& found, const std::vector<Trial>& trials);

}  // namespace cellvigil::backtest
