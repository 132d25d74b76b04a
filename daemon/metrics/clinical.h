// Cohort numbers from the committed cells: the one place that knows which cell means what. Used by /metrics and by the
// summary of the HTTP API. Pure, but for reading the store. The cells are those of cells_of(SubjectSummary) in
// rules/findings/findings.h, summed over partitions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "daemon/store/store.h"
#include "rules/event/body.h"
#include "rules/findings/findings.h"
#include "rules/grade/disagreement.h"

namespace cellvigil::metrics {

inline constexpr std::size_t kSubjectStates = static_cast<std::size_t>(SubjectState::not_enrolled) + 1;
inline constexpr std::size_t kZosterClasses = static_cast<std::size_t>(ZosterClass::cns_or_visceral) + 1;

enum class Endpoint : std::uint8_t { crs, icans };
inline constexpr std::size_t kEndpoints = 2;
const char* name_of(Endpoint endpoint);

using ByGrade = std::array<std::int64_t, 6>;  // indexed by grade 0..5

// Of the infused subjects of a cohort, over the episodes of the first infusion.
struct EndpointNumbers {
    ByGrade highest{};              // subjects by their highest grade; 0: graded, never above
    ByGrade highest_upper{};        // the same by grade_upper
    std::int64_t not_gradable = 0;  // infused, without any grade
    ByGrade active{};               // in an episode now, by its grade; 0 is not used
    // n: subjects whose highest grade is at least this, 1..5. The N is the cohort's `infused`.
    std::int64_t at_least(int grade) const;
    std::int64_t at_least_upper(int grade) const;
};

struct CohortNumbers {
    std::string cohort;                                   // "study/cohort"
    std::array<std::int64_t, kSubjectStates> subjects{};  // by state; each is in one
    std::int64_t infused = 0;
    std::array<EndpointNumbers, kEndpoints> endpoints;
    std::array<std::int64_t, kZosterClasses> zoster{};  // subjects with any, by the worst class
    std::array<std::int64_t, kZosterClasses>
        zoster_past_day_90{};                                    // subjects with onset past day 90, by the worst class
    std::int64_t infection_past_day_90 = 0;                      // subjects
    std::array<std::int64_t, kQualityKinds> quality{};           // items of data quality, by kind
    std::array<std::int64_t, kDisagreementKinds> grade_items{};  // items, not subjects, by DisagreementKind
};

// Cells of other measures or with x out of range are left out. In order of cohort.
std::vector<CohortNumbers> cohort_numbers(std::span<const store::CellSum> cells);

// What one scrape shows of the store.
struct Committed {
    std::vector<CohortNumbers> cohorts;
    store::Counts counts;
    std::int64_t store_bytes = 0;
};
// Reads it in a session of the caller's.
Result<Committed> read_committed(store::Store& session);

}  // namespace cellvigil::metrics
