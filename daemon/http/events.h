// POST /api/v1/events: one or many messages in, one answer each. docs/http-api.md. Private to the API.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/api.h"
#include "daemon/http/message.h"
#include "rules/base/result.h"

namespace cellvigil::http {

enum class BodyFormat : std::uint8_t { json, json_lines, protobuf, delimited };
// nullopt: not a content type that is taken.
std::optional<BodyFormat> format_of(std::string_view content_type);

// What a body holds: the messages that can be handed on, and those that cannot with the reasons; `index` counts both.
struct Refused {
    std::size_t index = 0;
    ingest::Refusal refusal;
};
struct Intaken {
    std::vector<ingest::Submission> messages;
    std::vector<std::size_t> index;  // of each message in the body
    std::vector<Refused> refused;
    std::optional<ingest::Refusal>
        whole;  // the body cannot be taken apart, or holds too much: then nothing else is here
};
// `invalid`: the body is empty.
Result<Intaken> take_apart(BodyFormat format, std::string body, const Api& api);

// The answer to the client. `answers` is what the inlet said of the messages, in their order.
enum class Shown : std::uint8_t { all, problems, none };
Response answer_to(const Intaken& intaken, const std::vector<ingest::Answer>& answers, Shown shown);

Handler post_events(const Api& api);

}  // namespace cellvigil::http
