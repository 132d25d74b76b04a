// What cohorts count, for whom and by which estimand: the names that a table's rows go by. docs/cohorts.md. Pure.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/cohort/index_course.h"

namespace cellvigil {

// clang-format off
enum class Endpoint : std::uint8_t {
    // first on days 0 to 30
    crs_any, crs_3, icans_any, icans_3,
    // worst count on days 0 to 90
    neutropenia_3, leukopenia_3,
    // from day 91 on
    zoster_past_day_90, zoster_past_day_90_with_possible, infection_past_day_90,
    zoster,                                        // any time
    severe_infection_w0, severe_infection_w1, severe_infection_w2, severe_infection_w3,
    second_malignancy,
    death, non_relapse_death, progression_free,
    response, complete_response,
    // at landmarks: is it so
    severe_cytopenia, low_igg, low_cd4, b_cell_aplasia,
};
// clang-format on
inline constexpr int kEndpoints = static_cast<int>(Endpoint::b_cell_aplasia) + 1;
const char* name_of(Endpoint endpoint);   // "zoster_past_day_90"
const char* words_of(Endpoint endpoint);  // "Herpes zoster past day 90"

// before_next_therapy: transplant, another cell therapy and new systemic therapy end the time at risk and compete with
// the event, as death does. regardless: only death competes; transplant and re-infusion censor; other therapy is
// ignored.
enum class Estimand : std::uint8_t { before_next_therapy, regardless };
const char* name_of(Estimand estimand);

// Whose or which grade: `grade`, `grade_upper`, the site's. Of endpoints without a grade always `computed`; of severe
// infections `computed` is the pack's system and `upper` any system.
enum class GradeSide : std::uint8_t { computed, upper, site, computed_else_site };
const char* name_of(GradeSide side);

// first: until the first event. every: every event, without the time in which it could not recur.
enum class Counting : std::uint8_t { first, every };
const char* name_of(Counting counting);

// safety: infused. efficacy: infused, and a disease status of day 1 or later that is evaluable.
enum class AnalysisSet : std::uint8_t { safety, efficacy };
const char* name_of(AnalysisSet set);

struct EndpointKey {
    Endpoint endpoint = Endpoint::death;
    Estimand estimand = Estimand::regardless;
    GradeSide side = GradeSide::computed;
    Counting counting = Counting::first;
    auto operator<=>(const EndpointKey&) const = default;
};

enum class Dimension : std::uint8_t { all, antiviral, immunoglobulin, cd4, window, site, lot, indication };
const char* name_of(Dimension dimension);

struct Stratum {
    Dimension dimension = Dimension::all;
    std::string value;  // "on", "off", "unknown"; "w0".."w3"; the site's name; empty for `all`
    auto operator<=>(const Stratum&) const = default;
};

// What a table's cause column stands for: of most endpoints name_of(Exit); of `death` the cause of death.
const char* cause_name(Endpoint endpoint, std::size_t cause);
inline constexpr std::size_t kEventCause = static_cast<std::size_t>(Exit::event);
// Is every column of this endpoint its event (death, progression-free survival), or the first alone?
bool all_causes_are_events(Endpoint endpoint);
// Which column a death of this cause stands in, for Endpoint::death.
std::size_t death_column(DeathCause cause);

bool is_landmark(Endpoint endpoint);
inline constexpr Day kLandmarks[] = {90, 180, 365};
// First day at risk and last day, kOpenEnd where there is none.
inline constexpr Day kOpenEnd = 900'000;
DaySpan days_of(Endpoint endpoint, const RuleSet& rules);

}  // namespace cellvigil
