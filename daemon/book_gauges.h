// What the book of alerts says as numbers: who waits how long, which reports are due. Names no subject. The index
// behind it is shared with those who escalate; a refresh costs what changed.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "daemon/book/index.h"
#include "daemon/metrics/metrics.h"
#include "daemon/store/store.h"

namespace cellvigil {

metrics::BookGauges gauges_of(const book::Index& index, Instant now);

// Read at most every `every`. While it cannot be read the last is shown. Safe from any thread.
class BookGauges {
  public:
    using Open = std::function<Result<std::unique_ptr<store::Store>>()>;
    BookGauges(Open open, book::Reporting reporting, milliseconds every);
    metrics::BookGauges at(Instant now);
    std::vector<std::string> waiting(Instant now);  // ids of alerts that somebody has to look at, ascending

  private:
    void refresh(Instant now);

    Open open_;
    milliseconds every_;
    std::mutex mutex_;  // guards the rest
    std::unique_ptr<store::Store> session_;
    book::Index index_;
    Instant next_ = kAlways;
};

}  // namespace cellvigil
