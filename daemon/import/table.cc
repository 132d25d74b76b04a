#include "daemon/import/table.h"

#include <algorithm>

namespace cellvigil::import {

std::string_view Table::cell(const Row& row, std::string_view column) const {
    const auto found = std::find(columns.begin(), columns.end(), column);
    const auto index = static_cast<std::size_t>(found - columns.begin());
    if (index >= row.cells.size()) return {};
    std::string_view text = row.cells[index];
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool Table::has(std::string_view column) const {
    return std::find(columns.begin(), columns.end(), column) != columns.end();
}

}  // namespace cellvigil::import
