#include "daemon/simulate/wire_edit.h"

#include <bit>
#include <vector>

#include "rules/base/ensure.h"

namespace cellvigil::simulate {
namespace {

enum class WireType : std::uint32_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

void append_varint(std::string& out, std::uint64_t value) {
    while (value >= 0x80) {
        out.push_back(static_cast<char>((value & 0x7FU) | 0x80U));
        value >>= 7U;
    }
    out.push_back(static_cast<char>(value));
}

void append_tag(std::string& out, std::uint32_t number, WireType type) {
    append_varint(out, (std::uint64_t{number} << 3U) | static_cast<std::uint32_t>(type));
}

std::uint64_t take_varint(std::string_view& rest) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        ensure(!rest.empty(), "a message to edit is whole");
        const auto byte = static_cast<unsigned char>(rest.front());
        rest.remove_prefix(1);
        value |= std::uint64_t{byte & 0x7FU} << shift;
        if (byte < 0x80) break;
    }
    return value;
}

struct Field {
    std::uint32_t number;
    std::string_view whole;    // tag and value
    std::string_view content;  // of a length-delimited one
};

Field take_field(std::string_view& rest) {
    const std::string_view start = rest;
    const std::uint64_t tag = take_varint(rest);
    Field field{static_cast<std::uint32_t>(tag >> 3U), {}, {}};
    std::size_t skip = 0;
    switch (static_cast<WireType>(tag & 7U)) {
        case WireType::varint:
            take_varint(rest);
            break;
        case WireType::fixed64:
            skip = 8;
            break;
        case WireType::fixed32:
            skip = 4;
            break;
        case WireType::bytes:
            skip = take_varint(rest);
            field.content = rest.substr(0, skip);
            break;
        default:
            ensure(false, "a message to edit has known wire types");
    }
    ensure(skip <= rest.size(), "a message to edit is whole");
    rest.remove_prefix(skip);
    field.whole = start.substr(0, start.size() - rest.size());
    return field;
}

// A message without one field, and what that field held (protobuf merges repeated messages by joining them).
struct Opened {
    std::string others;
    std::string inner;
};
Opened open(std::string_view message, std::uint32_t number) {
    Opened opened;
    while (!message.empty()) {
        const Field field = take_field(message);
        if (field.number == number) {
            opened.inner.append(field.content);
        } else {
            opened.others.append(field.whole);
        }
    }
    return opened;
}

}  // namespace

std::string varint_field(std::uint32_t number, std::uint64_t value) {
    std::string out;
    append_tag(out, number, WireType::varint);
    append_varint(out, value);
    return out;
}

std::string double_field(std::uint32_t number, double value) {
    std::string out;
    append_tag(out, number, WireType::fixed64);
    auto bits = std::bit_cast<std::uint64_t>(value);
    for (int byte = 0; byte < 8; ++byte) {
        out.push_back(static_cast<char>(bits & 0xFFU));
        bits >>= 8U;
    }
    return out;
}

std::string bytes_field(std::uint32_t number, std::string_view value) {
    std::string out;
    append_tag(out, number, WireType::bytes);
    append_varint(out, value.size());
    return out.append(value);
}

std::string edited(std::string_view message, std::initializer_list<std::uint32_t> path, std::string_view replacement) {
    ensure(path.size() > 0, "a path names a field");
    // In to the field, keeping what stands around it at each level; then out again.
    std::vector<Opened> levels;
    for (const std::uint32_t number : path)
        levels.push_back(open(levels.empty() ? message : levels.back().inner, number));
    std::string out = levels.back().others.append(replacement);
    for (std::size_t level = path.size() - 1; level > 0; --level)
        out = levels[level - 1].others.append(bytes_field(*(path.begin() + level - 1), out));
    return out;
}

}  // namespace cellvigil::simulate
