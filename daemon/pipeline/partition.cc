#include "daemon/pipeline/partition.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/pipeline/calendar_cells.h"
#include "rules/base/hash.h"
#include "rules/base/short_bytes.h"
#include "rules/timeline/alert_sentence.h"
#include "rules/timeline/told_alerts.h"

namespace cellvigil::pipeline {

Partition::Partition(const store::Claim& claim, Buffers& buffers)
    : id_(claim.partition),
      epoch_(claim.epoch),
      expected_(claim.next),
      next_(claim.next),
      log_time_(claim.log_time),
      watermark_(claim.watermark),
      cells_(claim.partition),
      buffers_(buffers) {}

// ---- subjects
// -------------------------------------------------------------------------------------------------------------

Result<Subject*> Partition::find_or_load(std::string_view key, std::uint64_t hash, store::Store& store,
                                         const RuleSet& rules) {
    if (Subject* here = roster_.find(key, hash)) return here;
    if (!stored_.contains(hash)) return nullptr;
    auto snapshot = store.load_subject(id_, key);
    if (!snapshot) return fail(snapshot.error());
    if (!*snapshot) return nullptr;
    auto timeline = SubjectTimeline::restore((*snapshot)->bytes, rules);
    if (!timeline) return fail(timeline.error());
    Subject& subject = roster_.add(hash, std::move(*timeline));
    subject.restored_upto = (*snapshot)->upto;
    subject.due = (*snapshot)->due;
    note_due(subject, rules);
    subject.counted_cohort = subject.timeline.cohort();
    subject.counted = subject.timeline.summary();
    return &subject;
}

Result<Subject*> Partition::known_subject(std::string_view key, store::Store& store, const RuleSet& rules) {
    return find_or_load(key, hash64(key), store, rules);
}

Result<Subject*> Partition::subject(std::string_view key, store::Store& store, const RuleSet& rules) {
    const std::uint64_t hash = hash64(key);
    auto found = find_or_load(key, hash, store, rules);
    if (!found || *found != nullptr) return found;
    Subject& fresh = roster_.add(hash, SubjectTimeline(key));
    fresh.share_known = true;
    return &fresh;
}

void Partition::mark_dirty(Subject& subject, std::int64_t position) {
    if (!subject.dirty()) subject.dirty_at_bytes = journal_bytes_;
    roster_.mark_dirty(subject, position);
}

namespace {

// Whether the event may bring the subject into another cohort. A further fact from the cohort that it counts in cannot,
// unless it is an enrolment or replaces a fact; asking the timeline costs a walk through its memory.
bool may_move(const Subject& subject, const Event& event) {
    const std::string_view counted = subject.counted_cohort;
    const bool same = counted.size() == event.study.size() + 1 + event.cohort.size() &&
                      same_short(counted.substr(0, event.study.size()), event.study) &&
                      same_short(counted.substr(event.study.size() + 1), event.cohort);
    return !same || event.action != RecordAction::create || kind_of(event.body) == FactKind::enrollment;
}

}  // namespace

ApplyOutcome Partition::apply(Subject& subject, const Event& event, const EventKeys& keys, LogPlace at,
                              const RuleSet& rules, const EncodeAlert& encode, Batch& batch) {
    if (watches() && !subject.share_known) learn_share(subject, rules);
    const ApplyOutcome outcome = subject.timeline.apply(event, keys, rules);
    mark_dirty(subject, at.position);  // even by a duplicate: its message id is remembered
    roster_.grew(subject);
    if (outcome.alerts_changed) {
        publish(subject, at, rules, encode, batch);
        // What rests on time alone is not in the messages: a restart must find it in the snapshot.
        if (subject.timeline.ahead()) write_soon(subject);
    }
    heed_time(subject, at, rules, encode, batch);
    if (outcome.summary_changed || (may_move(subject, event) && subject.counted_cohort != subject.timeline.cohort())) {
        list_uncounted(subject);
    }
    if (watches() && share_may_change(event, outcome, subject.timeline.summary())) list_stale(subject);
    return outcome;
}

void Partition::publish(Subject& subject, LogPlace at, const RuleSet& rules, const EncodeAlert& encode, Batch& batch) {
    for (const AlertChange& change : subject.timeline.publish()) {
        append_alert(batch,
                     {.change = change,
                      .subject_key = subject.timeline.key(),
                      .cohort = subject.timeline.cohort(),
                      .site = subject.timeline.site(),
                      .at = at.time,
                      .partition = id_,
                      .position = at.position,
                      .pack = rules.pack,
                      .pack_hash = rules.hash,
                      .sentence = alert_sentence(subject.timeline, change.alert, rules),
                      .keys = deciding_keys(change.alert.rule, rules)},
                     encode);
    }
    for (const CaseReport& report : subject.timeline.cases())
        batch.commit.cases.push_back({report.alert_id, case_bytes(report.versions)});
}

// ---- log time
// ------------------------------------------------------------------------------------------------------------

void Partition::note_due(Subject& subject, const RuleSet& rules) {
    const Instant due = subject.timeline.due(rules);
    if (due == subject.due) return;
    if (subject.due != kNever) due_.erase({subject.due, subject.timeline.key()});
    if (due != kNever) due_.emplace(due, subject.timeline.key());
    subject.due = due;
}

void Partition::heed_time(Subject& subject, LogPlace at, const RuleSet& rules, const EncodeAlert& encode,
                          Batch& batch) {
    if (subject.timeline.due(rules) <= reached_) {
        const bool changed = subject.timeline.advance(reached_, rules);
        mark_dirty(subject, at.position);
        if (changed) publish(subject, at, rules, encode, batch);
        if (changed) write_soon(subject);
    }
    note_due(subject, rules);
}

Result<void> Partition::reach(Instant recorded, Instant appended, std::int64_t position, store::Store& store,
                              const RuleSet& rules, const EncodeAlert& encode, Batch& batch) {
    const Instant day = Instant(std::chrono::floor<days>(std::min(recorded, appended)).time_since_epoch());
    reached_ = std::max(reached_, day);
    while (!due_.empty() && due_.begin()->first <= reached_) {
        const auto entry = *due_.begin();
        auto subject = known_subject(entry.second, store, rules);
        if (!subject) return fail(subject.error());
        due_.erase(entry);
        if (*subject == nullptr) continue;
        (*subject)->due = kNever;
        heed_time(**subject, {position, log_time_}, rules, encode, batch);
    }
    return {};
}

// ---- the journal
// ----------------------------------------------------------------------------------------------------------

std::string_view Partition::record(const ingest::MessageView& message, bool tombstone) {
    if (open_.frames.empty()) open_.frames = buffers_.take();
    const std::size_t start = open_.frames.size();
    journal::append_frame(open_.frames,
                          {.kind = tombstone ? journal::FrameKind::tombstone : journal::FrameKind::message,
                           .partition = id_,
                           .position = message.position,
                           .appended_at = message.appended_at,
                           .key = message.key,
                           .headers = {},
                           .value = message.value},
                          message.headers);
    if (open_.messages == 0 && open_.controls == 0) open_.first_append = message.appended_at;
    open_.last_append = message.appended_at;
    ++open_.messages;
    next_ = message.position + 1;
    log_time_ = std::max(log_time_, message.appended_at);
    journal_bytes_ += open_.frames.size() - start;
    return std::string_view(open_.frames).substr(start);
}

void Partition::record_control(std::string_view json) {
    const Instant at = log_time_ == kAlways ? Instant{} : log_time_;
    if (open_.frames.empty()) open_.frames = buffers_.take();
    journal::append_frame(open_.frames, {.kind = journal::FrameKind::control,
                                         .partition = id_,
                                         .position = next_,
                                         .appended_at = at,
                                         .key = {},
                                         .headers = {},
                                         .value = json});
    if (open_.messages == 0 && open_.controls == 0) open_.first_append = at;
    open_.last_append = at;
    ++open_.controls;
}

// ---- commits
// --------------------------------------------------------------------------------------------------------------

void Partition::advance_in(Batch& batch) {
    auto& commit = batch.commit;
    if (open_.messages > 0 || open_.controls > 0) {
        open_.partition = id_;
        open_.base = expected_;
        open_.next = next_;
        commit.segments.push_back(std::exchange(open_, {}));
    }
    commit.advances.push_back({.partition = id_,
                               .expected = expected_,
                               .next = next_,
                               .epoch = epoch_,
                               .log_time = log_time_,
                               .watermark = watermark_});
    expected_ = next_;
}

void Partition::write(Subject& subject, Batch& batch) {
    store::Snapshot snapshot{.partition = id_,
                             .subject_key = subject.timeline.key(),
                             .upto = next_,
                             .bytes = subject.timeline.snapshot(),
                             .due = subject.due};
    write_credit_ -= static_cast<double>(snapshot.bytes.size());
    batch.commit.snapshots.push_back(std::move(snapshot));
    batch.written.push_back({.partition = id_, .epoch = epoch_, .upto = next_, .subject = &subject});
    roster_.mark_written(subject);
}

void Partition::contribute(Batch& batch, const WriteBack& policy, const RuleSet& rules) {
    count_summaries();
    count_shares(rules);
    put_clocks();
    write_credit_ += static_cast<double>(open_.frames.size()) * policy.share;
    write_credit_ = std::min(write_credit_, static_cast<double>(policy.at_most_bytes));
    advance_in(batch);
    for (Subject* subject : std::exchange(wanted_, {})) {
        if (subject->dirty()) write(*subject, batch);
    }
    while (Subject* oldest = roster_.longest_dirty()) {
        if (write_credit_ <= 0 || journal_bytes_ - oldest->dirty_at_bytes < policy.after_bytes) break;
        write(*oldest, batch);
    }
    if (roster_.bytes() > policy.memory_limit) {
        make_room(policy.memory_limit);  // those in its way are written with the commit after this one
    }
    if (!counting_held_back_) {
        cells_.drain_changes(batch.commit.cells);
        std::move(named_.begin(), named_.end(), std::back_inserter(batch.commit.cells));
        named_.clear();
        cells_changed_ = false;
    }
    const Subject* oldest = roster_.longest_dirty();
    batch.recovery_points.push_back({.partition = id_, .position = oldest != nullptr ? oldest->dirty_since : next_});
}

bool Partition::contribute_idle(Batch& batch, const WriteBack& policy, const RuleSet& rules) {
    if (roster_.longest_dirty() == nullptr) return false;
    std::size_t bytes = 0;
    while (Subject* oldest = roster_.longest_dirty()) {
        if (bytes >= policy.at_most_bytes) break;
        write(*oldest, batch);
        bytes += batch.commit.snapshots.back().bytes.size();
    }
    contribute(batch, policy, rules);
    return true;
}

void Partition::settled(const Written& written) {
    --written.subject->snapshots_in_flight;
    stored_[written.subject->hash] = written.upto;
}

std::size_t Partition::make_room(std::size_t limit) {
    constexpr std::size_t kAtOnce = 4096;
    const std::size_t already = wanted_.size();
    return roster_.evict(limit, already + kAtOnce, wanted_);
}

// Another program may judge otherwise by the same rules, or count more: then what it adds is named here.
std::string judged_as(const RuleSet& rules) {
    std::string name =
        rules.hash + "@" CELLVIGIL_VERSION "+screens+days+questions+snapshot" + std::to_string(snapshot_version());
    return rules.reporting.empty() ? name : name + "+cases-" + digest_of(rules.reporting);
}

// ---- change of rules
// ------------------------------------------------------------------------------------------------------

bool Partition::judged_by(const RuleSet& rules) const {
    const std::string hash = cells_.rules_hash();
    return hash.empty() ? stored_.empty() && roster_.size() == 0 : hash == judged_as(rules);
}

Result<void> Partition::begin_judging_anew(store::Store& store) {
    count_summaries();
    auto index = store.subjects_of(id_);
    if (!index) return fail(index.error());
    std::set<std::string> keys;
    for (auto& row : *index) keys.insert(std::move(row.subject_key));
    roster_.each([&](Subject& subject) {
        keys.insert(subject.timeline.key());
        subject.counted_cohort.clear();
        subject.share = {};
        subject.share_known = true;
    });
    to_judge_.assign(std::make_move_iterator(keys.begin()), std::make_move_iterator(keys.end()));
    cells_.clear();
    const auto stored = store.cells_of(id_);
    if (!stored) return fail(stored.error());
    named_.clear();
    for (const store::Cell& cell : *stored) {
        if (!cell.measure.starts_with(store::kWho)) continue;
        named_.push_back(cell);
        named_.back().value = 0;
    }
    if (recorded_day_ != kNoDay) put_recorded_day();
    clock_moved_ = true;
    counting_held_back_ = true;
    return {};
}

Result<bool> Partition::judge_some(std::size_t at_most, store::Store& store, ingest::Admission& admission,
                                   const RuleSet& rules, const EncodeAlert& encode, Batch& batch) {
    Keys stale;
    for (std::size_t i = 0; i < at_most && i < to_judge_.size(); ++i) {
        const std::string& key = to_judge_[to_judge_.size() - 1 - i];
        if (other_form_.contains(key)) stale.insert(key);
    }
    if (!stale.empty()) {
        if (auto rebuilt = rebuild(stale, store, admission, rules); !rebuilt) return fail(rebuilt.error());
    }
    for (std::size_t i = 0; i < at_most && !to_judge_.empty(); ++i) {
        auto subject = known_subject(to_judge_.back(), store, rules);
        if (!subject) return fail(subject.error());
        to_judge_.pop_back();
        if (*subject == nullptr) continue;
        (*subject)->timeline.rederive(rules);
        (*subject)->counted_cohort.clear();  // a subject just loaded is not counted yet either
        mark_dirty(**subject, next_);
        roster_.recount(**subject);
        publish(**subject, {next_, log_time_}, rules, encode, batch);
        heed_time(**subject, {next_, log_time_}, rules, encode, batch);
        count_anew(**subject);
        (*subject)->share = {};
        (*subject)->share_known = true;
        if (watches()) list_stale(**subject);
        write_soon(**subject);
    }
    if (!to_judge_.empty()) return false;
    tell_rebuilt(batch);
    cells_.set_rules_hash(judged_as(rules));
    cells_changed_ = true;
    counting_held_back_ = false;
    return true;
}

}  // namespace cellvigil::pipeline
