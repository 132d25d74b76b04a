// Every figure with its name and its words, in the order of the enumeration.
#include "rules/grade/figure.h"

namespace cellvigil {
namespace {

struct Row {
    Figure what;
    const char* name;
    const char* before;  // the number stands between the two
    const char* after;
    bool in_days;
};

// clang-format off
constexpr auto kRows = std::to_array<Row>({
    {Figure::none, "", "", "", false},
    {Figure::baseline_grade, "baseline_grade", "grade ", " before the therapy", false},
    {Figure::longest_500_days, "longest_500_days", "longest stretch at or below 500 per microlitre ", "", true},
    {Figure::longest_100_days, "longest_100_days", "longest at or below 100 per microlitre ", "", true},
    {Figure::cumulative_500_days, "cumulative_500_days", "", " at or below 500 per microlitre in all", true},
    {Figure::growth_factor_days, "growth_factor_days", "G-CSF on ", "", true},
    {Figure::cumulative_50_days, "cumulative_50_days", "", " below 50 × 10⁹/L in all", true},
    {Figure::cumulative_20_days, "cumulative_20_days", "", " below 20 × 10⁹/L in all", true},
    {Figure::unobserved_days, "unobserved_days", "", " without an observation of the episode", true},
});
// clang-format on

constexpr bool in_order() {
    for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (kRows[i].what != static_cast<Figure>(i)) return false;
    }
    return kRows.size() == static_cast<std::size_t>(kFigures);
}
static_assert(in_order(), "a row for every figure, in the order of the enumeration");

}  // namespace

const char* name_of(Figure what) { return kRows[static_cast<std::size_t>(what)].name; }

std::string figure_words(Figure what, std::int32_t value) {
    const Row& row = kRows[static_cast<std::size_t>(what)];
    std::string number = std::to_string(value);
    if (row.in_days) number += value == 1 ? " day" : " days";
    return row.before + number + row.after;
}

}  // namespace cellvigil
