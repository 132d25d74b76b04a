// Which reports an alert's case asks for, and when: what the alert itself tells, run through the reporting clocks
// (rules/alert/reporting_clock.h). An alert knows when its cause became known here, that a person suffered a toxicity
// of the therapy, and whether it was fatal; seriousness of the rest, expectedness and the sponsor's word on relatedness
// are not in it, are taken as reportable and named in `assumed`. Pure.
#pragma once

#include <span>
#include <vector>

#include "daemon/store/store.h"
#include "rules/alert/reporting_clock.h"

namespace cellvigil::book {

struct Reporting {
    std::vector<ReportingRule> rules;  // of the deployment's jurisdictions; empty: no deadlines
    UtcOffset offset{0};               // the sponsor's
};

// `history`: of one alert, by number; only what was recorded up to `as_of` counts.
std::vector<CaseEvent> case_of(std::span<const store::ActionRow> history, std::string_view rule, Instant as_of);
CaseClocks clocks_of_alert(std::span<const store::ActionRow> history, std::string_view rule, Instant as_of,
                           const Reporting& reporting);

}  // namespace cellvigil::book
