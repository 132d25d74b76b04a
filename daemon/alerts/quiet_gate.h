// Keeps what is not urgent until the team works again, and tells then in one message how much was held and of which
// kinds. Never holds an immediate alert, and nothing for sinks that programs read. Private to the dispatcher.
#pragma once

#include <cstdint>

#include "daemon/alerts/dispatcher.h"
#include "daemon/alerts/sink.h"

namespace cellvigil::alerts {

// The first and the last notification held are kept in the sink's marks: what was held before a restart is told after
// it. Between them everything below the severity was held, for the outbox is delivered in order; the outbox still has
// all of it.
class QuietGate {
  public:
    QuietGate(const DispatcherOptions& options, Sink& sink, metrics::ChannelCounters& counters);

    // May this notification go out now? Each is judged once: asked again, it is answered as before.
    Result<bool> passes(const Notification& notification, Marks& marks);
    // When quiet hours are over: what was held.
    void turn(store::Store& session, Marks& marks);

  private:
    bool holds() const;
    Result<void> recall(Marks& marks);
    Result<Announcement> digest_of_held(store::Store& session) const;

    const DispatcherOptions& options_;
    Sink& sink_;
    metrics::ChannelCounters& counters_;
    bool recalled_ = false;
    std::int64_t first_ = 0;  // sequences; 0: nothing is held
    std::int64_t last_ = 0;
    Instant since_ = kNever;
    std::int64_t asked_upto_ = -1;
    Instant not_before_ = kAlways;
};

}  // namespace cellvigil::alerts
