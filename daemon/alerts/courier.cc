#include "daemon/alerts/courier.h"

#include <pthread.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "daemon/alerts/backoff.h"
#include "daemon/log/log.h"
#include "rules/base/ensure.h"
#include "rules/base/hash.h"

namespace cellvigil::alerts {
namespace {

constexpr std::size_t kPage = 1000;

// A sink's numbers are kept like cursors, under its name and theirs.
class StoredMarks final : public Marks {
  public:
    StoredMarks(store::Store& session, std::string sink) : session_(session), sink_(std::move(sink)) {}
    Result<std::int64_t> get(std::string_view name) override { return session_.delivered_upto(key(name)); }
    Result<void> set(std::string_view name, std::int64_t value) override {
        return session_.set_delivered(key(name), value);
    }
    Result<std::vector<Notification>> raised() override {
        std::vector<Notification> found;
        std::string after;
        while (true) {
            const auto rows = session_.alerts(kPage, after);
            if (!rows) return fail(rows.error());
            for (const store::AlertRow& row : *rows)
                if (row.state != store::AlertState::withdrawn)
                    found.push_back({.id = row.alert_id + "." + std::to_string(row.revision),
                                     .alert_id = row.alert_id,
                                     .body = row.body,
                                     .created_at = row.event_time});
            if (rows->size() < kPage) return found;
            after = rows->back().alert_id;
        }
    }

  private:
    std::string key(std::string_view name) const { return sink_ + "#" + std::string(name); }
    store::Store& session_;
    const std::string sink_;
};

Notification notification_of(const store::OutboxEntry& entry) {
    return {entry.sequence, entry.row.id, entry.row.alert_id, entry.row.body, entry.row.created_at};
}

}  // namespace

Courier::Courier(const DispatcherOptions& options, std::unique_ptr<Sink> sink)
    : options_(options),
      sink_(std::move(sink)),
      name_(sink_->name()),
      counters_(options.counters(name_)),
      digest_(options, *sink_, counters_),
      escalation_(options, *sink_, counters_),
      flood_(options, *sink_, counters_),
      quiet_(options, *sink_, counters_) {
    status_.name = name_;
    counters_.disabled.set(0);  // of a former courier, before a reload
}

Courier::~Courier() { stop(); }

void Courier::start() {
    thread_ = std::thread([this] { run(); });
}

void Courier::wake() {
    {
        const std::lock_guard lock(mutex_);
        ++woken_;
    }
    changed_.notify_all();
}

void Courier::stop() {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        stopping_ = true;
    }
    changed_.notify_all();
    sink_->cancel();
    if (thread_.joinable()) thread_.join();
}

bool Courier::drain_until(std::chrono::steady_clock::time_point deadline) {
    wake();
    std::unique_lock lock(mutex_);
    const std::uint64_t asked = woken_;
    return changed_.wait_until(lock, deadline, [&] { return empty_at_ >= asked || status_.disabled || stopping_; }) &&
           !stopping_;
}

SinkStatus Courier::status() const {
    const std::lock_guard lock(mutex_);
    return status_;
}

void Courier::run() {
    pthread_setname_np(pthread_self(), "cv:courier");
    while (true) {
        {
            const std::lock_guard lock(mutex_);
            if (stopping_) return;
            heeded_ = woken_;
        }
        const Next next = step();
        if (next == Next::end) return;
        if (next != Next::more) wait(next);
    }
}

Courier::Next Courier::step() {
    if (!session_ || cursor_ < 0)
        if (const Next opened = open(); opened != Next::more) return opened;
    if (unsaved_)
        if (const auto moved = move_cursor(cursor_); !moved) return store_failed(moved.error());
    by_the_clock();
    auto rows = session_->outbox_after(cursor_, std::max(options_.batch, sink_->batch()));
    if (!rows) return store_failed(rows.error());
    show_queue(*rows);
    {
        const std::lock_guard lock(mutex_);
        if (rows->empty()) empty_at_ = heeded_;
        if (status_.disabled) return Next::rest;
    }
    if (rows->empty()) {
        changed_.notify_all();
        return Next::rest;
    }
    if (rows->size() > sink_->batch()) rows->resize(sink_->batch());
    const auto passing = let_through(*rows);
    if (!passing) return store_failed(passing.error());
    if (passing->empty()) {  // the first is held back
        if (const auto moved = move_cursor(rows->front().sequence); !moved) return store_failed(moved.error());
        return Next::more;
    }
    const std::vector<Notification>& batch = *passing;
    const Attempt attempt = sink_->deliver(batch, *marks_);
    ensure((attempt.delivered == batch.size()) == (attempt.fate == Fate::delivered),
           "a sink takes all, or says what became of the next");
    ensure(attempt.delivered <= batch.size(), "a sink takes no more than it was given");
    return take_result(*rows, attempt);
}

