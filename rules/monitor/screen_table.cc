#include "rules/monitor/screen_table.h"

#include <algorithm>

namespace cellvigil {

void ScreenTable::add(const std::string& unit, ScreenColumn column, std::int32_t x, std::int64_t count) {
    Row& row = units_[unit].rows[static_cast<std::size_t>(column)];
    if (row.empty() || row.back().first < x) {
        row.emplace_back(x, count);
        return;
    }
    const auto place = std::lower_bound(row.begin(), row.end(), x,
                                        [](const auto& entry, std::int32_t wanted) { return entry.first < wanted; });
    if (place->first == x) {
        place->second += count;
    } else {
        row.emplace(place, x, count);
    }
}

std::int64_t ScreenTable::Unit::total(ScreenColumn column) const {
    std::int64_t sum = 0;
    for (const auto& [x, count] : of(column)) sum += count;
    return sum;
}

void ScreenTable::merge(const ScreenTable& other) {
    for (const auto& [name, unit] : other.units_) {
        for (std::size_t c = 0; c < unit.rows.size(); ++c) {
            for (const auto& [x, count] : unit.rows[c]) add(name, static_cast<ScreenColumn>(c), x, count);
        }
    }
}

}  // namespace cellvigil
