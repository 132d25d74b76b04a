#include "daemon/ingest_json/scalars.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>

#include "rules/base/time.h"

namespace cellvigil::ingest {
namespace {

constexpr const char* kWhole = "a whole number was expected";
constexpr const char* kNumber = "a number was expected";
constexpr const char* kTime = "an RFC 3339 time with Z or an offset was expected, such as 2026-01-05T14:20:00+08:00";
constexpr const char* kRange = "out of the field's range";
constexpr double kLastExactWhole = 9007199254740992.0;  // 2^53

bool is_number_text(std::string_view text) {
    return !text.empty() && (text.front() == '-' || (text.front() >= '0' && text.front() <= '9'));
}

// All of the text, by std::from_chars.
template <typename T>
std::errc parse(std::string_view text, T& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end != text.data() + text.size()) return std::errc::invalid_argument;
    return error;
}

bool names_no_number(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    std::string lower(text.substr(0, 16));
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower == "nan" || lower == "inf" || lower == "infinity";
}

// Whole numbers written as "5.0" or "1e3": exact as a double up to 2^53.
Read<double> whole_real_of(std::string_view text) {
    Read<double> read = real_of(text);
    if (read.fault != nullptr) {
        if (read.reason == Reason::bad_field) read.fault = kWhole;
        return read;
    }
    if (std::trunc(read.value) != read.value) return {0, kWhole, Reason::bad_field};
    if (std::fabs(read.value) > kLastExactWhole) return {0, kRange, Reason::out_of_range};
    return read;
}

// Digits after the second, as nanoseconds; -1 when there are more than nine.
std::int32_t nanos_of(std::string_view time) {
    constexpr std::size_t kDot = 19;
    if (time.size() <= kDot || time[kDot] != '.') return 0;
    std::int32_t nanos = 0;
    std::int32_t scale = 100'000'000;
    for (std::size_t i = kDot + 1; i < time.size() && time[i] >= '0' && time[i] <= '9'; ++i) {
        if (scale == 0) return -1;
        nanos += (time[i] - '0') * scale;
        scale /= 10;
    }
    return nanos;
}

// Length of the well-formed sequence at the front, 0 when there is none. Unicode 15, table 3-7.
std::size_t sequence_length(const unsigned char* at, std::size_t left) {
    const unsigned char lead = at[0];
    if (lead < 0x80) return 1;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (left < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((at[i] & 0xC0U) != 0x80U) return 0;
    }
    if (lead == 0xE0 && at[1] < 0xA0) return 0;  // over-long
    if (lead == 0xED && at[1] > 0x9F) return 0;  // surrogates
    if (lead == 0xF0 && at[1] < 0x90) return 0;  // over-long
    if (lead == 0xF4 && at[1] > 0x8F) return 0;  // beyond U+10FFFF
    return length;
}

}  // namespace

Read<std::int64_t> whole_of(std::string_view text, std::int64_t first, std::int64_t last) {
    std::int64_t value = 0;
    const std::errc error = is_number_text(text) ? parse(text, value) : std::errc::invalid_argument;
    if (error == std::errc::result_out_of_range) return {0, kRange, Reason::out_of_range};
    if (error != std::errc{}) {
        const Read<double> real = whole_real_of(text);
        if (real.fault != nullptr) return {0, real.fault, real.reason};
        value = static_cast<std::int64_t>(real.value);
    }
    if (value < first || value > last) return {0, kRange, Reason::out_of_range};
    return {value, nullptr, Reason::bad_field};
}

Read<std::uint64_t> natural_of(std::string_view text, std::uint64_t last) {
    std::uint64_t value = 0;
    const std::errc error = is_number_text(text) ? parse(text, value) : std::errc::invalid_argument;
    if (error != std::errc{}) {
        const Read<std::int64_t> whole =
            error == std::errc::result_out_of_range
                ? Read<std::int64_t>{0, kRange, Reason::out_of_range}
                : whole_of(text, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
        if (whole.fault != nullptr) return {0, whole.fault, whole.reason};
        if (whole.value < 0) return {0, kRange, Reason::out_of_range};
        value = static_cast<std::uint64_t>(whole.value);
    }
    if (value > last) return {0, kRange, Reason::out_of_range};
    return {value, nullptr, Reason::bad_field};
}

Read<double> real_of(std::string_view text) {
    if (!is_number_text(text) || names_no_number(text)) {
        if (names_no_number(text)) return {0, "a finite number was expected", Reason::not_finite};
        return {0, kNumber, Reason::bad_field};
    }
    double value = 0;
    const std::errc error = parse(text, value);
    if (error == std::errc::result_out_of_range)
        return {0, "too large or too small for a double", Reason::out_of_range};
    if (error != std::errc{} || !std::isfinite(value)) return {0, kNumber, Reason::bad_field};
    return {value, nullptr, Reason::bad_field};
}

Read<TimePoint> time_of(std::string_view text) {
    constexpr std::int64_t kFirst = -62135596800;  // 0001-01-01T00:00:00Z
    constexpr std::int64_t kLast = 253402300799;   // 9999-12-31T23:59:59Z
    const auto instant = parse_rfc3339(text);
    const std::int32_t nanos = nanos_of(text);
    if (!instant || nanos < 0) return {{}, kTime, Reason::bad_time};
    const std::int64_t whole_seconds = std::chrono::floor<seconds>(*instant).time_since_epoch().count();
    if (whole_seconds < kFirst || whole_seconds > kLast)
        return {{}, "a time in the years 1 to 9999 was expected", Reason::out_of_range};
    return {{whole_seconds, nanos}, nullptr, Reason::bad_field};
}

bool is_utf8(std::string_view text) {
    const auto* at = reinterpret_cast<const unsigned char*>(text.data());
    std::size_t left = text.size();
    while (left > 0) {
        std::uint64_t eight = 0;
        if (left >= sizeof eight) {
            std::memcpy(&eight, at, sizeof eight);
            if ((eight & 0x8080808080808080U) == 0) {
                at += sizeof eight;
                left -= sizeof eight;
                continue;
            }
        }
        const std::size_t length = sequence_length(at, left);
        if (length == 0) return false;
        at += length;
        left -= length;
    }
    return true;
}

}  // namespace cellvigil::ingest
