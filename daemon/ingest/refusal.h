// What came in and never became a message: an item of JSON that is no envelope, a body that cannot be taken apart. It
// has no partition and no position, and becomes a dead letter all the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "rules/base/result.h"
#include "rules/event/admit.h"

namespace cellvigil::ingest {

// Bytes of the text that are kept; of a longer one only the first so many.
inline constexpr std::size_t kMostRefusedBytes = 16U << 10U;

// The names under which a dead letter's headers carry what is told of the whole text.
inline constexpr const char* kContentTypeHeader = "content-type";
inline constexpr const char* kLengthHeader = "cv_length";
inline constexpr const char* kSha256Header = "cv_sha256";

struct Refusal {
    std::string content_type;
    std::string head;           // at most kMostRefusedBytes
    std::uint64_t length = 0;   // of the whole text, in bytes
    std::string sha256;         // of the whole text, in hexadecimal
    std::vector<Issue> issues;  // at least one
};

// Stores them; `done` is called once, from any thread, when they are durable, or with `unavailable`: nothing was
// stored.
using KeepRefused = std::function<void(std::vector<Refusal>, std::function<void(Result<void>)> done)>;

}  // namespace cellvigil::ingest
