#include "rules/base/hash.h"

#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "rules/base/ensure.h"

namespace cellvigil {

namespace {

// Up to here no function is called and nothing put by: most of what is hashed is an id.
constexpr std::size_t kShort = 128;
[[gnu::noinline]] std::uint64_t hash_of_long(std::string_view bytes, std::uint64_t seed) {
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

}  // namespace

std::uint64_t hash64(std::string_view bytes, std::uint64_t seed) {
    if (bytes.size() > kShort) return hash_of_long(bytes, seed);
    return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

TwoHashes hash64_by_two(std::string_view bytes, std::uint64_t first_seed, std::uint64_t second_seed) {
    if (bytes.size() > kShort) return {hash_of_long(bytes, first_seed), hash_of_long(bytes, second_seed)};
    return {XXH3_64bits_withSeed(bytes.data(), bytes.size(), first_seed),
            XXH3_64bits_withSeed(bytes.data(), bytes.size(), second_seed)};
}

std::uint32_t murmur2(std::string_view bytes) {
    constexpr std::uint32_t m = 0x5bd1e995;
    std::uint32_t h = 0x9747b28cU ^ static_cast<std::uint32_t>(bytes.size());
    std::size_t at = 0;
    for (; at + 4 <= bytes.size(); at += 4) {
        std::uint32_t k = 0;
        std::memcpy(&k, bytes.data() + at, 4);  // little endian, as the project's machines are
        k *= m;
        k ^= k >> 24;
        k *= m;
        h *= m;
        h ^= k;
    }
    const auto byte = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i]));
    };
    const std::size_t left = bytes.size() - at;
    if (left >= 3) h ^= byte(2) << 16;
    if (left >= 2) h ^= byte(1) << 8;
    if (left >= 1) {
        h ^= byte(0);
        h *= m;
    }
    h ^= h >> 13;
    h *= m;
    h ^= h >> 15;
    return h;
}

std::uint32_t partition_of(std::string_view key, std::uint32_t partition_count) {
    ensure(partition_count > 0, "a topic has partitions");
    return (murmur2(key) & 0x7fffffffU) % partition_count;
}

}  // namespace cellvigil
