// Subjects out of a store: as the daemon would recover them (snapshots, then the segments behind them), and from
// nothing but the journal (the oracle's way). `verify` compares the two. Not thread-safe; reads only.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/evaluate/evaluator.h"
#include "daemon/store/store.h"
#include "rules/monitor/watch_plan.h"

namespace cellvigil::evaluate {

using Subjects = std::map<std::string, SubjectTimeline>;

// Feeds every frame of every partition's journal, in order of position, to the evaluator; does not finish() it.
Result<void> take_journal(store::Store& store, Evaluator& evaluator);

// As recovery would have them. `only`: this subject alone ("study/subject"); empty: all.
Result<Subjects> recovered_subjects(store::Store& store, std::shared_ptr<const ingest::Directory> directory,
                                    const RuleSet& rules, const std::string& only = {});

// The same subjects one by one, in no order: of those that no message reached since the last snapshots one is held at a
// time, so that a store of any size can be counted. Stops with the first error.
Result<void> each_recovered_subject(store::Store& store, std::shared_ptr<const ingest::Directory> directory,
                                    const RuleSet& rules,
                                    const std::function<void(const std::string&, const SubjectTimeline&)>& visit);

// What the subject of this key adds to what monitors and screens look at; partition 0.
std::vector<store::Cell> watched_cells(std::string_view key, const SubjectTimeline& timeline, const RuleSet& rules,
                                       const WatchPlan& plan);

// What a store says against what its journal amounts to. Empty lists: they agree. With a plan: its calendar tables, the
// day closes, the looks and the alarms that they raised too.
struct Comparison {
    std::string journal_hash;  // from scratch
    std::string recovered_hash;
    std::uint64_t subjects = 0;
    std::string looks_hash;                // of the looks from scratch; empty: nothing is watched
    std::uint64_t looks = 0;               // compared
    std::uint64_t looks_not_compared = 0;  // taken by another pack, or from closes by one: not compared
    std::vector<std::string> faults;       // "alert 3f..: stored as raised, not derived", never naming a subject
};
Result<Comparison> compare_with_journal(store::Store& store, std::shared_ptr<const ingest::Directory> directory,
                                        const RuleSet& rules, const WatchPlan& plan = {});

}  // namespace cellvigil::evaluate
