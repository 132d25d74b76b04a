// Every endpoint, in the order of the enumeration.
#include <algorithm>
#include <array>
#include <cstddef>

#include "rules/pack/endpoint.h"

namespace cellvigil {
namespace {

using enum EndpointKind;

// clang-format off
constexpr auto kRows = std::to_array<EndpointRow>({
    {Endpoint::crs_any, "crs_any", window, true, "CRS of any grade"},
    {Endpoint::crs_3, "crs_3", window, true, "CRS of grade 3 or more"},
    {Endpoint::icans_any, "icans_any", window, true, "neurotoxicity of any grade"},
    {Endpoint::icans_3, "icans_3", window, true, "neurotoxicity of grade 3 or more"},
    {Endpoint::neutropenia_3, "neutropenia_3", window, true, "neutropenia of grade 3 or more"},
    {Endpoint::leukopenia_3, "leukopenia_3", window, true, "leukopenia of grade 3 or more"},
    {Endpoint::anaemia_3, "anaemia_3", window, true, "anaemia of grade 3 or more"},
    {Endpoint::thrombocytopenia_3, "thrombocytopenia_3", window, true, "thrombocytopenia of grade 3 or more"},
    {Endpoint::severe_icaht, "severe_icaht", window, true, "early ICAHT of grade 3 or more"},
    {Endpoint::cytopenia_day_90, "cytopenia_day_90", landmark, true, "cytopenia of grade 3 or more at day 90"},
    {Endpoint::cytopenia_day_365, "cytopenia_day_365", landmark, true, "persistent severe cytopenia at day 365"},
    {Endpoint::infection_any, "infection_any", window, false, "any infection"},
    {Endpoint::infection_3, "infection_3", window, true, "infection of grade 3 or more"},
    {Endpoint::infection_past_day_90, "infection_past_day_90", person_time, false, "any infection past day 90"},
    {Endpoint::severe_infection, "severe_infection", person_time, false, "severe infection"},
    {Endpoint::zoster_any, "zoster_any", person_time, false, "herpes zoster"},
    {Endpoint::zoster_past_day_90, "zoster_past_day_90", person_time, false, "herpes zoster past day 90"},
    {Endpoint::hypogammaglobulinaemia, "hypogammaglobulinaemia", window, false, "hypogammaglobulinaemia"},
    {Endpoint::b_cell_aplasia, "b_cell_aplasia", landmark, false, "B-cell aplasia"},
    {Endpoint::second_malignancy, "second_malignancy", person_time, false, "second malignancy"},
    {Endpoint::serious_adverse_event, "serious_adverse_event", window, false, "serious adverse event"},
    {Endpoint::death_day_30, "death_day_30", window, false, "death by day 30"},
    {Endpoint::death_day_100, "death_day_100", window, false, "death by day 100"},
    {Endpoint::non_relapse_mortality, "non_relapse_mortality", survival, false, "death without relapse"},
    {Endpoint::overall_response, "overall_response", response, false, "overall response"},
    {Endpoint::complete_response, "complete_response", response, false, "complete response"},
    {Endpoint::progression_free_survival, "progression_free_survival", survival, false, "progression-free survival"},
    {Endpoint::overall_survival, "overall_survival", survival, false, "overall survival"},
});
// clang-format on

constexpr bool in_order() {
    for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (kRows[i].endpoint != static_cast<Endpoint>(i)) return false;
    }
    return kRows.size() == static_cast<std::size_t>(kEndpoints);
}
static_assert(in_order(), "a row for every endpoint, in the order of the enumeration");

}  // namespace

const EndpointRow& row_of(Endpoint endpoint) { return kRows[static_cast<std::size_t>(endpoint)]; }

std::optional<Endpoint> endpoint_of(std::string_view name) {
    const auto found = std::find_if(kRows.begin(), kRows.end(), [&](const EndpointRow& row) { return name == row.name; });
    if (found == kRows.end()) return std::nullopt;
    return found->endpoint;
}

}  // namespace cellvigil
