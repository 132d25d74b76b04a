#include "rules/monitor/day_clock.h"

#include <algorithm>
#include <utility>

#include "rules/base/short_bytes.h"

namespace cellvigil {
namespace {

// Clocks hold hours of the years that exist: no sum of them overflows.
EpochHours whole_hours(Instant at) { return std::chrono::floor<hours>(at); }

struct Front {
    EpochHours recorded = EpochHours::min();
    EpochHours appended = EpochHours::min();
};

Front front_of(const std::vector<SiteClock>& clocks) {
    Front front;
    for (const SiteClock& clock : clocks) {
        front.recorded = std::max(front.recorded, clock.recorded);
        front.appended = std::max(front.appended, clock.appended);
    }
    return front;
}

bool is_active(const SiteClock& clock, const Front& front, const DayCloseRules& rules) {
    const hours activity(rules.activity_h);
    return !clock.is_tick() && clock.recorded >= front.recorded - activity &&
           clock.appended >= front.appended - activity;
}

}  // namespace

Instant end_of(CalendarDay day) { return Instant(std::chrono::sys_days(days(day + 1))); }

CalendarDay utc_day(Instant at) {
    return static_cast<CalendarDay>(std::chrono::floor<days>(at).time_since_epoch().count());
}

std::uint32_t DayClock::place_of(std::string_view study, std::string_view site) {
    const std::pair wanted(site, study);
    auto found = std::lower_bound(clocks_.begin(), clocks_.end(), wanted, [](const SiteClock& clock, const auto& name) {
        return std::pair<std::string_view, std::string_view>(clock.site, clock.study) < name;
    });
    if (found == clocks_.end() || found->site != site || found->study != study) {
        found = clocks_.insert(found, {std::string(study), std::string(site)});
    }
    return static_cast<std::uint32_t>(found - clocks_.begin());
}

bool DayClock::see(std::string_view study, std::string_view site, Instant recorded, Instant appended,
                   std::uint32_t& place) {
    const bool is_there =
        place < clocks_.size() && same_short(clocks_[place].site, site) && same_short(clocks_[place].study, study);
    if (!is_there) place = place_of(study, site);
    SiteClock& clock = clocks_[place];
    const Instant written = std::min(recorded, appended);
    // Within the hours that the clock has seen: for nearly every message, without a division.
    if (clock.recorded != EpochHours::min() && clock.appended != EpochHours::min() &&
        written < clock.recorded + hours(1) && appended < clock.appended + hours(1)) {
        return false;
    }
    const EpochHours wrote = whole_hours(written);
    const EpochHours taken = whole_hours(appended);
    if (wrote <= clock.recorded && taken <= clock.appended) return false;
    clock.recorded = std::max(clock.recorded, wrote);
    clock.appended = std::max(clock.appended, taken);
    return true;
}

bool DayClock::tick(CalendarDay through, Instant log_time, const DayCloseRules& rules) {
    SiteClock& clock = clock_of({}, {});
    const SiteClock before = clock;
    const Instant over_at = end_of(through) + hours(rules.grace_h) + hours(rules.lateness_h);
    clock.recorded = std::max(clock.recorded, whole_hours(over_at));
    clock.appended = std::max(clock.appended, whole_hours(log_time));
    return clock != before;
}

void DayClock::restore(SiteClock clock) { clock_of(clock.study, clock.site) = std::move(clock); }

std::optional<CalendarDay> DayClock::over(const DayCloseRules& rules) const {
    const Front front = front_of(clocks_);
    std::optional<EpochHours> slowest;
    std::optional<EpochHours> ticked;
    for (const SiteClock& clock : clocks_) {
        if (clock.is_tick()) ticked = clock.recorded;
        if (!is_active(clock, front, rules)) continue;
        slowest = slowest ? std::min(*slowest, clock.recorded) : clock.recorded;
    }
    if (!slowest) slowest = ticked;
    if (!slowest) return std::nullopt;
    return utc_day(*slowest - hours(rules.lateness_h) - hours(rules.grace_h)) - 1;
}

bool DayClock::has_active_site(const DayCloseRules& rules) const {
    const Front front = front_of(clocks_);
    return std::any_of(clocks_.begin(), clocks_.end(),
                       [&](const SiteClock& clock) { return is_active(clock, front, rules); });
}

}  // namespace cellvigil
