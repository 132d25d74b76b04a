#include "tests/daemon/wire/wire_bytes.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace cellvigil::wire::bytes {
namespace {

using Parts = std::vector<std::string>;

std::string joined(const Parts& parts) {
    std::string all;
    for (const std::string& part : parts) all += part;
    return all;
}

bool deviates(Random& random, std::uint64_t n) { return one_in(random, n * random.calm); }

// Now and then the parts of a message come in another order, twice, or not at all.
std::string written(Parts parts, Random& random) {
    if (deviates(random, 6)) {
        for (std::size_t i = parts.size(); i > 1; --i) std::swap(parts[i - 1], parts[below(random, i)]);
    }
    if (deviates(random, 12) && !parts.empty()) parts.push_back(parts[below(random, parts.size())]);
    if (deviates(random, 8) && !parts.empty())
        parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(below(random, parts.size())));
    if (deviates(random, 30)) parts.push_back(chunk(900, "from a newer contract"));
    if (deviates(random, 40)) parts.push_back(number(901, 7));
    if (deviates(random, 60)) parts.push_back(tag(902, 3) + number(1, 1) + tag(902, 4));  // a group
    if (deviates(random, 60)) parts.push_back(tag(903, 5) + "abcd");
    return joined(parts);
}

std::string any_text(Random& random, std::string_view usual) {
    switch (below(random, 40 * random.calm)) {
        case 0:
            return "";
        case 1:
            return std::string(200, 'x');
        case 2:
            return "Zo\xc3\xab";
        case 3:
            return "\xff\xfe";
        case 4:
            return "\xe2\x82";
        case 5:
            return std::string("\0mid", 4);
        case 6:
            return "with a blank";
        default:
            return std::string(usual);
    }
}
std::uint64_t any_number(Random& random, std::uint64_t usual) {
    switch (below(random, 30 * random.calm)) {
        case 0:
            return 0;
        case 1:
            return ~0ULL;
        case 2:
            return 1ULL << 31U;
        case 3:
            return 1ULL << 32U;
        case 4:
            return (1ULL << 32U) + 1;
        case 5:
            return 99;
        default:
            return usual;
    }
}
std::string any_varint_field(std::uint32_t field, Random& random, std::uint64_t usual) {
    const std::uint64_t value = any_number(random, usual);
    if (deviates(random, 40)) return tag(field, 0) + overlong(value, 1 + static_cast<int>(below(random, 9)));
    if (deviates(random, 80)) return chunk(field, "wrong type");
    return number(field, value);
}
std::string any_chunk_field(std::uint32_t field, Random& random, const std::string& content) {
    if (deviates(random, 80)) return number(field, 1);
    return chunk(field, content);
}
double any_double(Random& random) {
    constexpr double kSome[] = {38.6, 36.9, -0.0, 1e300, 0.2, 120, 5e-324, 97};
    if (!deviates(random, 3)) return kSome[below(random, 8)];
    const std::uint64_t which = below(random, 4);
    std::uint64_t bits = random();
    if (which == 0) bits = 0x7ff8000000000001ULL;
    double value = 0;
    std::memcpy(&value, &bits, 8);
    return value;
}

std::string timestamp(Random& random) {
    Parts parts{any_varint_field(1, random, 1'767'840'000 + below(random, 1'000'000))};
    if (one_in(random, 3)) parts.push_back(any_varint_field(2, random, 250'000'000));
    return written(parts, random);
}
std::string event_time(Random& random) {
    Parts parts{any_chunk_field(1, random, timestamp(random)), any_varint_field(2, random, 1 + below(random, 5))};
    if (!one_in(random, 5)) parts.push_back(any_varint_field(3, random, 960));
    return written(parts, random);
}
std::string coding(Random& random, std::string_view code) {
    Parts parts;
    if (one_in(random, 3)) parts.push_back(any_chunk_field(1, random, any_text(random, "http://loinc.org")));
    parts.push_back(any_chunk_field(2, random, any_text(random, code)));
    if (one_in(random, 8)) parts.push_back(any_chunk_field(4, random, any_text(random, "shown")));
    return written(parts, random);
}
std::string quantity(Random& random) {
    Parts parts{fixed(1, any_double(random)), any_chunk_field(2, random, any_text(random, "Cel"))};
    if (one_in(random, 6)) parts.push_back(any_varint_field(3, random, 1 + below(random, 4)));
    return written(parts, random);
}
std::string observation(Random& random) {
    Parts parts{any_chunk_field(1, random, coding(random, "8310-5"))};
    switch (below(random, 10)) {
        case 0:
            parts.push_back(any_varint_field(3, random, below(random, 2)));
            break;
        case 1:
            parts.push_back(any_chunk_field(4, random, coding(random, "POS")));
            break;
        case 2:
            parts.push_back(any_chunk_field(5, random, any_text(random, "in words")));
            break;
        default:
            parts.push_back(any_chunk_field(2, random, quantity(random)));
            break;
    }
    if (deviates(random, 15)) parts.push_back(any_chunk_field(5, random, "another result"));
    if (!one_in(random, 4)) parts.push_back(any_varint_field(6, random, 2));
    if (one_in(random, 4)) parts.push_back(fixed(7, any_double(random)));
    if (one_in(random, 4)) parts.push_back(fixed(8, any_double(random)));
    if (deviates(random, 12)) parts.push_back(any_chunk_field(9, random, coding(random, "method")));
    if (one_in(random, 12)) parts.push_back(any_chunk_field(11, random, any_text(random, "refused")));
    if (one_in(random, 2)) parts.push_back(any_chunk_field(12, random, any_text(random, "panel-1")));
    return written(parts, random);
}

}  // namespace

std::string varint(std::uint64_t value) {
    std::string bytes;
    for (; value >= 0x80; value >>= 7U) bytes.push_back(static_cast<char>((value & 0x7fU) | 0x80U));
    bytes.push_back(static_cast<char>(value));
    return bytes;
}
std::string overlong(std::uint64_t value, int extra) {
    std::string bytes = varint(value);
    for (int i = 0; i < extra; ++i) {
        bytes.back() = static_cast<char>(static_cast<unsigned char>(bytes.back()) | 0x80U);
        bytes.push_back('\0');
    }
    return bytes;
}
std::string tag(std::uint32_t number, std::uint32_t type) { return varint(number << 3U | type); }
std::string number(std::uint32_t field, std::uint64_t value) { return tag(field, 0) + varint(value); }
std::string zigzag(std::uint32_t field, std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    return number(field, bits << 1U ^ (value < 0 ? ~0ULL : 0));
}
std::string chunk(std::uint32_t field, std::string_view content) {
    return tag(field, 2) + varint(content.size()) + std::string(content);
}
std::string fixed(std::uint32_t field, double value) {
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &value, 8);
    return tag(field, 1) + bytes;
}

