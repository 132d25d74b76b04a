#include "daemon/zone.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <string>

namespace cellvigil {
namespace {

constexpr std::size_t kHeader = 44;
constexpr std::size_t kLongestFile = 1U << 20U;

std::int64_t big_endian(std::string_view bytes) {
    std::uint64_t value = (static_cast<unsigned char>(bytes.front()) & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
    for (const char byte : bytes) value = (value << 8U) | static_cast<unsigned char>(byte);
    return static_cast<std::int64_t>(value);
}

struct Counts {
    std::size_t universal, standard, leaps, times, types, letters;
    std::size_t bytes(std::size_t time_size) const {
        return times * (time_size + 1) + types * 6 + letters + leaps * (time_size + 4) + standard + universal;
    }
};

Result<Counts> counts_in(std::string_view header) {
    if (header.size() < kHeader || !header.starts_with("TZif")) return fail(Errc::invalid, "not a time zone file");
    const auto count = [&](std::size_t i) {
        return static_cast<std::size_t>(big_endian(header.substr(20 + 4 * i, 4)) & 0xFFFFFF);
    };
    return Counts{count(0), count(1), count(2), count(3), count(4), count(5)};
}

// `time_size`: 4 in the first block of a file, 8 in the second.
Result<std::vector<OffsetChange>> changes_in(std::string_view block, const Counts& counts, std::size_t time_size) {
    if (block.size() < counts.bytes(time_size) || counts.types == 0)
        return fail(Errc::invalid, "a time zone file that is cut off");
    const std::string_view kinds = block.substr(counts.times * time_size, counts.times);
    const std::string_view types = block.substr(counts.times * (time_size + 1), counts.types * 6);
    const auto offset_of = [&](std::size_t type) {
        return UtcOffset(seconds(big_endian(types.substr(type * 6, 4))) / minutes(1));
    };
    std::vector<OffsetChange> changes{{kAlways, offset_of(0)}};
    for (std::size_t i = 0; i < counts.times; ++i) {
        const std::size_t type = static_cast<unsigned char>(kinds[i]);
        if (type >= counts.types) return fail(Errc::invalid, "a time zone file that contradicts itself");
        const std::int64_t at = big_endian(block.substr(i * time_size, time_size));
        if (at < 0) {  // before 1970: only where it led to
            changes.front().offset = offset_of(type);
            continue;
        }
        changes.push_back({Instant(seconds(at)), offset_of(type)});
    }
    return changes;
}

bool is_name(std::string_view name) {
    return !name.empty() && !name.starts_with('/') && name.find("..") == std::string_view::npos &&
           std::ranges::all_of(name, [](unsigned char c) {
               return std::isalnum(c) != 0 || c == '/' || c == '_' || c == '-' || c == '+';
           });
}

}  // namespace

Result<std::vector<OffsetChange>> offsets_in(std::string_view tzif) {
    const auto first = counts_in(tzif);
    if (!first) return fail(first.error());
    const std::string_view block = tzif.substr(kHeader);
    if (tzif[4] == '\0') return changes_in(block, *first, 4);
    if (block.size() < first->bytes(4)) return fail(Errc::invalid, "a time zone file that is cut off");
    const std::string_view second = block.substr(first->bytes(4));
    const auto counts = counts_in(second);
    if (!counts) return fail(counts.error());
    return changes_in(second.substr(kHeader), *counts, 8);
}

Result<std::vector<OffsetChange>> offsets_of_zone(std::string_view name) {
    if (name == "UTC") return std::vector<OffsetChange>{OffsetChange{}};
    const std::string shown(name);
    if (!is_name(name)) return fail(Errc::invalid, "\"" + shown + "\" is no name of a time zone");
    std::ifstream file("/usr/share/zoneinfo/" + shown, std::ios::binary);
    if (!file) return fail(Errc::invalid, "this machine knows no time zone \"" + shown + "\" (package tzdata)");
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (bytes.size() > kLongestFile) return fail(Errc::invalid, "\"" + shown + "\": not a time zone file");
    auto read = offsets_in(bytes);
    if (!read) return fail(Errc::invalid, "\"" + shown + "\": " + read.error().detail);
    return read;
}

}  // namespace cellvigil
