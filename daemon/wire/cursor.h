// Reads one protobuf message's bytes and takes them only in the one form in which a serialiser writes them. For the
// sources of this folder only.
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>

#include "rules/base/short_bytes.h"

namespace cellvigil::wire {

// Wire types of the contract's fields.
inline constexpr std::uint32_t kVarint = 0;
inline constexpr std::uint32_t kFixed64 = 1;
inline constexpr std::uint32_t kLength = 2;
constexpr std::uint32_t tag(std::uint32_t number, std::uint32_t type) { return number << 3U | type; }

// Kept in registers only where everything is inlined; the reader is called for every message.
#define CELLVIGIL_INLINE [[gnu::always_inline]] inline

// A cursor over one message's bytes. Every read returns false on anything but the one way a serialiser writes it.
class Cursor {
  public:
    explicit Cursor(std::string_view bytes) : Cursor(bytes, bytes.data() + bytes.size()) {}
    // Of a part of a message: bytes up to `readable` may be looked at, though not taken.
    Cursor(std::string_view bytes, const char* readable)
        : at_(bytes.data()), end_(bytes.data() + bytes.size()), readable_(readable) {}

    CELLVIGIL_INLINE bool at_end() const { return at_ == end_; }
    CELLVIGIL_INLINE const char* place() const { return at_; }
    CELLVIGIL_INLINE const char* readable() const { return readable_; }

    CELLVIGIL_INLINE bool varint(std::uint64_t& value) {
        if (at_ == end_) return false;
        if (static_cast<unsigned char>(*at_) < 0x80U) {
            value = static_cast<unsigned char>(*at_++);
            return true;
        }
        return long_varint(value);
    }
    // Of at least two bytes.
    CELLVIGIL_INLINE bool long_varint(std::uint64_t& value) {
        if (end_ - at_ >= 2) {
            const auto second = static_cast<unsigned char>(at_[1]);
            if (second < 0x80U) {
                value = (static_cast<unsigned char>(at_[0]) & 0x7fU) | static_cast<std::uint32_t>(second) << 7U;
                at_ += 2;
                return second != 0;
            }
        }
        if (readable_ - at_ >= 8) {
            const Read read = read_at_once(word_at<std::uint64_t>(at_));
            if (read.bytes != 0) {
                value = read.value;
                at_ += read.bytes;
                return at_ <= end_;
            }
        }
        return longest_varint(value);
    }
    // The same of what most often has five bytes: the seconds of a time.
    CELLVIGIL_INLINE bool varint_of_five(std::uint64_t& value) {
        if (end_ - at_ >= 5) {
            const auto word = word_at<std::uint32_t>(at_);
            const auto fifth = static_cast<unsigned char>(at_[4]);
            if ((word & 0x80808080U) == 0x80808080U && fifth < 0x80U) {
                value = (word & 0x7fU) | (word >> 1U & 0x3f80U) | (word >> 2U & 0x1fc000U) | (word >> 3U & 0xfe00000U) |
                        static_cast<std::uint64_t>(fifth) << 28U;
                at_ += 5;
                return fifth != 0;
            }
        }
        return varint(value);
    }
    // Of any length, byte by byte.
    [[gnu::noinline]] bool longest_varint(std::uint64_t& value) {
        auto byte = static_cast<unsigned char>(*at_++);
        value = byte & 0x7fU;
        for (unsigned shift = 7; shift < 64; shift += 7) {
            if (at_ == end_) return false;
            byte = static_cast<unsigned char>(*at_++);
            if (shift == 63 && byte != 1) return false;
            value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
            if (byte < 0x80U) return byte != 0;  // a zero at the end would be longer than needed
        }
        return false;
    }
    CELLVIGIL_INLINE bool tag(std::uint32_t& value) {
        std::uint64_t wide = 0;
        if (!varint(wide) || wide > std::numeric_limits<std::uint32_t>::max()) return false;
        value = static_cast<std::uint32_t>(wide);
        return true;
    }
    // Whether the next bytes are this tag in its one form.
    bool starts_with_tag(std::uint32_t wanted) const {
        Cursor ahead = *this;
        std::uint32_t next = 0;
        return !at_end() && ahead.tag(next) && next == wanted;
    }
    // Goes on past these bytes if they are what stands here.
    CELLVIGIL_INLINE bool skip(unsigned char byte) {
        if (at_ == end_ || static_cast<unsigned char>(*at_) != byte) return false;
        ++at_;
        return true;
    }
    CELLVIGIL_INLINE bool skip(unsigned char first, unsigned char second) {
        if (end_ - at_ < 2 || static_cast<unsigned char>(at_[0]) != first ||
            static_cast<unsigned char>(at_[1]) != second) {
            return false;
        }
        at_ += 2;
        return true;
    }
    // Goes on past four bytes, the first the lowest.
    CELLVIGIL_INLINE bool skip_four(std::uint32_t bytes) {
        if (end_ - at_ < 4 || word_at<std::uint32_t>(at_) != bytes) return false;
        at_ += 4;
        return true;
    }
    CELLVIGIL_INLINE bool skip(std::string_view bytes) {
        if (static_cast<std::size_t>(end_ - at_) < bytes.size() || !same_short(at_, bytes)) {
            return false;
        }
        at_ += bytes.size();
        return true;
    }
    CELLVIGIL_INLINE bool message(std::string_view& bytes) {
        std::uint64_t size = 0;
        if (!varint(size) || size > static_cast<std::uint64_t>(end_ - at_)) return false;
        bytes = std::string_view(at_, size);
        at_ += size;
        return true;
    }
    CELLVIGIL_INLINE bool text(std::string_view& value) { return message(value) && !value.empty() && is_ascii(value); }
    CELLVIGIL_INLINE bool text_or_empty(std::string_view& value) { return message(value) && is_ascii(value); }
    CELLVIGIL_INLINE bool fixed(double& value) {
        if (end_ - at_ < 8) return false;
        std::memcpy(&value, at_, 8);  // little endian, as the project's machines are
        at_ += 8;
        return true;
    }
    // An enumerator other than the default, up to `last`.
    template <typename Enum>
    CELLVIGIL_INLINE bool enumerator(Enum& value, Enum last) {
        std::uint64_t number = 0;
        if (!varint(number) || number == 0 || number > static_cast<std::uint64_t>(last)) return false;
        value = static_cast<Enum>(number);
        return true;
    }

