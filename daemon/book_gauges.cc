#include "daemon/book_gauges.h"

#include <algorithm>

#include "daemon/log/log.h"

namespace cellvigil {

metrics::BookGauges gauges_of(const book::Index& index, Instant now) {
    metrics::BookGauges gauges;
    gauges.stages = index.stages();
    for (std::size_t i = 0; i < kSeverities; ++i) {
        const auto severity = static_cast<Severity>(i);
        const auto& since = index.waiting_since()[severity];
        if (!since.empty()) gauges.oldest_waiting[severity] = std::max(now - *since.begin(), milliseconds(0));
    }
    // Every jurisdiction that runs, so that "nothing is due" is a 0 and not an absence.
    for (const ReportingRule& rule : index.reporting().rules) gauges.reports[name_of(rule.jurisdiction)];
    for (const auto& [jurisdiction, due] : index.due()) {
        auto& reports = gauges.reports[name_of(jurisdiction)];
        reports.overdue = std::distance(due.begin(), due.upper_bound(now));
        reports.open = static_cast<std::int64_t>(due.size()) - reports.overdue;
        if (!due.empty()) reports.next_due = *due.begin();
    }
    return gauges;
}

BookGauges::BookGauges(Open open, book::Reporting reporting, milliseconds every)
    : open_(std::move(open)), every_(every), index_(std::move(reporting)) {}

void BookGauges::refresh(Instant now) {
    if (now < next_) return;
    if (!session_) {
        auto opened = open_();
        if (!opened) return;
        session_ = std::move(*opened);
    }
    if (auto read = index_.refresh(*session_, now); !read) {
        log::warn({"metrics", "book_not_read", "the book of alerts cannot be read; its last numbers are shown"},
                  {{"err", read.error()}});
        return;
    }
    next_ = now + every_;
}

metrics::BookGauges BookGauges::at(Instant now) {
    const std::lock_guard lock(mutex_);
    refresh(now);
    return gauges_of(index_, now);
}

std::vector<std::string> BookGauges::waiting(Instant now) {
    const std::lock_guard lock(mutex_);
    refresh(now);
    return {index_.waiting().begin(), index_.waiting().end()};
}

}  // namespace cellvigil
