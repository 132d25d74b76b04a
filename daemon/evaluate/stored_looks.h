// The day closes, looks and alarms of a store against what its journal amounts to. Reads only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/ingest/admission.h"
#include "daemon/store/store.h"
#include "rules/monitor/watch_plan.h"
#include "rules/pack/rule_set.h"

namespace cellvigil::oracle {

struct LooksComparison {
    std::string hash;                  // of the looks from scratch; empty: nothing is watched
    std::uint64_t looks = 0;           // stored ones that were compared
    std::uint64_t not_comparable = 0;  // taken by another pack, or from closes by one: not compared
    std::vector<std::string> faults;
};
Result<LooksComparison> compare_looks(store::Store& store, std::shared_ptr<const ingest::Directory> directory,
                                      const RuleSet& rules, const WatchPlan& plan);

}  // namespace cellvigil::oracle
