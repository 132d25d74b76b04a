#include "rules/monitor/day_looks.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "rules/base/ensure.h"
#include "rules/base/hash.h"

namespace cellvigil {
namespace {

std::string exact(double value) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.17g", value);
    return text.data();
}

std::string digest_of(const WatchPlan& plan, const std::vector<CalendarTable>& tables) {
    std::string text;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        text += plan.tables[i].cohort.id + "\t" + name_of(plan.tables[i]) + "\n";
        for (const auto& [day, row] : tables[i].rows()) {
            for (const std::int64_t part :
                 {std::int64_t{day}, row.infused, row.known_events, row.entered, row.left, row.events})
                text += std::to_string(part) + "\t";
            text += "\n";
        }
    }
    return cellvigil::digest_of(text);
}

constexpr std::ptrdiff_t kFields = 10;  // of a line of an outcome

struct Line {
    std::string_view id;
    std::string_view said;
    std::optional<std::string_view> told;  // nullopt: of a look from before it was kept
};

template <typename Visit>
void each_line(std::string_view text, Visit visit) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const auto last = line.rfind('\t');
        if (last == std::string_view::npos) continue;
        Line read{line.substr(0, line.find('\t')), line.substr(last + 1), std::nullopt};
        if (std::count(line.begin(), line.end(), '\t') + 1 == kFields) {
            const auto before = line.rfind('\t', last - 1);
            read.told = line.substr(before + 1, last - before - 1);
        }
        visit(read);
    }
}

}  // namespace

DayLooks::DayLooks(std::shared_ptr<const Prepared> prepared, std::uint32_t partitions, RefireRules refire)
    : prepared_(std::move(prepared)),
      refire_(refire),
      courses_(prepared_->watches.size()),
      tables_(prepared_->plan.tables.size()),
      closed_(partitions) {
    const auto& tables = prepared_->plan.tables;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        for (int c = 0; c < kCalendarColumns; ++c) {
            const auto column = static_cast<CalendarColumn>(c);
            places_[{tables[i].cohort.id, calendar_measure(tables[i], column)}] = {i, column};
        }
    }
}

void DayLooks::resume_after(CalendarDay day, const std::map<std::string, AlarmCourse, std::less<>>& courses) {
    last_ = day;
    for (std::size_t i = 0; i < courses_.size(); ++i) {
        const auto known = courses.find(prepared_->watches[i].alarm_id);
        courses_[i] = known == courses.end() ? AlarmCourse{} : known->second;
    }
}

void DayLooks::add(DayClose close) {
    ensure(close.partition < closed_.size(), "a close is of one of the deployment's partitions");
    Closed& closed = closed_[close.partition];
    closed.latest = std::max(closed.latest.value_or(close.through), close.through);
    closed.silent = close.silent;
    const CalendarDay through = close.through;
    closed.waiting.insert_or_assign(through, std::move(close));
}

std::optional<CalendarDay> DayLooks::closed_by(std::uint32_t partition) const { return closed_.at(partition).latest; }

// The earliest day after the last look that a record of every partition covers.
std::optional<CalendarDay> DayLooks::next_day() const {
    if (closed_.empty()) return std::nullopt;
    std::optional<CalendarDay> day = last_ ? std::optional(*last_ + 1) : std::nullopt;
    for (bool moved = true; moved;) {
        moved = false;
        for (const Closed& closed : closed_) {
            const auto covers = day ? closed.waiting.lower_bound(*day) : closed.waiting.begin();
            if (covers == closed.waiting.end()) return std::nullopt;
            if (day && covers->second.first <= *day) continue;
            day = covers->second.first;
            moved = true;
        }
    }
    return day;
}

