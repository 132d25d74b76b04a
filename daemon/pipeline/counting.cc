// What a partition's subjects count as: in their cohorts' cells and in what monitors look at. Once per subject and
// commit, however many of its facts came.
#include <iterator>
#include <utility>

#include "daemon/pipeline/calendar_cells.h"
#include "daemon/pipeline/partition.h"

namespace cellvigil::pipeline {
namespace {

WatchShare share_now(const Subject& subject, const WatchPlan& plan, const RuleSet& rules) {
    return watch_share(subject_facts(subject.timeline, rules, std::nullopt, std::nullopt), plan, rules);
}

}  // namespace

void Partition::list_uncounted(Subject& subject) {
    cells_changed_ = true;
    if (subject.uncounted_summary) return;
    subject.uncounted_summary = true;
    uncounted_.push_back(&subject);
}

void Partition::count_summaries() {
    for (Subject* subject : uncounted_) {
        subject->uncounted_summary = false;
        count_anew(*subject);
    }
    uncounted_.clear();
}

void Partition::count_anew(Subject& subject) {
    if (!subject.counted_cohort.empty()) cells_.remove(subject.counted_cohort, subject.counted);
    subject.counted_cohort = subject.timeline.cohort();
    subject.counted = subject.timeline.summary();
    if (!subject.counted_cohort.empty()) cells_.add(subject.counted_cohort, subject.counted);
    cells_changed_ = true;
}

// ---- what monitors look at

void Partition::learn_share(Subject& subject, const RuleSet& rules) {
    subject.share = share_now(subject, *plan_, rules);
    subject.share_known = true;
}

void Partition::list_stale(Subject& subject) {
    if (subject.share_stale) return;
    subject.share_stale = true;
    stale_.push_back(&subject);
}

// Once per subject and commit, however many of its facts came.
void Partition::count_shares(const RuleSet& rules) {
    for (Subject* subject : std::exchange(stale_, {})) {
        subject->share_stale = false;
        WatchShare share = watches() ? share_now(*subject, *plan_, rules) : WatchShare{};
        if (share == subject->share) continue;
        count_share(subject->share, -1);
        count_share(share, 1);
        const auto before = tables_with_event(subject->share.calendar);
        const auto now = tables_with_event(share.calendar);
        if (before != now) {
            name_in(before, subject->timeline.key(), 0);
            name_in(now, subject->timeline.key(), 1);
        }
        subject->share = std::move(share);
        cells_changed_ = true;
    }
}

void Partition::count_share(const WatchShare& share, std::int64_t sign) {
    for (const CalendarCount& one : share.calendar) {
        const WatchedTable& table = plan_->tables[one.table];
        cells_.change(table.cohort.id, calendar_measure(table, one.column), one.day, sign * one.count);
    }
    for (const ScreenCount& one : share.screens) {
        const ScreenTableSpec& table = plan_->screens.tables[one.table];
        cells_.change(table.cohort.id, screen_measure(table, one.column, one.unit), one.x, sign * one.count);
    }
}

// An absolute value: of a later one for the same name the store keeps the later.
void Partition::name_in(const std::vector<std::uint16_t>& tables, std::string_view subject, std::int64_t value) {
    for (const std::uint16_t place : tables) {
        const WatchedTable& table = plan_->tables[place];
        if (table.upper) continue;
        named_.push_back({.partition = id_,
                          .cohort = table.cohort.id,
                          .measure = who_measure(table, subject),
                          .x = 0,
                          .y = 0,
                          .value = value});
    }
}

}  // namespace cellvigil::pipeline
