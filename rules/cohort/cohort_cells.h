// A cohort's table as the store keeps counts: (measure, x) and one integer each, which add up over partitions cell by
// cell. The measure names table and column:
// "safety/index/zoster_past_day_90/regardless/computed/every/antiviral=off#in" with x the day. Columns: in, out
// (censored), c0.. (by cause), and with x = 0 e<Exit>, n, xx, xt, tt. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.h"
#include "rules/cohort/cohort_table.h"

namespace cellvigil {

struct CohortCell {
    std::string measure;
    std::int32_t x = 0;
    std::int64_t value = 0;
    bool operator==(const CohortCell&) const = default;
};

// Ascending by (measure, x) within a table's row; none is 0.
std::vector<CohortCell> cells_of(const CohortTable& table);
// Adds cells of any number of partitions up. Measures that are no table's (subject_state, crs_max, ...) are passed
// over; `corrupt` for one that begins like a table's and cannot be read.
Result<CohortTable> table_of(const std::vector<CohortCell>& cells);

std::string measure_of(const TableKey& key);

}  // namespace cellvigil