// Up to the first that is held back.
Result<std::vector<Notification>> Courier::let_through(const std::vector<store::OutboxEntry>& rows) {
    std::vector<Notification> batch;
    batch.reserve(rows.size());
    for (const store::OutboxEntry& entry : rows) {
        Notification one = notification_of(entry);
        const auto awake = quiet_.passes(one, *marks_);
        if (!awake) return fail(awake.error());
        if (!*awake) break;
        const auto passes = flood_.passes(one, *marks_);
        if (!passes) return fail(passes.error());
        if (!*passes) break;
        batch.push_back(std::move(one));
    }
    return batch;
}

Courier::Next Courier::open() {
    if (!session_) {
        auto opened = options_.open_store();
        if (!opened) return store_failed(opened.error());
        session_ = std::move(*opened);
        marks_ = std::make_unique<StoredMarks>(*session_, name_);
    }
    const auto delivered = session_->delivered_upto(name_);
    if (!delivered) return store_failed(delivered.error());
    cursor_ = *delivered;
    const std::lock_guard lock(mutex_);
    status_.delivered_upto = cursor_;
    return Next::more;
}

Courier::Next Courier::take_result(const std::vector<store::OutboxEntry>& rows, const Attempt& attempt) {
    if (attempt.delivered > 0) {
        const Instant now = options_.now();
        for (std::size_t i = 0; i < attempt.delivered; ++i) {
            counters_.count(metrics::Delivery::delivered);
            counters_.delay.observe(std::chrono::duration<double>(now - rows[i].row.created_at).count());
        }
        refusals_ = 0;
        failing_since_.reset();
        if (const auto moved = move_cursor(rows[attempt.delivered - 1].sequence); !moved)
            return store_failed(moved.error());
    }
    if (attempt.fate == Fate::delivered) {
        const std::lock_guard lock(mutex_);
        status_.failures = 0;
        status_.last_error.clear();
        return Next::more;
    }
    return after_failure(notification_of(rows.at(attempt.delivered)), attempt);
}

Courier::Next Courier::after_failure(const Notification& failed, const Attempt& attempt) {
    std::uint32_t failures = 0;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return Next::end;
        if (attempt.delivered > 0) status_.failures = 0;
        failures = ++status_.failures;
        status_.last_error = attempt.detail;
        status_.disabled = attempt.fate == Fate::gone;
    }
    changed_.notify_all();
    if (attempt.fate == Fate::gone) {
        counters_.count(metrics::Delivery::failed);
        counters_.disabled.set(1);
        log::error({"alerts", "sink_disabled",
                    "the endpoint says that it is gone; nothing is sent there until the next start"},
                   {{"channel", name_}, {"detail", attempt.detail}});
        return Next::rest;
    }
    if (is_given_up(attempt)) return pass_over(failed, attempt);
    counters_.count(metrics::Delivery::retried);
    next_wait_ = wait_before(failures, options_.first_wait, options_.longest_wait, jitter());
    if (attempt.retry_after) next_wait_ = std::max(next_wait_, std::min(*attempt.retry_after, options_.longest_wait));
    log::warn({"alerts", "sink_unavailable", "a sink does not take notifications; trying again"},
              {{"channel", name_}, {"failures", failures}, {"wait_s", next_wait_}, {"detail", attempt.detail}});
    return Next::retry;
}

