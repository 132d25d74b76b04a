#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "daemon/import/table.h"

namespace cellvigil::import {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Reads records one after the other; a quoted cell may hold commas, quotes and line ends.
class CsvReader {
  public:
    explicit CsvReader(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }

    // nullopt-like: an empty result is a blank line. Fails when a quote stays open.
    Result<Row> next() {
        Row row;
        row.line = line_;
        std::string cell;
        while (true) {
            const bool quoted = !rest_.empty() && rest_.front() == '"';
            if (quoted) {
                if (!take_quoted(cell))
                    return fail(Errc::invalid, fmt::format("line {}: a quote is never closed", row.line));
            }
            const auto end = std::min(rest_.find_first_of(",\n"), rest_.size());
            std::string_view plain = rest_.substr(0, end);
            rest_.remove_prefix(end);
            const bool last = rest_.empty() || rest_.front() == '\n';
            if (last && !plain.empty() && plain.back() == '\r') plain.remove_suffix(1);
            row.cells.push_back(utf8_of(cell.append(plain)));
            cell.clear();
            if (!rest_.empty()) rest_.remove_prefix(1);
            if (!last) continue;
            ++line_;
            return row;
        }
    }

  private:
    bool take_quoted(std::string& cell) {
        rest_.remove_prefix(1);
        while (!rest_.empty()) {
            const char c = rest_.front();
            rest_.remove_prefix(1);
            if (c == '\n') ++line_;
            if (c != '"') {
                cell.push_back(c);
                continue;
            }
            if (rest_.empty() || rest_.front() != '"') return true;
            cell.push_back('"');
            rest_.remove_prefix(1);
        }
        return false;
    }

    std::string_view rest_;
    std::size_t line_ = 1;
};

void to_upper(std::string& text) {
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
}

}  // namespace

Result<Table> read_csv(std::string_view text) {
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    CsvReader reader(text);
    Table table;
    if (reader.at_end()) return fail(Errc::invalid, "the file is empty: the first line names the columns");
    auto head = reader.next();
    if (!head) return fail(head.error());
    table.columns = std::move(head->cells);
    for (std::string& column : table.columns) to_upper(column);
    while (!reader.at_end()) {
        auto row = reader.next();
        if (!row) return fail(row.error());
        if (row->cells.size() == 1 && row->cells.front().empty()) continue;
        row->whole = row->cells.size() == table.columns.size();
        table.rows.push_back(std::move(*row));
    }
    return table;
}

}  // namespace cellvigil::import
