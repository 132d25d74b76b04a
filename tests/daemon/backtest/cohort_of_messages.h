// A simulated cohort the long way: messages, admission, timelines, the cohort engine's table.
#pragma once

#include <cstdint>

#include "daemon/simulate/simulation.h"

namespace cellvigil::backtest {

// Faults of the stream off: what the messages then say is what happened.
simulate::Parameters without_faults(simulate::Parameters parameters);

// What the engine counts in the safety set, crude and regardless of other therapy.
struct EngineCounts {
    std::int64_t subjects = 0;
    std::int64_t crs_any = 0;
    std::int64_t crs_3 = 0;
    std::int64_t icans_any = 0;
    std::int64_t icans_3 = 0;
    std::int64_t neutropenia_3 = 0;
    std::int64_t infection_past_day_90 = 0;
    std::int64_t zoster_past_day_90 = 0;
    std::int64_t zoster_person_days = 0;
};
// Everybody of parameters.study/parameters.cohort, as known at parameters.now; `times` cohorts with seeds that follow
// each other, their tables added up.
EngineCounts counts_of_messages(simulate::Parameters parameters, std::uint32_t times);

}  // namespace cellvigil::backtest
