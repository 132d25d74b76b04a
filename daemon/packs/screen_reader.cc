#include "daemon/packs/screen_reader.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace cellvigil::packs {
namespace {

constexpr std::int64_t kMillion = 1'000'000;

std::string decimal_text(std::int64_t millionths) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.6g", static_cast<double>(millionths) / kMillion);
    return text.data();
}

bool has_cohort(const Catalogue& catalogue, const std::string& id) {
    return std::any_of(catalogue.cohorts.begin(), catalogue.cohorts.end(),
                       [&](const CohortFilter& cohort) { return cohort.id == id; });
}

}  // namespace

void read_screen(const YAML::Node& node, Catalogue& into, Problems& problems) {
    Section section(node, "screens", problems);
    if (!section.is_map()) return;
    ScreenSpec screen;
    screen.id = section.text("id", true);
    screen.cohort = section.text("cohort", true);
    const auto method = section.choice(
        "method", kLastScreenMethod, [](ScreenMethod m) { return name_of(m); }, true);
    screen.method = method.value_or(ScreenMethod::completeness);
    const std::string name = section.text("endpoint", false);
    const auto endpoint = reported_endpoint_of(name);
    if (!name.empty() && !endpoint) section.problem("endpoint", name + ": unknown endpoint");
    if (endpoint) screen.endpoint = *endpoint;
    if (method && counts_endpoint(*method) && name.empty())
        section.problem("endpoint: missing; this method counts one");
    if (method && !counts_endpoint(*method) && endpoint)
        section.problem("endpoint", std::string(name_of(*method)) + " counts none of its own");
    screen.alpha_millionths = section.decimal("alpha", kMillion, 1, kMillion / 2).value_or(screen.alpha_millionths);
    screen.least = section.whole("least", 1, 1000).value_or(0);
    screen.widest = section.whole("widest", 1, 16).value_or(1);
    screen.floor_millionths = section.decimal("floor", kMillion, 1, kMillion).value_or(screen.floor_millionths);
    section.finish();
    into.screens.push_back(std::move(screen));
}

void read_budget(const YAML::Node& node, Catalogue& into, Problems& problems) {
    Section section(node, "budgets", problems);
    if (!section.is_map()) return;
    AlphaBudget budget;
    budget.id = section.text("id", true);
    budget.cohorts = section.texts("cohorts");
    for (const std::string& name : section.texts("endpoints")) {
        const auto endpoint = reported_endpoint_of(name);
        if (!endpoint) {
            section.problem("endpoints", name + ": unknown endpoint");
        } else {
            budget.endpoints.push_back(*endpoint);
        }
    }
    const auto alpha = section.decimal("alpha", kMillion, 1, kMillion);
    if (!alpha && !section.has("alpha")) section.problem("alpha: missing; what may be spent");
    budget.alpha_millionths = alpha.value_or(0);
    section.finish();
    into.budgets.push_back(std::move(budget));
}

void read_lights(const YAML::Node& node, Catalogue& into, Problems& problems) {
    Section section(node, "lights", problems);
    if (!section.is_map()) return;
    LightRules& lights = into.lights;
    lights.red_per_mille = section.decimal("red", 1000, 1, 1000).value_or(lights.red_per_mille);
    lights.red_clears_per_mille = section.decimal("red_clears", 1000, 0, 1000).value_or(lights.red_clears_per_mille);
    lights.amber_per_mille = section.decimal("amber", 1000, 1, 1000).value_or(lights.amber_per_mille);
    lights.amber_clears_per_mille =
        section.decimal("amber_clears", 1000, 0, 1000).value_or(lights.amber_clears_per_mille);
    lights.weeks = static_cast<std::int32_t>(section.whole("weeks", 1, 4).value_or(lights.weeks));
    if (lights.red_clears_per_mille > lights.red_per_mille)
        section.problem("red_clears", "it is at most what raises red");
    if (lights.amber_clears_per_mille > lights.amber_per_mille)
        section.problem("amber_clears", "it is at most what raises amber");
    if (lights.amber_per_mille > lights.red_per_mille) section.problem("amber", "it is at most what raises red");
    section.finish();
}

void check_screens(const Catalogue& catalogue, const YAML::Node& root, Problems& problems) {
    for (const ScreenSpec& screen : catalogue.screens) {
        if (screen.cohort != "*" && !has_cohort(catalogue, screen.cohort)) {
            problems.at(root["screens"].Mark(),
                        "screens: " + screen.id + ": cohort " + screen.cohort + " is not in cohorts");
        }
    }
    for (const AlphaBudget& budget : catalogue.budgets) {
        for (const std::string& cohort : budget.cohorts) {
            if (!has_cohort(catalogue, cohort))
                problems.at(root["budgets"].Mark(),
                            "budgets: " + budget.id + ": cohort " + cohort + " is not in cohorts");
        }
        const std::int64_t spent = spent_millionths(catalogue, budget);
        if (budget.alpha_millionths > 0 && spent > budget.alpha_millionths) {
            problems.at(root["budgets"].Mark(),
                        "budgets: " + budget.id + ": its monitors spend " + decimal_text(spent) + ", more than " +
                            decimal_text(budget.alpha_millionths) + "; lower their alpha or raise the budget");
        }
    }
}

}  // namespace cellvigil::packs
