// How the writer of a block of frames tells one field: numbers, ids, gaps, instants (docs/store.md, "Blocks of
// frames"). All write at `out`, move it on, and may touch 16 bytes more than they write.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "daemon/store/frame_block_compare.h"
#include "daemon/store/frame_block_parts.h"

namespace cellvigil::store::frame_block {

inline constexpr std::size_t kShortGap = 8;
inline constexpr std::size_t kShortPrefix = 31;
inline constexpr std::size_t kLeastInstant = 10;  // bytes of a field that may be one

inline char* put_number(char* out, std::uint64_t value) {
    if (value < 1 << 14) {  // nearly always: without a branch between one byte and two
        const bool two = value >= 0x80;
        out[0] = static_cast<char>(value | (two ? 0x80 : 0));
        out[1] = static_cast<char>(value >> 7);
        return out + 1 + (two ? 1 : 0);
    }
    for (; value >= 0x80; value >>= 7) *out++ = static_cast<char>(value | 0x80);
    *out++ = static_cast<char>(value);
    return out;
}

// All but the first `shared` bytes, at most 8.
inline char* put_id(char* out, const Uuid& id, std::size_t shared) {
    const char* const bytes = reinterpret_cast<const char*>(id.words.data());
    std::memcpy(out, bytes + shared, 8);
    std::memcpy(out + 8 - shared, bytes + 8, 8);
    return out + sizeof id.words - shared;
}

// Does the field say what the one before it says from its fourth byte on?
inline bool echoes(const char* value, const Fields& fields, std::size_t field) {
    if (field == 0) return false;
    const std::size_t before = fields.begin_of(field - 1);
    const std::size_t at = fields.ends[field - 1];
    const std::size_t size = fields.ends[field] - at;
    return value[at + 1] == value[before + kEchoFrom] && size > kEchoFrom && at - before >= size - 1 + kEchoFrom &&
           same_bytes(value + before + kEchoFrom, value + at + 1, size - 1);
}

// false, and nothing is written: the field is no instant like the former's. `seconds` is the instant before in the same
// value, 0 when there is none; it becomes this one.
inline bool put_time(char*& out, const char* before, std::size_t former_size, const char* field, std::size_t size,
                     std::uint64_t& seconds, Part& part) {
    if (*before != *field || size < kLeastInstant || size >= 0x80 || field[1] != static_cast<char>(size - 2))
        return false;
    if (field[2] != before[2]) return false;
    const Part kind = field[2] == kWithinTag ? Part::time_within : Part::time;
    const std::size_t place = instant_place(kind);
    const auto extent = static_cast<std::uint8_t>(field[place]);
    const auto former_extent = static_cast<std::uint8_t>(before[place]);
    const std::size_t end = place + 1 + extent;
    const std::size_t former_end = place + 1 + former_extent;
    const char* const instant = field + place + 1;
    if (extent < kSecondsSize + 1 || former_extent < kSecondsSize + 1 || end > size || former_end > former_size ||
        size - end != former_size - former_end || instant[0] != kSecondsTag) {
        return false;
    }
    const std::uint64_t digits = word(instant + 1);
    if ((digits & 0x8080808080) != 0x0080808080 || instant[kSecondsSize] == 0) return false;
    std::uint64_t below = 0;
    if (extent > kSecondsSize + 1) {
        const std::size_t nanos_size = extent - (kSecondsSize + 2U);
        if (instant[kSecondsSize + 1] != kNanosTag || nanos_size - 1 >= 5 || instant[extent - 1] == 0) return false;
        const std::uint64_t mask = ~std::uint64_t{0} >> (64 - 8 * nanos_size);
        const std::uint64_t nanos_digits = word(instant + kSecondsSize + 2) & mask;
        if ((nanos_digits & kTops) != (mask >> 8 & kTops)) return false;  // one varint that ends there
        const std::uint64_t nanos = seconds_in(nanos_digits);
        const std::uint64_t millis = nanos / kNanosPerMilli;
        below = millis * kNanosPerMilli == nanos ? millis << 1 : nanos << 1 | 1;
    }
    if (kind == Part::time ? end != size : !same_bytes(before + former_end, field + end, size - end)) return false;
    const std::uint64_t now = seconds_in(digits);
    const std::uint64_t then = seconds != 0 ? seconds : seconds_in(word(before + place + 2));
    out = put_number(out, zigzag(now - then));
    out = put_number(out, below);
    seconds = now;
    part = kind;
    return true;
}

struct GapParts {
    Part narrow;
    Part wide;
    Part none;
};

// `field` as `like` but for what lies between, unless that is no shorter than the field.
inline Part put_gap(char*& out, const char* like, const char* field, std::size_t size, std::size_t prefix,
                    const GapParts& parts) {
    const std::size_t end = end_of_difference(like, field, size);
    const std::size_t from = std::min(prefix, kShortPrefix);
    if (end - from <= kShortGap && end - from + 1 < size) {
        *out++ = static_cast<char>(from << 3 | (end - from - 1));
        std::memcpy(out, field + from, kShortGap);
        out += end - from;
        return parts.narrow;
    }
    const std::size_t wide_from = std::min<std::size_t>(prefix, 255);
    if (end - wide_from > 255 || end - wide_from + 2 >= size) return parts.none;
    *out++ = static_cast<char>(wide_from);
    *out++ = static_cast<char>(end - wide_from);
    copy(out, field + wide_from, end - wide_from);
    out += end - wide_from;
    return parts.wide;
}

// The same for a field of up to 8 bytes, of which `different` has what differs, not 0, in its upper bytes.
inline Part put_short_gap(char*& out, const char* field, std::size_t size, std::uint64_t different) {
    const std::size_t from = (static_cast<std::size_t>(std::countr_zero(different)) >> 3) + size - 8;
    const std::size_t end = size - (static_cast<std::size_t>(std::countl_zero(different)) >> 3);
    if (end - from + 1 >= size) return Part::literal;
    *out++ = static_cast<char>(from << 3 | (end - from - 1));
    std::memcpy(out, field + from, kShortGap);
    out += end - from;
    return Part::gap;
}

}  // namespace cellvigil::store::frame_block
