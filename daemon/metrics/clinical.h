// Cohort numbers from the committed cells: the one place that knows which cell means what. Used by /metrics and by the
// summary of the HTTP API. Pure, but for reading the store.
//
// Cells of a cohort ("study/cohort"), summed over partitions; the worker that owns a subject keeps them:
//
//   measure                 x                          value: subjects ...
//   patients                PatientState               in that state now (each subject in one)
//   evaluable               0 crs, 1 icans             infused and counted in n of the day 0 to 30 window
//   crs_max_grade           grade 1..5                 whose highest CRS grade in days 0 to 30 is x
//   crs_max_grade_upper     grade 1..5                 the same by grade_upper
//   icans_max_grade, icans_max_grade_upper             the same for ICANS
//   crs_active, icans_active  grade 1..5               in an episode now, at grade x
//   zoster                  ZosterClass                with any herpes zoster, by highest class; y: 0 day <= 90, 1 later
//   deaths                  DeathCause                 dead, by principal cause
//   data_quality            EventFlag                  (items, not subjects) live facts that carry the flag
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/store/store.h"
#include "rules/event/body.h"
#include "rules/event/event.h"

namespace cellvigil::metrics {

enum class PatientState : std::uint8_t { enrolled, infused, at_risk, off_study, lost, dead, withdrawn };
inline constexpr std::size_t kPatientStates = 7;
const char* name_of(PatientState state);

enum class Endpoint : std::uint8_t { crs, icans };
inline constexpr std::size_t kEndpoints = 2;
const char* name_of(Endpoint endpoint);

namespace measure {
inline constexpr std::string_view patients = "patients";
inline constexpr std::string_view evaluable = "evaluable";
inline constexpr std::string_view crs_max_grade = "crs_max_grade";
inline constexpr std::string_view crs_max_grade_upper = "crs_max_grade_upper";
inline constexpr std::string_view icans_max_grade = "icans_max_grade";
inline constexpr std::string_view icans_max_grade_upper = "icans_max_grade_upper";
inline constexpr std::string_view crs_active = "crs_active";
inline constexpr std::string_view icans_active = "icans_active";
inline constexpr std::string_view zoster = "zoster";
inline constexpr std::string_view deaths = "deaths";
inline constexpr std::string_view data_quality = "data_quality";
}  // namespace measure

// Indexed by grade 0..5; 0 is not used.
using ByGrade = std::array<std::int64_t, 6>;

struct EndpointNumbers {
    std::int64_t evaluable = 0;  // N
    ByGrade highest{};           // subjects by their highest grade
    ByGrade highest_upper{};
    ByGrade active{};            // subjects in an episode now
    // n: subjects whose highest grade is at least this (1..5)
    std::int64_t at_least(int grade) const;
    std::int64_t at_least_upper(int grade) const;
};

struct CohortNumbers {
    std::string cohort;  // "study/cohort"
    std::array<std::int64_t, kPatientStates> patients{};
    std::array<EndpointNumbers, kEndpoints> endpoints;
    std::array<std::array<std::int64_t, 2>, 6> zoster{};  // class, period (0: to day 90, 1: later)
    std::array<std::int64_t, 11> deaths{};                // DeathCause
    std::array<std::int64_t, 12> data_quality{};          // EventFlag
};

// Cells of unknown measures or with x out of range are left out. In order of cohort.
std::vector<CohortNumbers> cohort_numbers(std::span<const store::CellSum> cells);

struct HeldCount {
    std::string reason;
    std::int64_t messages = 0;
};
struct ActiveAlerts {
    std::string rule;
    std::string cohort;
    std::string severity;
    std::int64_t alerts = 0;  // raised and not withdrawn
};

// What one scrape shows of the store.
struct Committed {
    std::vector<CohortNumbers> cohorts;
    std::vector<HeldCount> held;
    std::vector<ActiveAlerts> alerts;
    std::int64_t store_bytes = 0;
};
// Reads it in a session of the caller's.
Result<Committed> read_committed(store::Store& session);

}  // namespace cellvigil::metrics
