// Takes from the outbox what every sink is past and what is old. Private to the dispatcher.
#pragma once

#include <string>
#include <vector>

#include "daemon/alerts/dispatcher.h"

namespace cellvigil::alerts {

class Pruner {
  public:
    Pruner(const DispatcherOptions& options, std::vector<std::string> sinks);
    // At most so many entries at once, so that nobody waits long for the store; every hour, or again at once while
    // there is more.
    void turn(store::Store& session);

  private:
    const DispatcherOptions& options_;
    const std::vector<std::string> sinks_;
    Instant next_ = kAlways;
};

}  // namespace cellvigil::alerts
