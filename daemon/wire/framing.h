// The forms in which an envelope may stand in a message, told by its first byte and its headers: bare protobuf, the
// schema registry's framing, CloudEvents in binary and structured mode. docs/wire.md, "Framing".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/event/admit.h"

namespace cellvigil::wire {

// Looks a header up by its name, ignoring case; nullopt: absent. The headers belong to the caller.
class HeaderLookup {
  public:
    virtual ~HeaderLookup() = default;
    virtual std::optional<std::string_view> find(std::string_view name) const = 0;
};

struct Framed {
    std::string_view payload;  // a serialised EventEnvelope, or its JSON form
    bool json = false;
    std::optional<std::string> event_id;  // CloudEvents id: must equal message_id
    std::string event_type;               // CloudEvents type; empty: none stated
};

// Takes the framing off. What had to be decoded (base64) lives in this object until the next call. Not thread-safe.
class Unframer {
  public:
    // False: `issues` has the reason.
    bool unframe(std::string_view value, const HeaderLookup& headers, Framed& framed, std::vector<Issue>& issues);

  private:
    bool unframe_binary(std::string_view value, const HeaderLookup& headers, Framed& framed,
                        std::vector<Issue>& issues);
    bool unframe_protobuf_event(std::string_view value, Framed& framed, std::vector<Issue>& issues);
    bool unframe_json_event(std::string_view value, Framed& framed, std::vector<Issue>& issues);

    std::string decoded_;
};

// The prefix of every CloudEvents type of ours.
inline constexpr std::string_view kCloudEventTypePrefix = "org.cellvigil.event.v1.";

}  // namespace cellvigil::wire
