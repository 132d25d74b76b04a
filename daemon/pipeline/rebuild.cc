// Partition: subjects that another version of the program stored, derived anew from the journal. They keep what was
// told of their alerts, so nothing is told twice; each one's old state is replaced in the commit that has the new one,
// so a kill at any moment leaves the rest to the next start.
#include <algorithm>
#include <utility>

#include "daemon/log/log.h"
#include "daemon/pipeline/partition.h"
#include "rules/base/ensure.h"
#include "rules/timeline/told_alerts.h"

namespace cellvigil::pipeline {

Result<void> Partition::find_stale(const std::vector<store::SubjectIndex>& index, store::Store& store) {
    for (const store::SubjectIndex& row : index) {
        const auto snapshot = store.load_subject(id_, row.subject_key);
        if (!snapshot) return fail(snapshot.error());
        if (*snapshot && !is_present_snapshot((*snapshot)->bytes)) other_form_.emplace(row.subject_key, row.due);
    }
    if (other_form_.empty()) return {};
    if (rebuilding_ == nullptr || !rebuilding_->allowed) {
        return fail(Errc::invalid, "partition " + std::to_string(id_) + ": " + std::to_string(other_form_.size()) +
                                       " subjects are stored in the form of another version; nothing was changed. Back "
                                       "up, then start with `store.rebuild: true` (docs/operations.md, Upgrade)");
    }
    log::info({"store", "rebuild_begun", "subjects stored by another version are derived anew from the journal"},
              {{"partition", id_}, {"subjects", other_form_.size()}, {"position", next_}});
    return {};
}

Result<void> Partition::rebuild(const Keys& keys, store::Store& store, ingest::Admission& admission,
                                const RuleSet& rules) {
    std::map<std::string, SubjectTimeline, std::less<>> fresh;
    for (const std::string& key : keys) fresh.emplace(key, SubjectTimeline(key));
    const auto rows = store.held(id_);
    if (!rows) return fail(rows.error());
    std::set<std::int64_t> held;
    for (const store::Held& row : *rows) {
        if (held_by_admission(row.reason)) held.insert(row.position);
    }
    journal::Frame frame;
    const auto read = store.read_segments(id_, 0, [&](const store::SegmentRow& row) -> Result<void> {
        journal::FrameReader reader(row.frames);
        while (!reader.at_end()) {
            if (auto next = reader.next(frame); !next) return next;
            if (frame.kind != journal::FrameKind::message || held.contains(frame.position)) continue;
            const auto found = fresh.find(frame.key);
            if (found == fresh.end()) continue;
            const auto& admitted = admission.admit({.partition = id_,
                                                    .partition_count = 0,
                                                    .position = frame.position,
                                                    .appended_at = frame.appended_at,
                                                    .key = frame.key,
                                                    .headers = frame.headers,
                                                    .value = frame.value});
            if (admitted.intake == Intake::rejected || admitted.event.subject.empty()) continue;
            found->second.collect(admitted.event);
        }
        return {};
    });
    if (!read) return read;
    for (auto& [key, timeline] : fresh) {
        auto whole = told_again(std::move(timeline), store, rules);
        if (!whole) return fail(whole.error());
        Subject& subject = roster_.add(hash64(key), std::move(*whole));
        const auto stale = other_form_.find(key);
        subject.due = stale->second;
        note_due(subject, rules);
        subject.restored_upto = next_;
        other_form_.erase(stale);
        ++rebuilt_;
    }
    log::info({"store", "rebuild_goes_on", "more of them are derived"},
              {{"partition", id_}, {"subjects", rebuilt_}, {"remaining", other_form_.size()}});
    return {};
}

Result<SubjectTimeline> Partition::told_again(SubjectTimeline timeline, store::Store& store,
                                              const RuleSet& rules) const {
    timeline.rederive(rules);
    timeline.advance(reached_, rules);
    // Of a timeline that was told nothing this is all that it has to say.
    const std::vector<AlertChange> derived = timeline.publish();
    const auto rows = store.alerts_of(timeline.key());
    if (!rows) return fail(rows.error());
    std::vector<PublishedAlert> told;
    for (const store::AlertRow& row : *rows) {
        const auto now = std::ranges::find(derived, row.alert_id, &AlertChange::alert_id);
        auto said = rebuilding_->told(row.body, now == derived.end() ? nullptr : &now->alert);
        if (!said) return fail(said.error());
        told.push_back({std::move(*said), row.revision, row.state == store::AlertState::withdrawn});
    }
    return with_told(timeline, told, rules);
}

void Partition::tell_rebuilt(Batch& batch) {
    if (rebuilt_ == 0) return;
    const std::string count = std::to_string(std::exchange(rebuilt_, 0));
    batch.commit.audit.push_back({.at = log_time_,
                                  .who = "cellvigild",
                                  .what = "store.rebuilt",
                                  .object = "partition " + std::to_string(id_),
                                  .detail = R"({"subjects":)" + count + R"(,"position":)" + std::to_string(next_) +
                                            R"(,"snapshot_version":)" + std::to_string(snapshot_version()) + "}"});
    log::info({"store", "rebuilt", "all subjects of the partition are stored in this version's form"},
              {{"partition", id_}, {"subjects", count}});
}

}  // namespace cellvigil::pipeline
