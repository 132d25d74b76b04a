// What the writer and the reader of a block of frames share: the numbers of the format and the extent of a field of
// protobuf's wire form. The numbers are stored: none is given anew.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace cellvigil::store::frame_block {

static_assert(std::endian::native == std::endian::little, "words are read as they lie in the bytes");

// The first byte of an item; from kFirstShape on it is the shape in that slot.
inline constexpr std::uint8_t kFrameAsItIs = 0;
inline constexpr std::uint8_t kRestAsItIs = 1;
inline constexpr std::uint8_t kNewShape = 2;
inline constexpr std::uint8_t kFirstShape = 4;

inline constexpr std::size_t kShapes = 128;
inline constexpr std::size_t kKeys = 4096;        // remembered; the next takes the place of the first
inline constexpr std::size_t kKnownFields = 256;  // long fields remembered by their beginning
inline constexpr std::size_t kMaxFields = 24;
inline constexpr std::size_t kMaxKey = 255;
inline constexpr std::size_t kMaxValue = 65535;
inline constexpr std::size_t kIdField = 38;  // bytes: tag, length and the text of a UUID
inline constexpr std::size_t kEchoFrom = 3;  // bytes of a field before those that the next may repeat
inline constexpr std::size_t kIdShared = 3;  // bytes that an id of one time has in common with the one before

// How a field of the value is told. "The former" is the field of the same place in the value that is compared with.
enum class Part : std::uint8_t {
    same = 0,          // as the former
    literal = 1,       // as it is
    gap = 2,           // as the former but for up to 8 bytes
    wide_gap = 3,      // as the former but for up to 255 bytes
    echo = 4,          // but for its first byte, the former's, as the field before it from its fourth byte on
    id = 5,            // a UUID: 16 bytes
    id_of_time = 6,    // a UUID with the first bytes of the one before: 13 bytes
    known = 7,         // as a remembered field but for up to 8 bytes
    known_wide = 8,    // as a remembered field but for up to 255 bytes
    remembered = 9,    // as it is, to be remembered
    known_same = 10,   // as a remembered field
    time = 11,         // an instant: seconds from the one before, and what is below a second
    time_within = 12,  // an instant, and behind it what the former has there
};
inline constexpr std::uint8_t kParts = 13;

// What of a frame is stated: flags of a shape.
inline constexpr std::uint8_t kPartitionStated = 1;
inline constexpr std::uint8_t kPositionStated = 2;
inline constexpr std::uint8_t kKeyStated = 4;
inline constexpr std::uint8_t kAllStated = 7;

// Where a value's fields end, from its beginning.
struct Fields {
    std::uint32_t value = 0;  // where the value begins in the raw bytes
    std::uint32_t count = 0;
    std::array<std::uint16_t, kMaxFields> ends{};

    std::size_t begin_of(std::size_t field) const { return field == 0 ? 0 : ends[field - 1]; }
    std::size_t size_of(std::size_t field) const { return ends[field] - begin_of(field); }
};

inline std::uint64_t word(const char* at) {
    std::uint64_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
}

inline constexpr std::uint64_t kTops = 0x8080808080808080;

// Bytes of the varint at `at`, of which 8 can be read; 9 when it is longer than those.
inline std::size_t varint_extent(std::uint64_t bytes) {
    const std::uint64_t stops = ~bytes & kTops;
    return stops == 0 ? 9 : (static_cast<std::size_t>(std::countr_zero(stops)) >> 3) + 1;
}

// Bytes of the field at `at`, of which 16 can be read; 0 when it is none, or of a kind that is not taken apart. It may
// reach beyond what there is.
inline std::size_t field_extent(const char* at) {
    const auto first = static_cast<std::uint8_t>(at[0]);
    const std::size_t tag = 1 + (first >> 7);
    if (tag == 2 && static_cast<std::uint8_t>(at[1]) >= 0x80) return 0;
    const std::uint64_t rest = word(at + tag);
    const unsigned kind = first & 7;
    if (kind == 2) {
        if ((rest & 0x80) == 0) return tag + 1 + (rest & 0x7f);
        if ((rest & 0x8000) != 0) return 0;
        return tag + 2 + ((rest & 0x7f) | (rest >> 8 & 0x7f) << 7);
    }
    if (kind == 0) {
        const std::size_t size = varint_extent(rest);
        return size > 8 ? 0 : tag + size;
    }
    if (kind == 1) return tag + 8;
    return kind == 5 ? tag + 4 : 0;
}

inline std::uint64_t zigzag(std::uint64_t difference) { return (difference << 1) ^ (0 - (difference >> 63)); }
inline std::uint64_t unzigzag(std::uint64_t value) { return (value >> 1) ^ (0 - (value & 1)); }

// ---- instants: a field that is a google.protobuf.Timestamp, or a message that begins with one