std::uint64_t below(Random& random, std::uint64_t limit) { return random() % limit; }
bool one_in(Random& random, std::uint64_t n) { return below(random, n) == 0; }

std::string random_envelope(Random& random) {
    random.calm = one_in(random, 2) ? 1 : 20;
    Parts parts{
        any_chunk_field(1, random, any_text(random, "0190c5a2-7b3e-7c11-9d55-1f2e3d4c5b6a")),
        any_chunk_field(2, random, any_text(random, "ward-ehr")),
    };
    if (one_in(random, 3)) parts.push_back(any_chunk_field(3, random, any_text(random, "1.4.0")));
    parts.push_back(any_chunk_field(4, random, any_text(random, "study-1")));
    parts.push_back(any_chunk_field(5, random, any_text(random, "cohort-1")));
    parts.push_back(any_chunk_field(6, random, any_text(random, "site-01")));
    parts.push_back(any_chunk_field(7, random, any_text(random, "s-0001")));
    parts.push_back(any_chunk_field(8, random, any_text(random, "s-0001/obs/17")));
    parts.push_back(any_varint_field(9, random, 1));
    parts.push_back(any_varint_field(10, random, 1 + below(random, 3)));
    if (one_in(random, 6)) parts.push_back(any_chunk_field(11, random, any_text(random, "corrected")));
    if (one_in(random, 10)) parts.push_back(any_chunk_field(12, random, any_text(random, "other-message")));
    parts.push_back(any_chunk_field(13, random, event_time(random)));
    if (one_in(random, 5)) parts.push_back(any_chunk_field(14, random, event_time(random)));
    parts.push_back(any_chunk_field(15, random, timestamp(random)));
    if (one_in(random, 3)) parts.push_back(any_chunk_field(16, random, timestamp(random)));
    if (one_in(random, 3)) parts.push_back(any_varint_field(17, random, 42));
    if (one_in(random, 4)) parts.push_back(any_chunk_field(18, random, any_text(random, "s-0001/inf/1")));
    parts.push_back(any_varint_field(19, random, 1));
    parts.push_back(any_chunk_field(32, random, observation(random)));
    if (deviates(random, 20)) parts.push_back(any_chunk_field(32, random, observation(random)));
    if (deviates(random, 30)) parts.push_back(any_chunk_field(40, random, number(1, 2)));
    return written(parts, random);
}

std::string mutated(std::string bytes, Random& random) {
    const std::uint64_t changes = 1 + below(random, 3);
    for (std::uint64_t i = 0; i < changes && !bytes.empty(); ++i) {
        const std::size_t at = below(random, bytes.size());
        const std::size_t count = std::min<std::size_t>(1 + below(random, 8), bytes.size() - at);
        switch (below(random, 6)) {
            case 0:
                bytes[at] = static_cast<char>(random());
                break;
            case 1:
                bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1U << below(random, 8)));
                break;
            case 2:
                bytes.insert(at, 1, static_cast<char>(random()));
                break;
            case 3:
                bytes.erase(at, count);
                break;
            case 4:
                bytes.insert(at, bytes.substr(at, count));
                break;
            default:
                bytes.resize(at);
                break;
        }
    }
    return bytes;
}

}  // namespace cellvigil::wire::bytes
