// Calendar tables as the store keeps them: one cell per table, column and day, added over partitions by the store's
// sums. Cohort: the pack's cohort; measure: "calendar/zoster_past_day_90/entered"; x: days since 1970-01-01 at the
// site. And up to which day each partition's sources have written, by partition: cohort "-", measure "recorded_day", x:
// partition.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/store/store.h"
#include "rules/monitor/calendar_share.h"
#include "rules/monitor/screen_table.h"

namespace cellvigil::pipeline {

inline constexpr std::string_view kRecordedCohort = "-";
inline constexpr std::string_view kRecordedMeasure = "recorded_day";

// The tables of a plan, in its order, out of the sums; what belongs to no table of it is passed over.
std::vector<CalendarTable> tables_of(const WatchPlan& plan, const std::vector<store::CellSum>& sums);

// The same of the screens' tables.
std::vector<ScreenTable> screen_tables_of(const ScreenPlan& plan, const std::vector<store::CellSum>& sums);

// Under which a store keeps that a subject stands in a table with an event: "who/crs_3/STUDY/0001".
std::string who_measure(const WatchedTable& table, std::string_view subject);

// The last day that every partition's sources have behind them: the day before the earliest of the partitions' last
// days. A partition whose log has been silent for a day while others went on does not hold the rest up; nor does one
// that has never said anything. nullopt: nobody has said anything.
std::optional<CalendarDay> last_whole_day(const std::vector<store::CellSum>& sums,
                                          const std::vector<store::Claim>& positions);

}  // namespace cellvigil::pipeline
