// What stands in a partition's journal beside the messages: every influence on its state that is no message of it. JSON
// in a control frame, in the journal's order. Days are "2026-01-05"; instants RFC 3339.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "rules/base/result.h"
#include "rules/base/time.h"

namespace cellvigil::journal {

// A site's heartbeat that came in another partition: {"control":"heartbeat","study","site","recorded","appended"}.
struct HeartbeatElsewhere {
    std::string study;
    std::string site;
    Instant recorded{};
    Instant appended{};
};

// The partition was silent while the others closed this day: {"control":"tick","through","log_time"}. Recorded before
// it has an effect.
struct Tick {
    std::int32_t through = 0;  // days since 1970-01-01
    Instant log_time{};
};

// The partition's calendar tables as they stand at this place are those of the days:
// {"control":"day_close","first","through", "log_time","late","silent","rules","changes"}.
struct DayClosed {
    std::int32_t first = 0;
    std::int32_t through = 0;
    Instant log_time{};
    std::int64_t late = 0;
    bool silent = false;
    std::string rules;    // hash of the pack
    std::string changes;  // digest of what changed since the close before
};

// A message that was held back counts from here on: {"control":"release","partition","position"}.
struct Release {
    std::uint32_t partition = 0;
    std::int64_t position = 0;
};

// Messages of a subject are gone from here: {"control":"erase","segments":[...]}. What was derived before cannot be
// again.
struct Erasure {};

struct OtherControl {};  // changes nothing that is derived from the journal

using ControlRecord = std::variant<OtherControl, HeartbeatElsewhere, Tick, DayClosed, Release, Erasure>;

std::string control_json(const HeartbeatElsewhere& control);
std::string control_json(const Tick& control);
std::string control_json(const DayClosed& control);
std::string control_json(const Release& control);
// `corrupt`: no JSON object, or one of the above that lacks something.
Result<ControlRecord> read_control(std::string_view json);

}  // namespace cellvigil::journal
