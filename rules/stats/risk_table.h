// Who was at risk on each day of a day table: the checked form that the estimators of time to event read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "rules/base/result.h"
#include "rules/stats/day_table.h"

namespace cellvigil {

struct RiskDay {
    std::int32_t day = 0;
    std::int64_t at_risk = 0;  // entered on days before this one, and not left on days before it
    std::int64_t entries = 0;
    std::int64_t censored = 0;
    std::int64_t events = 0;  // of all causes; at most at_risk
};

// Valid by construction: counts are not negative, and nobody leaves who is not at risk. Immutable.
class RiskTable {
  public:
    std::size_t causes() const { return causes_; }
    std::span<const RiskDay> days() const { return days_; }  // ascending
    std::int64_t events(std::size_t day_index, std::size_t cause) const {
        return cause_events_[day_index * causes_ + cause];
    }
    std::int64_t at_risk_on(std::int32_t day) const;
    std::int64_t events() const;  // of all causes and days

    // Person-days: the sum over subjects of exit minus origin, an exact integer. nullopt: somebody has entered and has
    // no exit yet, so there is no total (give every subject an exit: the day of its last contact or of the data cut).
    std::optional<std::int64_t> person_days() const;

  private:
    friend Result<RiskTable> risk_table(const DayTable& table);

    std::size_t causes_ = 1;
    std::vector<RiskDay> days_;
    std::vector<std::int64_t> cause_events_;
};

// Fails with invalid when a count is negative or more subjects leave on a day than are at risk on it (an exit on the
// day of entry included): such a table is a sum of which a part is missing. The error names the day.
Result<RiskTable> risk_table(const DayTable& table);

}  // namespace cellvigil
