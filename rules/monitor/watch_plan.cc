#include "rules/monitor/watch_plan.h"

#include <algorithm>

namespace cellvigil {
namespace {

bool has_two_grades(ReportedEndpoint endpoint) {
    return endpoint == ReportedEndpoint::crs_any || endpoint == ReportedEndpoint::crs_3 ||
           endpoint == ReportedEndpoint::icans_any || endpoint == ReportedEndpoint::icans_3;
}

std::size_t place_of(std::vector<WatchedTable>& tables, const WatchedTable& wanted) {
    const auto found = std::find(tables.begin(), tables.end(), wanted);
    if (found != tables.end()) return static_cast<std::size_t>(found - tables.begin());
    tables.push_back(wanted);
    return tables.size() - 1;
}

}  // namespace

std::string name_of(const WatchedTable& table) {
    return std::string(row_of(table.endpoint).name) + (table.upper ? ".upper" : "");
}

WatchPlan watch_plan(const Catalogue& catalogue) {
    WatchPlan plan;
    plan.catalogue.products = catalogue.products;
    for (const MonitorSpec& monitor : catalogue.monitors) {
        for (const CohortFilter& cohort : catalogue.cohorts) {
            if (monitor.cohort != "*" && monitor.cohort != cohort.id) continue;
            Watch watch;
            watch.monitor = monitor;
            watch.monitor.cohort = cohort.id;
            watch.table = place_of(plan.tables, {cohort, monitor.endpoint, false});
            if (has_two_grades(monitor.endpoint)) watch.upper = place_of(plan.tables, {cohort, monitor.endpoint, true});
            plan.watches.push_back(std::move(watch));
        }
    }
    return plan;
}

const char* severity_of(ReportedEndpoint endpoint) {
    return endpoint == ReportedEndpoint::second_malignancy ? "immediate" : "high";
}

const char* cohort_rule_of(ReportedEndpoint endpoint) {
    switch (endpoint) {
        case ReportedEndpoint::zoster_past_day_90:
        case ReportedEndpoint::zoster_any:
            return "C01";
        case ReportedEndpoint::infection_past_day_90:
            return "C02";
        case ReportedEndpoint::severe_infection:
            return "C03";
        case ReportedEndpoint::crs_any:
        case ReportedEndpoint::crs_3:
        case ReportedEndpoint::icans_any:
        case ReportedEndpoint::icans_3:
            return "C04";
        case ReportedEndpoint::neutropenia_3:
        case ReportedEndpoint::leukopenia_3:
        case ReportedEndpoint::cytopenia_day_90:
        case ReportedEndpoint::cytopenia_day_365:
            return "C05";
        case ReportedEndpoint::death_day_30:
        case ReportedEndpoint::death_day_100:
            return "C06";
        case ReportedEndpoint::second_malignancy:
            return "C12";
        case ReportedEndpoint::anaemia_3:
        case ReportedEndpoint::thrombocytopenia_3:
        case ReportedEndpoint::severe_icaht:
        case ReportedEndpoint::infection_any:
        case ReportedEndpoint::infection_3:
        case ReportedEndpoint::hypogammaglobulinaemia:
        case ReportedEndpoint::b_cell_aplasia:
        case ReportedEndpoint::serious_adverse_event:
        case ReportedEndpoint::non_relapse_mortality:
        case ReportedEndpoint::overall_response:
        case ReportedEndpoint::complete_response:
        case ReportedEndpoint::progression_free_survival:
        case ReportedEndpoint::overall_survival:
            return "C00";
    }
    return "C00";
}

}  // namespace cellvigil
