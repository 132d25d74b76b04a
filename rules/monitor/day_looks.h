// The looks at the monitors, one per day: look D is taken from what every partition's calendar tables held when that
// partition closed D, and from nothing else. So it is a function of the partitions' logs up to those cuts and of the
// rules, whoever takes it, whenever and however often. docs/cohorts.md, docs/decisions/0028. Pure; one evaluation per
// look.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/base/time.h"
#include "rules/monitor/alarm_course.h"
#include "rules/monitor/calendar_share.h"
#include "rules/monitor/evaluation.h"

namespace cellvigil {

// What one cell of a partition's calendar tables became more (or less) by between two of its cuts.
struct CellChange {
    std::string cohort;   // the pack's cohort
    std::string measure;  // calendar_measure()
    CalendarDay x = 0;
    std::int64_t by = 0;  // not 0
    auto operator<=>(const CellChange&) const = default;
};

// A partition closed these days, all at one place of its log. Immutable.
struct DayClose {
    std::uint32_t partition = 0;
    CalendarDay first = 0;  // both days are closed; days before `first` that no other record closes are never looked at
    CalendarDay through = 0;
    std::int64_t position = 0;        // one past the last message before the cut
    Instant log_time = kAlways;       // the partition's, at the cut
    std::int64_t late = 0;            // facts so far of days that were closed when they came, since the log's beginning
    bool silent = false;              // no site was active in the partition: it closed with the others
    std::string rules;                // hash of the pack that decided
    std::vector<CellChange> changes;  // since the partition's close before; ascending
    bool operator==(const DayClose&) const = default;
};

struct DayLook {
    CalendarDay day = 0;
    Instant log_time = kAlways;        // the latest of the partitions' cuts
    std::int64_t late = 0;             // over the partitions, up to their cuts
    std::string sums;                  // digest of the sums that were used: 32 hex digits
    std::vector<WatchSignal> signals;  // in the order of prepared.watches, as are the next two
    std::vector<Telling> tellings;     // of their alarms
    std::vector<AlarmCourse> courses;  // as they stand with this look
};

// Takes closes in, in each partition's order, and gives the looks that they make possible, in order of the day.
class DayLooks {
  public:
    // `partitions`: of the deployment, every one of which must have closed a day.
    DayLooks(std::shared_ptr<const Prepared> prepared, std::uint32_t partitions, RefireRules refire);

    void add(DayClose close);
    // Looks up to here were taken before: they are passed over, not taken again. `courses`: how the alarms stood with
    // the last of them, by alarm id; one that is not named did not stand.
    void resume_after(CalendarDay day, const std::map<std::string, AlarmCourse, std::less<>>& courses);
    std::optional<DayLook> next();  // nullopt: not every partition has closed a later day

    // The latest day that the partition has closed; nullopt: none.
    std::optional<CalendarDay> closed_by(std::uint32_t partition) const;
    bool is_silent(std::uint32_t partition) const { return closed_.at(partition).silent; }

  private:
    struct Closed {
        std::map<CalendarDay, DayClose> waiting;  // by `through`; not yet all in the sums, or the latest
        std::optional<CalendarDay> latest;
        bool silent = false;
        std::int64_t late = 0;
        Instant log_time = kAlways;
    };
    std::optional<CalendarDay> next_day() const;
    void take_in(Closed& closed, CalendarDay day);

    std::shared_ptr<const Prepared> prepared_;
    RefireRules refire_;
    std::vector<AlarmCourse> courses_;  // in the order of prepared.watches
    std::map<std::pair<std::string, std::string>, std::pair<std::size_t, CalendarColumn>> places_;
    std::vector<CalendarTable> tables_;
    std::vector<Closed> closed_;
    std::optional<CalendarDay> last_;
};

// A line per monitor: alarm id, monitor, cohort, events, subjects, person-days, statistic, threshold, the events with
// which its alarm last fired or "-", and "crossed", "-" or "cannot_signal", separated by tabs. Numbers are exact: equal
// looks give equal bytes.
std::string outcome_text(const Prepared& prepared, const DayLook& look);
// The alarm ids among them that are crossed.
std::vector<std::string> crossed_in(std::string_view outcome);
// Whether the alarm is named in it at all, and crossed.
std::optional<bool> crossed_in(std::string_view outcome, std::string_view alarm_id);
// How each alarm that it names stands with it.
std::map<std::string, AlarmCourse, std::less<>> courses_in(std::string_view outcome);

// 32 hex digits of any text.
std::string digest_of(std::string_view text);
std::string digest_of(const std::vector<CellChange>& changes);

}  // namespace cellvigil
