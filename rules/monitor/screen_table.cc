#include "rules/monitor/screen_table.h"

namespace cellvigil {

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
