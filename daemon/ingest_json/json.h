// The JSON form of envelopes (docs/json.md), for producers who have no protobuf and for tools that show messages.
// Reading is `envelopes_of_json`, declared in daemon/ingest/admission.h and defined in this component. Safe from any
// thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "daemon/ingest/admission.h"

namespace cellvigil::ingest {

// What envelopes_of_json takes at once; beyond it: `oversize`.
inline constexpr std::size_t kMostJsonBytes = std::size_t{64} << 20;
inline constexpr std::size_t kMostJsonItems = 100'000;
inline constexpr std::size_t kMostJsonDepth = 32;            // nested objects and arrays; deeper: `unparsable`
inline constexpr std::size_t kMostEnvelopeBytes = 1U << 20;  // of one envelope, serialised
inline constexpr std::size_t kMostIssuesOfItem = 100;        // further ones are left out
inline constexpr std::size_t kMostIssuesOfText = 100'000;    // from then on an item names its first issue only

// One line of JSON: snake_case names, enumerators without their prefix, RFC 3339 times in UTC, fields in the order of
// their numbers, absent ones left out, those unknown to this version too. Empty for bytes that are no EventEnvelope.
// Reading the text gives the same envelope, but for a NaN or an infinity, which are written as text for people and
// refused when read.
std::string json_of_envelope(std::string_view envelope_bytes);

}  // namespace cellvigil::ingest
