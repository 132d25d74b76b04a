#include "daemon/import/reading.h"

#include <array>
#include <charconv>
#include <string>

namespace cellvigil::import {
namespace {

std::optional<int> number_at(std::string_view text, std::size_t from, std::size_t count) {
    if (text.size() < from + count) return std::nullopt;
    int value = 0;
    const char* begin = text.data() + from;
    const auto [end, error] = std::from_chars(begin, begin + count, value);
    if (error != std::errc{} || end != begin + count || *begin == '-') return std::nullopt;
    return value;
}

EffectiveTime days_from(std::chrono::sys_days first, std::chrono::sys_days until, UtcOffset offset,
                        TimePrecision precision) {
    const auto start = [offset](std::chrono::sys_days day) {
        return start_of(SiteDate(day.time_since_epoch()), offset);
    };
    return {start(first), start(until), offset, precision};
}

// "T13:17" or "T13:17:05" and, perhaps, an offset.
std::optional<EffectiveTime> read_clock(std::string_view text, std::chrono::sys_days day, UtcOffset site_offset) {
    const auto hour = number_at(text, 1, 2);
    const auto minute = number_at(text, 4, 2);
    if (!hour || !minute || text[3] != ':' || *hour > 23 || *minute > 59) return std::nullopt;
    std::string_view rest = text.substr(6);
    int second = 0;
    const bool to_second = rest.starts_with(':');
    if (to_second) {
        const auto read = number_at(rest, 1, 2);
        if (!read || *read > 59) return std::nullopt;
        second = *read;
        rest.remove_prefix(3);
    }
    UtcOffset offset = site_offset;
    if (!rest.empty()) {
        // Let the strict reader judge the offset, on a time that is surely sound.
        const auto judged = parse_rfc3339("2000-01-01T00:00:00" + std::string(rest), &offset);
        if (!judged) return std::nullopt;
    }
    const Instant at = Instant(day) + hours(*hour) + minutes(*minute) + seconds(second) - offset;
    return EffectiveTime{at, at, offset, to_second ? TimePrecision::second : TimePrecision::minute};
}

}  // namespace

std::optional<EffectiveTime> read_date(std::string_view text, UtcOffset site_offset) {
    using namespace std::chrono;
    const auto year_read = number_at(text, 0, 4);
    if (!year_read || *year_read < 1900 || *year_read > 2200) return std::nullopt;
    const std::chrono::year year{*year_read};
    if (text.size() == 4) return days_from(year / 1 / 1, (year + years(1)) / 1 / 1, site_offset, TimePrecision::year);
    const auto month_read = number_at(text, 5, 2);
    if (!month_read || *month_read < 1 || *month_read > 12 || text[4] != '-') return std::nullopt;
    const year_month month{year, std::chrono::month(static_cast<unsigned>(*month_read))};
    if (text.size() == 7) return days_from(month / 1, (month + months(1)) / 1, site_offset, TimePrecision::month);
    const auto day_read = number_at(text, 8, 2);
    if (!day_read || text[7] != '-') return std::nullopt;
    const year_month_day civil = month / *day_read;
    if (!civil.ok()) return std::nullopt;
    const sys_days day{civil};
    if (text.size() == 10) return days_from(day, day + days(1), site_offset, TimePrecision::day);
    if (text[10] != 'T') return std::nullopt;
    return read_clock(text.substr(10), day, site_offset);
}

std::optional<Amount> read_amount(std::string_view text) {
    struct Sign {
        std::string_view text;
        Comparator comparator;
    };
    constexpr std::array<Sign, 6> kSigns{{{"<=", Comparator::less_or_equal},
                                          {">=", Comparator::greater_or_equal},
                                          {"=<", Comparator::less_or_equal},
                                          {"=>", Comparator::greater_or_equal},
                                          {"<", Comparator::less},
                                          {">", Comparator::greater}}};
    Amount amount;
    for (const Sign& sign : kSigns) {
        if (!text.starts_with(sign.text)) continue;
        amount.comparator = sign.comparator;
        text.remove_prefix(sign.text.size());
        break;
    }
    while (text.starts_with(' ')) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    const auto quantity = quantity_of(value);
    if (!quantity) return std::nullopt;
    amount.value = *quantity;
    return amount;
}

}  // namespace cellvigil::import
