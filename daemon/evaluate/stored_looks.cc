#include "daemon/evaluate/stored_looks.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

#include "daemon/evaluate/day_replay.h"
#include "daemon/evaluate/stored_alarms.h"
#include "rules/monitor/day_clock.h"
#include "rules/monitor/day_looks.h"

namespace cellvigil::oracle {
namespace {

constexpr std::size_t kAtOnce = 1000;

Result<void> each_frame(store::Store& store, const std::function<void(const journal::Frame&)>& visit) {
    const auto partitions = store.partitions();
    if (!partitions) return fail(partitions.error());
    journal::Frame frame;
    for (const std::uint32_t partition : *partitions) {
        auto read = store.read_segments(partition, 0, [&](const store::SegmentRow& segment) -> Result<void> {
            journal::FrameReader reader(segment.frames);
            while (!reader.at_end()) {
                if (const auto next = reader.next(frame); !next) return fail(next.error());
                visit(frame);
            }
            return {};
        });
        if (!read) return read;
    }
    return {};
}

Result<std::vector<store::LookRow>> all_looks(store::Store& store) {
    std::vector<store::LookRow> all;
    std::int32_t after = std::numeric_limits<std::int32_t>::min();
    for (;;) {
        auto page = store.looks(after, kAtOnce);
        if (!page) return fail(page.error());
        all.insert(all.end(), page->begin(), page->end());
        if (page->size() < kAtOnce) return all;
        after = page->back().day;
    }
}

Result<std::vector<store::DayCloseRow>> all_closes(store::Store& store) {
    std::vector<store::DayCloseRow> all;
    std::int64_t after = 0;
    for (std::size_t seen = kAtOnce; seen == kAtOnce;) {
        auto page = store.day_closes(after, kAtOnce);
        if (!page) return fail(page.error());
        seen = page->size();
        for (store::StoredClose& close : *page) {
            after = close.sequence;
            all.push_back(std::move(close.row));
        }
    }
    return all;
}

}  // namespace

Result<LooksComparison> compare_looks(store::Store& store, std::shared_ptr<const ingest::Directory> directory,
                                      const RuleSet& rules, const WatchPlan& plan) {
    LooksComparison comparison;
    if (plan.empty()) return comparison;
    const auto shape = store.shape();
    if (!shape) return fail(shape.error());
    DayReplayOptions how;
    how.partition_count = shape->partitions;
    if (auto read = each_frame(store, [&](const journal::Frame& frame) { note_released(frame, how.released); }); !read)
        return fail(read.error());
    DayReplay replay(std::move(directory), rules, plan, std::move(how));
    if (auto read = each_frame(store, [&](const journal::Frame& frame) { replay.take(frame); }); !read)
        return fail(read.error());
    replay.finish();
    const auto stored = all_looks(store);
    if (!stored) return fail(stored.error());
    const std::vector<ReplayedLook> derived = replay.looks(shape->partitions);
    comparison.hash = looks_hash(derived);
    const bool others = std::any_of(stored->begin(), stored->end(),
                                    [&](const store::LookRow& look) { return look.pack_hash != rules.hash; });
    // Sums go on from day to day: with closes of another pack among them none can be derived.
    if (replay.not_comparable() > 0 || others) {
        comparison.not_comparable = stored->size();
        return comparison;
    }
    comparison.faults = replay.faults();
    auto closes = all_closes(store);
    if (!closes) return fail(closes.error());
    for (std::string& fault : replay.differences_from(std::move(*closes)))
        comparison.faults.push_back(std::move(fault));
    // The daemon may have ended between a close and its look.
    if (stored->size() > derived.size()) comparison.faults.emplace_back("looks: more are stored than the closes allow");
    for (std::size_t i = 0; i < std::min(stored->size(), derived.size()); ++i) {
        const store::LookRow& have = (*stored)[i];
        const ReplayedLook& want = derived[i];
        ++comparison.looks;
        if (have.day == want.day && have.sums == want.sums && have.outcome == want.outcome && have.late == want.late &&
            have.log_time == want.log_time) {
            continue;
        }
        comparison.faults.push_back("look of " + to_rfc3339(end_of(have.day - 1)).substr(0, 10) + ": " +
                                    (have.sums != want.sums ? "the sums" : "the outcome") + " is not the derived one");
    }
    if (auto compared = compare_alarms(store, *stored, prepare(plan).watches, comparison.faults); !compared)
        return fail(compared.error());
    return comparison;
}

}  // namespace cellvigil::oracle
