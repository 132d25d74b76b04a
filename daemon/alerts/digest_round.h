// Once a day and sink: somebody is still watching, and this is what is watched. Private to the dispatcher.
#pragma once

#include <cstdint>
#include <string>

#include "daemon/alerts/dispatcher.h"
#include "daemon/alerts/sink.h"

namespace cellvigil::alerts {

// The latest day, since 1970 where the digest is due, whose hour has come.
std::int64_t digest_day(Instant now, std::uint32_t hour, UtcOffset offset);

// The day of the last one told is kept in the sink's marks: one per day over restarts, and none for days on which
// nothing ran. A crash between telling and keeping repeats it under the same id.
class DigestRound {
  public:
    DigestRound(const DispatcherOptions& options, Sink& sink, metrics::ChannelCounters& counters);
    void turn(store::Store& session, Marks& marks);

  private:
    void told(const Attempt& attempt, std::int64_t day, Marks& marks, Instant now);

    const DispatcherOptions& options_;
    Sink& sink_;
    metrics::ChannelCounters& counters_;
    std::int64_t last_ = -1;  // -1: not read yet
    Instant not_before_ = kAlways;
    std::uint32_t failures_ = 0;  // of today's
};

}  // namespace cellvigil::alerts
