// The formal alarms of a store, revision by revision, against the looks that bring them. Reads only.
#pragma once

#include <string>
#include <vector>

#include "daemon/store/store.h"
#include "rules/monitor/evaluation.h"

namespace cellvigil::oracle {

// Of each of `watches`: an alarm is there exactly when a look crossed; it has a revision for every look by which it
// became crossed or no longer crossed, or fired again by further events; its row says the last of them; and the audit
// tells each one's day, counts, statistic and threshold as the look has them. `looks` in order of the day, of one pack.
// A fault per line. Provisional alarms are not looked at: what they saw depends on when the live sums were read.
Result<void> compare_alarms(store::Store& store, const std::vector<store::LookRow>& looks,
                            const std::vector<PreparedWatch>& watches, std::vector<std::string>& faults);

}  // namespace cellvigil::oracle