// Where they lie: behind a tag of one byte and a length, or behind two more bytes, of the message within.
//     tag size 08 seconds:5 [10 nanoseconds]
//     tag size 0a size 08 seconds:5 [10 nanoseconds] ...
inline constexpr char kSecondsTag = 0x08;
inline constexpr char kNanosTag = 0x10;
inline constexpr char kWithinTag = 0x0a;
inline constexpr std::size_t kSecondsSize = 5;  // those of 1978 to 3058
inline constexpr std::uint64_t kLeastSeconds = std::uint64_t{1} << 28;
inline constexpr std::uint64_t kSecondsEnd = std::uint64_t{1} << 35;
inline constexpr std::uint64_t kNanosPerMilli = 1'000'000;

// Bytes from the field's beginning to the size of the instant.
inline std::size_t instant_place(Part part) { return part == Part::time ? 1 : 3; }

// The value of the 5 bytes, whatever they are; 8 can be read.
inline std::uint64_t seconds_in(std::uint64_t bytes) {
    bytes = (bytes & 0x7f007f007f) | (bytes & 0x007f007f00) >> 1;
    return (bytes & 0x3fff) | (bytes & 0x3fff0000) >> 2 | (bytes & 0x7f00000000) >> 4;
}

// ---- UUIDs: 36 characters in lower case, as 16 bytes in their order

// Digits, from the first on, as the nibbles they stand for, and back. Other characters do not come back as they were.
inline std::uint64_t digits_of(std::uint64_t nibbles) {
    const std::uint64_t letters = (nibbles + 0x0606060606060606) >> 4 & 0x0101010101010101;
    return nibbles + 0x3030303030303030 + letters * 39;
}
inline std::uint64_t unpacked(std::uint32_t bytes) {
    std::uint64_t spread = bytes;
    spread = (spread | spread << 16) & 0x0000ffff0000ffff;
    spread = (spread | spread << 8) & 0x00ff00ff00ff00ff;
    return (spread >> 4 & 0x000f000f000f000f) | (spread & 0x000f000f000f000f) << 8;
}

struct Uuid {
    std::array<std::uint32_t, 4> words{};
};

// Sixteen digits at a time, as the compiler has registers for them.
using Words = std::uint64_t __attribute__((vector_size(16)));
using Bytes = std::uint8_t __attribute__((vector_size(16)));

inline Words nibbles_of(Words digits) {
    const Words letters = digits >> 6 & 0x0101010101010101;
    return (digits & 0x0f0f0f0f0f0f0f0f) + (letters << 3) + letters;
}
inline Words digits_of(Words nibbles) {
    const Words letters = (nibbles + 0x0606060606060606) >> 4 & 0x0101010101010101;
    return nibbles + 0x3030303030303030 + (((letters << 8) - letters) & 0x2727272727272727);
}

// false, and nothing is written: the 36 bytes are no UUID in the one spelling that is taken.
inline bool uuid_of(const char* text, Uuid& id) {
    const Words first{word(text), (word(text + 9) & 0xffffffff) | word(text + 14) << 32};
    const Words last{(word(text + 19) & 0xffffffff) | word(text + 24) << 32, word(text + 28)};
    const Words a = nibbles_of(first);
    const Words b = nibbles_of(last);
    const Words wrong = ((a | b) & 0xf0f0f0f0f0f0f0f0) | (digits_of(a) ^ first) | (digits_of(b) ^ last);
    const bool dashes = ((text[8] ^ '-') | (text[13] ^ '-') | (text[18] ^ '-') | (text[23] ^ '-')) == 0;
    if ((wrong[0] | wrong[1]) != 0 || !dashes) return false;
    const auto pairs = [](Words nibbles) {
        return std::bit_cast<Bytes>((nibbles << 4 | nibbles >> 8) & 0x00ff00ff00ff00ff);
    };
    const Bytes bytes =
        __builtin_shufflevector(pairs(a), pairs(b), 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    std::memcpy(id.words.data(), &bytes, sizeof bytes);
    return true;
}

inline void text_of(const Uuid& id, char* text) {
    const auto put = [&](std::size_t at, std::uint64_t digits, std::size_t size) {
        std::memcpy(text + at, &digits, size);
    };
    const std::uint64_t b = digits_of(unpacked(id.words[1]));
    const std::uint64_t c = digits_of(unpacked(id.words[2]));
    put(0, digits_of(unpacked(id.words[0])), 8);
    put(9, b, 4);
    put(14, b >> 32, 4);
    put(19, c, 4);
    put(24, c >> 32, 4);
    put(28, digits_of(unpacked(id.words[3])), 8);
    text[8] = text[13] = text[18] = text[23] = '-';
}

}  // namespace cellvigil::store::frame_block
