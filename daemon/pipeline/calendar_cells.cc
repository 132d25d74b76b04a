#include "daemon/pipeline/calendar_cells.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace cellvigil::pipeline {
namespace {

constexpr hours kSilence{24};

}  // namespace

std::vector<CalendarTable> tables_of(const WatchPlan& plan, const std::vector<store::CellSum>& sums) {
    std::map<std::pair<std::string, std::string>, std::pair<std::size_t, CalendarColumn>> places;
    for (std::size_t i = 0; i < plan.tables.size(); ++i) {
        for (int c = 0; c < kCalendarColumns; ++c) {
            const auto column = static_cast<CalendarColumn>(c);
            places[{plan.tables[i].cohort.id, calendar_measure(plan.tables[i], column)}] = {i, column};
        }
    }
    std::vector<CalendarTable> tables(plan.tables.size());
    for (const store::CellSum& sum : sums) {
        const auto place = places.find({sum.cohort, sum.measure});
        if (place == places.end()) continue;
        in(tables[place->second.first].at(sum.x), place->second.second) += sum.value;
    }
    for (CalendarTable& table : tables) table.drop_zeros();
    return tables;
}

std::vector<ScreenTable> screen_tables_of(const ScreenPlan& plan, const std::vector<store::CellSum>& sums) {
    std::map<std::pair<std::string, std::string>, std::pair<std::size_t, ScreenColumn>> places;
    for (std::size_t i = 0; i < plan.tables.size(); ++i) {
        for (int c = 0; c < kScreenColumns; ++c) {
            const auto column = static_cast<ScreenColumn>(c);
            places[{plan.tables[i].cohort.id, screen_measure(plan.tables[i], column, "")}] = {i, column};
        }
    }
    std::vector<ScreenTable> tables(plan.tables.size());
    for (const store::CellSum& sum : sums) {
        if (!sum.measure.starts_with("screen/")) continue;
        // "screen/<table>/<column>/<unit>": the unit begins behind the third slash.
        const std::size_t table_end = sum.measure.find('/', sum.measure.find('/') + 1);
        const std::size_t column_end =
            table_end == std::string::npos ? table_end : sum.measure.find('/', table_end + 1);
        if (column_end == std::string::npos) continue;
        const auto place = places.find({sum.cohort, sum.measure.substr(0, column_end + 1)});
        if (place == places.end()) continue;
        tables[place->second.first].add(sum.measure.substr(column_end + 1), place->second.second, sum.x, sum.value);
    }
    return tables;
}

std::string who_measure(const WatchedTable& table, std::string_view subject) {
    return store::kWho + name_of(table) + "/" + std::string(subject);
}

std::optional<CalendarDay> last_whole_day(const std::vector<store::CellSum>& sums,
                                          const std::vector<store::Claim>& positions) {
    Instant newest = kAlways;
    for (const store::Claim& claim : positions) newest = std::max(newest, claim.log_time);
    std::optional<CalendarDay> earliest;
    for (const store::CellSum& sum : sums) {
        if (sum.cohort != kRecordedCohort || sum.measure != kRecordedMeasure || sum.value == 0) continue;
        const auto at = std::find_if(positions.begin(), positions.end(), [&](const store::Claim& claim) {
            return claim.partition == static_cast<std::uint32_t>(sum.x);
        });
        if (at == positions.end() || at->log_time == kAlways || newest - at->log_time > kSilence) continue;
        const auto day = static_cast<CalendarDay>(sum.value);
        earliest = earliest ? std::min(*earliest, day) : day;
    }
    if (!earliest) return std::nullopt;
    return *earliest - 1;
}

}  // namespace cellvigil::pipeline
