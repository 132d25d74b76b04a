#include "daemon/escalation.h"

#include <algorithm>
#include <array>

#include "daemon/book/book.h"
#include "daemon/zone.h"

namespace cellvigil {
namespace {

constexpr std::size_t kPage = 1000;

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

Result<std::vector<alerts::EscalationDue>> escalations_due(store::Store& store, const Team& team,
                                                           const AlertPolicy& policy, std::string_view sink,
                                                           Instant now) {
    std::vector<alerts::EscalationDue> due;
    const auto is_told = [&](const EscalationLevel& level) {
        return std::ranges::find(level.contacts, sink) != level.contacts.end();
    };
    if (std::ranges::none_of(team.levels, is_told)) return due;
    book::Choice choice;
    choice.at_most = kPage;
    choice.waiting = true;
    for (;;) {
        const auto waiting = book::standings(store, choice, now, policy);
        if (!waiting) return fail(waiting.error());
        for (const book::Standing& one : *waiting) {
            for (const EscalationStep& step : escalation_of(one.record, team, now)) {
                if (step.at > now || !is_told(team.levels[step.level])) continue;
                due.push_back({one.row.alert_id, step.level, one.record.fired_at, told_of(one, step, now)});
            }
        }
        if (waiting->size() < kPage) return due;
        choice.after = waiting->back().row.alert_id;
    }
}

}  // namespace cellvigil
