#include <chrono>

#include "daemon/metrics/state.h"

namespace cellvigil::metrics {
namespace {

double seconds_of(milliseconds length) { return std::chrono::duration<double>(length).count(); }

}  // namespace

void add_book(Families& out, const BookGauges& book) {
    out.gauge("cellvigil_alerts_by_stage", "Alerts by what people have made of them.");
    for (int i = 0; i < kStages; ++i) {
        const auto stage = static_cast<Stage>(i);
        out.add({{"stage", name_of(stage)}}, static_cast<double>(book.stages[static_cast<std::size_t>(i)]));
    }
    out.gauge("cellvigil_alert_oldest_unacknowledged_seconds",
              "How long the alert that waits longest has waited; 0: none does.");
    for (const std::string_view name : kSeverityNames)
        out.add({{"severity", std::string(name)}}, seconds_of(book.oldest_waiting[*severity_named(name)]));
    if (book.reports.empty()) return;
    out.gauge("cellvigil_reports_due",
              "Reports to authorities that were not entered as sent, by whether their day has passed.");
    for (const auto& [jurisdiction, reports] : book.reports) {
        out.add({{"jurisdiction", jurisdiction}, {"state", "open"}}, static_cast<double>(reports.open));
        out.add({{"jurisdiction", jurisdiction}, {"state", "overdue"}}, static_cast<double>(reports.overdue));
    }
    out.gauge("cellvigil_report_next_due_timestamp_seconds",
              "End of the earliest day on which one of them is due; absent: none is.");
    for (const auto& [jurisdiction, reports] : book.reports)
        if (reports.next_due)
            out.add({{"jurisdiction", jurisdiction}},
                    std::chrono::duration<double>(reports.next_due->time_since_epoch()).count());
}

}  // namespace cellvigil::metrics
