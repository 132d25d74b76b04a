#include "rules/monitor/light.h"

#include "rules/monitor/look.h"
#include "rules/stats/hysteresis.h"

namespace cellvigil {
namespace {

constexpr CalendarDay kWeek = 7;

bool is_raised(const HysteresisRule& rule, const std::vector<double>& scores) {
    HysteresisState state;
    for (const double score : scores) state = after(rule, state, score);
    return state.is_raised;
}

HysteresisRule rule_of(std::int64_t raise, std::int64_t clear, std::int32_t weeks) {
    return {static_cast<double>(raise) / 1000, static_cast<double>(clear) / 1000, weeks};
}

}  // namespace

const char* name_of(Light light) {
    switch (light) {
        case Light::green:
            return "green";
        case Light::amber:
            return "amber";
        case Light::red:
            return "red";
    }
    return "unknown";
}

std::vector<WeekTotals> week_totals(const CalendarTable& table, CalendarDay through, int weeks) {
    std::vector<WeekTotals> totals;
    WeekTotals seen;
    std::int64_t at_risk = 0;  // since `from`
    CalendarDay from = 0;
    CalendarDay end = through - kWeek * (weeks - 1);
    const auto close_through = [&](CalendarDay before) {
        while (end <= through && end < before) {
            WeekTotals then = seen;
            if (at_risk != 0 && end >= from) then.person_days += at_risk * (end - from + 1);
            totals.push_back(then);
            end += kWeek;
        }
    };
    for (const auto& [day, row] : table.rows()) {
        close_through(day);
        if (day > through) break;
        if (at_risk != 0) seen.person_days += at_risk * (day - from);
        const std::int64_t today = at_risk + row.entered;
        seen.person_days += today;
        seen.events += row.events + row.known_events;
        seen.subjects += row.infused;
        at_risk = today - row.left;
        from = day + 1;
    }
    close_through(through + 1);
    return totals;
}

Light light_of(const LightRules& rules, const std::vector<double>& scores) {
    if (is_raised(rule_of(rules.red_per_mille, rules.red_clears_per_mille, rules.weeks), scores)) return Light::red;
    if (is_raised(rule_of(rules.amber_per_mille, rules.amber_clears_per_mille, rules.weeks), scores))
        return Light::amber;
    return Light::green;
}

std::vector<double> weekly_scores(const MonitorSpec& monitor, const CalendarTable& table, CalendarDay through) {
    std::vector<double> scores;
    for (const WeekTotals& week : week_totals(table, through, kLightWeeks))
        scores.push_back(posterior_of(monitor, week.events, week.subjects, week.person_days));
    return scores;
}

}  // namespace cellvigil
