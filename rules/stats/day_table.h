// The state of a time-to-event analysis: per day the number of subjects that came under observation, that were
// censored, and that had an event of each cause. Everything in risk_table.h, kaplan_meier.h, aalen_johansen.h follows
// from it.
//
// Conventions. A subject that is first at risk on day f adds one entry on day f - 1 (its origin L: 0 for "from the day
// after infusion", 90 for "past day 90", -1 when an event on day 0 counts) and one exit, an event or a censoring, on a
// day t > L: it is at risk in the interval (L, t]. Events come before censorings of the same day. Days are whole; any
// other unit (months) works as long as everything uses it.
//
// Tables merge by adding and take back by subtracting, so any split of the subjects over partitions, in any order,
// gives equal tables and with them bit-equal estimates. A day without counts is no row: a subject taken back leaves no
// trace. A value: pure, no globals, safe to share once it no longer changes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace cellvigil {

class DayTable {
  public:
    static constexpr std::size_t kMostCauses = 16;
    static constexpr std::int32_t kLastDay = 1'000'000;           // the first is its negative
    static constexpr std::int64_t kMostSubjects = 1'000'000'000;  // of one day and kind, either sign

    struct Row {
        std::int32_t day = 0;
        std::int64_t entries = 0;
        std::int64_t censored = 0;
        std::span<const std::int64_t> events;  // by cause; valid until the table changes
    };

    explicit DayTable(std::size_t causes = 1);  // 1 to kMostCauses

    std::size_t causes() const { return stride_ - 2; }
    std::size_t size() const { return days_.size(); }
    bool empty() const { return days_.empty(); }
    Row row(std::size_t i) const;  // in ascending order of days

    // `subjects` may be negative: a retraction. Days within -kLastDay to kLastDay.
    void enter(std::int32_t day, std::int64_t subjects = 1);
    void censor(std::int32_t day, std::int64_t subjects = 1);
    void have_event(std::int32_t day, std::size_t cause = 0, std::int64_t subjects = 1);

    void merge(const DayTable& other);     // of as many causes
    void subtract(const DayTable& other);  // of as many causes

    // Equal counts on equal days.
    bool operator==(const DayTable&) const = default;

  private:
    void add(std::int32_t day, std::size_t column, std::int64_t subjects);
    void combine(const DayTable& other, std::int64_t sign);

    std::size_t stride_;
    std::vector<std::int32_t> days_;     // ascending, each once
    std::vector<std::int64_t> columns_;  // per day: entries, censored, events by cause; never all 0
};

// The table in which being censored is the event and an event censors: its Kaplan-Meier curve describes how long
// subjects were followed (reverse Kaplan-Meier). One cause.
DayTable follow_up_table(const DayTable& table);

}  // namespace cellvigil
