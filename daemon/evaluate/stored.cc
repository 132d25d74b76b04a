#include "daemon/evaluate/stored.h"

#include "daemon/evaluate/stored_looks.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "daemon/wire/decode.h"
#include "rules/monitor/watch_share.h"

namespace cellvigil::evaluate {
namespace {

using store::Store;

Result<void> each_frame(Store& store, std::uint32_t partition, std::int64_t from,
                        const std::function<void(const journal::Frame&)>& visit) {
    journal::Frame frame;
    return store.read_segments(partition, from, [&](const store::SegmentRow& segment) -> Result<void> {
        journal::FrameReader reader(segment.frames);
        while (!reader.at_end()) {
            if (const auto read = reader.next(frame); !read) return fail(read.error());
            visit(frame);
        }
        return {};
    });
}

// Loads a subject's snapshot the first time that it is asked for, and remembers from which position its journal goes
// on.
class Recovery {
  public:
    Recovery(Store& store, std::uint32_t partitions, std::shared_ptr<const ingest::Directory> directory,
             const RuleSet& rules, const std::string& only)
        : store_(store),
          partitions_(partitions),
          admission_(std::move(directory), wire::Reading::fast),
          rules_(rules),
          only_(only) {}

    Result<void> partition(std::uint32_t number) {
        const auto index = store_.subjects_of(number);
        if (!index) return fail(index.error());
        for (const store::SubjectIndex& entry : *index) {
            if (!only_.empty() && entry.subject_key != only_) continue;
            if (const auto loaded = load(number, entry); !loaded) return loaded;
        }
        const auto point = store_.recovery_point(number);
        if (!point) return fail(point.error());
        return each_frame(store_, number, *point, [&](const journal::Frame& frame) { take(frame); });
    }
    Subjects take_subjects() { return std::move(subjects_); }

    // Those that messages reached since the snapshots are held together, then each of the others by itself.
    Result<void> visit(std::uint32_t number,
                       const std::function<void(const std::string&, const SubjectTimeline&)>& visit) {
        const auto index = store_.subjects_of(number);
        if (!index) return fail(index.error());
        std::map<std::string, const store::SubjectIndex*> waiting;
        for (const store::SubjectIndex& entry : *index) waiting.emplace(entry.subject_key, &entry);
        const auto point = store_.recovery_point(number);
        if (!point) return fail(point.error());
        Result<void> loaded;
        auto read = each_frame(store_, number, *point, [&](const journal::Frame& frame) {
            const auto entry = waiting.find(std::string(frame.key));
            if (loaded && entry != waiting.end() && frame.kind == journal::FrameKind::message) {
                loaded = load(number, *entry->second);
                waiting.erase(entry);
            }
            if (loaded) take(frame);
        });
        if (!read) return read;
        if (!loaded) return loaded;
        const auto visit_all = [&] {
            for (const auto& [key, timeline] : subjects_) visit(key, timeline);
            subjects_.clear();
            upto_.clear();
        };
        visit_all();
        for (const auto& [key, entry] : waiting) {
            if (loaded = load(number, *entry); !loaded) return loaded;
            visit_all();
        }
        return {};
    }

  private:
    Result<void> load(std::uint32_t number, const store::SubjectIndex& entry) {
        const auto snapshot = store_.load_subject(number, entry.subject_key);
        if (!snapshot) return fail(snapshot.error());
        if (!*snapshot) return {};
        auto timeline = SubjectTimeline::restore((*snapshot)->bytes, rules_);
        if (!timeline) return fail(timeline.error());
        upto_[entry.subject_key] = (*snapshot)->upto;
        subjects_.emplace(entry.subject_key, std::move(*timeline));
        return {};
    }

    void take(const journal::Frame& frame) {
        if (frame.kind != journal::FrameKind::message) return;
        if (!only_.empty() && frame.key != only_) return;
        const auto covered = upto_.find(std::string(frame.key));
        if (covered != upto_.end() && frame.position < covered->second) return;
        ingest::MessageView message;
        message.partition = frame.partition;
        message.partition_count = partitions_;
        message.position = frame.position;
        message.appended_at = frame.appended_at;
        message.key = frame.key;
        message.headers = frame.headers;
        message.value = frame.value;
        const ingest::Admitted& admitted = admission_.admit(message);
        if (admitted.intake != Intake::accepted || admitted.event.subject.empty()) return;
        const std::string key = std::string(admitted.event.study) + "/" + std::string(admitted.event.subject);
        auto found = subjects_.find(key);
        if (found == subjects_.end()) found = subjects_.emplace(key, SubjectTimeline(key)).first;
        if (found->second.apply(admitted.event, rules_).alerts_changed) static_cast<void>(found->second.publish());
    }

