#include "daemon/pipeline/look_taker.h"

#include <algorithm>
#include <utility>

namespace cellvigil::pipeline {
namespace {

constexpr std::size_t kClosesAtOnce = 1000;

DayClose close_of(store::DayCloseRow row) {
    DayClose close;
    close.partition = row.partition;
    close.first = row.first_day;
    close.through = row.through;
    close.position = row.position;
    close.log_time = row.log_time;
    close.late = row.late;
    close.silent = row.silent;
    close.rules = std::move(row.rules);
    for (store::CellDelta& delta : row.deltas) {
        close.changes.push_back({std::move(delta.cohort), std::move(delta.measure), delta.x, delta.by});
    }
    return close;
}

}  // namespace

LookTaker::LookTaker(store::Store& session, EncodeSignal encode) : session_(session), encode_(std::move(encode)) {}

std::shared_ptr<const Prepared> LookTaker::prepared(const Settings& settings) {
    if (prepared_for_ == settings.plan && prepared_ != nullptr) return prepared_;
    prepared_ = std::make_shared<const Prepared>(prepare(*settings.plan));
    prepared_for_ = settings.plan;
    looks_.reset();
    last_.reset();
    return prepared_;
}

Result<void> LookTaker::begin(const Settings& settings) {
    const auto shape = session_.shape();
    if (!shape) return fail(shape.error());
    // A broker's topic is known with the first assignment. Until then no day can be said to be closed everywhere.
    if (shape->partitions == 0) return {};
    const auto last = session_.last_look();
    if (!last) return fail(last.error());
    partitions_ = shape->partitions;
    sequence_ = 0;
    last_day_.reset();
    last_outcome_.clear();
    if (auto read = read_alerts(); !read) return read;
    refire_ = settings.rules->refire;
    looks_.emplace(prepared(settings), partitions_, refire_);
    if (*last) {
        last_day_ = (*last)->day;
        last_outcome_ = (*last)->outcome;
        looks_->resume_after((*last)->day, courses());
    }
    return {};
}

Result<void> LookTaker::read_alerts() {
    auto rows = session_.alerts_of("");
    if (!rows) return fail(rows.error());
    alarms_.clear();
    for (store::AlertRow& row : *rows) {
        std::string id = row.alert_id;
        alarms_.emplace(std::move(id), std::move(row));
    }
    return {};
}

Result<void> LookTaker::read_closes() {
    for (;;) {
        auto closes = session_.day_closes(sequence_, kClosesAtOnce);
        if (!closes) return fail(closes.error());
        for (store::StoredClose& close : *closes) {
            sequence_ = close.sequence;
            if (close.row.partition < partitions_) looks_->add(close_of(std::move(close.row)));
        }
        if (closes->size() < kClosesAtOnce) return {};
    }
}

Result<Batch> LookTaker::take(const Settings& settings, std::size_t at_most) {
    Batch batch;
    batch.worker = kLooksWorker;
    if (settings.plan == nullptr || settings.plan->empty()) return batch;
    static_cast<void>(prepared(settings));
    if (refire_ != settings.rules->refire) forget();
    if (!looks_) {
        if (auto begun = begin(settings); !begun) return fail(begun.error());
        if (!looks_) return batch;
    }
    if (auto read = read_closes(); !read) return fail(read.error());
    bool alarms_read = false;
    while (batch.commit.looks.size() < at_most) {
        auto look = looks_->next();
        if (!look) break;
        if (!std::exchange(alarms_read, true)) {  // people change them too
            if (auto read = read_alerts(); !read) {
                forget();
                return fail(read.error());
            }
        }
        store::LookRow row;
        row.day = look->day;
        row.log_time = look->log_time;
        row.late = look->late;
        row.pack = settings.rules->pack;
        row.pack_hash = settings.rules->hash;
        row.sums = look->sums;
        row.outcome = outcome_text(*prepared_, *look);
        auto noted = turn_alarms(batch, *look, *settings.rules);
        if (noted) noted = settle_provisional(batch, *look, *settings.rules);
        if (!noted) {
            forget();
            return fail(noted.error());
        }
        last_day_ = look->day;
        last_outcome_ = row.outcome;
        last_ = std::move(look);
        batch.commit.looks.push_back(std::move(row));
    }
    return batch;
}

// As of the look before. It does not name the monitors that its pack did not have: theirs stand as they were last told.
std::map<std::string, AlarmCourse, std::less<>> LookTaker::courses() const {
    auto courses = courses_in(last_outcome_);
    for (const auto& [id, row] : alarms_) courses.emplace(id, AlarmCourse{row.state == store::AlertState::raised, {}});
    return courses;
}

bool LookTaker::stood_crossed(const std::string& alarm_id) const {
    if (const auto said = crossed_in(last_outcome_, alarm_id)) return *said;
    const auto row = alarms_.find(alarm_id);
    return row != alarms_.end() && row->second.state == store::AlertState::raised;
}

// Who has the event is told as it stands when the alarm is written: the look itself rests on counts alone.
Result<void> LookTaker::note(Batch& batch, SignalNews news) {
    const auto before = alarms_.find(std::string(news.alert_id));
    news.revision = before == alarms_.end() ? 1 : before->second.revision + 1;
    if (news.found.signal.crossed) {
        const WatchedTable& table = prepared_for_->tables[news.watch.watch.table];
        auto found = session_.named(table.cohort.id, name_of(table), kMostNamed + 1);
        if (!found) return fail(found.error());
        news.subjects = std::move(*found);
    }
    append_signal(batch, news, encode_);
    const store::AlertRow& row = batch.commit.alerts.back();
    alarms_.insert_or_assign(row.alert_id, row);
    return {};
}

std::vector<WatchSignal> LookTaker::marked(std::vector<WatchSignal> signals) const {
    if (screens_.size() == prepared_->plan.screens.screens.size()) mark_low_confidence(*prepared_, screens_, signals);
    return signals;
}

Result<void> LookTaker::turn_alarms(Batch& batch, const DayLook& look, const RuleSet& rules) {
    const std::vector<WatchSignal> signals = marked(look.signals);
    for (std::size_t i = 0; i < signals.size(); ++i) {
        const PreparedWatch& watch = prepared_->watches[i];
        if (look.tellings[i] == Telling::nothing) continue;
        auto noted = note(batch, {.watch = watch,
                                  .found = signals[i],
                                  .telling = look.tellings[i],
                                  .alert_id = watch.alarm_id,
                                  .through = look.day,
                                  .at = look.log_time,
                                  .pack = rules.pack,
                                  .pack_hash = rules.hash});
        if (!noted) return noted;
    }
    return {};
}

Result<void> LookTaker::settle_provisional(Batch& batch, const DayLook& look, const RuleSet& rules) {
    const std::vector<WatchSignal> signals = marked(look.signals);
    for (std::size_t i = 0; i < signals.size(); ++i) {
        const PreparedWatch& watch = prepared_->watches[i];
        const std::string id = provisional_id(watch.alarm_id, last_day_);
        const auto standing = alarms_.find(id);
        if (standing == alarms_.end() || standing->second.state == store::AlertState::withdrawn) continue;
        const bool crossed = signals[i].signal.crossed.has_value();
        auto noted = note(batch, {.watch = watch,
                                  .found = signals[i],
                                  .standing = crossed ? AlarmStanding::confirmed : AlarmStanding::not_confirmed,
                                  .alert_id = id,
                                  .through = look.day,
                                  .at = look.log_time,
                                  .pack = rules.pack,
                                  .pack_hash = rules.hash});
        if (!noted) return noted;
    }
    return {};
}

Result<Batch> LookTaker::provisional(const Settings& settings, const std::vector<WatchSignal>& live,
                                     CalendarDay through, Instant at) {
    Batch batch;
    batch.worker = kLooksWorker;
    if (auto read = read_alerts(); !read) return fail(read.error());
    for (std::size_t i = 0; i < live.size(); ++i) {
        const PreparedWatch& watch = prepared_->watches[i];
        if (!live[i].signal.crossed || stood_crossed(watch.alarm_id)) continue;
        const std::string id = provisional_id(watch.alarm_id, last_day_);
        if (alarms_.contains(id)) continue;  // stands, or was settled by this very look
        auto noted = note(batch, {.watch = watch,
                                  .found = live[i],
                                  .standing = AlarmStanding::provisional,
                                  .alert_id = id,
                                  .through = through,
                                  .at = at,
                                  .pack = settings.rules->pack,
                                  .pack_hash = settings.rules->hash});
        if (!noted) return fail(noted.error());
    }
    return batch;
}

std::vector<Behind> LookTaker::behind(const DayCloseRules& rules) const {
    std::vector<Behind> behind;
    if (!looks_) return behind;
    std::optional<CalendarDay> front;
    for (std::uint32_t i = 0; i < partitions_; ++i) {
        if (const auto closed = looks_->closed_by(i)) front = std::max(front.value_or(*closed), *closed);
    }
    if (!front) return behind;
    constexpr int kHoursADay = 24;
    for (std::uint32_t i = 0; i < partitions_; ++i) {
        const auto closed = looks_->closed_by(i);
        const bool far = closed && (*front - *closed) * kHoursADay > rules.activity_h;
        const bool quiet = !closed || looks_->is_silent(i);
        if ((far || quiet) && closed < front) behind.push_back({i, closed, *front});
    }
    return behind;
}

}  // namespace cellvigil::pipeline
