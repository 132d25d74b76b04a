// Which reports an alert's case asks for, and when: what the alert itself tells and what people said of its case, run
// through the reporting clocks (rules/alert/reporting_clock.h). An alert knows when its cause became known here, that a
// person suffered a toxicity of the therapy, and whether it was fatal; seriousness of the rest, expectedness and
// relatedness are taken as reportable and named in `assumed` until a person says otherwise (case_words.h). An adverse
// event that a site reported knows what its versions say (rules/alert/case_report.h).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "daemon/book/book.h"
#include "daemon/store/store.h"
#include "rules/alert/case_report.h"
#include "rules/alert/reporting_clock.h"

namespace cellvigil::book {

struct Reporting {
    std::vector<ReportingRule> rules;  // of the deployment's jurisdictions; empty: no deadlines
    UtcOffset offset{0};               // the sponsor's
    TeamCalendar calendar = {};        // whose working days count for an emerging safety issue
};

// `history`: of one alert, by number; `report`: the site's, of an adverse event alert, else none. Only what was
// recorded up to `as_of` counts.
std::vector<CaseEvent> case_of(std::span<const store::ActionRow> history, std::string_view rule,
                               std::span<const CaseVersion> report, Instant as_of);
CaseClocks clocks_of_alert(std::span<const store::ActionRow> history, std::string_view rule,
                           std::span<const CaseVersion> report, Instant as_of, const Reporting& reporting);
// What is known of the case of one subject's alert; nullopt: it is a cohort's.
Result<std::optional<CaseState>> case_known(store::Store& store, const Standing& standing,
                                            std::optional<Instant> as_of);

// Of a cohort's alarm: an increase of a rate is reported within 15 days of its determination (21 CFR 312.32(c)(1)(iv)),
// where US trials are reported. Determined is what a second person confirmed (signal_management.h); until then the
// days count from the alarm, and `assumed` says so. What was not validated needs no report.
// Where marketed products of the EU are reported, a signal that a person calls an emerging safety issue is notified
// within 3 working days of that (GVP IX); one that was confirmed and not spoken of yet counts as one from its
// confirmation, with "emerging" in `assumed`.
CaseClocks clocks_of_signal(std::span<const store::ActionRow> history, std::span<const store::SignalStepRow> steps,
                            Instant as_of, const Reporting& reporting);

// Whichever it is, of a standing alert; nullopt: as everything is known now.
Result<CaseClocks> clocks_of(store::Store& store, const Standing& standing, std::optional<Instant> as_of,
                             const Reporting& reporting);

}  // namespace cellvigil::book
