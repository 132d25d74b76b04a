#include <array>

#include "daemon/ingest_json/scalars.h"

namespace cellvigil::ingest {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNone = 255;

constexpr std::array<std::uint8_t, 256> values() {
    std::array<std::uint8_t, 256> table{};
    for (auto& value : table) value = kNone;
    for (std::size_t i = 0; i < kAlphabet.size(); ++i)
        table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    table[static_cast<unsigned char>('-')] = 62;
    table[static_cast<unsigned char>('_')] = 63;
    return table;
}

Read<std::string> refused() { return {{}, "base64 was expected", Reason::bad_field}; }

}  // namespace

Read<std::string> bytes_of(std::string_view base64) {
    static constexpr auto kValues = values();
    if (base64.ends_with('=')) {
        if (base64.size() % 4 != 0) return refused();
        base64.remove_suffix(base64.ends_with("==") ? 2 : 1);
    }
    if (base64.size() % 4 == 1) return refused();
    Read<std::string> read;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : base64) {
        const std::uint8_t value = kValues[static_cast<unsigned char>(c)];
        if (value == kNone) return refused();
        bits = (bits << 6U) | value;
        held += 6;
        if (held >= 8) {
            held -= 8;
            read.value.push_back(static_cast<char>((bits >> held) & 0xFFU));
        }
    }
    if ((bits & ((1U << held) - 1U)) != 0) return refused();  // bits that belong to no byte
    return read;
}

std::string to_base64(std::string_view bytes) {
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j)
            bits = (bits << 8U) | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j) text.push_back(j <= count ? kAlphabet[(bits >> (18 - 6 * j)) & 63U] : '=');
    }
    return text;
}

}  // namespace cellvigil::ingest
