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
// Sixteen bytes at a time, in the registers that every processor of a kind has for it.
using Bytes = signed char __attribute__((vector_size(16)));
inline bool any_set(Bytes bytes) {
    const auto halves = reinterpret_cast<std::uint64_t __attribute__((vector_size(16)))>(bytes);
    return (halves[0] | halves[1]) != 0;
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
    if (size >= sizeof(Bytes)) {
        const std::size_t last = size - sizeof(Bytes);
        Bytes apart = load<Bytes>(a + last) ^ load<Bytes>(other + last);
        for (std::size_t i = 0; i < last; i += sizeof(Bytes)) apart |= load<Bytes>(a + i) ^ load<Bytes>(other + i);
        return !any_set(apart);
    }
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

// Every byte from `first` to `last`, which are ASCII; true of nothing.
inline bool all_between(std::string_view text, char first, char last) {
    using namespace short_bytes;
    const auto outside = [&](Bytes bytes) {  // a byte above ASCII is negative here
        return (bytes < static_cast<signed char>(first)) | (bytes > static_cast<signed char>(last));
    };
    const std::size_t size = text.size();
    if (size >= sizeof(Bytes)) {
        Bytes seen = outside(load<Bytes>(text.data() + size - sizeof(Bytes)));
        for (std::size_t i = 0; i + sizeof(Bytes) < size; i += sizeof(Bytes))
            seen |= outside(load<Bytes>(text.data() + i));
        return !any_set(seen);
    }
    for (const char byte : text) {
        if (byte < first || byte > last) return false;
    }
    return true;
}

// Of values without padding, which are equal exactly when their bytes are.
template <typename T>
bool same_value(const T& a, const T& b) {
    static_assert(std::has_unique_object_representations_v<T> && sizeof(T) >= 8);
    return same_short(reinterpret_cast<const char*>(&a), {reinterpret_cast<const char*>(&b), sizeof(T)});
}

}  // namespace cellvigil
