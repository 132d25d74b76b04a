#include "daemon/pipeline/looks.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "daemon/log/log.h"
#include "daemon/pipeline/calendar_cells.h"

namespace cellvigil::pipeline {

bool concerns_looks(const store::Commit& commit) {
    return std::any_of(commit.cells.begin(), commit.cells.end(), [](const store::Cell& cell) {
        return cell.measure.starts_with("calendar/") || cell.measure == kRecordedMeasure;
    });
}

Looks::Looks(LookOptions options, std::unique_ptr<store::Store> session)
    : options_(std::move(options)),
      session_(std::move(session)),
      settings_(options_.settings),
      thread_([this] { run(); }) {}

Looks::~Looks() { stop(); }

void Looks::wake() {
    const std::lock_guard lock(mutex_);
    wanted_ = true;
    changed_.notify_one();
}

void Looks::settled() {
    const std::lock_guard lock(mutex_);
    under_way_ = false;
    wanted_ = true;  // what was given up is found missing by the next look
    changed_.notify_one();
}

void Looks::replace(Settings settings) {
    const std::lock_guard lock(mutex_);
    settings_ = std::move(settings);
    wanted_ = true;
    changed_.notify_one();
}

std::shared_ptr<const Looked> Looks::latest() const {
    const std::lock_guard lock(mutex_);
    return latest_;
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
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        changed_.wait(lock, [this] { return stopping_ || (wanted_ && !under_way_); });
        if (stopping_) return;
        wanted_ = false;
        lock.unlock();
        const auto looked = look_once();
        if (!looked) {
            log::warn({"monitors", "look_failed", "the monitors could not be looked at; it is tried again"},
                      {{"err", looked.error()}});
        }
        lock.lock();
        if (!looked) wanted_ = true;
        changed_.wait_for(lock, options_.every, [this] { return stopping_; });
    }
}

Result<void> Looks::look_once() {
    Settings settings;
    std::uint64_t looks = 0;
    {
        const std::lock_guard lock(mutex_);
        settings = settings_;
        if (latest_) looks = latest_->looks;
    }
    if (settings.plan == nullptr || settings.plan->empty()) return {};
    if (prepared_for_ != settings.plan) {
        prepared_ = std::make_shared<const Prepared>(prepare(*settings.plan));
        prepared_for_ = settings.plan;
    }
    // The positions first: what they say was recorded is in the sums that are read after them.
    const auto positions = session_->positions();
    if (!positions) return fail(positions.error());
    const auto sums = session_->cell_sums();
    if (!sums) return fail(sums.error());
    const auto through = last_whole_day(*sums, *positions);
    if (!through) return {};
    const auto started = std::chrono::steady_clock::now();
    Looked looked;
    looked.prepared = prepared_;
    looked.signals = evaluate(*prepared_, tables_of(*settings.plan, *sums), *through);
    looked.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    looked.through = *through;
    looked.looks = looks + 1;
    for (const store::Claim& claim : *positions) looked.log_time = std::max(looked.log_time, claim.log_time);
    const auto standing = session_->alerts_of("");
    if (!standing) return fail(standing.error());
    raise(looked, *standing, *settings.rules);
    const std::lock_guard lock(mutex_);
    latest_ = std::make_shared<const Looked>(std::move(looked));
    return {};
}

void Looks::raise(const Looked& looked, const std::vector<store::AlertRow>& standing, const RuleSet& rules) {
    Batch batch;
    batch.worker = kLooksWorker;
    for (std::size_t i = 0; i < looked.signals.size(); ++i) {
        const PreparedWatch& watch = looked.prepared->watches[i];
        const WatchSignal& found = looked.signals[i];
        const auto row = std::find_if(standing.begin(), standing.end(),
                                      [&](const store::AlertRow& one) { return one.alert_id == watch.alarm_id; });
        const bool crossed = found.signal.crossed.has_value();
        // Every revision turns the other way: 1 raised, 2 no longer crossed by the facts as they then stand, 3 crossed again.
        const std::uint32_t before = row == standing.end() ? 0 : row->revision;
        if (crossed == (before % 2 == 1)) continue;
        append_signal(batch,
                      {.watch = watch,
                       .found = found,
                       .revision = before + 1,
                       .through = looked.through,
                       .at = looked.log_time,
                       .pack = rules.pack,
                       .pack_hash = rules.hash},
                      options_.encode);
    }
    if (batch.commit.alerts.empty()) return;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        under_way_ = true;
    }
    options_.submit(std::move(batch));
}

}  // namespace cellvigil::pipeline
