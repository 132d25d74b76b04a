#include "daemon/pipeline/shard.h"

#include <algorithm>
#include <utility>

#include "daemon/journal/control.h"

namespace cellvigil::pipeline {
namespace {

double seconds_between(Instant from, Instant to) { return std::chrono::duration<double>(to - from).count(); }

std::size_t index_of(Reason reason) { return static_cast<std::size_t>(reason); }

metrics::Processed counted_as(const Event& event, const ApplyOutcome& outcome) {
    switch (outcome.what) {
        case Applied::duplicate:
            return metrics::Processed::duplicate;
        case Applied::superseded:
            return metrics::Processed::superseded;
        case Applied::version_conflict:
        case Applied::id_reuse:
            return metrics::Processed::quarantined;
        case Applied::applied:
            break;
    }
    if (outcome.held && *outcome.held != Reason::before_enrolment) return metrics::Processed::quarantined;
    return event.flags != 0 ? metrics::Processed::flagged : metrics::Processed::applied;
}

// Why the timeline put a message in quarantine; nullopt: it did not. Before enrolment is only marked: an enrolment that
// comes later makes it good by itself.
std::optional<Reason> quarantined_for(const ApplyOutcome& outcome) {
    if (outcome.what == Applied::version_conflict) return Reason::version_conflict;
    if (outcome.what == Applied::id_reuse) return Reason::id_reuse;
    if (outcome.held && *outcome.held != Reason::before_enrolment) return outcome.held;
    return std::nullopt;
}

ingest::Outcome answered_as(const ApplyOutcome& outcome) {
    if (quarantined_for(outcome)) return ingest::Outcome::quarantined;
    if (outcome.what == Applied::duplicate) return ingest::Outcome::duplicate;
    if (outcome.what == Applied::superseded) return ingest::Outcome::superseded;
    return ingest::Outcome::accepted;
}

}  // namespace

Shard::Shard(ShardOptions options, store::Store& store, metrics::WorkerCounters& counters,
             metrics::ProcessCounters& process)
    : options_(std::move(options)),
      store_(store),
      counters_(counters),
      process_(process),
      admission_(options_.settings.directory) {
    open_.worker = options_.worker;
}

// ---- ownership
// ------------------------------------------------------------------------------------------------------------

Result<store::Claim> Shard::claim(std::uint32_t partition, std::string_view owner) {
    drop(partition);
    auto claim = store_.claim(partition, owner);
    if (!claim) return claim;
    if (partition >= partitions_.size()) partitions_.resize(partition + 1);
    partitions_[partition] = std::make_unique<Partition>(*claim, buffers_);
    partitions_[partition]->watch(options_.settings.plan);
    partitions_[partition]->rebuild_by(options_.rebuilding);
    ++owned_;
    process_.partitions_owned.add(1);
    return claim;
}

Result<void> Shard::recover(std::uint32_t partition) {
    auto recovered = find(partition)->recover(store_, admission_, *options_.settings.rules, process_);
    if (recovered) process_.rebuild_remaining.add(static_cast<std::int64_t>(find(partition)->to_rebuild()));
    return recovered;
}

void Shard::drop(std::uint32_t partition) {
    if (!owns(partition)) return;
    settle();
    process_.rebuild_remaining.add(-static_cast<std::int64_t>(find(partition)->to_rebuild()));
    forget_partitions(open_, {partition});
    expected_.forget();
    partitions_[partition].reset();
    --owned_;
    process_.partitions_owned.add(-1);
}

std::vector<std::uint32_t> Shard::owned() const {
    std::vector<std::uint32_t> all;
    for (const auto& partition : partitions_) {
        if (partition) all.push_back(partition->id());
    }
    return all;
}

void Shard::set_broken(std::uint32_t partition) {
    if (Partition* found = find(partition)) found->set_broken();
}

// ---- messages
// -------------------------------------------------------------------------------------------------------------

Taken Shard::take(const ingest::Received& received) {
    const ingest::MessageView& message = received.message;
    Partition* partition = find(message.partition);
    if (partition == nullptr || partition->broken()) {
        if (received.reply != nullptr) received.reply->ticket->fail({Errc::unavailable, "the partition is not here"});
        return Taken::done;
    }
    if (received.copy) return take_copy(*partition, received);
    if (message.position < partition->next()) return Taken::done;  // seen: delivered again around a rebalance
    if (received.tombstone) {
        record(*partition, received);
        counters_.count(metrics::kUnknownPayload, metrics::Processed::duplicate);
        answer(*partition, received, ingest::Outcome::duplicate, {});
        return Taken::done;
    }
    const Expected::Entry* expected = expected_.next(message);
    if (expected != nullptr && expected->judged) {
        last_payload_ = metrics::index_of(FactKind::observation);
        return accept_ahead(*partition, received, *expected);
    }
    // What the event will touch comes from memory while the message is read and judged.
    Subject* subject = expected != nullptr ? expected->subject : partition->expect(message.key);
    if (subject != nullptr) {
        subject->timeline.prefetch();
        apply_waiting(*partition, *subject);
    }
    const auto ids = admission_.read(message, subject != nullptr ? &subject->head : nullptr);
    if (ids) {
        keys_ = keys_of(ids->source, ids->record, ids->message);
        if (subject != nullptr) subject->timeline.prefetch(keys_);
    }
    const ingest::Admitted& admitted = admission_.judge(message, subject != nullptr && subject->is_here(message));
    last_payload_ = admitted.intake == Intake::rejected ? metrics::kUnknownPayload
                                                        : metrics::index_of(kind_of(admitted.event.body));
    switch (admitted.intake) {
        case Intake::accepted:
            return accept(*partition, received, admitted, subject, admission_.head_was_enough());
        case Intake::quarantined:
            hold(*partition, received, admitted);
            break;
        case Intake::rejected:
            reject(*partition, received, admitted);
            break;
    }
    return Taken::done;
}

void Shard::prepare(const ingest::MessageView& message) {
    Expected::Entry* entry = expected_.to_prepare(message);
    if (entry == nullptr) return;
    Subject& subject = *entry->subject;
    if (!admission_.admit_ahead(message, subject.head, subject.is_here(message), entry->admitted)) return;
    entry->judged = true;
    const Event& event = entry->admitted.event;
    entry->keys = keys_by(entry->admitted.source_hash, event.record, event.message_id);
}

std::string_view Shard::record(Partition& partition, const ingest::Received& received) {
    if (open_.messages == 0) open_.opened = std::chrono::steady_clock::now();
    const std::string_view frame = partition.record(received.message, received.tombstone);
    ++open_.messages;
    open_.bytes += frame.size();
    counters_.consumed[0].add();
    return frame;
}

Taken Shard::accept(Partition& partition, const ingest::Received& received, const ingest::Admitted& admitted,
                    Subject* subject, bool like_head) {
    const Event& event = admitted.event;
    if (event.origin != DataOrigin::backfill) {
        const Taken done = reach(partition, event.recorded_at, received.message.appended_at, received.message.position);
        if (done != Taken::done) return done;
    }
    if (event.subject.empty()) {
        heed_heartbeat(partition, received, event);
        return Taken::done;
    }
    if (subject == nullptr) {
        const auto found = partition.subject(received.message.key, store_, rules());
        if (!found) {
            failure_ = found.error();
            return failure_.code == Errc::unavailable ? Taken::store_away : Taken::corrupt;
        }
        subject = *found;
    }
    subject->partitions = received.message.partition_count;
    if (!like_head) get_to_know(*subject);
    const std::string_view frame = record(partition, received);
    const ApplyOutcome outcome =
        apply(partition, *subject, event, keys_, {received.message.position, partition.log_time()});
    conclude(partition, received, frame, event, outcome);
    if (event.origin != DataOrigin::backfill) see_recorded(partition, received, event, subject->site_clock);
    return Taken::done;
}

ApplyOutcome Shard::apply(Partition& partition, Subject& subject, const Event& event, const EventKeys& keys,
                          LogPlace at) {
    const std::size_t alerts = open_.commit.alerts.size();
    const ApplyOutcome outcome = partition.apply(subject, event, keys, at, rules(), options_.encode_alert, open_);
    if (open_.commit.alerts.size() != alerts) urgent_ = true;
    return outcome;
}

// One source's messages among those of others do not turn out what was known of these.
void Shard::get_to_know(Subject& subject) {
    constexpr std::uint32_t kPatience = 4;
    if (!subject.head.text.bytes().empty() && ++subject.unlike_head < kPatience) return;
    subject.unlike_head = 0;
    admission_.remember(subject.head);
}

void Shard::conclude(Partition& partition, const ingest::Received& received, std::string_view frame, const Event& event,
                     const ApplyOutcome& outcome) {
    if (outcome.what == Applied::applied && partition.is_late(event.effective.from)) {
        partition.count_late();
        counters_.late_facts.add();
    }
    count(event, outcome);
    const auto reason = quarantined_for(outcome);
    if (!reason && received.reply == nullptr) return;
    std::vector<Issue> issues;
    if (reason) {
        issues.push_back(issue_of(*reason));
        open_.commit.held.push_back(held_of(received.message, issues, std::string(frame)));
        counters_.quarantined[index_of(*reason)].add();
    } else if (outcome.held) {
        issues.push_back(issue_of(*outcome.held));
    }
    answer(partition, received, answered_as(outcome), std::move(issues), reason ? 0 : event.flags);
}

void Shard::hold(Partition& partition, const ingest::Received& received, const ingest::Admitted& admitted) {
    const std::string frame(record(partition, received));
    open_.commit.held.push_back(held_of(received.message, admitted.issues, frame));
    open_.bytes += frame.size();
    if (!admitted.issues.empty()) counters_.quarantined[index_of(admitted.issues.front().reason)].add();
    counters_.count(last_payload_, metrics::Processed::quarantined);
    answer(partition, received, ingest::Outcome::quarantined, admitted.issues);
}

void Shard::reject(Partition& partition, const ingest::Received& received, const ingest::Admitted& admitted) {
    const std::string frame(record(partition, received));
    open_.commit.dead_letters.push_back(dead_letter_of(received.message, admitted.issues, frame));
    open_.bytes += frame.size();
    const Reason reason = admitted.issues.empty() ? Reason::unparsable : admitted.issues.front().reason;
    counters_.rejected[index_of(reason)].add();
    counters_.dead_letters[index_of(reason)].add();
    counters_.count(metrics::kUnknownPayload, metrics::Processed::rejected);
    answer(partition, received, ingest::Outcome::rejected, admitted.issues);
}

void Shard::answer(const Partition& partition, const ingest::Received& received, ingest::Outcome outcome,
                   std::vector<Issue> issues, EventFlags flags) {
    if (received.reply == nullptr) return;
    received.reply->ticket->note(received.reply->index, {.outcome = outcome,
                                                         .issues = std::move(issues),
                                                         .flags = flags,
                                                         .partition = partition.id(),
                                                         .position = received.message.position});
    open_.waiters.push_back({.partition = partition.id(), .reply = *received.reply});
}

void Shard::count(const Event& event, const ApplyOutcome& outcome) {
    const std::size_t payload = metrics::index_of(kind_of(event.body));  // others may have been applied meanwhile
    counters_.count(payload, counted_as(event, outcome));
    if (event.action == RecordAction::amend || event.action == RecordAction::retract) {
        counters_.corrections[payload][static_cast<std::size_t>(event.action)].add();
    }
    for (EventFlags rest = event.flags; rest != 0; rest &= rest - 1) {
        counters_.flags[static_cast<std::size_t>(__builtin_ctz(rest))].add();
    }
    counters_.reporting_delay[payload].observe(seconds_between(event.effective.from, event.recorded_at));
}

// ---- the batch
// ------------------------------------------------------------------------------------------------------------

WriteBack Shard::write_back() const {
    const std::size_t share = std::max<std::size_t>(owned_, 1);
    return {.after_bytes = options_.replay_bytes / share,
            .share = options_.write_share,
            .at_most_bytes = options_.write_bytes,
            .memory_limit = options_.memory_limit / share};
}

bool Shard::anything() const {
    if (open_.messages > 0 || awaited()) return true;
    return std::any_of(partitions_.begin(), partitions_.end(),
                       [](const auto& partition) { return partition && partition->touched(); });
}

Batch Shard::close() {
    settle();
    expected_.forget();  // subjects may go
    const WriteBack policy = write_back();
    std::size_t subjects = 0;
    std::size_t bytes = 0;
    for (const auto& partition : partitions_) {
        if (!partition) continue;
        if (partition->touched()) partition->contribute(open_, policy, rules());
        subjects += partition->roster().size();
        bytes += partition->roster().bytes();
    }
    // The gauges belong to all workers: each adds what changed of its own.
    process_.subjects_in_memory.add(static_cast<std::int64_t>(subjects) -
                                    std::exchange(told_subjects_, static_cast<std::int64_t>(subjects)));
    process_.subject_bytes.add(static_cast<std::int64_t>(bytes) -
                               std::exchange(told_bytes_, static_cast<std::int64_t>(bytes)));
    urgent_ = false;
    Batch closed = std::exchange(open_, {});
    open_.worker = options_.worker;
    return closed;
}

Batch Shard::close_idle() {
    const WriteBack policy = write_back();
    for (const auto& partition : partitions_) {
        if (partition && partition->contribute_idle(open_, policy, rules())) break;
    }
    return close();
}

void Shard::settled(Batch& batch, const Fenced& fenced) {
    buffers_.give(std::exchange(batch.spent, {}));
    for (const Written& written : batch.written) {
        Partition* partition = find(written.partition);
        if (partition == nullptr || partition->epoch() != written.epoch || fenced.contains(written.partition)) continue;
        partition->settled(written);
    }
    for (const auto& [number, epoch] : fenced) {
        const Partition* partition = find(number);
        if (partition != nullptr && partition->epoch() == epoch) drop(number);
    }
}

// ---- reload
// ---------------------------------------------------------------------------------------------------------------

void Shard::replace(Settings settings) {
    options_.settings = std::move(settings);
    admission_.replace(options_.settings.directory);
    for (const auto& partition : partitions_) {
        if (partition) partition->watch(options_.settings.plan);
    }
}

Result<std::size_t> Shard::release_held(std::uint32_t partition) {
    auto held = store_.held(partition);
    if (!held) return fail(held.error());
    std::size_t released = 0;
    for (auto& row : *held) {
        if (!held_by_admission(row.reason)) continue;
        auto done = release(*find(partition), std::move(row));
        if (!done) return fail(done.error());
        if (*done) ++released;
    }
    return released;
}

Result<bool> Shard::release(Partition& partition, store::Held held) {
    journal::Frame frame;
    journal::FrameReader reader(held.frame);
    if (auto read = reader.next(frame); !read) return fail(read.error());
    const auto& admitted = admission_.admit({.partition = frame.partition,
                                             .partition_count = 0,
                                             .position = frame.position,
                                             .appended_at = frame.appended_at,
                                             .key = frame.key,
                                             .headers = frame.headers,
                                             .value = frame.value});
    if (held.reason == name_of(Reason::key_mismatch) || admitted.intake != Intake::accepted) return false;
    if (!admitted.event.subject.empty()) {
        auto subject = partition.subject(frame.key, store_, rules());
        if (!subject) return fail(subject.error());
        const Event& event = admitted.event;
        const ApplyOutcome outcome =
            partition.apply(**subject, event, keys_of(event.source_system, event.record, event.message_id),
                            {partition.next(), partition.log_time()}, rules(), options_.encode_alert, open_);
        // Written in the same commit: recovery then needs neither the control record nor the old frame.
        partition.write_soon(**subject);
        count(admitted.event, outcome);
    }
    const std::string place = std::to_string(held.partition) + "/" + std::to_string(held.position);
    partition.record_control(journal::control_json(journal::Release{held.partition, held.position}));
    open_.commit.audit.push_back({.at = partition.log_time() == kAlways ? Instant{} : partition.log_time(),
                                  .who = "cellvigild",
                                  .what = "quarantine.released",
                                  .object = place,
                                  .detail = R"({"reason":")" + held.reason + "\"}"});
    held.state = store::HeldState::released;
    held.frame.clear();
    open_.commit.held.push_back(std::move(held));
    return true;
}

bool Shard::judged_by_present_rules(std::uint32_t partition) const { return find(partition)->judged_by(rules()); }

Result<void> Shard::begin_judging_anew(std::uint32_t partition) {
    find(partition)->record_control(R"({"control":"rules","pack":")" + rules().pack + R"(","hash":")" + rules().hash +
                                    "\"}");
    return find(partition)->begin_judging_anew(store_);
}

Result<bool> Shard::judge_some(std::uint32_t partition, std::size_t at_most) {
    Partition& here = *find(partition);
    const std::size_t before = here.to_rebuild();
    auto judged = here.judge_some(at_most, store_, admission_, rules(), options_.encode_alert, open_);
    process_.rebuild_remaining.add(-static_cast<std::int64_t>(before - here.to_rebuild()));
    return judged;
}

Result<const SubjectTimeline*> Shard::look_at(std::uint32_t partition, std::string_view key) {
    Partition* found = find(partition);
    if (found == nullptr) return fail(Errc::unavailable, "the partition is not here");
    auto subject = found->known_subject(key, store_, rules());
    if (!subject) return fail(subject.error());
    return *subject == nullptr ? nullptr : &(*subject)->timeline;
}

}  // namespace cellvigil::pipeline