// What is refused for its content some times, and what an endpoint that is there has not taken for days.
bool Courier::is_given_up(const Attempt& attempt) {
    if (attempt.fate == Fate::refused) return ++refusals_ >= options_.refusals;
    if (!attempt.answered) {
        failing_since_.reset();
        return false;
    }
    const Instant now = options_.now();
    if (!failing_since_) failing_since_ = now;
    return now - *failing_since_ >= options_.give_up;
}

// A dead notification holds up no other; the audit trail keeps that it was never told.
Courier::Next Courier::pass_over(const Notification& dead, const Attempt& attempt) {
    counters_.count(metrics::Delivery::failed);
    log::error(
        {"alerts", "notification_passed_over", "the endpoint keeps refusing this notification; the next ones go on"},
        {{"channel", name_}, {"notification", dead.id}, {"tries", refusals_}, {"detail", attempt.detail}});
    store::Commit audit;
    audit.audit.push_back(
        {.at = options_.now(),
         .who = "cellvigild",
         .what = "notification.passed_over",
         .object = dead.id,
         .detail = boost::json::serialize(boost::json::object{{"channel", name_}, {"why", attempt.detail}})});
    if (const auto written = session_->write(audit); !written)
        log::error({"alerts", "audit_missing", "a notification passed over could not be entered into the audit"},
                   {{"channel", name_}, {"notification", dead.id}, {"err", written.error()}});
    refusals_ = 0;
    failing_since_.reset();
    {
        const std::lock_guard lock(mutex_);
        ++status_.passed_over;
        status_.failures = 0;
    }
    if (const auto moved = move_cursor(dead.sequence); !moved) return store_failed(moved.error());
    return Next::more;
}

// What is due without a notification. Its failures are told, and delay nothing.
void Courier::by_the_clock() {
    if (pruner_) pruner_->turn(*session_);
    {
        const std::lock_guard lock(mutex_);
        if (status_.disabled || stopping_) return;
    }
    digest_.turn(*session_, *marks_);
    escalation_.turn(*session_, *marks_);
    flood_.turn(*session_, *marks_);
    quiet_.turn(*session_, *marks_);
    const auto kept_up = sink_->upkeep(*marks_);
    if (!kept_up || kept_up->fate == Fate::delivered) return;
    counters_.count(metrics::Delivery::retried);
    log::warn({"alerts", "upkeep_failed", "a sink could not be told again of what stands; trying again"},
              {{"channel", name_}, {"detail", kept_up->detail}});
}

// In memory first: what the sink has taken is not sent again by this process, even if the store is away.
Result<void> Courier::move_cursor(std::int64_t sequence) {
    cursor_ = sequence;
    auto moved = session_->set_delivered(name_, sequence);
    unsaved_ = !moved;
    if (!moved) return moved;
    const std::lock_guard lock(mutex_);
    status_.delivered_upto = sequence;
    return moved;
}

Courier::Next Courier::store_failed(const Error& error) {
    log::error({"alerts", "outbox_unavailable", "the outbox cannot be read or its cursor not moved; trying again"},
               {{"channel", name_}, {"err", error}});
    next_wait_ = options_.first_wait;
    return Next::retry;
}

void Courier::show_queue(const std::vector<store::OutboxEntry>& rows) {
    counters_.queue_entries.set(static_cast<std::int64_t>(rows.size()));
    counters_.oldest_created_ms.set(rows.empty() ? 0 : rows.front().row.created_at.time_since_epoch().count());
}

void Courier::wait(Next next) {
    std::unique_lock lock(mutex_);
    if (next == Next::rest) {  // a wake that came while reading is heeded at once
        changed_.wait_for(lock, options_.poll, [this] { return stopping_ || woken_ != heeded_; });
    } else {  // a wake does not shorten a back-off
        changed_.wait_for(lock, next_wait_, [this] { return stopping_; });
    }
}

// A share that differs between sinks and tries without any random source.
double Courier::jitter() const {
    const auto now = static_cast<std::uint64_t>(options_.now().time_since_epoch().count());
    return static_cast<double>(hash64(name_, now) >> 11U) / static_cast<double>(std::uint64_t{1} << 53U);
}

}  // namespace cellvigil::alerts
