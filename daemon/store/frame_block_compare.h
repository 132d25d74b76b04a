// How the writer of a block of frames reads and compares: by words. Eight bytes more can be read behind whatever is
// given here, 32 behind what is copied, and eight before what is compared from its end.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "daemon/store/frame_block_parts.h"

namespace cellvigil::store::frame_block {

inline std::uint64_t hash(std::uint64_t a, std::uint64_t b) {
    std::uint64_t h = (a ^ std::rotl(b, 23)) * 0x9e3779b97f4a7c15;
    h ^= h >> 32;
    return h * 0xd6e8feb86659fd93;
}

// A varint of the raw bytes, in its one spelling; size 0: it is none, or longer than any field of a usual frame.
struct Number {
    std::uint64_t value = 0;
    std::size_t size = 0;
};
inline Number number_at(const char* at) {
    std::uint64_t bytes = word(at);
    if ((bytes & 0x80) == 0) return {bytes & 0x7f, 1};
    const std::size_t size = varint_extent(bytes);
    if (size > 8) return {};
    if (at[size - 1] == 0) return {};
    bytes &= ~std::uint64_t{0} >> (64 - 8 * size);
    bytes = (bytes & 0x007f007f007f007f) | (bytes & 0x7f007f007f007f00) >> 1;
    bytes = (bytes & 0x00003fff00003fff) | (bytes & 0x3fff00003fff0000) >> 2;
    return {(bytes & 0x000000000fffffff) | (bytes & 0x0fffffff00000000) >> 4, size};
}

// The same, of a number that seldom takes more than two bytes.
inline Number short_number_at(const char* at) {
    const auto first = static_cast<std::uint8_t>(at[0]);
    const auto second = static_cast<std::uint8_t>(at[1]);
    if (first < 0x80) return {first, 1};
    if (second < 0x80 && second != 0) return {(first & 0x7fU) | static_cast<std::uint64_t>(second) << 7, 2};
    return number_at(at);
}

// A number that is likely to come is known by its bytes.
class Expected {
  public:
    explicit Expected(std::uint64_t value) : value_(value) {
        std::uint64_t rest = value;
        do {
            bytes_ |= (rest & 0x7f) << (8 * size_++);
            rest >>= 7;
        } while (rest != 0 && size_ < 8);
        mask_ = ~std::uint64_t{0} >> (64 - 8 * size_);
        bytes_ |= mask_ >> 8 & kTops;
        if (rest != 0) size_ = 0;  // longer than any number of a usual frame
    }
    Number number_at(const char* at) const {
        if (((word(at) ^ bytes_) & mask_) == 0) return {value_, size_};
        return frame_block::number_at(at);
    }
    void expect(std::uint64_t value) {
        if (value != value_) *this = Expected(value);
    }
    // What comes next behind `value`.
    void follow(std::uint64_t value) {
        if (value != value_ || (bytes_ & 0x7f) == 0x7f) {
            *this = Expected(value + 1);
        } else {
            ++bytes_;
            ++value_;
        }
    }

  private:
    std::uint64_t bytes_ = 0;
    std::uint64_t mask_ = 0;
    std::uint64_t value_;
    std::size_t size_ = 0;  // bytes
};

inline std::uint64_t head_of(const char* bytes, std::size_t size) {
    return size >= 8 ? word(bytes) : word(bytes) & ((std::uint64_t{1} << (8 * size)) - 1);
}

inline bool same_bytes(const char* a, const char* b, std::size_t size) {
    if (size < 8) return head_of(a, size) == head_of(b, size);
    std::uint64_t different = (word(a) ^ word(b)) | (word(a + size - 8) ^ word(b + size - 8));
    for (std::size_t i = 8; i + 8 < size; i += 8) different |= word(a + i) ^ word(b + i);
    return different == 0;
}

// Bytes from the beginning that are alike; at most `size`.
inline std::size_t alike(const char* a, const char* b, std::size_t size) {
    for (std::size_t i = 0; i < size; i += 8) {
        const std::uint64_t different = word(a + i) ^ word(b + i);
        if (different != 0) return std::min(size, i + (static_cast<std::size_t>(std::countr_zero(different)) >> 3));
    }
    return size;
}

// The same for a long stretch that is mostly alike.
inline std::size_t long_alike(const char* a, const char* b, std::size_t size) {
    std::size_t i = 0;
    for (; i + 32 <= size; i += 32) {
        const std::uint64_t different = (word(a + i) ^ word(b + i)) | (word(a + i + 8) ^ word(b + i + 8)) |
                                        (word(a + i + 16) ^ word(b + i + 16)) | (word(a + i + 24) ^ word(b + i + 24));
        if (different != 0) break;
    }
    return i + alike(a + i, b + i, size - i);
}

// Bytes behind the last that differs, counted from the beginning, knowing that there is one.
inline std::size_t end_of_difference(const char* a, const char* b, std::size_t size) {
    for (std::size_t i = size;; i -= 8) {
        const std::uint64_t different = word(a + i - 8) ^ word(b + i - 8);
        if (different != 0) return i - (static_cast<std::size_t>(std::countl_zero(different)) >> 3);
    }
}

inline void copy(char* to, const char* from, std::size_t size) {
    if (size > 32) {
        std::memcpy(to, from, size);
        return;
    }
    std::memcpy(to, from, 16);
    std::memcpy(to + 16, from + 16, 16);
}

}  // namespace cellvigil::store::frame_block
