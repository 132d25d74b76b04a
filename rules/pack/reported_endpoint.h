// The endpoints that profiles report and monitors watch: name, how it is counted, whether a grading scale must be named
// with it. Source of the definitions: docs/cohorts.md. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cellvigil {

enum class EndpointKind : std::uint8_t {
    window,       // happened to a subject within a fixed window after infusion, or not
    landmark,     // holds on a landmark day, among those alive and tested then
    person_time,  // first event per time at risk
    response,     // best response among the evaluable
    survival,     // time to event
    share,        // of episodes in order of onset: those of a kind
};

// clang-format off
enum class ReportedEndpoint : std::uint8_t {
    crs_any, crs_3, icans_any, icans_3,                                    // by day 30
    neutropenia_3, leukopenia_3, anaemia_3, thrombocytopenia_3,            // any time
    severe_icaht, cytopenia_day_90, cytopenia_day_365,
    infection_any, infection_3, infection_past_day_90, severe_infection, zoster_any, zoster_past_day_90,
    zoster_off_prophylaxis, zoster_disseminated,
    hypogammaglobulinaemia, b_cell_aplasia, second_malignancy, serious_adverse_event,
    death_day_30, death_day_100, non_relapse_mortality,
    overall_response, complete_response, progression_free_survival, overall_survival,
};
// clang-format on
inline constexpr int kReportedEndpoints = static_cast<int>(ReportedEndpoint::overall_survival) + 1;

struct EndpointRow {
    ReportedEndpoint endpoint;
    const char* name;  // "crs_3"
    EndpointKind kind;
    bool scale_required;  // a grade means nothing without its scale
    const char* words;    // "CRS of grade 3 or more"
};
const EndpointRow& row_of(ReportedEndpoint endpoint);
std::optional<ReportedEndpoint> reported_endpoint_of(std::string_view name);

}  // namespace cellvigil
