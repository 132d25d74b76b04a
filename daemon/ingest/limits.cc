#include "daemon/ingest/limits.h"

#include <optional>
#include <vector>

#include "rules/base/short_bytes.h"

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
        if (i >= kFirstVisible && i <= kLastVisible) allowed |= class_bit(Pattern::visible);
        classes[i] = allowed;
    }
    return classes;
}
constexpr auto kClasses = make_classes();

}  // namespace

const FieldLimit& limit_of(std::uint32_t ordinal, std::string_view message, std::string_view field) {
    thread_local std::vector<std::optional<FieldLimit>> rows;
    if (ordinal >= rows.size()) rows.resize(ordinal + 1);
    auto& row = rows[ordinal];
    if (!row) row = limit_of(message, field);
    return *row;
}

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
    if (pattern == Pattern::visible)
        return all_between(text, kFirstVisible, kLastVisible);  // most of an envelope's text are ids
    std::uint8_t allowed = 0xff;
    for (const char character : text) allowed &= kClasses[static_cast<unsigned char>(character)];
    return (allowed & class_bit(pattern)) != 0;
}

}  // namespace cellvigil::ingest
