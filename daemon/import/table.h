// A table as read from a file: text cells in UTF-8, empty where nothing was written. Column names are in upper case.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.h"

namespace cellvigil::import {

struct Row {
    std::size_t line = 0;  // where it begins in a CSV file, its number in an XPT one; from 1
    bool whole = true;     // false: it has not one cell per column
    std::vector<std::string> cells;
};

struct Table {
    std::string name;  // "VS"
    std::vector<std::string> columns;
    std::vector<Row> rows;

    // The cell without surrounding blanks; empty when there is no such column.
    std::string_view cell(const Row& row, std::string_view column) const;
    bool has(std::string_view column) const;
};

// The text itself when it is UTF-8, else read as Latin-1, which is what old files are written in.
std::string utf8_of(std::string text);

// RFC 4180, with LF or CRLF, a byte order mark allowed; the first line names the columns. `invalid` when there is none,
// or a quote is never closed.
Result<Table> read_csv(std::string_view text);

// SAS transport file, version 5: the first member. Numbers become the shortest text that reads back as them; missing
// values, the special ones (.A to .Z, ._) among them, become empty. `invalid` when it is not one or is cut.
Result<Table> read_xpt(std::string_view bytes);

}  // namespace cellvigil::import
