// The partition key that belongs to an envelope: "study/subject", of a site's heartbeat "study/site/<site>".
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace cellvigil {

// For bytes with or without framing; empty when they tell no key. The answer is for use by one thread at a time.
std::function<std::string(std::string_view value)> envelope_keys();

}  // namespace cellvigil
