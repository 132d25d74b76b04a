// Time as surveillance needs it. An Instant is a point (UTC); a calendar day needs a site's offset; an InfusionDay
// counts calendar days from the infusion. Only this header goes from one to the other. Pure; safe from any thread.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rules/base/result.h"

namespace cellvigil {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using SiteDate = std::chrono::local_days;  // a calendar date at the site
using UtcOffset = std::chrono::minutes;    // -840..840, east of Greenwich is positive

inline constexpr Instant kNever = Instant::max();   // later than everything
inline constexpr Instant kAlways = Instant::min();  // earlier than everything

// The calendar date at the site.
inline SiteDate site_date(Instant at, UtcOffset offset) {
    return SiteDate(std::chrono::floor<days>((at + offset).time_since_epoch()));
}
// The first instant of a calendar date at the site.
inline Instant start_of(SiteDate date, UtcOffset offset) {
    return Instant(std::chrono::duration_cast<milliseconds>(date.time_since_epoch())) - offset;
}

// Whole site-local calendar days since the infusion's date. Day 0 is the day of infusion; negative before it.
struct InfusionDay {
    std::int32_t value = 0;
    auto operator<=>(const InfusionDay&) const = default;
};
inline InfusionDay infusion_day(SiteDate infused, SiteDate date) {
    return {static_cast<std::int32_t>((date - infused).count())};
}

// CDISC study day: 1 on the reference date, -1 the day before, never 0. Import and export only.
struct CdiscStudyDay {
    std::int32_t value = 1;
    auto operator<=>(const CdiscStudyDay&) const = default;
};
constexpr CdiscStudyDay cdisc_study_day(InfusionDay day) { return {day.value >= 0 ? day.value + 1 : day.value}; }

enum class TimePrecision : std::uint8_t { unspecified, second, minute, day, month, year };

// When something was true of the patient: [from, until) in UTC. A point has until = from. `offset` is the site's offset
// as the message stated it; nullopt when it did not.
struct EffectiveTime {
    Instant from{};
    Instant until{};
    std::optional<UtcOffset> offset;
    TimePrecision precision = TimePrecision::second;
    bool operator==(const EffectiveTime&) const = default;
};

// RFC 3339 with an offset or Z, to the millisecond ("2026-01-05T14:20:00+08:00"). Anything else is `invalid`.
Result<Instant> parse_rfc3339(std::string_view text, UtcOffset* offset_seen = nullptr);
// "2026-01-05T06:20:00Z", with milliseconds only when there are any; with an offset: "2026-01-05T14:20:00+08:00".
std::string to_rfc3339(Instant at);
std::string to_rfc3339(Instant at, UtcOffset offset);

}  // namespace cellvigil
