// Asks for memory that will be touched soon. Changes nothing.
#pragma once

#include <cstddef>

namespace cellvigil {

inline constexpr std::size_t kCacheLine = 64;  // bytes

// The line that holds the byte; nullptr and what is not there are fine. GCC takes a function that does nothing but
// prefetch for one that has no effect and leaves calls of it out: the empty statement is such an effect.
[[gnu::always_inline]] inline void fetch_ahead(const void* at) {
    __builtin_prefetch(at, 1);
    asm volatile("");
}

// All lines of so many bytes.
[[gnu::always_inline]] inline void fetch_ahead(const void* from, std::size_t bytes) {
    const auto* at = static_cast<const char*>(from);
    for (std::size_t i = 0; i < bytes; i += kCacheLine) fetch_ahead(at + i);
}

}  // namespace cellvigil
