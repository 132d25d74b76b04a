#include "daemon/simulate/parameters.h"

#include <algorithm>

#include "rules/base/ensure.h"

namespace cellvigil::simulate {
namespace {

constexpr std::array<double, kPhenotypes> kLymphomaMix{0.03, 0.40, 0.39, 0.18};
constexpr std::array<const char*, kScenarios> kScenarioNames{
    "none", "hazard-doubled", "lot-doubled", "site-tripled", "prophylaxis-shortened", "crs-tripled", "icans-tripled"};
struct OtherName {
    std::string_view name;
    Scenario scenario;
};
constexpr std::array kOtherNames{OtherName{"null", Scenario::none}, OtherName{"one-lot", Scenario::lot_doubled},
                                 OtherName{"one-site", Scenario::site_tripled}};

Coding lymphoma() { return {"urn:cellvigil:indication", "LBCL", "Large B-cell lymphoma"}; }
Coding by_atc(const char* code, const char* name) { return {"http://www.whocc.no/atc", code, name}; }

// The 4-1BB dual-target product: docs/simulator.md, table "C-CAR039".
Parameters c_car039() {
    Parameters p;
    p.preset = "c-car039";
    p.study = "CCAR039-SIM";
    p.cohort = "C-CAR039";
    p.subject_prefix = "C039-";
    p.product = {{"urn:cellvigil:product", "C-CAR039", "Prizloncabtagene autoleucel"}, lymphoma(), 2, true};
    p.exits = {.cured = 0.575,
               .relapse_months = {6, 0.8},
               .survival_after_relapse_median_months = 24,
               .other_death_to_day_28 = 0.008,
               .other_death_day_28_to_365 = 0.025,
               .other_death_per_later_year = 0.010,
               .follow_up_months = {53.9, 0.18},
               .lost = 0.05};
    p.crs = {.any = 0.938,
             .severe = 0.021,
             .grade_1_of_mild = 62.0 / 98,
             .grade_4_of_severe = 0,
             .onset_days = {3, 0.65},
             .duration_days = {5, 0.60}};
    p.icans = {.any = 0.063,
               .severe = 0.010,
               .grade_1_of_mild = 0.60,
               .grade_4_of_severe = 0.30,
               .onset_days = {7, 0.5},
               .late_onset = 0.007,
               .duration_days = {4, 0.6}};
    p.counts.shares = {0.17, 0.35, 0.33, 0.15};
    return p;
}

// The CD28 product, third line.
Parameters axi_cel() {
    Parameters p = c_car039();
    p.preset = "axi-cel";
    p.study = "AXICEL-SIM";
    p.cohort = "AXI-CEL";
    p.subject_prefix = "AXI-";
    p.product = {by_atc("L01XL03", "Axicabtagene ciloleucel"), lymphoma(), 2, true};
    p.exits.cured = 0.36;
    p.exits.relapse_months = {3, 0.8};
    p.exits.survival_after_relapse_median_months = 9;
    p.exits.other_death_to_day_28 = 0.009;
    p.exits.other_death_day_28_to_365 = 0.10;
    p.exits.other_death_per_later_year = 0.018;
    p.crs = {.any = 0.93,
             .severe = 0.12,
             .grade_1_of_mild = 37.0 / 87,
             .grade_4_of_severe = 4.0 / 13,
             .onset_days = {2, 0.75},
             .duration_days = {7, 0.64}};
    p.icans = {.any = 0.65,
               .severe = 0.28,
               .grade_1_of_mild = 0.55,
               .grade_4_of_severe = 0.20,
               .onset_days = {5, 0.53},
               .late_onset = 0.007,
               .duration_days = {13, 0.75}};
    p.counts.shares = kLymphomaMix;
    return p;
}

// Liso-cel's timing with relma-cel's published proportions (RELIANCE): CRS 28/59 and 3/59, ICANS 12/59 and 2/59, 15 of
// 58 lost. Cure fraction and survival are fitted to its 2-year PFS and 4-year OS.
Parameters relma_cel() {
    Parameters p = c_car039();
    p.preset = "relma-cel";
    p.study = "RELMACEL-SIM";
    p.cohort = "RELMA-CEL";
    p.subject_prefix = "RELMA-";
    p.product = {{"urn:cellvigil:product", "RELMA-CEL", "Relmacabtagene autoleucel"}, lymphoma(), 100, false};
    p.exits.cured = 0.37;
    p.exits.relapse_months = {4, 0.8};
    p.exits.survival_after_relapse_median_months = 43;
    p.exits.lost = 0.25;
    p.crs = {.any = 28.0 / 59,
             .severe = 3.0 / 59,
             .grade_1_of_mild = 0.63,
             .grade_4_of_severe = 0.20,
             .onset_days = {5, 0.53},
             .duration_days = {5, 0.5}};
    p.icans = {.any = 12.0 / 59,
               .severe = 2.0 / 59,
               .grade_1_of_mild = 0.60,
               .grade_4_of_severe = 0.20,
               .onset_days = {9, 0.6},
               .late_onset = 0.007,
               .duration_days = {11, 0.7}};
    p.counts.shares = kLymphomaMix;
    return p;
}

}  // namespace

const char* name_of(Scenario scenario) { return kScenarioNames.at(static_cast<std::size_t>(scenario)); }

Result<Scenario> scenario_of(std::string_view name) {
    std::string hyphenated(name);
    std::replace(hyphenated.begin(), hyphenated.end(), '_', '-');
    for (std::size_t index = 0; index < kScenarioNames.size(); ++index)
        if (hyphenated == kScenarioNames.at(index)) return static_cast<Scenario>(index);
    for (const OtherName& other : kOtherNames)
        if (hyphenated == other.name) return other.scenario;
    return fail(Errc::not_found,
                "no scenario of that name: none (or null), hazard-doubled, lot-doubled (or one-lot), site-tripled (or "
                "one-site), prophylaxis-shortened, crs-tripled, icans-tripled");
}

Result<Parameters> preset(std::string_view name) {
    if (name == "c-car039") return c_car039();
    if (name == "axi-cel") return axi_cel();
    if (name == "relma-cel") return relma_cel();
    return fail(Errc::not_found, "no preset of that name: c-car039, axi-cel, relma-cel");
}

std::vector<std::string> preset_names() { return {"c-car039", "axi-cel", "relma-cel"}; }

}  // namespace cellvigil::simulate
