#include "rules/grade/car_hematotox.h"

#include <algorithm>
#include <limits>

namespace cellvigil {
namespace {

constexpr std::int32_t kMost[kHematotoxItems] = {2, 1, 1, 1, 2};

std::int32_t points(HematotoxItem item, std::int64_t micro) {
    switch (item) {
        case HematotoxItem::platelets:
            if (micro < whole(75).micro) return 2;
            return micro <= whole(175).micro ? 1 : 0;
        case HematotoxItem::neutrophils:
            return micro <= thousandths(1200).micro ? 1 : 0;
        case HematotoxItem::haemoglobin:
            return micro <= whole(90).micro ? 1 : 0;
        case HematotoxItem::crp:
            return micro >= whole(30).micro ? 1 : 0;
        case HematotoxItem::ferritin:
            if (micro > whole(2000).micro) return 2;
            return micro >= whole(650).micro ? 1 : 0;
    }
    return 0;
}

bool is_open_limit(HematotoxItem item, Quantity value) {
    if (item == HematotoxItem::neutrophils) return value == thousandths(1200);
    if (item == HematotoxItem::haemoglobin) return value == whole(90);
    return item == HematotoxItem::crp && value == whole(30);
}

struct Bounds {
    std::int64_t first;
    std::int64_t last;
};
Bounds bounds_of(const ItemValue& value) {
    switch (value.comparator) {
        case Comparator::less:
            return {0, value.value.micro - 1};
        case Comparator::less_or_equal:
            return {0, value.value.micro};
        case Comparator::greater_or_equal:
            return {value.value.micro, std::numeric_limits<std::int64_t>::max()};
        case Comparator::greater:
            return {value.value.micro + 1, std::numeric_limits<std::int64_t>::max()};
        case Comparator::unspecified:
            break;
    }
    return {value.value.micro, value.value.micro};
}

}  // namespace

Analyte analyte_of(HematotoxItem item) {
    switch (item) {
        case HematotoxItem::platelets:
            return Analyte::platelets;
        case HematotoxItem::neutrophils:
            return Analyte::neutrophils;
        case HematotoxItem::haemoglobin:
            return Analyte::haemoglobin;
        case HematotoxItem::crp:
            return Analyte::crp;
        case HematotoxItem::ferritin:
            return Analyte::ferritin;
    }
    return Analyte::other;
}

ItemPoints points_of(HematotoxItem item, const std::optional<ItemValue>& value) {
    if (!value) return {0, kMost[static_cast<std::size_t>(item)], false};
    const Bounds bounds = bounds_of(*value);
    const std::int32_t one = points(item, bounds.first);
    const std::int32_t other = points(item, bounds.last);
    const bool exact = bounds.first == bounds.last;
    return {std::min(one, other), std::max(one, other), exact && is_open_limit(item, value->value)};
}

HematotoxScore car_hematotox(const std::array<std::optional<ItemValue>, kHematotoxItems>& items) {
    std::int32_t least = 0;
    std::int32_t most = 0;
    HematotoxScore score;
    for (std::size_t i = 0; i < kHematotoxItems; ++i) {
        const ItemPoints item = points_of(static_cast<HematotoxItem>(i), items[i]);
        least += item.least;
        most += item.most;
        if (item.boundary) score.flags.add(Flag::boundary);
    }
    if (least == most) score.grade = static_cast<Grade>(least);
    score.upper = static_cast<Grade>(most);
    return score;
}

bool is_large_b_cell_lymphoma(const Coding& indication) {
    if (indication.code == "LBCL" || indication.code == "DLBCL") return true;
    if (indication.code.starts_with("C83.3") || indication.code.starts_with("C85.2")) return true;
    std::string words = indication.display;
    for (char& letter : words) {
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    return words.find("large b-cell") != std::string::npos || words.find("large b cell") != std::string::npos;
}

}  // namespace cellvigil
