#include "daemon/book/index.h"

#include "daemon/book/book.h"

namespace cellvigil::book {
namespace {

constexpr std::size_t kPage = 500;  // some 50 ms of folding

template <typename Value>
void take_one(std::multiset<Value>& values, const Value& value) {
    if (const auto at = values.find(value); at != values.end()) values.erase(at);
}

}  // namespace

void Index::count(const std::string& alert_id, const Place& place) {
    ++stages_[static_cast<std::size_t>(place.stage)];
    if (place.waiting) {
        waiting_since_[place.severity].insert(place.fired_at);
        waiting_.insert(alert_id);
    }
    for (const auto& [jurisdiction, at] : place.due) due_[jurisdiction].insert(at);
    if (place.shelf_ends != kNever) shelves_.emplace(place.shelf_ends, alert_id);
}

void Index::forget(const std::string& alert_id) {
    const auto there = places_.find(alert_id);
    if (there == places_.end()) return;
    const Place& place = there->second;
    --stages_[static_cast<std::size_t>(place.stage)];
    if (place.waiting) {
        take_one(waiting_since_[place.severity], place.fired_at);
        waiting_.erase(alert_id);
    }
    for (const auto& [jurisdiction, at] : place.due) take_one(due_[jurisdiction], at);
    if (place.shelf_ends != kNever) shelves_.erase({place.shelf_ends, alert_id});
    places_.erase(there);
}

Result<void> Index::take(store::Store& store, const std::string& alert_id, Instant now) {
    ++folded_;
    const auto standing = standing_of(store, alert_id, std::nullopt);
    if (!standing && standing.error().code != Errc::not_found) return fail(standing.error());
    Place place;
    if (standing) {
        const AlertRecord& record = standing->record;
        place.stage = stage_of(record, now);
        place.waiting = is_waiting(record, now);
        place.severity = record.severity;
        place.fired_at = record.fired_at;
        if (place.stage == Stage::shelved) place.shelf_ends = record.shelved_until;
        if (!reporting_.rules.empty()) {
            const auto clocks = clocks_of(store, *standing, std::nullopt, reporting_);
            if (!clocks) return fail(clocks.error());
            for (const Deadline& deadline : clocks->deadlines)
                if (deadline.open()) place.due.emplace_back(deadline.jurisdiction, deadline.due_at);
        }
    }
    forget(alert_id);
    if (!standing) return {};
    count(alert_id, place);
    places_.insert_or_assign(alert_id, std::move(place));
    return {};
}

Result<bool> Index::advance(store::Store& store, Instant now) {
    for (const ReportingRule& rule : reporting_.rules) due_[rule.jurisdiction];
    while (!shelves_.empty() && shelves_.begin()->first <= now) {
        const std::string alert_id = shelves_.begin()->second;
        if (auto taken = take(store, alert_id, now); !taken) return fail(taken.error());
    }
    const auto changes = store.book_changes(sequence_, kPage);
    if (!changes) return fail(changes.error());
    for (const store::BookChange& change : *changes) {
        if (auto taken = take(store, change.alert_id, now); !taken) return fail(taken.error());
        sequence_ = change.sequence;
    }
    return changes->size() < kPage;
}

Result<void> Index::refresh(store::Store& store, Instant now) {
    for (;;) {
        const auto whole = advance(store, now);
        if (!whole) return fail(whole.error());
        if (*whole) return {};
    }
}

}  // namespace cellvigil::book
