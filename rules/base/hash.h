// Stable hashes: the same bytes give the same value in every build, on every machine. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace cellvigil {

// A 64-bit hash for tables in memory (xxHash3).
std::uint64_t hash64(std::string_view bytes, std::uint64_t seed = 0);

// The same of the same bytes by two seeds.
struct TwoHashes {
    std::uint64_t first = 0;
    std::uint64_t second = 0;
};
TwoHashes hash64_by_two(std::string_view bytes, std::uint64_t first_seed, std::uint64_t second_seed);

// Kafka's murmur2 as the Java client computes it; partition = (murmur2(key) & 0x7fffffff) % count.
std::uint32_t murmur2(std::string_view bytes);
std::uint32_t partition_of(std::string_view key, std::uint32_t partition_count);

}  // namespace cellvigil
