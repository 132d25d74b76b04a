#include "daemon/ingest/limits.h"

#include <cstring>

namespace cellvigil::ingest {
namespace {

constexpr std::uint8_t class_bit(Pattern pattern) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(pattern));
}

// For each byte, the patterns that allow it.
constexpr std::array<std::uint8_t, 256> make_classes() {
    std::array<std::uint8_t, 256> classes{};
    for (unsigned i = 0; i < 256; ++i) {
        const bool digit = i >= '0' && i <= '9';
        const bool lower = i >= 'a' && i <= 'z';
        const bool upper = i >= 'A' && i <= 'Z';
        const bool mark = i == '.' || i == '_' || i == '-';
        std::uint8_t allowed = class_bit(Pattern::any);
        if (digit || lower || upper || mark) allowed |= class_bit(Pattern::name);
        if (digit || lower || mark) allowed |= class_bit(Pattern::source);
        if (i > 0x20 && i < 0x7f) allowed |= class_bit(Pattern::visible);
        classes[i] = allowed;
    }
    return classes;
}
constexpr auto kClasses = make_classes();

// Eight bytes at a time: message and record ids are most of an envelope's text. `text` has eight or more.
bool all_visible(std::string_view text) {
    constexpr std::uint64_t kEach = 0x0101010101010101ULL;
    constexpr std::uint64_t kHigh = 0x80 * kEach;
    const auto word_at = [&](std::size_t at) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, 8);
        return word;
    };
    // Of an ASCII byte: with the high bit set, less 0x21 keeps that bit from 0x21 up; plus one gains it at 0x7f.
    const auto refused = [&](std::uint64_t word) {
        const std::uint64_t not_low = (word | kHigh) - 0x21 * kEach;
        return (word | ~not_low | ((word & ~kHigh) + kEach)) & kHigh;
    };
    std::uint64_t seen = refused(word_at(text.size() - 8));
    for (std::size_t at = 0; at + 8 <= text.size(); at += 8) seen |= refused(word_at(at));
    return seen == 0;
}

}  // namespace

const char* name_of(Pattern pattern) {
    switch (pattern) {
        case Pattern::any:
            return "";
        case Pattern::name:
            return "[A-Za-z0-9._-]";
        case Pattern::source:
            return "[a-z0-9._-]";
        case Pattern::visible:
            return "visible ASCII";
    }
    return "";
}

bool fits(Pattern pattern, std::string_view text) {
    if (pattern == Pattern::visible && text.size() >= 8) return all_visible(text);
    std::uint8_t allowed = 0xff;
    for (const char character : text) allowed &= kClasses[static_cast<unsigned char>(character)];
    return (allowed & class_bit(pattern)) != 0;
}

}  // namespace cellvigil::ingest
