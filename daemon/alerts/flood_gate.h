// Holds back what would bury the people behind a sink (rules/alert/escalation.h), never an immediate alert, and says in
// one message how many it held and of which kinds. Private to the dispatcher.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "daemon/alerts/dispatcher.h"
#include "daemon/alerts/held_kinds.h"
#include "daemon/alerts/sink.h"
#include "rules/alert/escalation.h"

namespace cellvigil::alerts {

// The number held is kept in the sink's marks, and of each kind its number and one notification that shows it: what was
// held before a restart is told after it. Without a limit, or for a sink that is not read by people, nothing is held.
class FloodGate {
  public:
    FloodGate(const DispatcherOptions& options, Sink& sink, metrics::ChannelCounters& counters);

    // May this notification go out now? Each is judged once: asked again, it is answered as before. False: pass over
    // it.
    Result<bool> passes(const Notification& notification, Marks& marks);
    // Tells how many were held, when there is room again.
    void turn(store::Store& session, Marks& marks);

  private:
    bool holds() const;
    Result<void> recall(Marks& marks);
    Result<void> keep_kind(const Notification& held, Severity severity, Marks& marks);
    Result<Announcement> summary_of(std::uint32_t held, store::Store& session, Marks& marks) const;
    void forget_told(Marks& marks);

    struct Kind {
        std::int64_t slot = 0;  // in the marks
        std::int64_t count = 0;
    };
    const DispatcherOptions& options_;
    Sink& sink_;
    metrics::ChannelCounters& counters_;
    FloodState state_;
    std::map<std::pair<Severity, std::string>, Kind> kinds_;  // held by this process
    std::int64_t slots_ = 0;                                  // of kinds, in the marks; earlier processes' first
    bool recalled_ = false;
    std::int64_t asked_upto_ = -1;  // sequences
    std::int64_t last_held_ = -1;
    Instant not_before_ = kAlways;
};

}  // namespace cellvigil::alerts
