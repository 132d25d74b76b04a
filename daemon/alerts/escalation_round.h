// Who has not been told yet of an alert that nobody acknowledges: the levels that name this sink, each once per firing.
// Private to the dispatcher.
#pragma once

#include "daemon/alerts/dispatcher.h"
#include "daemon/alerts/sink.h"

namespace cellvigil::alerts {

// What was told is kept in the sink's marks, so a restart tells nothing twice. An acknowledgement, a shelf or a closure
// ends it: what is due is asked anew each time.
class EscalationRound {
  public:
    EscalationRound(const DispatcherOptions& options, Sink& sink, metrics::ChannelCounters& counters);
    void turn(store::Store& session, Marks& marks);

  private:
    bool tell(const EscalationDue& due, Marks& marks, Instant now);

    const DispatcherOptions& options_;
    Sink& sink_;
    metrics::ChannelCounters& counters_;
    Instant next_look_ = kAlways;
};

}  // namespace cellvigil::alerts
