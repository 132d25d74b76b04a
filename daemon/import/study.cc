#include "daemon/import/study.h"

#include <algorithm>

#include "daemon/import/reading.h"

namespace cellvigil::import {
namespace {

void note_precision(const EffectiveTime& time, const std::function<void(Note)>& note) {
    switch (time.precision) {
        case TimePrecision::unspecified:
        case TimePrecision::second:
        case TimePrecision::minute:
            return;
        case TimePrecision::day:
            note(Note::date_only);
            return;
        case TimePrecision::month:
        case TimePrecision::year:
            note(Note::partial_date);
            return;
    }
}

// The last second at which it can have been written down: a day's end for a date.
Instant last_second(const EffectiveTime& time) { return time.until > time.from ? time.until - seconds(1) : time.from; }

}  // namespace

std::optional<EffectiveTime> RowReader::date(std::string_view column) const {
    return read_date(cell(column), subject_.offset);
}

void RowReader::note(Note what) { ++count_.notes.at(static_cast<std::size_t>(what)); }

std::string RowReader::record() const {
    const std::string_view number = cell(table_.name + "SEQ");
    return table_.name + "-" + (number.empty() ? "line-" + std::to_string(row_.line) : std::string(number));
}

std::string RowReader::content(const std::set<std::string_view>& except) const {
    const std::string number = table_.name + "SEQ";
    std::string text;
    for (std::size_t index = 0; index < table_.columns.size() && index < row_.cells.size(); ++index) {
        const std::string& column = table_.columns[index];
        if (column == number || except.contains(column)) continue;
        text += row_.cells[index];
        text += '\x1f';
    }
    return text;
}

Statement& RowReader::state(std::string record, const EffectiveTime& effective,
                            const std::optional<EffectiveTime>& collected, Body body) {
    Statement statement;
    statement.subject = subject_.id;
    statement.site = subject_.site;
    statement.record = std::move(record);
    statement.effective = effective;
    const Instant written = last_second(collected.value_or(effective));
    if (written < effective.from) note(Note::collected_before_it_was_true);
    statement.recorded = std::max(written, effective.from);
    statement.body = std::move(body);
    note_precision(effective, [this](Note what) { note(what); });
    ++count_.events;
    study_.imported().statements.push_back(std::move(statement));
    return study_.imported().statements.back();
}

void read_rows(Study& study, const Table& table, std::string_view by, const ReadRow& read) {
    DomainCount& count = study.domain(table.name);
    std::vector<const Row*> rows;
    for (const Row& row : table.rows) rows.push_back(&row);
    if (!by.empty()) {
        std::stable_sort(rows.begin(), rows.end(),
                         [&](const Row* a, const Row* b) { return table.cell(*a, by) < table.cell(*b, by); });
    }
    std::set<std::string> seen;
    for (const Row* row : rows) {
        ++count.rows;
        const auto drop = [&]() -> std::optional<Drop> {
            if (!row->whole) return Drop::not_a_row;
            if (table.cell(*row, "STUDYID") != study.imported().study) return Drop::other_study;
            const auto found = study.subjects().find(table.cell(*row, "USUBJID"));
            if (found == study.subjects().end()) return Drop::no_subject;
            RowReader reader(study, table, *row, found->second, count);
            if (!seen.insert(reader.content({})).second) return Drop::duplicate;
            return read(reader);
        }();
        if (drop) {
            ++count.dropped.at(static_cast<std::size_t>(*drop));
        } else {
            ++count.imported;
        }
    }
}

}  // namespace cellvigil::import
