#include "daemon/escalation.h"

#include <algorithm>
#include <array>

#include "daemon/book/book.h"
#include "daemon/zone.h"

namespace cellvigil {
namespace {

alerts::Announcement told_of(const book::Standing& standing, const EscalationStep& step, Instant now) {
    const AlertRecord& record = standing.record;
    const auto waited = std::chrono::floor<minutes>(now - record.fired_at).count();
    alerts::Announcement told;
    told.title = "Not acknowledged for " + std::to_string(waited) + " minutes: " + standing.row.rule;
    told.facts = {{"alert", standing.row.alert_id},
                  {"rule", standing.row.rule},
                  {"severity", std::string(name_of(record.severity))},
                  {"cohort", standing.row.cohort},
                  {"stage", name_of(stage_of(record, now))},
                  {"fired_at", to_rfc3339(record.fired_at)},
                  {"escalation_level", std::to_string(step.level + 1)}};
    return told;
}

std::uint8_t bits_of(const std::vector<std::string>& working_days) {
    constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    unsigned bits = 0;
    for (std::size_t day = 0; day < kDays.size(); ++day)
        if (std::ranges::find(working_days, kDays[day]) != working_days.end()) bits |= 1U << day;
    return static_cast<std::uint8_t>(bits);
}

}  // namespace

Result<Team> team_of(const config::Escalation& wanted) {
    Team team;
    auto offsets = offsets_of_zone(wanted.zone);
    if (!offsets) return fail(offsets.error());
    team.calendar.offsets = std::move(*offsets);
    team.calendar.working_days = bits_of(wanted.working_days);
    team.calendar.opens = hours(wanted.opens_h);
    team.calendar.closes = hours(wanted.closes_h);
    for (const std::string& date : wanted.holidays)
        if (const auto day = parse_rfc3339(date + "T00:00:00Z"))
            team.calendar.holidays.push_back(site_date(*day, UtcOffset(0)));
    std::ranges::sort(team.calendar.holidays);
    team.ignores_quiet_hours_from = wanted.ignores_quiet_hours_from;
    for (const auto& [name, level] : wanted.levels) team.levels.push_back(level);
    return team;
}

bool is_told(const Team& team, std::string_view sink) {
    return std::ranges::any_of(team.levels, [&](const EscalationLevel& level) {
        return std::ranges::find(level.contacts, sink) != level.contacts.end();
    });
}

Result<std::vector<alerts::EscalationDue>> escalations_due(store::Store& store, const Team& team,
                                                           std::span<const std::string> waiting, std::string_view sink,
                                                           Instant now) {
    std::vector<alerts::EscalationDue> due;
    for (const std::string& alert_id : waiting) {
        const auto standing = book::standing_of(store, alert_id, std::nullopt);
        if (!standing && standing.error().code == Errc::not_found) continue;
        if (!standing) return fail(standing.error());
        if (!is_waiting(standing->record, now)) continue;
        for (const EscalationStep& step : escalation_of(standing->record, team, now)) {
            const auto& contacts = team.levels[step.level].contacts;
            if (step.at > now || std::ranges::find(contacts, sink) == contacts.end()) continue;
            due.push_back({alert_id, step.level, standing->record.fired_at, told_of(*standing, step, now)});
        }
    }
    return due;
}

}  // namespace cellvigil
