// The book's numbers, kept up to date by what changed (store::BookChange) and by the ends of shelves: how many alerts
// stand in which stage, who waits since when, which reports are due. A refresh folds the histories that changed since
// the one before and no other; the first one folds all. Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daemon/book/deadlines.h"
#include "daemon/store/store.h"
#include "rules/alert/lifecycle.h"

namespace cellvigil::book {

class Index {
  public:
    explicit Index(Reporting reporting) : reporting_(std::move(reporting)) {}
    // Errors are the store's: what was taken in stays, and the next call goes on from there.
    Result<void> refresh(store::Store& store, Instant now);
    Result<bool> advance(store::Store& store, Instant now);  // a page of it, bounded; true: that was the last

    const std::array<std::int64_t, kStages>& stages() const { return stages_; }
    // Of each severity, since when its waiting alerts have fired.
    const BySeverity<std::multiset<Instant>>& waiting_since() const { return waiting_since_; }
    const std::set<std::string>& waiting() const { return waiting_; }  // ids
    // When open reports are due; every jurisdiction that runs is there.
    const std::map<Jurisdiction, std::multiset<Instant>>& due() const { return due_; }
    const Reporting& reporting() const { return reporting_; }
    std::uint64_t folded() const { return folded_; }  // histories, ever

  private:
    struct Place {
        Stage stage = Stage::active;
        bool waiting = false;
        Severity severity = Severity::medium;
        Instant fired_at{};
        Instant shelf_ends = kNever;
        std::vector<std::pair<Jurisdiction, Instant>> due;
    };
    Result<void> take(store::Store& store, const std::string& alert_id, Instant now);
    void count(const std::string& alert_id, const Place& place);
    void forget(const std::string& alert_id);

    Reporting reporting_;
    std::int64_t sequence_ = 0;
    std::uint64_t folded_ = 0;
    std::unordered_map<std::string, Place> places_;
    std::array<std::int64_t, kStages> stages_{};
    BySeverity<std::multiset<Instant>> waiting_since_;
    std::set<std::string> waiting_;
    std::map<Jurisdiction, std::multiset<Instant>> due_;
    std::set<std::pair<Instant, std::string>> shelves_;
};

}  // namespace cellvigil::book
