// Hashes of what tells an event apart within its subject. Computed once, they serve asking for memory ahead as well as
// taking the event in. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace cellvigil {

struct EventKeys {  // all seeded by the source
    std::uint64_t record = 0;
    std::uint64_t message = 0;
    std::uint32_t check = 0;  // of the message too: 96 bits tell message ids of one subject apart
};
EventKeys keys_of(std::string_view source, std::string_view record, std::string_view message);
// The same with the source's hash64() at hand: one source sends many messages.
EventKeys keys_by(std::uint64_t source_hash, std::string_view record, std::string_view message);

}  // namespace cellvigil
