#include "daemon/pipeline/cells.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "rules/base/ensure.h"

namespace cellvigil::pipeline {
namespace {

// The cell that says by which rules the others were counted stands under a cohort that cannot be configured.
constexpr std::string_view kNoCohort = "-";
constexpr std::string_view kRulesMeasure = "rules/";

constexpr std::int32_t kMostX = 1 << 23;

std::uint64_t key_of(std::uint32_t cohort, std::uint32_t measure, std::int32_t x) {
    ensure(x > -kMostX && x < kMostX, "a cell's x fits its number");
    ensure(cohort < (1U << 16U) && measure < (1U << 24U), "a cell's names fit its number");
    return (std::uint64_t{cohort} << 48U) | (std::uint64_t{measure} << 24U) | static_cast<std::uint32_t>(x + kMostX);
}
std::uint32_t cohort_in(std::uint64_t key) { return static_cast<std::uint32_t>(key >> 48U); }
std::uint32_t measure_in(std::uint64_t key) { return static_cast<std::uint32_t>(key >> 24U) & 0xffffffU; }
std::int32_t x_in(std::uint64_t key) { return static_cast<std::int32_t>(key & 0xffffffU) - kMostX; }

bool is_watched(std::string_view measure) { return measure.starts_with("calendar/"); }

}  // namespace

std::uint32_t Cells::Names::place_of(std::string_view name) {
    const auto [at, added] = places.emplace(std::string(name), static_cast<std::uint32_t>(list.size()));
    if (added) list.emplace_back(name);
    return at->second;
}

std::uint32_t Cells::cohort_number(std::string_view cohort) { return cohorts_.place_of(cohort); }
std::uint32_t Cells::measure_number(std::string_view measure) { return measures_.place_of(measure); }

std::uint32_t Cells::measure_number(const char* literal) {
    for (const Literal& known : literals_) {
        if (known.text == literal) return known.measure;
    }
    literals_.push_back({.text = literal, .measure = measure_number(std::string_view(literal))});
    return literals_.back().measure;
}

void Cells::load(const std::vector<store::Cell>& stored) {
    counts_.clear();
    changed_.clear();
    open_.clear();
    for (const auto& cell : stored) {
        if (cell.measure.starts_with(store::kWho)) continue;
        counts_[key_of(cohort_number(cell.cohort), measure_number(std::string_view(cell.measure)), cell.x)] = {
            .value = cell.value, .stored = cell.value};
    }
}

void Cells::open(Key key, Count& count) {
    if (count.open || !is_watched(measures_.list[measure_in(key)])) return;
    count.open = true;
    open_.push_back(key);
}

void Cells::load_closed(const std::vector<store::CellDelta>& stored) {
    for (const auto& cell : stored) {
        const Key key = key_of(cohort_number(cell.cohort), measure_number(std::string_view(cell.measure)), cell.x);
        counts_[key].closed = cell.by;
    }
    for (auto& [key, count] : counts_) {
        if (count.value != count.closed) open(key, count);
    }
}

std::vector<store::CellDelta> Cells::drain_closed() {
    std::vector<store::CellDelta> deltas;
    for (const Key key : std::exchange(open_, {})) {
        Count& count = counts_[key];
        count.open = false;
        if (count.value == count.closed) continue;
        deltas.push_back(
            {cohorts_.list[cohort_in(key)], measures_.list[measure_in(key)], x_in(key), count.value - count.closed});
        count.closed = count.value;
    }
    std::sort(deltas.begin(), deltas.end(), [](const store::CellDelta& a, const store::CellDelta& b) {
        return std::tie(a.cohort, a.measure, a.x) < std::tie(b.cohort, b.measure, b.x);
    });
    return deltas;
}

void Cells::set(Key key, Count& count, std::int64_t value) {
    count.value = value;
    if (count.listed) return;
    count.listed = true;
    changed_.push_back(key);
}

void Cells::count(std::string_view cohort, const SubjectSummary& summary, std::int64_t by) {
    const std::uint32_t number = cohort_number(cohort);
    for (const CellKey& cell : cells_of(summary)) {
        const Key key = key_of(number, measure_number(cell.measure), cell.x);
        Count& count = counts_[key];
        set(key, count, count.value + by * cell.count);
        ensure(count.value >= 0, "no cohort counts less than no subject");
    }
}

void Cells::change(std::string_view cohort, std::string_view measure, std::int32_t x, std::int64_t by) {
    const Key key = key_of(cohort_number(cohort), measure_number(measure), x);
    Count& count = counts_[key];
    set(key, count, count.value + by);
    open(key, count);
}

void Cells::put(std::string_view cohort, std::string_view measure, std::int32_t x, std::int64_t value) {
    const Key key = key_of(cohort_number(cohort), measure_number(measure), x);
    Count& count = counts_[key];
    if (count.value != value) set(key, count, value);
}

bool is_rules_cell(const store::Cell& cell) {
    return cell.cohort == kNoCohort && cell.measure.starts_with(kRulesMeasure);
}

void Cells::clear() {
    for (auto& [key, count] : counts_) {
        if (count.value == 0) continue;
        set(key, count, 0);
        open(key, count);
    }
}

std::string Cells::rules_hash() const {
    for (const auto& [key, count] : counts_) {
        const std::string& measure = measures_.list[measure_in(key)];
        if (count.value != 0 && cohorts_.list[cohort_in(key)] == kNoCohort && measure.starts_with(kRulesMeasure)) {
            return measure.substr(kRulesMeasure.size());
        }
    }
    return {};
}

void Cells::set_rules_hash(std::string_view hash) {
    const std::string old = rules_hash();
    if (old == hash) return;
    const auto put = [&](std::string_view of, std::int64_t value) {
        const auto measure = measure_number(std::string_view(std::string(kRulesMeasure).append(of)));
        const Key key = key_of(cohort_number(kNoCohort), measure, 0);
        set(key, counts_[key], value);
    };
    if (!old.empty()) put(old, 0);
    put(hash, 1);
}

void Cells::drain_changes(std::vector<store::Cell>& out) {
    for (const Key key : changed_) {
        Count& count = counts_[key];
        count.listed = false;
        if (count.value == count.stored) continue;
        count.stored = count.value;
        out.push_back({.partition = partition_,
                       .cohort = cohorts_.list[cohort_in(key)],
                       .measure = measures_.list[measure_in(key)],
                       .x = x_in(key),
                       .y = 0,
                       .value = count.value});
    }
    changed_.clear();
}

}  // namespace cellvigil::pipeline
