#include "daemon/ingest_json/near_name.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace cellvigil::ingest {
namespace {

constexpr std::size_t kMostLetters = 48;  // of the wire contract's names the longest has 31

std::string letters_of(std::string_view name) {
    std::string letters;
    for (const char c : name) {
        if (c == '_' || c == '-') continue;
        letters.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    }
    return letters;
}

// Changes, omissions, additions and swaps of neighbours (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
    using Row = std::array<std::size_t, kMostLetters + 1>;
    Row before{};
    Row last{};
    Row current{};
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        current[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            current[j] = std::min({changed, last[j] + 1, current[j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                current[j] = std::min(current[j], before[j - 2] + 1);
        }
        before = last;
        last = current;
    }
    return last[b.size()];
}

}  // namespace

const std::string* nearest_name(std::string_view given, const std::vector<std::string>& known) {
    const std::string wanted = letters_of(given);
    if (wanted.empty() || wanted.size() > kMostLetters) return nullptr;
    const std::string* nearest = nullptr;
    std::size_t best = std::max<std::size_t>(1, wanted.size() / 3) + 1;
    for (const std::string& name : known) {
        const std::string letters = letters_of(name);
        if (letters.size() > kMostLetters) continue;
        const std::size_t longer = std::max(letters.size(), wanted.size());
        if (longer - std::min(letters.size(), wanted.size()) >= best) continue;
        const std::size_t found = distance(wanted, letters);
        if (found < best) {
            best = found;
            nearest = &name;
        }
    }
    return nearest;
}

}  // namespace cellvigil::ingest
