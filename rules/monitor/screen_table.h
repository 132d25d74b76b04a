// The counts of one screen's table, by unit: sums over subjects. Pure values.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "rules/monitor/watch_share.h"

namespace cellvigil {

class ScreenTable {
  public:
    using Row = std::map<std::int32_t, std::int64_t>;  // by x
    struct Unit {
        std::array<Row, kScreenColumns> rows;
        const Row& of(ScreenColumn column) const { return rows[static_cast<std::size_t>(column)]; }
        std::int64_t total(ScreenColumn column) const;
    };

    // Counts that became 0 stand for nothing: whoever reads totals sees no difference.
    void add(const std::string& unit, ScreenColumn column, std::int32_t x, std::int64_t count) {
        units_[unit].rows[static_cast<std::size_t>(column)][x] += count;
    }
    const std::map<std::string, Unit>& units() const { return units_; }
    void merge(const ScreenTable& other);

  private:
    std::map<std::string, Unit> units_;
};

}  // namespace cellvigil
