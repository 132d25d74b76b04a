// How a pack's monitors behave, by simulating many cohorts from the simulator's truth: false alarms, power, delay. The
// same design gives the same figures, whatever the number of threads. docs/backtest.md.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "daemon/backtest/summary.h"
#include "rules/base/result.h"
#include "rules/monitor/boundary.h"

namespace cellvigil::backtest {

struct Watched {
    MonitorSpec monitor;
    Boundary boundary;
};
// Every monitor of the catalogue that can be simulated on this base; the others by name and reason.
struct Selection {
    std::vector<Watched> watched;
    std::vector<std::string> left_out;
};
Selection monitors_of(const Catalogue& catalogue, Base base);

inline constexpr std::uint32_t kMostRuns = 1'000'000;

struct Design {
    simulate::Parameters parameters;  // its seed is that of the whole design; `now` is the cohort's data cut
    Base base = Base::at_limit;
    std::uint32_t runs = 1000;  // 1 to kMostRuns
    std::uint32_t threads = 1;  // the caller's among them
};

// One cohort. `run` from 0.
std::vector<Trial> run_once(const Design& design, const std::vector<Watched>& watched, std::uint32_t run);

// `progress`: on the calling thread, with the number of cohorts that are done. `invalid`: runs, threads or parameters
// out of range.
Result<std::vector<Characteristics>> backtest(const Design& design, const std::vector<Watched>& watched,
                                              const std::function<void(std::uint64_t)>& progress);

}  // namespace cellvigil::backtest
