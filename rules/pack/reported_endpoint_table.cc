// Every endpoint, in the order of the enumeration.
#include <algorithm>
#include <array>
#include <cstddef>

#include "rules/pack/reported_endpoint.h"

namespace cellvigil {
namespace {

using enum EndpointKind;

// clang-format off
constexpr auto kRows = std::to_array<EndpointRow>({
    {ReportedEndpoint::crs_any, "crs_any", window, true, "CRS of any grade"},
    {ReportedEndpoint::crs_3, "crs_3", window, true, "CRS of grade 3 or more"},
    {ReportedEndpoint::icans_any, "icans_any", window, true, "neurotoxicity of any grade"},
    {ReportedEndpoint::icans_3, "icans_3", window, true, "neurotoxicity of grade 3 or more"},
    {ReportedEndpoint::neutropenia_3, "neutropenia_3", window, true, "neutropenia of grade 3 or more"},
    {ReportedEndpoint::leukopenia_3, "leukopenia_3", window, true, "leukopenia of grade 3 or more"},
    {ReportedEndpoint::anaemia_3, "anaemia_3", window, true, "anaemia of grade 3 or more"},
    {ReportedEndpoint::thrombocytopenia_3, "thrombocytopenia_3", window, true, "thrombocytopenia of grade 3 or more"},
    {ReportedEndpoint::severe_icaht, "severe_icaht", window, true, "early ICAHT of grade 3 or more"},
    {ReportedEndpoint::cytopenia_day_90, "cytopenia_day_90", landmark, true, "cytopenia of grade 3 or more at day 90"},
    {ReportedEndpoint::cytopenia_day_365, "cytopenia_day_365", landmark, true, "persistent severe cytopenia at day 365"},
    {ReportedEndpoint::infection_any, "infection_any", window, false, "any infection"},
    {ReportedEndpoint::infection_3, "infection_3", window, true, "infection of grade 3 or more"},
    {ReportedEndpoint::infection_past_day_90, "infection_past_day_90", person_time, false, "any infection past day 90"},
    {ReportedEndpoint::severe_infection, "severe_infection", person_time, false, "severe infection"},
    {ReportedEndpoint::zoster_any, "zoster_any", person_time, false, "herpes zoster"},
    {ReportedEndpoint::zoster_past_day_90, "zoster_past_day_90", person_time, false, "herpes zoster past day 90"},
    {ReportedEndpoint::zoster_off_prophylaxis, "zoster_off_prophylaxis", person_time, false, "herpes zoster past day 90 off antiviral prophylaxis"},
    {ReportedEndpoint::zoster_disseminated, "zoster_disseminated", share, false, "disseminated herpes zoster among zoster episodes"},
    {ReportedEndpoint::hypogammaglobulinaemia, "hypogammaglobulinaemia", window, false, "hypogammaglobulinaemia"},
    {ReportedEndpoint::b_cell_aplasia, "b_cell_aplasia", landmark, false, "B-cell aplasia"},
    {ReportedEndpoint::second_malignancy, "second_malignancy", person_time, false, "second malignancy"},
    {ReportedEndpoint::serious_adverse_event, "serious_adverse_event", window, false, "serious adverse event"},
    {ReportedEndpoint::death_day_30, "death_day_30", window, false, "death by day 30"},
    {ReportedEndpoint::death_day_100, "death_day_100", window, false, "death by day 100"},
    {ReportedEndpoint::non_relapse_mortality, "non_relapse_mortality", survival, false, "death without relapse"},
    {ReportedEndpoint::overall_response, "overall_response", response, false, "overall response"},
    {ReportedEndpoint::complete_response, "complete_response", response, false, "complete response"},
    {ReportedEndpoint::progression_free_survival, "progression_free_survival", survival, false, "progression-free survival"},
    {ReportedEndpoint::overall_survival, "overall_survival", survival, false, "overall survival"},
});
// clang-format on

constexpr bool in_order() {
    for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (kRows[i].endpoint != static_cast<ReportedEndpoint>(i)) return false;
    }
    return kRows.size() == static_cast<std::size_t>(kReportedEndpoints);
}
static_assert(in_order(), "a row for every endpoint, in the order of the enumeration");

}  // namespace

const EndpointRow& row_of(ReportedEndpoint endpoint) { return kRows[static_cast<std::size_t>(endpoint)]; }

std::optional<ReportedEndpoint> reported_endpoint_of(std::string_view name) {
    const auto found =
        std::find_if(kRows.begin(), kRows.end(), [&](const EndpointRow& row) { return name == row.name; });
    if (found == kRows.end()) return std::nullopt;
    return found->endpoint;
}

}  // namespace cellvigil
