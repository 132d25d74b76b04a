// The one who looks at the monitors, behind the commit. Two things, by one thread with a session of its own:
// - looks (look_taker.h): once every partition has closed a day, from what they closed it with. Recorded, and formal.
// - between them, the live sums, whenever something that they count has changed: what crosses there is raised as
// provisional,
//   and depends on when it was looked at; the next look settles it.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "daemon/metrics/metrics.h"
#include "daemon/pipeline/batch.h"
#include "daemon/pipeline/look_taker.h"
#include "daemon/pipeline/rows.h"
#include "daemon/pipeline/shard.h"
#include "rules/monitor/screen_memo.h"

namespace cellvigil::pipeline {

// What was last seen. A value; shared between threads as const.
struct Looked {
    std::shared_ptr<const Prepared> prepared;
    std::vector<WatchSignal>
        signals;  // of the last look taken by this process, in the order of prepared->watches; empty: none
    std::optional<CalendarDay> through;  // the day of the last look of all
    std::vector<ScreenLook> screens;     // of what is committed, in the order of prepared->plan.screens.screens
    Instant log_time = kAlways;
    std::int64_t late = 0;          // facts of closed days, up to that look
    std::vector<WatchSignal> live;  // provisional: of what is committed
    std::optional<CalendarDay> live_through;
    // Who has the event, as committed: of monitors that crossed in the last look or cross now; at most kMostNamed + 1
    // each.
    std::vector<std::vector<std::string>> subjects;
    metrics::EvaluationTimes evaluations;  // reading the sums not included
    std::uint64_t looks = 0;               // evaluations since the start, live ones among them
};

struct LookOptions {
    Settings settings;
    EncodeSignal encode;
    EncodeScreen encode_screen;
    std::function<void(Batch)> submit;
    // The partition is told that a day is over elsewhere; nothing when it is not here.
    std::function<void(const Behind&, Instant log_time)> tick;
    milliseconds every{500};               // at most so often
    milliseconds tick_after = seconds(3);  // that long the others wait for a partition before it is told
};

// Does the commit change what monitors look at?
bool concerns_looks(const store::Commit& commit);

class Looks {
  public:
    Looks(LookOptions options, std::unique_ptr<store::Store> session);
    ~Looks();
    Looks(const Looks&) = delete;
    Looks& operator=(const Looks&) = delete;

    // From any thread.
    void wake();
    void settled(bool committed);  // the batch that was submitted is through, or was given up
    void replace(Settings settings);
    std::shared_ptr<const Looked> latest() const;
    // How long something that was committed has waited to be looked at, being looked at included; 0: nothing does.
    milliseconds waiting() const;
    void stop();  // ends the thread; nothing is submitted afterwards

  private:
    using Clock = std::chrono::steady_clock;
    struct Waiting {
        std::optional<CalendarDay> closed;
        Clock::time_point since;
    };

    void run();
    Result<void> look_once();
    Result<bool> take_looks(const Settings& settings);
    Result<void> look_at_live(const Settings& settings);
    Result<void> name_subjects(const WatchPlan& plan);
    void tick_those_behind(const Settings& settings);
    bool submit(Batch batch);

    LookOptions options_;
    std::unique_ptr<store::Store> session_;
    void want();

    mutable std::mutex mutex_;  // guards the next eight
    std::condition_variable changed_;
    bool stopping_ = false;
    bool wanted_ = true;
    std::optional<Clock::time_point> wanted_since_ = Clock::now();
    std::optional<Clock::time_point> looking_since_;  // at what was wanted since then
    bool under_way_ = false;
    bool given_up_ = false;
    Settings settings_;
    std::shared_ptr<const Looked> latest_;
    LookTaker taker_;  // the thread's own, as are the next
    std::optional<ScreenMemo> screens_;
    Looked looked_;
    Instant log_time_ = kAlways;
    std::map<std::uint32_t, Waiting> behind_;
    std::thread thread_;
};

}  // namespace cellvigil::pipeline
