#include "rules/cohort/cohort_table.h"

#include "rules/cohort/cohort_walk.h"

namespace cellvigil {
namespace {

template <typename Map>
void drop_if_zero(Map& cells, typename Map::iterator at) {
    if (at->second.is_zero()) cells.erase(at);
}

}  // namespace

void CohortTable::count(const SubjectShare& share, std::int64_t sign) {
    for (const IndexShare& index : share.indexes) {
        each_cell(index, [&](const TableKey& key, const auto& take) {
            const auto at = cells_.try_emplace(key).first;
            {
                CellCount counting(at->second.days, at->second, sign);
                take(counting);
            }
            drop_if_zero(cells_, at);
        });
    }
}

void CohortTable::combine(const CohortTable& other, std::int64_t sign) {
    if (&other == this) {
        const CohortTable copy = other;
        combine(copy, sign);
        return;
    }
    for (const auto& [key, cell] : other.cells_) {
        const auto at = cells_.try_emplace(key).first;
        TableCell& mine = at->second;
        if (sign > 0) {
            mine.days.merge(cell.days);
        } else {
            mine.days.subtract(cell.days);
        }
        for (std::size_t i = 0; i < kExits; ++i) mine.exits[i] += sign * cell.exits[i];
        mine.squares.events_squared += sign * cell.squares.events_squared;
        mine.squares.events_times_days += sign * cell.squares.events_times_days;
        mine.squares.days_squared += sign * cell.squares.days_squared;
        mine.subjects += sign * cell.subjects;
        drop_if_zero(cells_, at);
    }
}

const TableCell* CohortTable::find(const TableKey& key) const {
    const auto found = cells_.find(key);
    return found == cells_.end() ? nullptr : &found->second;
}

void CohortTable::drop_zeros() {
    std::erase_if(cells_, [](const auto& entry) { return entry.second.is_zero(); });
}

}  // namespace cellvigil
