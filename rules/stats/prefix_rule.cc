#include "rules/stats/prefix_rule.h"

#include <algorithm>

namespace cellvigil {

std::optional<PrefixAlarm> prefix_rule(std::vector<InfusionDayCount> table, const BinaryBoundary& boundary) {
    std::sort(table.begin(), table.end(),
              [](const InfusionDayCount& one, const InfusionDayCount& other) { return one.day < other.day; });
    PrefixAlarm prefix;
    for (std::size_t i = 0; i < table.size(); ++i) {
        prefix.patients += table[i].patients;
        prefix.events += table[i].known_events;
        const bool is_day_end = i + 1 == table.size() || table[i + 1].day != table[i].day;
        if (!is_day_end || prefix.patients <= 0) continue;
        if (static_cast<std::size_t>(prefix.patients) > boundary.at.size()) break;
        const std::int32_t limit = boundary.at[static_cast<std::size_t>(prefix.patients - 1)];
        if (limit > 0 && prefix.events >= limit) return prefix;
    }
    return std::nullopt;
}

}  // namespace cellvigil
