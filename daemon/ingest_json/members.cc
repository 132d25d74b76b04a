#include "daemon/ingest_json/members.h"

#include <cstddef>

namespace cellvigil::ingest {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

// Behind the string that begins at `at`.
std::size_t behind_string(std::string_view text, std::size_t at) {
    for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
    }
    return at < text.size() ? at + 1 : text.size();
}

// Behind the member that begins at `at`: at the comma or bracket that ends it, or at the end.
std::size_t behind_member(std::string_view text, std::size_t at) {
    std::size_t depth = 0;
    while (at < text.size()) {
        switch (text[at]) {
            case '"':
                at = behind_string(text, at);
                continue;
            case '{':
            case '[':
                ++depth;
                break;
            case '}':
            case ']':
                if (depth == 0) return at;
                --depth;
                break;
            case ',':
                if (depth == 0) return at;
                break;
            default:
                break;
        }
        ++at;
    }
    return at;
}

}  // namespace

std::vector<std::string_view> members_of_array(std::string_view text) {
    std::vector<std::string_view> members;
    std::size_t at = text.find_first_not_of(kBlank);
    if (at == std::string_view::npos || text[at] != '[') return members;
    for (++at; at < text.size();) {
        at = text.find_first_not_of(kBlank, at);
        if (at == std::string_view::npos || text[at] == ']') break;
        const std::size_t end = behind_member(text, at);
        const std::string_view member = text.substr(at, end - at);
        members.push_back(member.substr(0, member.find_last_not_of(kBlank) + 1));
        if (end >= text.size() || text[end] != ',') break;
        at = end + 1;
    }
    return members;
}

}  // namespace cellvigil::ingest
