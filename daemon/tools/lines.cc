#include "daemon/tools/lines.h"

#include <algorithm>

namespace cellvigil::tools {
namespace {

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char left, char right) {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
        return lower(left) == lower(right);
    });
}

std::string_view short_name(std::string_view scale) {
    if (same_word(scale, name_of(Scale::astct_crs_2019))) return "CRS";
    return same_word(scale, name_of(Scale::astct_icans_2019)) ? "ICANS" : std::string_view();
}

}  // namespace

Widths widths_of(const std::vector<views::Line>& lines) {
    Widths widths;
    for (const views::Line& line : lines) {
        widths.scale = std::max(widths.scale, line.scale.size());
        widths.grades = std::max(widths.grades, line.grades.size());
    }
    return widths;
}

bool is_named(std::string_view scale, const std::vector<std::string>& scales) {
    if (scales.empty()) return true;
    return std::any_of(scales.begin(), scales.end(), [&](const std::string& wanted) {
        return same_word(scale, wanted) || (!short_name(scale).empty() && same_word(short_name(scale), wanted));
    });
}

bool is_among(const views::Line& line, const std::vector<std::string>& scales) {
    return is_named(name_of(line.said.scale), scales);
}

void keep_scales(std::vector<views::Line>& lines, const std::vector<std::string>& scales) {
    std::erase_if(lines, [&](const views::Line& line) { return !is_among(line, scales); });
}

}  // namespace cellvigil::tools
