#include "rules/monitor/day_clock.h"

#include <algorithm>
#include <utility>

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

SiteClock& DayClock::clock_of(std::string_view study, std::string_view site) {
    const auto is_it = [&](const SiteClock& clock) { return clock.site == site && clock.study == study; };
    if (last_ < clocks_.size() && is_it(clocks_[last_])) return clocks_[last_];
    const std::pair wanted(site, study);
    auto found = std::lower_bound(clocks_.begin(), clocks_.end(), wanted, [](const SiteClock& clock, const auto& name) {
        return std::pair<std::string_view, std::string_view>(clock.site, clock.study) < name;
    });
    if (found == clocks_.end() || !is_it(*found))
        found = clocks_.insert(found, {std::string(study), std::string(site)});
    last_ = static_cast<std::size_t>(found - clocks_.begin());
    return *found;
}

bool DayClock::see(std::string_view study, std::string_view site, Instant recorded, Instant appended) {
    SiteClock& clock = clock_of(study, site);
    const EpochHours wrote = whole_hours(std::min(recorded, appended));
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
