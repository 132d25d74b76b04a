#include "daemon/pipeline/cells.h"

#include "rules/base/ensure.h"

namespace cellvigil::pipeline {
namespace {

// The cell that says by which rules the others were counted stands under a cohort that cannot be configured.
constexpr std::string_view kNoCohort = "-";
constexpr std::string_view kRulesMeasure = "rules/";

}  // namespace

void Cells::load(const std::vector<store::Cell>& stored) {
    counts_.clear();
    changed_.clear();
    for (const auto& cell : stored) {
        counts_[{cell.cohort, cell.measure, cell.x}] = {.value = cell.value, .stored = cell.value, .listed = false};
    }
}

void Cells::set(Counts::iterator cell, std::int64_t value) {
    cell->second.value = value;
    if (cell->second.listed) return;
    cell->second.listed = true;
    changed_.push_back(cell);
}

void Cells::count(std::string_view cohort, const SubjectSummary& summary, std::int64_t by) {
    for (const CellKey& key : cells_of(summary)) {
        const auto cell = counts_.try_emplace({std::string(cohort), key.measure, key.x}).first;
        set(cell, cell->second.value + by);
        ensure(cell->second.value >= 0, "no cohort counts less than no subject");
    }
}

void Cells::clear() {
    for (auto cell = counts_.begin(); cell != counts_.end(); ++cell) {
        if (cell->second.value != 0) set(cell, 0);
    }
}

std::string Cells::rules_hash() const {
    for (auto cell = counts_.lower_bound({std::string(kNoCohort), std::string(kRulesMeasure), 0}); cell != counts_.end();
         ++cell) {
        const auto& [key, count] = *cell;
        if (key.cohort != kNoCohort || !key.measure.starts_with(kRulesMeasure)) break;
        if (count.value != 0) return key.measure.substr(kRulesMeasure.size());
    }
    return {};
}

void Cells::set_rules_hash(std::string_view hash) {
    const std::string old = rules_hash();
    if (old == hash) return;
    const auto place = [&](std::string_view of) {
        return counts_.try_emplace({std::string(kNoCohort), std::string(kRulesMeasure).append(of), 0}).first;
    };
    if (!old.empty()) set(place(old), 0);
    set(place(hash), 1);
}

void Cells::drain_changes(std::vector<store::Cell>& out) {
    for (const auto cell : changed_) {
        auto& [key, count] = *cell;
        count.listed = false;
        if (count.value == count.stored) continue;
        count.stored = count.value;
        out.push_back({.partition = partition_, .cohort = key.cohort, .measure = key.measure, .x = key.x, .y = 0,
                       .value = count.value});
    }
    changed_.clear();
}

}  // namespace cellvigil::pipeline
