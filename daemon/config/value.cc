#include "daemon/config/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace cellvigil::config {
namespace {

std::optional<std::int64_t> integer_of(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<std::int64_t> bytes_of(std::string_view text) {
    struct Unit {
        std::string_view name;
        unsigned shift;
    };
    for (const Unit unit : {Unit{"KiB", 10}, Unit{"MiB", 20}, Unit{"GiB", 30}}) {
        if (!text.ends_with(unit.name)) continue;
        text.remove_suffix(unit.name.size());
        while (text.ends_with(' ')) text.remove_suffix(1);
        const auto number = integer_of(text);
        if (!number || *number < 0 || *number > (std::numeric_limits<std::int64_t>::max() >> unit.shift))
            return std::nullopt;
        return *number << unit.shift;
    }
    return integer_of(text);
}

// "+08:00", "-03:30"; no more than 14 hours either way.
std::optional<UtcOffset> offset_of(std::string_view text) {
    if (text.size() != 6 || text[3] != ':' || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    const auto digits = [](std::string_view two) {
        return std::ranges::all_of(two, [](char c) { return c >= '0' && c <= '9'; });
    };
    if (!digits(text.substr(1, 2)) || !digits(text.substr(4, 2))) return std::nullopt;
    const auto whole_hours = integer_of(text.substr(1, 2));
    const auto rest = integer_of(text.substr(4, 2));
    if (*rest > 59 || *whole_hours * 60 + *rest > 840) return std::nullopt;
    const UtcOffset offset(*whole_hours * 60 + *rest);
    return text[0] == '-' ? -offset : offset;
}

std::string found(std::string_view text) {
    constexpr std::size_t kShown = 40;
    return fmt::format("found \"{}{}\"", text.substr(0, kShown), text.size() > kShown ? "..." : "");
}

std::string bytes_text(std::int64_t bytes) {
    for (const auto& [shift, name] : {std::pair{30U, "GiB"}, std::pair{20U, "MiB"}, std::pair{10U, "KiB"}})
        if (bytes != 0 && (bytes & ((std::int64_t{1} << shift) - 1)) == 0)
            return fmt::format("{} {}", bytes >> shift, name);
    return fmt::format("{}", bytes);
}

std::string quoted(std::string_view text) {
    constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-";
    const bool starts_plain =
        !text.empty() && (std::isalpha(static_cast<unsigned char>(text.front())) != 0 || text.front() == '/');
    const bool is_word = text != "true" && text != "false" && text != "null" && text != "yes" && text != "no";
    if (starts_plain && is_word && text.find_first_not_of(kPlain) == std::string_view::npos) return std::string(text);
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (static_cast<unsigned char>(c) < 0x20) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
        } else {
            out += c;
        }
    }
    return out + '"';
}

}  // namespace

std::string to_text(const Expected& expected) {
    switch (expected.kind) {
        case Kind::text:
            return expected.may_be_empty ? "text" : "text that is not empty";
        case Kind::property:
            return "text";
        case Kind::secret:
            return "a secret";
        case Kind::integer:
            return fmt::format("an integer from {} to {}", expected.first, expected.last);
        case Kind::bytes:
            return fmt::format("a size from {} to {}, in bytes or with KiB, MiB or GiB", bytes_text(expected.first),
                               bytes_text(expected.last));
        case Kind::boolean:
            return "true or false";
        case Kind::choice: {
            std::string text(expected.choices);
            for (auto at = text.find('|'); at != std::string::npos; at = text.find('|', at))
                text.replace(at, 1, " or ");
            return text;
        }
        case Kind::list:
            return expected.may_be_empty ? "a list of text" : "a list of text that is not empty";
        case Kind::offset:
            return "an offset from UTC such as \"+08:00\", at most 14 hours";
        case Kind::group:
            return "a map";
    }
    return "";
}

Result<Value> read_value(const Expected& expected, std::string_view text) {
    const auto refuse = [&] {
        return fail(Errc::invalid, fmt::format("expected {}, {}", to_text(expected),
                                               found(expected.kind == Kind::secret ? "(secret)" : text)));
    };
    Value value;
    value.text = text;
    switch (expected.kind) {
        case Kind::text:
        case Kind::property:
        case Kind::secret:
            if (text.empty() && !expected.may_be_empty) return refuse();
            return value;
        case Kind::integer:
        case Kind::bytes: {
            const auto number = expected.kind == Kind::bytes ? bytes_of(text) : integer_of(text);
            if (!number || *number < expected.first || *number > expected.last) return refuse();
            value.number = *number;
            return value;
        }
        case Kind::boolean:
            if (text != "true" && text != "false") return refuse();
            value.truth = text == "true";
            return value;
        case Kind::choice:
            if (text.empty() || text.find('|') != std::string_view::npos) return refuse();
            if (fmt::format("|{}|", expected.choices).find(fmt::format("|{}|", text)) == std::string::npos)
                return refuse();
            return value;
        case Kind::list: {
            std::vector<std::string> words;
            for (std::string_view rest = text; !rest.empty();) {
                const auto comma = rest.find(',');
                words.emplace_back(rest.substr(0, comma));
                rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
            }
            return read_list(expected, std::move(words));
        }
        case Kind::offset: {
            const auto offset = offset_of(text);
            if (!offset) return refuse();
            value.offset = *offset;
            return value;
        }
        case Kind::group:
            return refuse();
    }
    return refuse();
}

Result<Value> read_list(const Expected& expected, std::vector<std::string> words) {
    if (words.empty() && !expected.may_be_empty)
        return fail(Errc::invalid, "expected " + to_text(expected) + ", found an empty one");
    for (const std::string& word : words)
        if (word.empty()) return fail(Errc::invalid, "expected " + to_text(expected) + ", found an empty word in it");
    std::vector<std::string> sorted = words;
    std::ranges::sort(sorted);
    if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end())
        return fail(Errc::invalid, fmt::format("\"{}\" stands twice in the list", *twice));
    Value value;
    value.list = std::move(words);
    return value;
}

std::string to_yaml(Kind kind, const Value& value) {
    switch (kind) {
        case Kind::text:
        case Kind::property:
            return quoted(value.text);
        case Kind::secret:
            return value.text.empty() ? "\"\"" : "\"(redacted)\"";
        case Kind::integer:
            return fmt::format("{}", value.number);
        case Kind::bytes:
            return bytes_text(value.number);
        case Kind::boolean:
            return value.truth ? "true" : "false";
        case Kind::choice:
            return value.text;
        case Kind::list: {
            std::string out = "[";
            for (const std::string& word : value.list) out += (out.size() > 1 ? ", " : "") + quoted(word);
            return out + "]";
        }
        case Kind::offset: {
            const auto total = value.offset.count();
            const auto size = total < 0 ? -total : total;
            return fmt::format("\"{}{:02}:{:02}\"", total < 0 ? '-' : '+', size / 60, size % 60);
        }
        case Kind::group:
            return "{}";
    }
    return "";
}

}  // namespace cellvigil::config
