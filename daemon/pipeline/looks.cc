#include "daemon/pipeline/looks.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "daemon/log/log.h"
#include "daemon/pipeline/calendar_cells.h"
#include "daemon/pipeline/screen_rows.h"

namespace cellvigil::pipeline {
namespace {

constexpr std::size_t kLooksAtOnce = 100;  // in one commit

}  // namespace

bool concerns_looks(const store::Commit& commit) {
    return !commit.day_closes.empty() ||
           std::any_of(commit.cells.begin(), commit.cells.end(), [](const store::Cell& cell) {
               return cell.measure.starts_with("calendar/") || cell.measure.starts_with("screen/") ||
                      cell.measure == kRecordedMeasure;
           });
}

Looks::Looks(LookOptions options, std::unique_ptr<store::Store> session)
    : options_(std::move(options)),
      session_(std::move(session)),
      settings_(options_.settings),
      taker_(*session_, options_.encode),
      thread_([this] { run(); }) {}

Looks::~Looks() { stop(); }

// Under the mutex.
void Looks::want() {
    wanted_ = true;
    if (!wanted_since_) wanted_since_ = Clock::now();
    changed_.notify_one();
}

void Looks::wake() {
    const std::lock_guard lock(mutex_);
    want();
}

void Looks::settled(bool committed) {
    const std::lock_guard lock(mutex_);
    under_way_ = false;
    given_up_ = given_up_ || !committed;
    want();  // what was given up is found missing by the next look
}

void Looks::replace(Settings settings) {
    const std::lock_guard lock(mutex_);
    settings_ = std::move(settings);
    want();
}

std::shared_ptr<const Looked> Looks::latest() const {
    const std::lock_guard lock(mutex_);
    return latest_;
}

milliseconds Looks::waiting() const {
    const std::lock_guard lock(mutex_);
    const auto since = looking_since_ ? looking_since_ : wanted_since_;
    return since ? std::chrono::duration_cast<milliseconds>(Clock::now() - *since) : milliseconds(0);
}

void Looks::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

void Looks::run() {
    pthread_setname_np(pthread_self(), "cv:looks");
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        const auto ready = [this] { return stopping_ || (wanted_ && !under_way_); };
        if (behind_.empty()) {
            changed_.wait(lock, ready);
        } else {
            changed_.wait_for(lock, options_.tick_after, ready);
        }
        if (stopping_) return;
        if (under_way_) continue;
        wanted_ = false;
        looking_since_ = std::exchange(wanted_since_, std::nullopt);
        if (std::exchange(given_up_, false)) taker_.forget();
        lock.unlock();
        const auto looked = look_once();
        if (!looked) {
            log::warn({"monitors", "look_failed", "the monitors could not be looked at; it is tried again"},
                      {{"err", looked.error()}});
        }
        lock.lock();
        const auto began = std::exchange(looking_since_, std::nullopt);
        if (!looked) {
            wanted_ = true;
            wanted_since_ = began;
        }
        changed_.wait_for(lock, options_.every, [this] { return stopping_; });
    }
}

Result<void> Looks::look_once() {
    Settings settings;
    {
        const std::lock_guard lock(mutex_);
        settings = settings_;
    }
    if (settings.plan == nullptr || settings.plan->empty()) return {};
    looked_.prepared = taker_.prepared(settings);
    const auto taken = take_looks(settings);
    if (!taken) return fail(taken.error());
    // What a look raised or settled is committed before anything provisional is raised beside it.
    if (!*taken) {
        if (auto live = look_at_live(settings); !live) return live;
        tick_those_behind(settings);
    }
    const std::lock_guard lock(mutex_);
    latest_ = std::make_shared<const Looked>(looked_);
    return {};
}

// true: looks were taken and are on their way to the store.
Result<bool> Looks::take_looks(const Settings& settings) {
    const auto started = Clock::now();
    taker_.heed(looked_.screens);
    auto batch = taker_.take(settings, kLooksAtOnce);
    if (!batch) return fail(batch.error());
    if (batch->commit.looks.empty()) return false;
    const store::LookRow& last = batch->commit.looks.back();
    looked_.through = last.day;
    looked_.log_time = last.log_time;
    looked_.late = last.late;
    looked_.looks += batch->commit.looks.size();
    const std::chrono::duration<double> took = Clock::now() - started;
    const std::size_t taken = batch->commit.looks.size();
    for (std::size_t i = 0; i < taken; ++i) looked_.evaluations.observe(took.count() / static_cast<double>(taken));
    looked_.signals = taker_.last()->signals;
    if (!submit(std::move(*batch))) taker_.forget();
    return true;
}

Result<void> Looks::look_at_live(const Settings& settings) {
    // The positions first: what they say was recorded is in the sums that are read after them.
    const auto positions = session_->positions();
    if (!positions) return fail(positions.error());
    const auto sums = session_->cell_sums();
    if (!sums) return fail(sums.error());
    for (const store::Claim& claim : *positions) log_time_ = std::max(log_time_, claim.log_time);
    const auto through = last_whole_day(*sums, *positions);
    if (!through) return {};
    const auto started = Clock::now();
    if (!screens_ || screens_->prepared() != looked_.prepared.get()) screens_.emplace(looked_.prepared);
    looked_.screens = screens_->look(screen_tables_of(settings.plan->screens, *sums), *through);
    looked_.live = evaluate(*looked_.prepared, tables_of(*settings.plan, *sums), *through);
    mark_low_confidence(*looked_.prepared, looked_.screens, looked_.live);
    looked_.evaluations.observe(std::chrono::duration<double>(Clock::now() - started).count());
    looked_.live_through = *through;
    if (auto named = name_subjects(*settings.plan); !named) return named;
    ++looked_.looks;
    auto raised = taker_.provisional(settings, looked_.live, *through, log_time_);
    if (!raised) return fail(raised.error());
    const auto standing = session_->alerts_of("");
    if (!standing) return fail(standing.error());
    append_screens(*raised, looked_, log_time_, *standing, *settings.rules, options_.encode_screen);
    if (!raised->commit.alerts.empty()) static_cast<void>(submit(std::move(*raised)));
    return {};
}

Result<void> Looks::name_subjects(const WatchPlan& plan) {
    looked_.subjects.assign(looked_.live.size(), {});
    for (std::size_t i = 0; i < looked_.live.size(); ++i) {
        const bool before = i < looked_.signals.size() && looked_.signals[i].signal.crossed;
        if (!before && !looked_.live[i].signal.crossed) continue;
        const WatchedTable& table = plan.tables[looked_.prepared->watches[i].watch.table];
        auto found = session_->named(table.cohort.id, name_of(table), kMostNamed + 1);
        if (!found) return fail(found.error());
        looked_.subjects[i] = std::move(*found);
    }
    return {};
}

void Looks::tick_those_behind(const Settings& settings) {
    std::map<std::uint32_t, Waiting> still;
    const auto now = Clock::now();
    for (const Behind& one : taker_.behind(settings.rules->day_close)) {
        const auto known = behind_.find(one.partition);
        const bool waited = known != behind_.end() && known->second.closed == one.closed;
        Waiting waiting{one.closed, waited ? known->second.since : now};
        if (waited && now - waiting.since >= options_.tick_after && options_.tick) {
            options_.tick(one, log_time_);
            waiting.since = now;
        }
        still.emplace(one.partition, waiting);
    }
    behind_ = std::move(still);
}

bool Looks::submit(Batch batch) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return false;
        under_way_ = true;
    }
    options_.submit(std::move(batch));
    return true;
}

}  // namespace cellvigil::pipeline
