// Copies and comparisons of a few bytes, in place: a call to the library costs more than the bytes. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace cellvigil {

namespace short_bytes {
template <typename Word>
Word load(const char* from) {
    Word word;
    std::memcpy(&word, from, sizeof word);
    return word;
}
template <typename Word>
void move(char* to, const char* from) {
    const Word word = load<Word>(from);
    std::memcpy(to, &word, sizeof word);
}
}  // namespace short_bytes

// Must not overlap.
inline void copy_short(char* to, std::string_view from) {
    using namespace short_bytes;
    const std::size_t size = from.size();
    const char* at = from.data();
    if (size >= 8) {
        for (std::size_t i = 0; i + 8 < size; i += 8) move<std::uint64_t>(to + i, at + i);
        return move<std::uint64_t>(to + size - 8, at + size - 8);
    }
    if (size >= 4) {
        move<std::uint32_t>(to, at);
        return move<std::uint32_t>(to + size - 4, at + size - 4);
    }
    for (std::size_t i = 0; i < size; ++i) to[i] = at[i];
}

inline bool same_short(const char* a, std::string_view b) {
    using namespace short_bytes;
    const std::size_t size = b.size();
    const char* other = b.data();
    if (size >= 8) {
        std::uint64_t apart = load<std::uint64_t>(a + size - 8) ^ load<std::uint64_t>(other + size - 8);
        for (std::size_t i = 0; i + 8 < size; i += 8) {
            apart |= load<std::uint64_t>(a + i) ^ load<std::uint64_t>(other + i);
        }
        return apart == 0;
    }
    if (size >= 4) {
        return ((load<std::uint32_t>(a) ^ load<std::uint32_t>(other)) |
                (load<std::uint32_t>(a + size - 4) ^ load<std::uint32_t>(other + size - 4))) == 0;
    }
    for (std::size_t i = 0; i < size; ++i) {
        if (a[i] != other[i]) return false;
    }
    return true;
}
inline bool same_short(std::string_view a, std::string_view b) {
    return a.size() == b.size() && same_short(a.data(), b);
}

// Of values without padding, which are equal exactly when their bytes are.
template <typename T>
bool same_value(const T& a, const T& b) {
    static_assert(std::has_unique_object_representations_v<T> && sizeof(T) >= 8);
    return same_short(reinterpret_cast<const char*>(&a), {reinterpret_cast<const char*>(&b), sizeof(T)});
}

}  // namespace cellvigil
