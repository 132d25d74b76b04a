// Whether two texts are the same, inline: for the short names that are compared with every message, where a call costs
// more than the comparison. Pure.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace cellvigil {

[[gnu::always_inline]] inline bool same_bytes(const char* a, const char* b, std::size_t size) {
    const auto differ = [&]<typename Word>(Word, std::size_t at) {
        Word left = 0;
        Word right = 0;
        std::memcpy(&left, a + at, sizeof(Word));
        std::memcpy(&right, b + at, sizeof(Word));
        return left ^ right;
    };
    if (size >= 8) {  // the last word overlaps the one before it
        std::uint64_t different = differ(std::uint64_t{}, size - 8);
        for (std::size_t at = 0; at + 8 < size; at += 8) different |= differ(std::uint64_t{}, at);
        return different == 0;
    }
    if (size >= 4) return (differ(std::uint32_t{}, 0) | differ(std::uint32_t{}, size - 4)) == 0;
    for (std::size_t at = 0; at < size; ++at) {
        if (a[at] != b[at]) return false;
    }
    return true;
}

[[gnu::always_inline]] inline bool same_text(std::string_view a, std::string_view b) {
    return a.size() == b.size() && same_bytes(a.data(), b.data(), a.size());
}

}  // namespace cellvigil
