// The counts of one screen's table, by unit: sums over subjects. Pure values.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "rules/monitor/watch_share.h"

namespace cellvigil {

class ScreenTable {
  public:
    using Row = std::vector<std::pair<std::int32_t, std::int64_t>>;  // ascending by x: every look passes over all of it
    struct Unit {
        std::array<Row, kScreenColumns> rows;
        const Row& of(ScreenColumn column) const { return rows[static_cast<std::size_t>(column)]; }
        std::int64_t total(ScreenColumn column) const;
        bool operator==(const Unit&) const = default;
    };

    // Counts that became 0 stand for nothing: whoever reads totals sees no difference.
    void add(const std::string& unit, ScreenColumn column, std::int32_t x, std::int64_t count);
    const std::map<std::string, Unit>& units() const { return units_; }
    void merge(const ScreenTable& other);
    bool operator==(const ScreenTable&) const = default;

  private:
    std::map<std::string, Unit> units_;
};

}  // namespace cellvigil
