// Reads one protobuf message's bytes and takes them only in the one form in which a serialiser writes them. For the
// sources of this folder only.
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>

namespace cellvigil::wire {

// Wire types of the contract's fields.
inline constexpr std::uint32_t kVarint = 0;
inline constexpr std::uint32_t kFixed64 = 1;
inline constexpr std::uint32_t kLength = 2;
constexpr std::uint32_t tag(std::uint32_t number, std::uint32_t type) { return number << 3U | type; }

// A cursor over one message's bytes. Every read returns false on anything but the one way a serialiser writes it.
class Cursor {
  public:
    explicit Cursor(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

    bool at_end() const { return at_ == end_; }
    const char* place() const { return at_; }

    bool varint(std::uint64_t& value) {
        if (at_ == end_) return false;
        auto byte = static_cast<unsigned char>(*at_++);
        value = byte & 0x7fU;
        if (byte < 0x80U) return true;
        for (unsigned shift = 7; shift < 64; shift += 7) {
            if (at_ == end_) return false;
            byte = static_cast<unsigned char>(*at_++);
            if (shift == 63 && byte != 1) return false;
            value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
            if (byte < 0x80U) return byte != 0;  // a zero at the end would be longer than needed
        }
        return false;
    }
    bool tag(std::uint32_t& value) {
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
    bool message(std::string_view& bytes) {
        std::uint64_t size = 0;
        if (!varint(size) || size > static_cast<std::uint64_t>(end_ - at_)) return false;
        bytes = std::string_view(at_, size);
        at_ += size;
        return true;
    }
    bool text(std::string_view& value) { return message(value) && !value.empty() && is_ascii(value); }
    bool text_or_empty(std::string_view& value) { return message(value) && is_ascii(value); }
    bool fixed(double& value) {
        if (end_ - at_ < 8) return false;
        std::memcpy(&value, at_, 8);  // little endian, as the project's machines are
        at_ += 8;
        return true;
    }
    // An enumerator other than the default, up to `last`.
    template <typename Enum>
    bool enumerator(Enum& value, Enum last) {
        std::uint64_t number = 0;
        if (!varint(number) || number == 0 || number > static_cast<std::uint64_t>(last)) return false;
        value = static_cast<Enum>(number);
        return true;
    }

  private:
    static bool is_ascii(std::string_view value) {
        constexpr std::uint64_t kHigh = 0x8080808080808080ULL;
        const char* at = value.data();
        std::size_t left = value.size();
        std::uint64_t seen = 0;
        for (; left >= 8; left -= 8, at += 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, at, 8);
            seen |= word;
        }
        for (; left > 0; --left, ++at) seen |= static_cast<unsigned char>(*at);
        return (seen & kHigh) == 0;
    }
    const char* at_;
    const char* end_;
};

}  // namespace cellvigil::wire
