// The days of a partition: when one is over, and what it is closed with.
#include <utility>

#include "daemon/journal/control.h"
#include "daemon/pipeline/calendar_cells.h"
#include "daemon/pipeline/partition.h"
#include "rules/monitor/day_looks.h"

namespace cellvigil::pipeline {
namespace {

constexpr std::string_view kRecorded = "site_recorded/";
constexpr std::string_view kAppended = "site_appended/";
constexpr std::string_view kLate = "late_facts";
// A clock that jumps further leaves the days between unlooked at.
constexpr CalendarDay kMostDaysAtOnce = 4000;

std::string measure_of(std::string_view kind, const SiteClock& clock) {
    return std::string(kind).append(clock.study).append("/").append(clock.site);
}

std::vector<CellChange> changes_of(const std::vector<store::CellDelta>& deltas) {
    std::vector<CellChange> changes;
    for (const store::CellDelta& delta : deltas) changes.push_back({delta.cohort, delta.measure, delta.x, delta.by});
    return changes;
}

}  // namespace

void Partition::put_recorded_day() {
    cells_.put(kRecordedCohort, kRecordedMeasure, static_cast<std::int32_t>(id_), recorded_day_);
    cells_changed_ = true;
}

void Partition::see_day(Instant recorded, Instant appended) {
    const std::int64_t day = std::chrono::floor<days>(std::min(recorded, appended)).time_since_epoch().count();
    if (day <= recorded_day_) return;
    recorded_day_ = day;
    put_recorded_day();
}

bool Partition::see_recorded(const Event& event, Instant appended, std::uint32_t& site_clock, const RuleSet& rules) {
    if (!clock_.see(event.study, event.site, event.recorded_at, appended, site_clock)) return false;
    clock_moved_ = true;
    see_day(event.recorded_at, appended);
    return day_over(rules).has_value();
}

void Partition::heed_elsewhere(const SiteBeat& beat, const RuleSet& rules, Batch& batch) {
    if (!clock_.see(beat.study, beat.site, beat.recorded, beat.appended)) return;
    clock_moved_ = true;
    log_time_ = std::max(log_time_, beat.appended);
    record_control(
        journal::control_json(journal::HeartbeatElsewhere{beat.study, beat.site, beat.recorded, beat.appended}));
    see_day(beat.recorded, beat.appended);
    close_days(rules, batch);
}

void Partition::tick(CalendarDay through, Instant log_time, const RuleSet& rules, Batch& batch) {
    if (closed_ && *closed_ >= through) return;
    if (!clock_.tick(through, log_time, rules.day_close)) return;
    clock_moved_ = true;
    log_time_ = std::max(log_time_, log_time);
    record_control(journal::control_json(journal::Tick{through, log_time}));
    close_days(rules, batch);
}

// The last of the days that are over and not closed.
std::optional<CalendarDay> Partition::day_over(const RuleSet& rules) const {
    if (!watches() || counting_held_back_) return std::nullopt;
    const auto over = clock_.over(rules.day_close);
    return over && (!closed_ || *over > *closed_) ? over : std::nullopt;
}

void Partition::close_days(const RuleSet& rules, Batch& batch) {
    const auto over = day_over(rules);
    if (!over) return;
    count_shares(rules);
    store::DayCloseRow row;
    row.partition = id_;
    row.first_day = closed_ && *over - *closed_ <= kMostDaysAtOnce ? *closed_ + 1 : *over;
    row.through = *over;
    row.position = next_;
    row.log_time = log_time_;
    row.late = late_;
    row.silent = !clock_.has_active_site(rules.day_close);
    row.rules = rules.hash;
    row.deltas = cells_.drain_closed();
    record_control(journal::control_json(journal::DayClosed{.first = row.first_day,
                                                            .through = row.through,
                                                            .log_time = row.log_time,
                                                            .late = row.late,
                                                            .silent = row.silent,
                                                            .rules = row.rules,
                                                            .changes = digest_of(changes_of(row.deltas))}));
    closed_ = over;
    batch.commit.day_closes.push_back(std::move(row));
}

void Partition::put_clocks() {
    if (!watches()) return;
    if (late_ != 0) cells_.put(kRecordedCohort, kLate, static_cast<std::int32_t>(id_), late_);
    if (!std::exchange(clock_moved_, false)) return;
    for (const SiteClock& clock : clock_.clocks()) {
        const auto x = static_cast<std::int32_t>(id_);
        cells_.put(kRecordedCohort, measure_of(kRecorded, clock), x, clock.recorded.time_since_epoch().count());
        cells_.put(kRecordedCohort, measure_of(kAppended, clock), x, clock.appended.time_since_epoch().count());
    }
}

Result<void> Partition::recover_days(store::Store& store, const std::vector<store::Cell>& cells) {
    std::map<std::string, SiteClock> clocks;
    for (const store::Cell& cell : cells) {
        if (cell.cohort != kRecordedCohort) continue;
        const std::string_view measure = cell.measure;
        if (measure == kRecordedMeasure) recorded_day_ = cell.value;
        if (measure == kLate) late_ = cell.value;
        const bool recorded = measure.starts_with(kRecorded);
        if (!recorded && !measure.starts_with(kAppended)) continue;
        const std::string_view name = measure.substr(recorded ? kRecorded.size() : kAppended.size());
        SiteClock& clock = clocks[std::string(name)];
        clock.study = name.substr(0, name.find('/'));
        clock.site = name.substr(name.find('/') + 1);
        (recorded ? clock.recorded : clock.appended) = EpochHours(hours(cell.value));
    }
    for (auto& [name, clock] : clocks) clock_.restore(std::move(clock));
    const auto closed = store.closed_cells(id_);
    if (!closed) return fail(closed.error());
    closed_ = closed->through;
    cells_.load_closed(closed->cells);
    return {};
}

}  // namespace cellvigil::pipeline
