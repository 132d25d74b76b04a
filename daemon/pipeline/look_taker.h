// Takes the looks that have become possible: out of the store's day closes into one batch of look rows and of what they
// raise or change. What it gives is a function of the stored closes and looks, of the alerts' revisions and of the
// settings, so whoever takes a look, and after whichever kill, gives the same rows; the store keeps the first. Not
// thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/pipeline/batch.h"
#include "daemon/pipeline/rows.h"
#include "daemon/pipeline/shard.h"
#include "rules/monitor/day_looks.h"

namespace cellvigil::pipeline {

inline constexpr std::uint32_t kLooksWorker = 0xffff'ffff;  // in Batch::worker

// A partition that the others wait for although nothing holds it: to be told that the day is over.
struct Behind {
    std::uint32_t partition = 0;
    std::optional<CalendarDay> closed;
    CalendarDay through = 0;  // what another one has closed
};

class LookTaker {
  public:
    // `session` outlives it.
    LookTaker(store::Store& session, EncodeSignal encode);

    // A batch without looks: none is due. Commit it before the next call, or forget().
    Result<Batch> take(const Settings& settings, std::size_t at_most);
    // What the screens last said: whether a monitor's alarm rests on incomplete data is said with it.
    void heed(std::vector<ScreenLook> screens) { screens_ = std::move(screens); }
    // What was taken last was not committed: begin from the store again.
    void forget() { looks_.reset(); }

    // Adds the provisional alarms that the live sums as of `through` raise beside the last look.
    Result<Batch> provisional(const Settings& settings, const std::vector<WatchSignal>& live, CalendarDay through,
                              Instant at);

    const std::optional<DayLook>& last() const { return last_; }  // with its signals; nullopt: none, or not taken here
    std::shared_ptr<const Prepared> prepared(const Settings& settings);
    // Partitions without a site of their own, or silent for longer than the pack's activity. After take().
    std::vector<Behind> behind(const DayCloseRules& rules) const;

  private:
    Result<void> begin(const Settings& settings);
    Result<void> read_closes();
    Result<void> read_alerts();
    Result<void> turn_alarms(Batch& batch, const DayLook& look, const RuleSet& rules);
    Result<void> settle_provisional(Batch& batch, const DayLook& look, const RuleSet& rules);
    std::map<std::string, AlarmCourse, std::less<>> courses() const;
    bool stood_crossed(const std::string& alarm_id) const;
    Result<void> note(Batch& batch, SignalNews news);
    std::vector<WatchSignal> marked(std::vector<WatchSignal> signals) const;

    store::Store& session_;
    EncodeSignal encode_;
    std::shared_ptr<const WatchPlan> prepared_for_;
    std::shared_ptr<const Prepared> prepared_;
    std::optional<DayLooks> looks_;
    RefireRules refire_;  // of looks_
    std::uint32_t partitions_ = 0;
    std::int64_t sequence_ = 0;  // of the closes read
    std::optional<CalendarDay> last_day_;
    std::string last_outcome_;
    std::optional<DayLook> last_;
    std::vector<ScreenLook> screens_;
    std::map<std::string, store::AlertRow> alarms_;  // of cohorts, as they stand with what was taken
};

}  // namespace cellvigil::pipeline
