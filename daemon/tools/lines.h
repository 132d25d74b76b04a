// Statements as lines of a table: which are shown, and how wide its columns are.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/views/subject_view.h"

namespace cellvigil::tools {

struct Widths {
    std::size_t scale = 5;
    std::size_t grades = 3;
};
// Of the widest of the lines, so that what follows stands below each other.
Widths widths_of(const std::vector<views::Line>& lines);

// Is a scale named by one of `scales`: by its name or the short one (CRS, ICANS), whatever the case? None named: every
// one is.
bool is_named(std::string_view scale, const std::vector<std::string>& scales);
bool is_among(const views::Line& line, const std::vector<std::string>& scales);
void keep_scales(std::vector<views::Line>& lines, const std::vector<std::string>& scales);

}  // namespace cellvigil::tools
