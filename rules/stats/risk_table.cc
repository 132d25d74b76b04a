#include "rules/stats/risk_table.h"

#include <algorithm>
#include <string>

namespace cellvigil {

std::int64_t RiskTable::at_risk_on(std::int32_t day) const {
    const auto after = std::lower_bound(days_.begin(), days_.end(), day,
                                        [](const RiskDay& one, std::int32_t d) { return one.day < d; });
    if (after != days_.end()) return after->at_risk;
    if (days_.empty()) return 0;
    const RiskDay& last = days_.back();
    return last.at_risk + last.entries - last.events - last.censored;
}

std::int64_t RiskTable::events() const {
    std::int64_t all = 0;
    for (const RiskDay& day : days_) all += day.events;
    return all;
}

std::optional<std::int64_t> RiskTable::person_days() const {
    std::int64_t days = 0;
    std::int64_t open = 0;
    for (const RiskDay& day : days_) {
        const std::int64_t left = day.events + day.censored - day.entries;
        // At most 1e6 days x 1.7e10 subjects a row: each step fits; the sum is guarded.
        if (__builtin_add_overflow(days, std::int64_t{day.day} * left, &days)) return std::nullopt;
        open -= left;
    }
    if (open != 0) return std::nullopt;
    return days;
}

Result<RiskTable> risk_table(const DayTable& table) {
    RiskTable result;
    result.causes_ = table.causes();
    result.days_.reserve(table.size());
    std::int64_t at_risk = 0;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const DayTable::Row row = table.row(i);
        RiskDay day{.day = row.day, .at_risk = at_risk, .entries = row.entries, .censored = row.censored};
        bool is_negative = row.entries < 0 || row.censored < 0;
        for (const std::int64_t events : row.events) {
            is_negative = is_negative || events < 0;
            day.events += events;
            result.cause_events_.push_back(events);
        }
        if (is_negative) return fail(Errc::invalid, "day " + std::to_string(row.day) + " has a negative count");
        if (day.events + day.censored > at_risk) {
            return fail(Errc::invalid, "day " + std::to_string(row.day) + ": " +
                                           std::to_string(day.events + day.censored) + " subjects leave, " +
                                           std::to_string(at_risk) + " are at risk");
        }
        at_risk += day.entries - day.events - day.censored;
        result.days_.push_back(day);
    }
    return result;
}

}  // namespace cellvigil
