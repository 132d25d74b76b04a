// A pack's monitors as work: which tables have to be counted, and which monitor looks at which of them. Monitors of one
// cohort and endpoint share a table. Pure values. Source: docs/packs.md, docs/cohorts.md.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "rules/monitor/screen_plan.h"
#include "rules/pack/catalogue.h"

namespace cellvigil {

// One calendar table. `upper` counts by the highest grade that remains possible; monitors read the other one, and show
// this one beside it (settled: cohort endpoints count `grade`).
struct WatchedTable {
    CohortFilter cohort;
    ReportedEndpoint endpoint = ReportedEndpoint::crs_3;
    bool upper = false;
    bool operator==(const WatchedTable&) const = default;
};
// "crs_3", "crs_3.upper".
std::string name_of(const WatchedTable& table);

struct Watch {
    MonitorSpec monitor;  // its cohort is one cohort's id, never "*"
    std::size_t table = 0;
    std::optional<std::size_t> upper;  // of graded endpoints
};

struct WatchPlan {
    Catalogue catalogue;  // for its products, profiles, budgets; monitors and screens are in the lists below
    std::vector<WatchedTable> tables;
    std::vector<Watch> watches;
    ScreenPlan screens;
    bool empty() const { return watches.empty() && screens.screens.empty(); }
};

// A monitor of "*" becomes one watch for every cohort of the pack. A pack without monitors gives an empty plan.
WatchPlan watch_plan(const Catalogue& catalogue);

// The rule of surveillance that an alarm of this endpoint belongs to: "C01" (zoster), "C02" (zoster off
// prophylaxis), "C03" (severe infections), "C04" (CRS, ICANS), "C05" (cytopenias), "C06" (deaths), "C11"
// (dissemination), "C12" (second malignancies); "C00": another endpoint's.
const char* cohort_rule_of(ReportedEndpoint endpoint);
const char* severity_of(ReportedEndpoint endpoint);  // of its alarm: "high"; second malignancies "immediate"

}  // namespace cellvigil
