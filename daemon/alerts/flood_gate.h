// Holds back what would bury the people behind a sink (rules/alert/escalation.h), never an immediate alert, and says in
// one message how many it held. Private to the dispatcher.
#pragma once

#include <cstdint>
#include <functional>

#include "daemon/alerts/dispatcher.h"
#include "daemon/alerts/sink.h"
#include "rules/alert/escalation.h"

namespace cellvigil::alerts {

// The number held is kept in the sink's marks: what was held before a restart is told after it. Without a limit, or for
// a sink that is not read by people, nothing is held.
class FloodGate {
  public:
    FloodGate(const DispatcherOptions& options, Sink& sink, metrics::ChannelCounters& counters);

    // May this notification go out now? Each is judged once: asked again, it is answered as before. False: pass over
    // it.
    Result<bool> passes(const Notification& notification, Marks& marks);
    // Tells how many were held, when there is room again.
    void turn(Marks& marks);

  private:
    bool holds() const;
    Result<void> recall(Marks& marks);

    const DispatcherOptions& options_;
    Sink& sink_;
    metrics::ChannelCounters& counters_;
    FloodState state_;
    bool recalled_ = false;
    std::int64_t asked_upto_ = -1;  // sequences
    std::int64_t last_held_ = -1;
    Instant not_before_ = kAlways;
};

}  // namespace cellvigil::alerts