    Store& store_;
    std::uint32_t partitions_;
    ingest::Admission admission_;
    const RuleSet& rules_;
    const std::string& only_;
    Subjects subjects_;
    std::map<std::string, std::int64_t> upto_;
};

// Alert ids that stand, as derived: at the log time that each subject had reached.
std::set<std::string> derived_alerts(const Subjects& subjects, const Subjects& recovered, const RuleSet& rules) {
    std::set<std::string> ids;
    for (const auto& [key, timeline] : subjects) {
        const auto stored = recovered.find(key);
        const Instant as_of = stored == recovered.end() ? kAlways : stored->second.as_of();
        for (const SubjectAlert& alert : timeline.alerts_at(as_of, rules)) ids.insert(alert_id(key, alert));
    }
    return ids;
}

Result<std::set<std::string>> stored_alerts(Store& store) {
    std::set<std::string> ids;
    std::string after;
    for (;;) {
        const auto page = store.alerts(1000, after);
        if (!page) return fail(page.error());
        for (const store::AlertRow& row : *page) {
            if (row.state == store::AlertState::raised && !row.subject_key.empty()) ids.insert(row.alert_id);
        }
        if (page->size() < 1000) return ids;
        after = page->back().alert_id;
    }
}

using CellTotals = std::map<std::tuple<std::string, std::string, std::int32_t>, std::int64_t>;

CellTotals derived_calendar(const Subjects& subjects, const RuleSet& rules, const WatchPlan& plan) {
    CellTotals totals;
    for (const auto& [key, timeline] : subjects) {
        for (const store::Cell& cell : watched_cells(key, timeline, rules, plan))
            totals[{cell.cohort, cell.measure, cell.x}] += cell.value;
    }
    std::erase_if(totals, [](const auto& entry) { return entry.second == 0; });
    return totals;
}

CellTotals derived_cells(const Subjects& subjects) {
    CellTotals totals;
    for (const auto& [key, timeline] : subjects) {
        for (const CellKey& cell : cells_of(timeline.summary()))
            totals[{std::string(timeline.cohort()), cell.measure, cell.x}] += cell.count;
    }
    return totals;
}

// A fault names no subject.
std::string shown(const std::string& measure) {
    if (!measure.starts_with(store::kWho)) return measure;
    return measure.substr(0, measure.find('/', std::string_view(store::kWho).size()));
}

void compare_cells(const CellTotals& derived, const std::vector<store::CellSum>& stored,
                   std::vector<std::string>& faults) {
    std::set<std::string> measures;
    for (const auto& [key, value] : derived) measures.insert(std::get<1>(key));
    CellTotals kept;
    for (const store::CellSum& sum : stored) {
        const bool watched = sum.measure.starts_with("calendar/") || sum.measure.starts_with("screen/") ||
                             sum.measure.starts_with(store::kWho);
        if ((watched || measures.contains(sum.measure)) && sum.value != 0)
            kept[{sum.cohort, sum.measure, sum.x}] += sum.value;
    }
    for (const auto& [key, value] : derived) {
        const auto found = kept.find(key);
        const std::int64_t there = found == kept.end() ? 0 : found->second;
        if (there == value) continue;
        faults.push_back("cell " + std::get<0>(key) + " " + shown(std::get<1>(key)) + " " +
                         std::to_string(std::get<2>(key)) + ": stored " + std::to_string(there) + ", derived " +
                         std::to_string(value));
    }
    for (const auto& [key, value] : kept) {
        if (derived.contains(key)) continue;
        faults.push_back("cell " + std::get<0>(key) + " " + shown(std::get<1>(key)) + " " +
                         std::to_string(std::get<2>(key)) + ": stored " + std::to_string(value) + ", derived 0");
    }
}

}  // namespace

Result<void> take_journal(Store& store, Evaluator& evaluator) {
    const auto partitions = store.partitions();
    if (!partitions) return fail(partitions.error());
    for (const std::uint32_t partition : *partitions) {
        const auto read = each_frame(store, partition, 0, [&](const journal::Frame& frame) { evaluator.take(frame); });
        if (!read) return read;
    }
    return {};
}

Result<Subjects> recovered_subjects(Store& store, std::shared_ptr<const ingest::Directory> directory,
                                    const RuleSet& rules, const std::string& only) {
    const auto partitions = store.partitions();
    if (!partitions) return fail(partitions.error());
    const auto shape = store.shape();
    if (!shape) return fail(shape.error());
    Recovery recovery(store, shape->partitions, std::move(directory), rules, only);
    for (const std::uint32_t partition : *partitions) {
        if (const auto done = recovery.partition(partition); !done) return fail(done.error());
    }
    return recovery.take_subjects();
}

Result<void> each_recovered_subject(Store& store, std::shared_ptr<const ingest::Directory> directory,
                                    const RuleSet& rules,
                                    const std::function<void(const std::string&, const SubjectTimeline&)>& visit) {
    const auto partitions = store.partitions();
    if (!partitions) return fail(partitions.error());
    const auto shape = store.shape();
    if (!shape) return fail(shape.error());
    const std::string all;
    Recovery recovery(store, shape->partitions, std::move(directory), rules, all);
    for (const std::uint32_t partition : *partitions) {
        if (auto visited = recovery.visit(partition, visit); !visited) return visited;
    }
    return {};
}

std::vector<store::Cell> watched_cells(std::string_view key, const SubjectTimeline& timeline, const RuleSet& rules,
                                       const WatchPlan& plan) {
    std::vector<store::Cell> cells;
    if (plan.empty()) return cells;
    const WatchShare share = watch_share(subject_facts(timeline, rules, std::nullopt, std::nullopt), plan, rules);
    for (const CalendarCount& one : share.calendar) {
        const WatchedTable& table = plan.tables[one.table];
        cells.push_back({0, table.cohort.id, calendar_measure(table, one.column), one.day, 0, one.count});
    }
    for (const std::uint16_t place : tables_with_event(share.calendar)) {
        const WatchedTable& table = plan.tables[place];
        if (!table.upper)
            cells.push_back({0, table.cohort.id, store::kWho + name_of(table) + "/" + std::string(key), 0, 0, 1});
    }
    for (const ScreenCount& one : share.screens) {
        const ScreenTableSpec& table = plan.screens.tables[one.table];
        cells.push_back({0, table.cohort.id, screen_measure(table, one.column, one.unit), one.x, 0, one.count});
    }
    return cells;
}

Result<Comparison> compare_with_journal(Store& store, std::shared_ptr<const ingest::Directory> directory,
                                        const RuleSet& rules, const WatchPlan& plan) {
    Comparison comparison;
    const auto shape = store.shape();
    if (!shape) return fail(shape.error());
    Options how;
    how.partition_count = shape->partitions;
    Evaluator evaluator(directory, rules, how);
    if (const auto taken = take_journal(store, evaluator); !taken) return fail(taken.error());
    evaluator.finish();
    const Subjects& derived = evaluator.subjects();
    const auto recovered = recovered_subjects(store, directory, rules);
    if (!recovered) return fail(recovered.error());
    comparison.subjects = derived.size();
    comparison.journal_hash = state_hash(derived, rules);
    comparison.recovered_hash = state_hash(*recovered, rules);
    if (comparison.journal_hash != comparison.recovered_hash) {
        comparison.faults.push_back("the subjects as recovered are not those that the journal gives");
    }
    const auto stored = stored_alerts(store);
    if (!stored) return fail(stored.error());
    const std::set<std::string> expected = derived_alerts(derived, *recovered, rules);
    for (const std::string& id : expected) {
        if (!stored->contains(id)) comparison.faults.push_back("alert " + id + ": derived, not stored as raised");
    }
    for (const std::string& id : *stored) {
        if (!expected.contains(id)) comparison.faults.push_back("alert " + id + ": stored as raised, not derived");
    }
    auto cells = store.cell_sums();
    if (!cells) return fail(cells.error());
    const auto partitions = store.partitions();
    if (!partitions) return fail(partitions.error());
    for (const std::uint32_t partition : *partitions) {
        const auto all = store.cells_of(partition);
        if (!all) return fail(all.error());
        for (const store::Cell& cell : *all) {
            if (cell.measure.starts_with(store::kWho))
                cells->push_back({cell.cohort, cell.measure, cell.x, cell.y, cell.value});
        }
    }
    CellTotals counted = derived_cells(derived);
    counted.merge(derived_calendar(derived, rules, plan));
    compare_cells(counted, *cells, comparison.faults);
    auto looked = oracle::compare_looks(store, std::move(directory), rules, plan);
    if (!looked) return fail(looked.error());
    comparison.looks_hash = std::move(looked->hash);
    comparison.looks = looked->looks;
    comparison.looks_not_compared = looked->not_comparable;
    comparison.faults.insert(comparison.faults.end(), looked->faults.begin(), looked->faults.end());
    return comparison;
}

}  // namespace cellvigil::evaluate
