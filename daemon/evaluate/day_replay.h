// The oracle of the looks: derives every partition's day closes from its journal alone (the messages, and the control
// records that are no message), and from them the looks. It reads no cell and no stored close: calendar tables are
// counted from scratch at every cut, from the facts that stood before it. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/ingest/admission.h"
#include "daemon/journal/frame.h"
#include "daemon/store/store.h"
#include "rules/monitor/calendar_table.h"
#include "rules/monitor/watch_plan.h"
#include "rules/pack/rule_set.h"

namespace cellvigil::oracle {

using Place = std::pair<std::uint32_t, std::int64_t>;  // partition, position

struct DayReplayOptions {
    std::uint32_t partition_count = 0;  // of keys; 0: not checked
    std::set<Place> released;           // messages that count from their release on: released_in()
    // All messages as one partition, in order of the time at which they were written, backfilled ones too: the looks
    // that would have been taken. Control records count for nothing then.
    bool retrospective = false;
};

// Adds the place that a frame releases, if it does.
void note_released(const journal::Frame& frame, std::set<Place>& released);

// One look, taken from scratch.
struct ReplayedLook {
    CalendarDay day = 0;
    Instant log_time = kAlways;
    std::int64_t late = 0;
    std::string sums;
    std::string outcome;
    std::vector<std::string> crossed;  // alarm ids
};
// 32 hex digits over days, sums and outcomes, in order.
std::string looks_hash(const std::vector<ReplayedLook>& looks);

class DayReplay {
  public:
    DayReplay(std::shared_ptr<const ingest::Directory> directory, RuleSet rules, WatchPlan plan,
              DayReplayOptions options);
    ~DayReplay();

    // Frames of one partition in their order; partitions one after the other or mixed.
    void take(const journal::Frame& frame);
    void finish();  // once, after the last

    // What the journal's own day_close records say otherwise than the derived ones; never names a subject.
    std::vector<std::string> faults() const;
    // Closes in the journal that another rule pack decided, or all of them when a subject was erased: nothing is
    // compared then.
    std::uint64_t not_comparable() const;
    std::uint32_t partitions() const;  // highest seen plus 1
    // The looks of a deployment of so many partitions: those that all of them have closed.
    std::vector<ReplayedLook> looks(std::uint32_t partitions) const;
    // Which of the stored closes (all of them, in any order) is not a derived one, and the other way round.
    std::vector<std::string> differences_from(std::vector<store::DayCloseRow> stored) const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace cellvigil::oracle
