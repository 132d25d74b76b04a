#include "rules/stats/day_table.h"

#include <algorithm>

#include "rules/base/ensure.h"

namespace cellvigil {
namespace {

bool is_all_zero(std::span<const std::int64_t> columns) {
    return std::all_of(columns.begin(), columns.end(), [](std::int64_t count) { return count == 0; });
}

std::ptrdiff_t signed_of(std::size_t index) { return static_cast<std::ptrdiff_t>(index); }

void ensure_countable(std::int64_t count) {
    ensure(count >= -DayTable::kMostSubjects, "a day's retractions are no more than its limit");
    ensure(count <= DayTable::kMostSubjects, "a day's subjects are no more than its limit");
}

}  // namespace

DayTable::DayTable(std::size_t causes) : stride_(causes + 2) {
    ensure(causes >= 1 && causes <= kMostCauses, "a table has 1 to kMostCauses causes");
}

DayTable::Row DayTable::row(std::size_t i) const {
    const std::span<const std::int64_t> columns(columns_.data() + i * stride_, stride_);
    return {.day = days_[i], .entries = columns[0], .censored = columns[1], .events = columns.subspan(2)};
}

void DayTable::enter(std::int32_t day, std::int64_t subjects) { add(day, 0, subjects); }

void DayTable::censor(std::int32_t day, std::int64_t subjects) { add(day, 1, subjects); }

void DayTable::have_event(std::int32_t day, std::size_t cause, std::int64_t subjects) {
    ensure(cause < causes(), "the table has this cause");
    add(day, 2 + cause, subjects);
}

void DayTable::add(std::int32_t day, std::size_t column, std::int64_t subjects) {
    ensure(day >= -kLastDay && day <= kLastDay, "a day is within the table's limits");
    ensure_countable(subjects);
    if (subjects == 0) return;
    const auto at = std::lower_bound(days_.begin(), days_.end(), day);
    const auto index = static_cast<std::size_t>(at - days_.begin());
    if (at == days_.end() || *at != day) {
        days_.insert(at, day);
        columns_.insert(columns_.begin() + signed_of(index * stride_), stride_, 0);
    }
    std::int64_t& count = columns_[index * stride_ + column];
    count += subjects;
    ensure_countable(count);
    if (count == 0 && is_all_zero(std::span(columns_).subspan(index * stride_, stride_))) {
        const auto begin = columns_.begin() + signed_of(index * stride_);
        columns_.erase(begin, begin + signed_of(stride_));
        days_.erase(days_.begin() + signed_of(index));
    }
}

void DayTable::merge(const DayTable& other) { combine(other, 1); }

void DayTable::subtract(const DayTable& other) { combine(other, -1); }

void DayTable::combine(const DayTable& other, std::int64_t sign) {
    ensure(stride_ == other.stride_, "tables of the same causes are combined");
    std::vector<std::int32_t> days;
    std::vector<std::int64_t> columns;
    days.reserve(days_.size() + other.days_.size());
    columns.reserve(columns_.size() + other.columns_.size());
    std::size_t mine = 0;
    std::size_t theirs = 0;
    while (mine < days_.size() || theirs < other.days_.size()) {
        const bool has_mine =
            theirs == other.days_.size() || (mine < days_.size() && days_[mine] <= other.days_[theirs]);
        const bool has_theirs =
            mine == days_.size() || (theirs < other.days_.size() && other.days_[theirs] <= days_[mine]);
        const std::int32_t day = has_mine ? days_[mine] : other.days_[theirs];
        const std::size_t begin = columns.size();
        columns.resize(begin + stride_, 0);
        for (std::size_t column = 0; column < stride_; ++column) {
            std::int64_t& count = columns[begin + column];
            if (has_mine) count += columns_[mine * stride_ + column];
            if (has_theirs) count += sign * other.columns_[theirs * stride_ + column];
            ensure_countable(count);
        }
        if (is_all_zero(std::span(columns).subspan(begin))) {
            columns.resize(begin);
        } else {
            days.push_back(day);
        }
        if (has_mine) ++mine;
        if (has_theirs) ++theirs;
    }
    days_ = std::move(days);
    columns_ = std::move(columns);
}

DayTable follow_up_table(const DayTable& table) {
    DayTable reversed(1);
    for (std::size_t i = 0; i < table.size(); ++i) {
        const DayTable::Row row = table.row(i);
        std::int64_t events = 0;
        for (const std::int64_t count : row.events) events += count;
        reversed.enter(row.day, row.entries);
        reversed.have_event(row.day, 0, row.censored);
        reversed.censor(row.day, events);
    }
    return reversed;
}

}  // namespace cellvigil
