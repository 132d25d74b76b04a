#include "daemon/backtest/detection.h"

#include <algorithm>
#include <limits>
#include <set>

#include "rules/monitor/look.h"
#include "rules/stats/prefix_rule.h"

namespace cellvigil::backtest {
namespace {

constexpr CalendarDay kEnd = std::numeric_limits<CalendarDay>::max() / 2;

bool was_at_risk(const Share& share) { return share.first <= share.last; }

// Days on which the answer can change.
std::set<CalendarDay> days_of_news(const std::vector<Share>& shares, bool person_time) {
    std::set<CalendarDay> days;
    for (const Share& share : shares) {
        if (!person_time && !share.left_out) days.insert(share.infused);
        if (share.event) days.insert(std::max(share.known, share.infused));
    }
    return days;
}

bool crosses_by_subjects(const Boundary& boundary, const std::vector<Share>& shares, CalendarDay day) {
    std::vector<InfusionDayCount> table;
    for (const Share& share : shares) {
        if (share.left_out || share.infused > day) continue;
        table.push_back({share.infused, 1, share.event && share.known <= day ? 1 : 0});
    }
    return prefix_rule(std::move(table), boundary.binary).has_value();
}

// Arrivals of those events that are known; `arrivals` and `events` in order of the day of the event.
bool crosses_by_time(const Boundary& boundary, const std::vector<const Share*>& events,
                     const std::vector<double>& arrivals, CalendarDay day) {
    std::vector<double> known;
    for (std::size_t i = 0; i < events.size(); ++i)
        if (events[i]->known <= day) known.push_back(arrivals[i]);
    return first_alarm(boundary.limits, boundary.horizon, known).has_value();
}

// Known events and infusions only grow, and with them what crosses: the whole truth first, then the first day.
template <typename Crosses>
std::optional<CalendarDay> first_day(const std::set<CalendarDay>& days, const Crosses& crosses) {
    if (!crosses(kEnd)) return std::nullopt;
    const auto found = std::find_if(days.begin(), days.end(), crosses);
    return found == days.end() ? std::nullopt : std::optional(*found);
}

std::optional<CalendarDay> by_event_limits(const Boundary& boundary, const std::vector<Share>& shares) {
    std::vector<const Share*> events;
    for (const Share& share : shares)
        if (share.event && was_at_risk(share)) events.push_back(&share);
    std::sort(events.begin(), events.end(), [](const Share* one, const Share* other) {
        return one->last != other->last ? one->last < other->last : one->known < other->known;
    });
    std::vector<double> arrivals;
    for (const std::int64_t days : exposure(table_of(shares, true, kEnd), kEnd).arrivals)
        arrivals.push_back(static_cast<double>(days) * boundary.unit_per_person_day);
    return first_day(days_of_news(shares, true),
                     [&](CalendarDay day) { return crosses_by_time(boundary, events, arrivals, day); });
}

}  // namespace

CalendarTable table_of(const std::vector<Share>& shares, bool person_time, CalendarDay day) {
    CalendarTable table;
    for (const Share& share : shares) {
        const bool event = share.event && share.known <= day;
        if (person_time) {
            if (was_at_risk(share)) table.add(PersonTimeShare{share.first, share.last, event});
        } else if (share.infused <= day) {
            table.add(BinaryShare{share.infused, event, share.left_out && !event, share.known});
        }
    }
    return table;
}

std::optional<CalendarDay> first_alarm_day(const MonitorSpec& monitor, const Boundary& boundary,
                                           const std::vector<Share>& shares) {
    if (!boundary.can_signal()) return std::nullopt;
    switch (monitor.method) {
        case MonitorMethod::gamma_poisson:
        case MonitorMethod::maxsprt_poisson:
        case MonitorMethod::conditional_maxsprt:
            return by_event_limits(boundary, shares);
        case MonitorMethod::beta_binomial:
        case MonitorMethod::pocock:
        case MonitorMethod::obrien_fleming:
        case MonitorMethod::wang_tsiatis:
        case MonitorMethod::chen_chaloner:
        case MonitorMethod::sprt:
        case MonitorMethod::maxsprt_binomial:
            return first_day(days_of_news(shares, false),
                             [&](CalendarDay day) { return crosses_by_subjects(boundary, shares, day); });
        case MonitorMethod::bernoulli_cusum:
        case MonitorMethod::evalue_binomial:
        case MonitorMethod::poisson_cusum:
        case MonitorMethod::evalue_poisson:
            break;
    }
    const bool person_time = counts_person_time(monitor.method);
    for (const CalendarDay day : days_of_news(shares, person_time))
        if (look(monitor, boundary, table_of(shares, person_time, day), day).crossed) return day;
    return std::nullopt;
}

}  // namespace cellvigil::backtest
