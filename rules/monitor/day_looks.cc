#include "rules/monitor/day_looks.h"

#include <algorithm>
#include <array>
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

// Tab-separated fields of every line.
template <typename Visit>
void each_line(std::string_view text, Visit visit) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const auto id = line.substr(0, line.find('\t'));
        const auto last = line.rfind('\t');
        if (last != std::string_view::npos) visit(id, line.substr(last + 1));
    }
}

}  // namespace

DayLooks::DayLooks(std::shared_ptr<const Prepared> prepared, std::uint32_t partitions)
    : prepared_(std::move(prepared)), tables_(prepared_->plan.tables.size()), closed_(partitions) {
    const auto& tables = prepared_->plan.tables;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        for (int c = 0; c < kCalendarColumns; ++c) {
            const auto column = static_cast<CalendarColumn>(c);
            places_[{tables[i].cohort.id, calendar_measure(tables[i], column)}] = {i, column};
        }
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
    return look;
}

std::string outcome_text(const Prepared& prepared, const std::vector<WatchSignal>& signals) {
    std::string text;
    for (std::size_t i = 0; i < signals.size(); ++i) {
        const PreparedWatch& watch = prepared.watches[i];
        const Signal& signal = signals[i].signal;
        const char* said = !signal.cannot_signal.empty() ? "cannot_signal" : signal.crossed ? "crossed" : "-";
        text += watch.alarm_id + "\t" + watch.watch.monitor.id + "\t" + watch.watch.monitor.cohort;
        for (const std::int64_t part : {signal.events, signals[i].subjects, signal.person_days})
            text += "\t" + std::to_string(part);
        text += "\t" + exact(signal.statistic) + "\t" + exact(signal.threshold) + "\t" + said + "\n";
    }
    return text;
}

std::vector<std::string> crossed_in(std::string_view outcome) {
    std::vector<std::string> ids;
    each_line(outcome, [&](std::string_view id, std::string_view said) {
        if (said == "crossed") ids.emplace_back(id);
    });
    return ids;
}

std::optional<bool> crossed_in(std::string_view outcome, std::string_view alarm_id) {
    std::optional<bool> found;
    each_line(outcome, [&](std::string_view id, std::string_view said) {
        if (id == alarm_id) found = said == "crossed";
    });
    return found;
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
