// Compact bytes for the core's own snapshots: unsigned LEB128 varints, zigzag for signed, length-prefixed text, fixed
// width. Reading past the end or an over-long varint puts the reader into a failed state that every later read keeps.
// Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cellvigil {

class ByteWriter {
  public:
    explicit ByteWriter(std::string& out) : out_(out) {}
    void u64(std::uint64_t value) {
        std::array<char, 10> bytes{};
        std::size_t size = 0;
        while (value >= 0x80) {
            bytes[size++] = static_cast<char>(static_cast<unsigned char>(value) | 0x80U);
            value >>= 7;
        }
        bytes[size++] = static_cast<char>(value);
        out_.append(bytes.data(), size);
    }
    // The lowest `size` bytes (at most 8), the lowest first: for what no varint makes shorter, such as hashes.
    void fixed(std::uint64_t value, std::size_t size) {
        std::array<char, 8> bytes{};
        for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(value >> (8 * i));
        out_.append(bytes.data(), size);
    }
    void i64(std::int64_t value) {
        u64((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
    }
    void u8(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
    void text(std::string_view value) {
        u64(value.size());
        out_.append(value);
    }

  private:
    std::string& out_;
};

class ByteReader {
  public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
    bool failed() const { return failed_; }
    bool at_end() const { return rest_.empty(); }
    std::string_view rest() const { return rest_; }
    std::uint64_t u64() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const std::uint8_t byte = u8();
            value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
            if ((byte & 0x80U) == 0) return value;
        }
        failed_ = true;
        return 0;
    }
    std::int64_t i64() {
        const std::uint64_t raw = u64();
        return static_cast<std::int64_t>(raw >> 1) ^ -static_cast<std::int64_t>(raw & 1);
    }
    std::uint8_t u8() {
        if (rest_.empty()) {
            failed_ = true;
            return 0;
        }
        const auto byte = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return byte;
    }
    std::uint64_t fixed(std::size_t size) {
        if (size > rest_.size()) {
            failed_ = true;
            return 0;
        }
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < size; ++i) value |= std::uint64_t{static_cast<std::uint8_t>(rest_[i])} << (8 * i);
        rest_.remove_prefix(size);
        return value;
    }
    std::string_view text() {
        const std::uint64_t size = u64();
        if (failed_ || size > rest_.size()) {
            failed_ = true;
            return {};
        }
        const std::string_view value = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return value;
    }

  private:
    std::string_view rest_;
    bool failed_ = false;
};

}  // namespace cellvigil
