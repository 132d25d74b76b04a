#include "rules/monitor/screen_plan.h"

#include <algorithm>

namespace cellvigil {
namespace {

std::vector<ScreenGroup> groups_of(ScreenMethod method) {
    switch (method) {
        case ScreenMethod::site_outlier:
            return {ScreenGroup::site_rates, ScreenGroup::site_reports};
        case ScreenMethod::lot_scan:
            return {ScreenGroup::lot_rates};
        case ScreenMethod::reporting_delay:
            return {ScreenGroup::site_delays};
        case ScreenMethod::completeness:
            return {ScreenGroup::completeness};
        case ScreenMethod::ic:
        case ScreenMethod::eb05:
        case ScreenMethod::prr:
        case ScreenMethod::ror:
            return {ScreenGroup::pairs};
    }
    return {};
}

bool has_endpoint(ScreenGroup group) { return group == ScreenGroup::site_rates || group == ScreenGroup::lot_rates; }

std::size_t place_of(std::vector<ScreenTableSpec>& tables, const ScreenTableSpec& wanted) {
    const auto found = std::find(tables.begin(), tables.end(), wanted);
    if (found != tables.end()) return static_cast<std::size_t>(found - tables.begin());
    tables.push_back(wanted);
    return tables.size() - 1;
}

}  // namespace

const char* name_of(ScreenGroup group) {
    switch (group) {
        case ScreenGroup::site_rates:
            return "site_rates";
        case ScreenGroup::site_reports:
            return "site_reports";
        case ScreenGroup::lot_rates:
            return "lot_rates";
        case ScreenGroup::site_delays:
            return "site_delays";
        case ScreenGroup::completeness:
            return "completeness";
        case ScreenGroup::pairs:
            return "pairs";
    }
    return "unknown";
}

const char* name_of(ScreenColumn column) {
    switch (column) {
        case ScreenColumn::events:
            return "events";
        case ScreenColumn::at_risk:
            return "at_risk";
        case ScreenColumn::subjects:
            return "subjects";
        case ScreenColumn::known:
            return "known";
    }
    return "unknown";
}

std::string name_of(const ScreenTableSpec& table) {
    std::string name = name_of(table.group);
    if (has_endpoint(table.group)) name.append(".").append(row_of(table.endpoint).name);
    return name;
}

std::string screen_measure(const ScreenTableSpec& table, ScreenColumn column, std::string_view unit) {
    return "screen/" + name_of(table) + "/" + name_of(column) + "/" + std::string(unit);
}

ScreenPlan screen_plan(const Catalogue& catalogue) {
    ScreenPlan plan;
    for (const ScreenSpec& spec : catalogue.screens) {
        for (const CohortFilter& cohort : catalogue.cohorts) {
            if (spec.cohort != "*" && spec.cohort != cohort.id) continue;
            Screen screen;
            screen.spec = spec;
            screen.spec.cohort = cohort.id;
            for (const ScreenGroup group : groups_of(spec.method)) {
                ScreenTableSpec table{cohort, group};
                if (has_endpoint(group)) table.endpoint = spec.endpoint;
                screen.tables.push_back(place_of(plan.tables, table));
            }
            plan.screens.push_back(std::move(screen));
        }
    }
    return plan;
}

const char* rule_of(ScreenMethod method) {
    switch (method) {
        case ScreenMethod::site_outlier:
            return "C07";
        case ScreenMethod::lot_scan:
            return "C08";
        case ScreenMethod::reporting_delay:
            return "C09";
        case ScreenMethod::completeness:
            return "C10";
        case ScreenMethod::ic:
        case ScreenMethod::eb05:
        case ScreenMethod::prr:
        case ScreenMethod::ror:
            return "C13";
    }
    return "C00";
}

const char* severity_of(ScreenMethod method) {
    switch (method) {
        case ScreenMethod::site_outlier:
        case ScreenMethod::lot_scan:
            return "high";
        case ScreenMethod::reporting_delay:
        case ScreenMethod::completeness:
        case ScreenMethod::ic:
        case ScreenMethod::eb05:
        case ScreenMethod::prr:
        case ScreenMethod::ror:
            return "medium";
    }
    return "medium";
}

const char* words_of(ScreenMethod method) {
    switch (method) {
        case ScreenMethod::site_outlier:
            return "site outlier";
        case ScreenMethod::lot_scan:
            return "cluster in lots";
        case ScreenMethod::reporting_delay:
            return "later reporting at a site";
        case ScreenMethod::completeness:
            return "incomplete data";
        case ScreenMethod::ic:
        case ScreenMethod::eb05:
        case ScreenMethod::prr:
        case ScreenMethod::ror:
            return "disproportionate reporting of a product";
    }
    return "";
}

}  // namespace cellvigil
