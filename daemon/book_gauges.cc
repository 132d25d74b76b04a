#include "daemon/book_gauges.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

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

namespace {

void warn_of(const Error& error) {
    log::warn({"metrics", "book_not_read", "the book of alerts cannot be read; its last numbers are shown"},
              {{"err", error}});
}

}  // namespace

BookGauges::BookGauges(Options options, book::Reporting reporting) : options_(std::move(options)) {
    begin(std::move(reporting));
}

BookGauges::~BookGauges() { end(); }

void BookGauges::replace(book::Reporting reporting) {
    end();
    begin(std::move(reporting));
}

void BookGauges::begin(book::Reporting reporting) {
    stopping_ = false;
    reader_ = std::thread([this, reporting = std::move(reporting)]() mutable { read_all(std::move(reporting)); });
}

void BookGauges::end() {
    stopping_ = true;
    {
        const std::lock_guard lock(mutex_);
        read_.notify_all();
    }
    if (reader_.joinable()) reader_.join();
}

// Page by page, so that an end is heeded soon. Until it is done what was read before is shown.
void BookGauges::read_all(book::Reporting reporting) {
    pthread_setname_np(pthread_self(), "cv:book");
    Reading fresh{nullptr, book::Index(std::move(reporting))};
    while (!stopping_) {
        Result<bool> whole = false;
        if (fresh.session == nullptr) {
            auto opened = options_.open();
            if (opened) {
                fresh.session = std::move(*opened);
            } else {
                whole = fail(opened.error());
            }
        }
        if (whole) whole = fresh.index.advance(*fresh.session, options_.now());
        if (whole && !*whole) continue;
        std::unique_lock lock(mutex_);
        if (whole) {
            reading_ = std::move(fresh);
            next_ = kAlways;
            read_.notify_all();
            return;
        }
        warn_of(whole.error());
        read_.wait_for(lock, options_.every, [this] { return stopping_.load(); });
    }
}

// Under the mutex.
void BookGauges::refresh(Instant now) {
    if (!reading_ || now < next_) return;
    if (auto read = reading_->index.refresh(*reading_->session, now); !read) return warn_of(read.error());
    next_ = now + options_.every;
}

std::optional<metrics::BookGauges> BookGauges::at(Instant now) {
    std::unique_lock lock(mutex_);
    read_.wait_for(lock, options_.patience, [this] { return reading_.has_value() || stopping_; });
    if (!reading_) return std::nullopt;
    refresh(now);
    return gauges_of(reading_->index, now);
}

std::optional<std::vector<std::string>> BookGauges::waiting(Instant now) {
    const std::lock_guard lock(mutex_);
    if (!reading_) return std::nullopt;
    refresh(now);
    const auto& ids = reading_->index.waiting();
    return std::vector<std::string>(ids.begin(), ids.end());
}

}  // namespace cellvigil
