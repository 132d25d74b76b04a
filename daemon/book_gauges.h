// What the book of alerts says as numbers: who waits how long, which reports are due. Names no subject. The index
// behind it is shared with those who escalate; a refresh costs what changed. The first one folds every history, seconds
// where there are many: that is done by a thread of its own, and nobody waits for it longer than `patience`.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
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
    struct Options {
        Open open;
        std::function<Instant()> now;
        milliseconds every = seconds(5);
        milliseconds patience = seconds(1);  // so long at() waits for the first reading
    };
    BookGauges(Options options, book::Reporting reporting);
    ~BookGauges();
    BookGauges(const BookGauges&) = delete;
    BookGauges& operator=(const BookGauges&) = delete;

    // By other rules or another calendar from now on: all is read anew, and what is shown meanwhile is by those before.
    void replace(book::Reporting reporting);
    std::optional<metrics::BookGauges> at(Instant now);  // nullopt: not read for the first time yet
    // Ids of alerts that somebody has to look at, ascending; nullopt: as above.
    std::optional<std::vector<std::string>> waiting(Instant now);

  private:
    struct Reading {
        std::unique_ptr<store::Store> session;
        book::Index index;
    };
    void begin(book::Reporting reporting);
    void end();
    void read_all(book::Reporting reporting);
    void refresh(Instant now);

    const Options options_;
    std::mutex mutex_;  // guards the next two
    std::condition_variable read_;
    std::optional<Reading> reading_;
    Instant next_ = kAlways;
    std::atomic<bool> stopping_{false};
    std::thread reader_;
};

}  // namespace cellvigil
