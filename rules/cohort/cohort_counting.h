// Counts many subjects into one table: the same table as adding them one by one, for less. A day table is sorted, so
// adding to it costs a search and often an insertion in memory that no cache holds; here a cell's days are gathered
// unsorted and put into its table some thousand at a time. For questions over a whole cohort; not thread-safe.
#pragma once

#include <map>
#include <vector>

#include "rules/cohort/cohort_table.h"

namespace cellvigil {

class CohortCounting {
  public:
    void add(const SubjectShare& share);
    // The table of everybody so far; the counting begins anew.
    CohortTable finish();

  private:
    struct Pending {
        std::vector<std::int64_t> changes;  // day and column of one count, in one number
        void enter(Day day, std::int64_t) { note(day, 0); }
        void censor(Day day, std::int64_t) { note(day, 1); }
        void have_event(Day day, std::size_t cause, std::int64_t) { note(day, 2 + cause); }
        void note(Day day, std::size_t column) {
            changes.push_back((std::int64_t{day} + DayTable::kLastDay) * kColumns + static_cast<std::int64_t>(column));
        }
        void put_into(DayTable& table);
    };
    static constexpr std::int64_t kColumns = 2 + DayTable::kMostCauses;
    static constexpr std::size_t kMostPending = 2048;  // of a cell: 16 KiB
    struct Cell {
        TableCell counted;
        Pending pending;
    };
    std::map<TableKey, Cell> cells_;
};

}  // namespace cellvigil
