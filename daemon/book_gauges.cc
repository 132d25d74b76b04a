#include "daemon/book_gauges.h"

#include <algorithm>

#include "daemon/book/book.h"
#include "daemon/log/log.h"

namespace cellvigil {
namespace {

constexpr std::size_t kPage = 1000;

// Every jurisdiction that runs, so that "nothing is due" is a 0 and not an absence.
void prepare(metrics::BookGauges& gauges, const book::Reporting& reporting) {
    for (const ReportingRule& rule : reporting.rules) gauges.reports[name_of(rule.jurisdiction)];
}

void count(metrics::BookGauges& gauges, const std::vector<Deadline>& deadlines, Instant now) {
    for (const Deadline& deadline : deadlines) {
        if (!deadline.open()) continue;
        auto& reports = gauges.reports[name_of(deadline.jurisdiction)];
        (now >= deadline.due_at ? reports.overdue : reports.open) += 1;
        reports.next_due = std::min(reports.next_due.value_or(kNever), deadline.due_at);
    }
}

}  // namespace

Result<metrics::BookGauges> book_gauges(store::Store& store, const AlertPolicy& policy,
                                        const book::Reporting& reporting, Instant now) {
    metrics::BookGauges gauges;
    prepare(gauges, reporting);
    book::Choice choice;
    choice.at_most = kPage;
    for (;;) {
        const auto standing = book::standings(store, choice, now, policy);
        if (!standing) return fail(standing.error());
        for (const book::Standing& one : *standing) {
            ++gauges.stages[static_cast<std::size_t>(stage_of(one.record, now))];
            if (is_waiting(one.record, now)) {
                auto& oldest = gauges.oldest_waiting[one.record.severity];
                oldest = std::max(oldest, now - one.record.fired_at);
            }
            if (reporting.rules.empty()) continue;
            const auto clocks = book::clocks_of(store, one, std::nullopt, reporting);
            if (!clocks) return fail(clocks.error());
            count(gauges, clocks->deadlines, now);
        }
        if (standing->size() < kPage) return gauges;
        choice.after = standing->back().row.alert_id;
    }
}

BookGauges::BookGauges(Open open, AlertPolicy policy, book::Reporting reporting, milliseconds every)
    : open_(std::move(open)), policy_(policy), reporting_(std::move(reporting)), every_(every) {
    prepare(last_, reporting_);
}

metrics::BookGauges BookGauges::at(Instant now) {
    if (now < next_) return last_;
    if (!session_) {
        auto opened = open_();
        if (!opened) return last_;
        session_ = std::move(*opened);
    }
    auto read = book_gauges(*session_, policy_, reporting_, now);
    if (!read) {
        log::warn({"metrics", "book_not_read", "the book of alerts cannot be read; its last numbers are shown"},
                  {{"err", read.error()}});
        return last_;
    }
    last_ = std::move(*read);
    next_ = now + every_;
    return last_;
}

}  // namespace cellvigil
