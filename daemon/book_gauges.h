// What the book of alerts says as numbers: who waits how long, which reports are due. Names no subject.
#pragma once

#include <functional>
#include <memory>

#include "daemon/book/deadlines.h"
#include "daemon/metrics/metrics.h"
#include "daemon/store/store.h"
#include "rules/alert/lifecycle.h"

namespace cellvigil {

Result<metrics::BookGauges> book_gauges(store::Store& store, const AlertPolicy& policy,
                                        const book::Reporting& reporting, Instant now);

// The same, read at most every `every`, for scrapes: one call at a time. While it cannot be read the last is shown.
class BookGauges {
  public:
    using Open = std::function<Result<std::unique_ptr<store::Store>>()>;
    BookGauges(Open open, AlertPolicy policy, book::Reporting reporting, milliseconds every);
    metrics::BookGauges at(Instant now);

  private:
    Open open_;
    AlertPolicy policy_;
    book::Reporting reporting_;
    milliseconds every_;
    std::unique_ptr<store::Store> session_;
    metrics::BookGauges last_;
    Instant next_ = kAlways;
};

}  // namespace cellvigil
