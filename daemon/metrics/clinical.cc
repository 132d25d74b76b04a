#include "daemon/metrics/clinical.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "rules/base/ensure.h"

namespace cellvigil::metrics {
namespace {

// Where a cell's value goes; nullptr: nowhere, its x is out of range.
template <std::size_t N>
std::int64_t* place_in(std::array<std::int64_t, N>& values, std::int32_t x) {
    return x >= 0 && static_cast<std::size_t>(x) < N ? &values[static_cast<std::size_t>(x)] : nullptr;
}

EndpointNumbers& crs(CohortNumbers& cohort) { return cohort.endpoints[static_cast<std::size_t>(Endpoint::crs)]; }
EndpointNumbers& icans(CohortNumbers& cohort) { return cohort.endpoints[static_cast<std::size_t>(Endpoint::icans)]; }

std::int64_t* highest(EndpointNumbers& endpoint, std::int32_t x) {
    return x == kNotGradable ? &endpoint.not_gradable : place_in(endpoint.highest, x);
}

using Place = std::int64_t* (*)(CohortNumbers&, std::int32_t);

// Measures whose x is a number of items that each subject counted there has.
std::optional<DisagreementKind> items_of(std::string_view measure) {
    if (measure == "grade_disagreement") return DisagreementKind::differs;
    if (measure == "grade_left_open") return DisagreementKind::left_open;
    return measure == "grade_not_computed" ? std::optional(DisagreementKind::not_computed) : std::nullopt;
}

// The other measures of cells_of(SubjectSummary).
const std::map<std::string, Place, std::less<>>& places() {
    static const std::map<std::string, Place, std::less<>> table{
        {"subject_state", [](CohortNumbers& c, std::int32_t x) { return place_in(c.subjects, x); }},
        {"infused", [](CohortNumbers& c, std::int32_t) { return &c.infused; }},
        {"crs_max", [](CohortNumbers& c, std::int32_t x) { return highest(crs(c), x); }},
        {"icans_max", [](CohortNumbers& c, std::int32_t x) { return highest(icans(c), x); }},
        {"crs_max_upper", [](CohortNumbers& c, std::int32_t x) { return place_in(crs(c).highest_upper, x); }},
        {"icans_max_upper", [](CohortNumbers& c, std::int32_t x) { return place_in(icans(c).highest_upper, x); }},
        {"crs_now", [](CohortNumbers& c, std::int32_t x) { return place_in(crs(c).active, x); }},
        {"icans_now", [](CohortNumbers& c, std::int32_t x) { return place_in(icans(c).active, x); }},
        {"zoster", [](CohortNumbers& c, std::int32_t x) { return place_in(c.zoster, x); }},
        {"zoster_past_day_90", [](CohortNumbers& c, std::int32_t x) { return place_in(c.zoster_past_day_90, x); }},
        {"data_quality", [](CohortNumbers& c, std::int32_t x) { return place_in(c.quality, x); }},
        {"infection_past_day_90", [](CohortNumbers& c, std::int32_t) { return &c.infection_past_day_90; }},
    };
    return table;
}

std::int64_t sum_from(const ByGrade& counts, int grade) {
    ensure(grade >= 1 && grade <= 5, "a grade that an event has is 1 to 5");
    std::int64_t sum = 0;
    for (auto g = static_cast<std::size_t>(grade); g < counts.size(); ++g) sum += counts[g];
    return sum;
}

}  // namespace

std::int64_t EndpointNumbers::at_least(int grade) const { return sum_from(highest, grade); }
std::int64_t EndpointNumbers::at_least_upper(int grade) const { return sum_from(highest_upper, grade); }

std::vector<CohortNumbers> cohort_numbers(std::span<const store::CellSum> cells) {
    std::map<std::string, CohortNumbers> cohorts;
    for (const store::CellSum& cell : cells) {
        if (const auto kind = items_of(cell.measure)) {
            if (cell.x > 0) cohorts[cell.cohort].grade_items[static_cast<std::size_t>(*kind)] += cell.value * cell.x;
            continue;
        }
        const auto known = places().find(cell.measure);
        if (known == places().end()) continue;
        CohortNumbers& cohort = cohorts[cell.cohort];
        if (std::int64_t* place = known->second(cohort, cell.x)) *place += cell.value;
    }
    std::vector<CohortNumbers> list;
    for (auto& [name, cohort] : cohorts) {
        cohort.cohort = name;
        list.push_back(std::move(cohort));
    }
    return list;
}

Result<Committed> read_committed(store::Store& session) {
    Committed committed;
    const auto cells = session.cell_sums();
    if (!cells) return fail(cells.error());
    committed.cohorts = cohort_numbers(*cells);
    auto counts = session.counts();
    if (!counts) return fail(std::move(counts).error());
    committed.counts = std::move(*counts);
    const auto bytes = session.size_bytes();
    if (!bytes) return fail(bytes.error());
    committed.store_bytes = *bytes;
    return committed;
}

}  // namespace cellvigil::metrics
