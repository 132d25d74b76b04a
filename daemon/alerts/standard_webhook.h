// Standard Webhooks 1.0.0: the secret, the signature and the thin payload. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/alerts/sink.h"
#include "rules/base/result.h"

namespace cellvigil::alerts {

// The bytes of "whsec_" + base64; `invalid` when it is not that, or not 24 to 64 bytes.
Result<std::string> webhook_key(std::string_view secret);

// "v1," + base64(HMAC-SHA256(key, id "." timestamp "." body)); the timestamp is of the attempt, in seconds since 1970.
std::string webhook_signature(std::string_view key, std::string_view id, std::int64_t timestamp, std::string_view body);

// {"type":"cellvigil.alert.raised","timestamp":..,"data":{..}}: no subject, no pseudonym, no free text; below 20 kB.
// With `inside` (nullptr: the sink is not internal) the data also hold subject, site and explanation. The same bytes at
// every attempt.
std::string webhook_payload(const Notification& notification, const Thin& thin, std::string_view link_base,
                            const Inside* inside);
// {"type":"cellvigil.digest","timestamp":..,"data":{"title":..,"facts":{..}}}
std::string announcement_payload(const Announcement& announcement);

}  // namespace cellvigil::alerts
