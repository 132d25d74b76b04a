// Single values as they are written in JSON. Each reader says what it expected, in words that never hold the value.
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "rules/event/admit.h"

namespace cellvigil::ingest {

template <typename T>
struct Read {
    T value{};
    const char* fault = nullptr;  // nullptr: it was read
    Reason reason = Reason::bad_field;
};

struct TimePoint {  // as google.protobuf.Timestamp: 0001-01-01 to 9999-12-31, nanos 0..999999999
    std::int64_t seconds = 0;
    std::int32_t nanos = 0;
};

// Text of a JSON number, or of a JSON string that holds one. "5.0" and "1e3" are whole; beyond the bounds:
// out_of_range.
Read<std::int64_t> whole_of(std::string_view text, std::int64_t first, std::int64_t last);
Read<std::uint64_t> natural_of(std::string_view text, std::uint64_t last);
// The nearest double. "NaN", "Infinity", "inf" in any case and with a sign: not_finite. Too large or too small:
// out_of_range.
Read<double> real_of(std::string_view text);
// RFC 3339 with Z or an offset, up to nine digits after the second. bad_time, or out_of_range outside the years 1 to
// 9999.
Read<TimePoint> time_of(std::string_view text);
// Standard or URL-safe alphabet, with or without padding.
Read<std::string> bytes_of(std::string_view base64);

std::string to_base64(std::string_view bytes);
bool is_utf8(std::string_view text);

}  // namespace cellvigil::ingest
