#include "rules/cohort/cohort_counting.h"

#include <algorithm>
#include <utility>

#include "rules/cohort/cohort_walk.h"

namespace cellvigil {

void CohortCounting::Pending::put_into(DayTable& table) {
    std::sort(changes.begin(), changes.end());
    DayTable gathered(table.causes());
    for (auto one = changes.begin(); one != changes.end();) {
        const auto next = std::find_if(one, changes.end(), [&](std::int64_t other) { return other != *one; });
        const auto day = static_cast<Day>(*one / kColumns - DayTable::kLastDay);
        const auto column = static_cast<std::size_t>(*one % kColumns);
        if (column == 0) {
            gathered.enter(day, next - one);
        } else if (column == 1) {
            gathered.censor(day, next - one);
        } else {
            gathered.have_event(day, column - 2, next - one);
        }
        one = next;
    }
    changes.clear();
    table.merge(gathered);
}

void CohortCounting::add(const SubjectShare& share) {
    for (const IndexShare& index : share.indexes) {
        each_cell(index, [&](const TableKey& key, const auto& take) {
            Cell& cell = cells_[key];
            {
                CellCount counting(cell.pending, cell.counted, 1);
                take(counting);
            }
            if (cell.pending.changes.size() >= kMostPending) cell.pending.put_into(cell.counted.days);
        });
    }
}

CohortTable CohortCounting::finish() {
    CohortTable table;
    for (auto& [key, cell] : cells_) {
        cell.pending.put_into(cell.counted.days);
        table.at(key) = std::move(cell.counted);
    }
    cells_.clear();
    table.drop_zeros();
    return table;
}

}  // namespace cellvigil
