// Partition::recover: the state of a partition from what the store holds.
#include <utility>

#include "daemon/pipeline/partition.h"

#include "rules/base/hash.h"

namespace cellvigil::pipeline {

struct Partition::Replay {
    store::Store& store;
    ingest::Admission& admission;
    const RuleSet& rules;
    metrics::ProcessCounters& process;
    std::int64_t from = 0;
    std::set<std::int64_t> held;  // positions of the messages that admission holds back
};

Result<void> Partition::recover(store::Store& store, ingest::Admission& admission, const RuleSet& rules,
                                metrics::ProcessCounters& process) {
    auto cells = store.cells_of(id_);
    if (!cells) return fail(cells.error());
    cells_.load(*cells);
    if (auto days_known = recover_days(store, *cells); !days_known) return days_known;
    if (recorded_day_ != kNoDay) reached_ = Instant(days(recorded_day_));
    auto index = store.subjects_of(id_);
    if (!index) return fail(index.error());
    stored_.reserve(index->size());
    for (const auto& row : *index) {
        stored_[hash64(row.subject_key)] = row.upto;
        if (row.due != kNever) due_.emplace(row.due, row.subject_key);
    }
    if (!judged_by(rules)) {
        if (auto found = find_stale(*index, store); !found) return found;
    }
    auto held = store.held(id_);
    if (!held) return fail(held.error());
    const auto from = store.recovery_point(id_);
    if (!from) return fail(from.error());

    Replay with{.store = store, .admission = admission, .rules = rules, .process = process, .from = *from, .held = {}};
    for (const auto& row : *held) {
        if (held_by_admission(row.reason)) with.held.insert(row.position);
    }
    process.replay_remaining.add(next_ - *from);
    std::int64_t reached = *from;
    auto read = store.read_segments(id_, *from, [&](const store::SegmentRow& row) -> Result<void> {
        auto replayed = replay(row, with);
        process.replay_remaining.add(reached - row.next);
        reached = row.next;
        return replayed;
    });
    process.replay_remaining.add(reached - next_);
    if (!read) return read;
    roster_.each([](Subject& subject) {
        subject.counted_cohort = subject.timeline.cohort();
        subject.counted = subject.timeline.summary();
    });
    if (cells_.rules_hash().empty() && stored_.empty() && roster_.size() == 0) cells_.set_rules_hash(judged_as(rules));
    return {};
}

Result<void> Partition::replay(const store::SegmentRow& row, Replay& with) {
    journal::FrameReader reader(row.frames);
    journal::Frame frame;
    while (!reader.at_end()) {
        if (auto read = reader.next(frame); !read) return read;
        // What control records did is in the snapshots that were committed with them.
        if (frame.kind != journal::FrameKind::message) continue;
        if (frame.position < with.from || with.held.contains(frame.position)) continue;
        if (auto applied = replay_frame(frame, with); !applied) return applied;
        journal_bytes_ += frame.value.size();
    }
    return {};
}

Result<void> Partition::replay_frame(const journal::Frame& frame, Replay& with) {
    if (other_form_.contains(frame.key)) return {};  // it is rebuilt from the whole journal
    const std::uint64_t hash = hash64(frame.key);
    auto found = find_or_load(frame.key, hash, with.store, with.rules);
    if (!found) return fail(found.error());
    Subject* subject = *found;
    if (subject != nullptr && frame.position < subject->restored_upto) return {};
    const auto& admitted = with.admission.admit({.partition = id_,
                                                 .partition_count = 0,
                                                 .position = frame.position,
                                                 .appended_at = frame.appended_at,
                                                 .key = frame.key,
                                                 .headers = frame.headers,
                                                 .value = frame.value});
    if (admitted.intake == Intake::rejected || admitted.event.subject.empty()) return {};
    if (subject == nullptr) subject = &roster_.add(hash, SubjectTimeline(frame.key));
    const ApplyOutcome outcome = subject->timeline.apply(admitted.event, with.rules);
    mark_dirty(*subject, frame.position);
    roster_.grew(*subject);
    // Said before the restart: the rows are in the store. Asking keeps the revisions what they were.
    if (outcome.alerts_changed) static_cast<void>(subject->timeline.publish());
    note_due(*subject, with.rules);
    return {};
}

}  // namespace cellvigil::pipeline
