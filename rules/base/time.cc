#include "rules/base/time.h"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace cellvigil {
namespace {

// Reads exactly `count` digits; -1 if there are none such.
int digits(std::string_view text, std::size_t from, std::size_t count) {
    if (from + count > text.size()) return -1;
    int value = 0;
    for (std::size_t i = from; i < from + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool at(std::string_view text, std::size_t index, char wanted) { return index < text.size() && text[index] == wanted; }

struct Clock {
    int hour, minute, second, millisecond;
    std::size_t end;
};
std::optional<Clock> clock_of(std::string_view text) {
    Clock clock{digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2), 0, 19};
    if (!at(text, 13, ':') || !at(text, 16, ':')) return std::nullopt;
    if (clock.hour < 0 || clock.hour > 23 || clock.minute < 0 || clock.minute > 59) return std::nullopt;
    if (clock.second < 0 || clock.second > 59) return std::nullopt;
    if (at(text, 19, '.')) {
        int scale = 100;
        std::size_t i = 20;
        for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
            clock.millisecond += (text[i] - '0') * scale;
            scale /= 10;
        }
        if (i == 20) return std::nullopt;
        clock.end = i;
    }
    return clock;
}

std::optional<UtcOffset> offset_of(std::string_view text) {
    if (text == "Z" || text == "z") return UtcOffset{0};
    if (text.size() != 6 || text[3] != ':' || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    const int hour = digits(text, 1, 2);
    const int minute = digits(text, 4, 2);
    if (hour < 0 || hour > 14 || minute < 0 || minute > 59) return std::nullopt;
    const int total = hour * 60 + minute;
    if (total > 840) return std::nullopt;
    return UtcOffset{text[0] == '-' ? -total : total};
}

std::string text_of(std::chrono::sys_time<milliseconds> shown, const char* suffix) {
    const auto day = std::chrono::floor<days>(shown);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(shown - day);
    std::array<char, 64> text{};
    const auto ms = clock.subseconds().count();
    int length = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                               static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                               static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                               static_cast<int>(clock.seconds().count()));
    std::string result(text.data(), static_cast<std::size_t>(length));
    if (ms != 0) {
        length = std::snprintf(text.data(), text.size(), ".%03d", static_cast<int>(ms));
        result.append(text.data(), static_cast<std::size_t>(length));
    }
    return result + suffix;
}

}  // namespace

Result<Instant> parse_rfc3339(std::string_view text, UtcOffset* offset_seen) {
    const int year = digits(text, 0, 4);
    const int month = digits(text, 5, 2);
    const int day = digits(text, 8, 2);
    const bool shape =
        at(text, 4, '-') && at(text, 7, '-') && (at(text, 10, 'T') || at(text, 10, 't') || at(text, 10, ' '));
    if (!shape || year < 0 || month < 0 || day < 0) return fail(Errc::invalid, "not an RFC 3339 time");
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return fail(Errc::invalid, "no such date");
    const auto clock = clock_of(text);
    if (!clock) return fail(Errc::invalid, "no such time of day");
    const auto offset = offset_of(text.substr(clock->end));
    if (!offset) return fail(Errc::invalid, "a time needs Z or an offset such as +08:00");
    if (offset_seen != nullptr) *offset_seen = *offset;
    return Instant(std::chrono::sys_days(date)) + hours(clock->hour) + minutes(clock->minute) + seconds(clock->second) +
           milliseconds(clock->millisecond) - *offset;
}

std::string to_rfc3339(Instant at) { return text_of(at, "Z"); }

std::string to_rfc3339(Instant at, UtcOffset offset) {
    const auto total = std::abs(offset.count());
    std::array<char, 16> suffix{};
    std::snprintf(suffix.data(), suffix.size(), "%c%02d:%02d", offset.count() < 0 ? '-' : '+',
                  static_cast<int>(total / 60), static_cast<int>(total % 60));
    return text_of(at + offset, suffix.data());
}

}  // namespace cellvigil