void DayLooks::take_in(Closed& closed, CalendarDay day) {
    for (auto at = closed.waiting.begin(); at != closed.waiting.end() && at->second.first <= day;) {
        DayClose& close = at->second;
        for (const CellChange& change : std::exchange(close.changes, {})) {
            const auto place = places_.find({change.cohort, change.measure});
            if (place == places_.end()) continue;
            in(tables_[place->second.first].at(change.x), place->second.second) += change.by;
        }
        closed.late = close.late;
        closed.log_time = std::max(closed.log_time, close.log_time);
        at = close.through <= day ? closed.waiting.erase(at) : std::next(at);
    }
}

std::optional<DayLook> DayLooks::next() {
    const auto day = next_day();
    if (!day) return std::nullopt;
    DayLook look;
    look.day = *day;
    for (Closed& closed : closed_) {
        take_in(closed, *day);
        look.late += closed.late;
        look.log_time = std::max(look.log_time, closed.log_time);
    }
    for (CalendarTable& table : tables_) table.drop_zeros();
    last_ = *day;
    look.sums = digest_of(prepared_->plan, tables_);
    look.signals = evaluate(*prepared_, tables_, *day);
    for (std::size_t i = 0; i < courses_.size(); ++i) {
        const Signal& signal = look.signals[i].signal;
        look.tellings.push_back(tell(courses_[i], signal.crossed.has_value(), signal.events, refire_));
    }
    look.courses = courses_;
    return look;
}

std::string outcome_text(const Prepared& prepared, const DayLook& look) {
    std::string text;
    const std::vector<WatchSignal>& signals = look.signals;
    for (std::size_t i = 0; i < signals.size(); ++i) {
        const PreparedWatch& watch = prepared.watches[i];
        const Signal& signal = signals[i].signal;
        const char* said = !signal.cannot_signal.empty() ? "cannot_signal" : signal.crossed ? "crossed" : "-";
        text += watch.alarm_id + "\t" + watch.watch.monitor.id + "\t" + watch.watch.monitor.cohort;
        for (const std::int64_t part : {signal.events, signals[i].subjects, signal.person_days})
            text += "\t" + std::to_string(part);
        const std::optional<std::int64_t>& told = look.courses[i].told;
        text += "\t" + exact(signal.statistic) + "\t" + exact(signal.threshold) + "\t" +
                (told ? std::to_string(*told) : "-") + "\t" + said + "\n";
    }
    return text;
}

std::vector<std::string> crossed_in(std::string_view outcome) {
    std::vector<std::string> ids;
    each_line(outcome, [&](const Line& line) {
        if (line.said == "crossed") ids.emplace_back(line.id);
    });
    return ids;
}

std::optional<bool> crossed_in(std::string_view outcome, std::string_view alarm_id) {
    std::optional<bool> found;
    each_line(outcome, [&](const Line& line) {
        if (line.id == alarm_id) found = line.said == "crossed";
    });
    return found;
}

std::map<std::string, AlarmCourse, std::less<>> courses_in(std::string_view outcome) {
    std::map<std::string, AlarmCourse, std::less<>> courses;
    each_line(outcome, [&](const Line& line) {
        AlarmCourse course{line.said == "crossed", std::nullopt};
        std::int64_t events = 0;
        if (course.crossed && line.told &&
            std::from_chars(line.told->data(), line.told->data() + line.told->size(), events).ec == std::errc())
            course.told = events;
        courses.emplace(line.id, course);
    });
    return courses;
}

std::string digest_of(std::string_view text) {
    std::array<char, 33> hex{};
    std::snprintf(hex.data(), hex.size(), "%016llx%016llx", static_cast<unsigned long long>(hash64(text, 0)),
                  static_cast<unsigned long long>(hash64(text, 1)));
    return {hex.data(), 32};
}

std::string digest_of(const std::vector<CellChange>& changes) {
    std::string text;
    for (const CellChange& change : changes)
        text += change.cohort + "\t" + change.measure + "\t" + std::to_string(change.x) + "\t" +
                std::to_string(change.by) + "\n";
    return digest_of(text);
}

}  // namespace cellvigil