  private:
    struct Read {
        std::uint64_t value;
        std::uint64_t bytes;  // 0: it is longer than the word, or not in its shortest form
    };
    // The number at the front of a word, all its bytes at once.
    [[gnu::const, gnu::noinline]] static Read read_at_once(std::uint64_t word) {
        const std::uint64_t ends = ~word & 0x8080808080808080U;
        if (ends == 0) return {0, 0};
        const auto last = static_cast<unsigned>(__builtin_ctzll(ends)) - 7;  // where the last byte begins
        if ((word >> last & 0xffU) == 0) return {0, 0};
        std::uint64_t bits = word & (ends ^ (ends - 1));
        bits = (bits & 0x007f007f007f007fU) | (bits & 0x7f007f007f007f00U) >> 1U;
        bits = (bits & 0x00003fff00003fffU) | (bits & 0x3fff00003fff0000U) >> 2U;
        return {(bits & 0x0fffffffU) | (bits & 0x0fffffff00000000U) >> 4U, last / 8 + 1};
    }
    template <typename Word>
    CELLVIGIL_INLINE static Word word_at(const char* at) {
        Word word = 0;
        std::memcpy(&word, at, sizeof word);
        return word;
    }
    CELLVIGIL_INLINE static bool is_ascii(std::string_view value) {
        constexpr std::uint64_t kHigh = 0x8080808080808080ULL;
        const char* at = value.data();
        const std::size_t size = value.size();
        std::uint64_t seen = 0;
        if (size >= 8) {  // the last word overlaps the one before it
            seen = word_at<std::uint64_t>(at + size - 8);
            for (std::size_t i = 0; i + 8 < size; i += 8) seen |= word_at<std::uint64_t>(at + i);
        } else if (size >= 4) {
            seen = word_at<std::uint32_t>(at) | word_at<std::uint32_t>(at + size - 4);
        } else {
            for (std::size_t i = 0; i < size; ++i) seen |= static_cast<unsigned char>(at[i]);
        }
        return (seen & kHigh) == 0;
    }
    const char* at_;
    const char* end_;
    const char* readable_;
};

}  // namespace cellvigil::wire
