// The JSON form of envelopes (docs/json.md), for producers who have no protobuf and for tools that show messages. Reading is
// `envelopes_of_json`, declared in daemon/ingest/admission.h and defined in this component.
#pragma once

#include <string>
#include <string_view>

#include "daemon/ingest/admission.h"

namespace cellvigil::ingest {

// One line of JSON: snake_case names, enumerators without their prefix, RFC 3339 times in UTC, absent fields left out, fields in
// the order of their numbers. Bytes that are no EventEnvelope, and fields unknown to this version, are left out: "{}" at least.
std::string json_of_envelope(std::string_view envelope_bytes);

}  // namespace cellvigil::ingest
