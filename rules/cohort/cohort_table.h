// The numbers of one cohort, as integers that add and subtract without loss: per analysis set, endpoint, estimand and
// stratum a day table (entered, censored, ended by each cause, by day), how many ended by what, and three sums by which
// repeated events of one subject are told from events of many. Whatever the order of subjects and however they are
// spread over partitions, equal subjects give equal tables; taking back what was added leaves nothing (decision D5 of
// docs/cohorts.md). A value; not thread-safe while it changes.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>

#include "rules/cohort/contribution.h"
#include "rules/stats/day_table.h"

namespace cellvigil {

struct TableKey {
    AnalysisSet set = AnalysisSet::safety;
    bool reinfusion = false;  // of the second and later infusions, as indexes of their own
    EndpointKey endpoint;
    Stratum stratum;
    auto operator<=>(const TableKey&) const = default;
};

// Over subjects, x events and t days at risk each: what a variance by subject needs.
struct SquareSums {
    std::int64_t events_squared = 0;
    std::int64_t events_times_days = 0;
    std::int64_t days_squared = 0;
    bool operator==(const SquareSums&) const = default;
};

struct TableCell {
    DayTable days{kCauses};
    std::array<std::int64_t, kExits> exits{};  // by Exit
    SquareSums squares;
    std::int64_t subjects = 0;  // with any time at risk
    bool operator==(const TableCell&) const = default;
    bool is_zero() const { return *this == TableCell{}; }
};

class CohortTable {
  public:
    using Cells = std::map<TableKey, TableCell>;

    void add(const SubjectShare& share) { count(share, 1); }
    void subtract(const SubjectShare& share) { count(share, -1); }
    void merge(const CohortTable& other) { combine(other, 1); }
    void subtract(const CohortTable& other) { combine(other, -1); }

    // nullptr: nobody counts there.
    const TableCell* find(const TableKey& key) const;
    const Cells& cells() const { return cells_; }
    bool empty() const { return cells_.empty(); }
    bool operator==(const CohortTable&) const = default;

    // For reading stored cells back: the cell to fill. drop_zeros() after the last.
    TableCell& at(const TableKey& key) { return cells_[key]; }
    void drop_zeros();

  private:
    void count(const SubjectShare& share, std::int64_t sign);
    void combine(const CohortTable& other, std::int64_t sign);

    Cells cells_;  // none is zero
};

}  // namespace cellvigil
