// Messages of any type with random content, for laws about what is written and read.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace google::protobuf {
class Message;
}

namespace cellvigil::ingest {

using Random = std::mt19937_64;

// Fills `message`: each field or not, limits and odd values among them, text of any characters, enumerators that nobody
// knows, at times a time that RFC 3339 cannot write. No NaN and no infinity.
void fill(google::protobuf::Message& message, Random& random, int depth = 0);

// A number in [0, count).
std::uint64_t below(Random& random, std::uint64_t count);

}  // namespace cellvigil::ingest
