// A page of docs/clinical as a test reads it: its text, and the rows of its tables.
#pragma once

#include <fstream>
#include <string>
#include <vector>

namespace cellvigil {

class ClinicalPage {
  public:
    using Row = std::vector<std::string>;

    explicit ClinicalPage(const std::string& name) {
        std::ifstream file(std::string(CELLVIGIL_SOURCE_DIR) + "/docs/clinical/" + name);
        for (std::string line; std::getline(file, line);) {
            text_ += line + "\n";
            if (line.starts_with("| ")) rows_.push_back(cells_of(line));
        }
    }
    const std::string& text() const { return text_; }
    const std::vector<Row>& rows() const { return rows_; }
    bool has(const std::string& words) const { return text_.find(words) != std::string::npos; }
    // The first row whose first cell is `first` and that has `cells` cells; empty: none.
    Row row_of(const std::string& first, std::size_t cells) const {
        for (const Row& row : rows_) {
            if (row.size() == cells && row.front() == first) return row;
        }
        return {};
    }

  private:
    static Row cells_of(const std::string& line) {
        Row row;
        std::size_t from = 1;
        for (std::size_t bar = line.find('|', from); bar != std::string::npos; bar = line.find('|', from)) {
            const std::string cell = line.substr(from, bar - from);
            const auto first = cell.find_first_not_of(' ');
            row.push_back(first == std::string::npos ? "" : cell.substr(first, cell.find_last_not_of(' ') - first + 1));
            from = bar + 1;
        }
        return row;
    }
    std::string text_;
    std::vector<Row> rows_;
};

}  // namespace cellvigil
