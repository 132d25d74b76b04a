// Time to event from day tables: day, entries, censored and events by cause, one list each.
#include <array>

#include "daemon/tools/commands/calc_functions.h"
#include "rules/stats/aalen_johansen.h"
#include "rules/stats/kaplan_meier.h"
#include "rules/stats/risk_table.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;

// The argument 'dataset' only labels a request.
constexpr Range kDay{-DayTable::kLastDay, DayTable::kLastDay};
constexpr Range kSubjects{0, 100'000'000};

// nullopt: a fault was noted.
std::optional<DayTable> day_table(CalcArguments& in) {
    const auto days = in.integers("day", kDay);
    const auto entries = in.integers("entries", kSubjects);
    const auto censored = in.integers("censored", kSubjects);
    const auto events = in.table("events", kSubjects, 0);
    in.require(!events.empty() && events.size() <= DayTable::kMostCauses, "events", "must hold 1 to 16 causes");
    in.require(entries.size() == days.size(), "entries", "must be as long as day");
    in.require(censored.size() == days.size(), "censored", "must be as long as day");
    for (const auto& cause : events)
        in.require(cause.size() == days.size(), "events", "must be as long as day, each cause");
    in.require(days.size() <= 100'000, "day", "is longer than 100000");
    if (in.fault()) return std::nullopt;
    DayTable table(events.size());
    for (std::size_t i = 0; i < days.size(); ++i) {
        const auto day = static_cast<std::int32_t>(days[i]);
        table.enter(day, entries[i]);
        table.censor(day, censored[i]);
        for (std::size_t cause = 0; cause < events.size(); ++cause) table.have_event(day, cause, events[cause][i]);
    }
    return table;
}

Result<RiskTable> risk(CalcArguments& in) {
    const std::optional<DayTable> table = day_table(in);
    if (!table) return fail(*in.fault());
    return risk_table(*table);
}

std::vector<std::int32_t> times(CalcArguments& in) {
    std::vector<std::int32_t> result;
    for (const std::int64_t day : in.integers("times", kDay)) result.push_back(static_cast<std::int32_t>(day));
    return result;
}

CalcResult km_table(CalcArguments& in) {
    const auto table = risk(in);
    const std::vector<std::int32_t> at = times(in);
    const Confidence confidence{in.number("conf", kInside)};
    if (in.fault()) return fail(*in.fault());
    if (!table) return fail(table.error());
    const SurvivalCurve curve = kaplan_meier(*table, confidence);
    json::array survival;
    json::array se;
    json::array lower;
    json::array upper;
    json::array at_risk;
    for (const std::int32_t day : at) {
        const SurvivalPoint point = survival_on(curve, day);
        survival.emplace_back(point.survival);
        se.push_back(json_of(point.se));
        lower.push_back(point.interval ? json::value(point.interval->lower) : json::value(nullptr));
        upper.push_back(point.interval ? json::value(point.interval->upper) : json::value(nullptr));
        at_risk.emplace_back(table->at_risk_on(day));
    }
    const SurvivalQuantile median = survival_quantile(curve, 0.5);
    return json::object{{"surv", survival},
                        {"se", se},
                        {"lower", lower},
                        {"upper", upper},
                        {"n_risk", at_risk},
                        {"median", json_of(median.day)},
                        {"median_lower", json_of(median.lower)},
                        {"median_upper", json_of(median.upper)},
                        {"q25", json_of(survival_quantile(curve, 0.25).day)},
                        {"q75", json_of(survival_quantile(curve, 0.75).day)}};
}

CalcResult nelson_aalen(CalcArguments& in) {
    const auto table = risk(in);
    const std::vector<std::int32_t> at = times(in);
    if (in.fault()) return fail(*in.fault());
    if (!table) return fail(table.error());
    const SurvivalCurve curve = kaplan_meier(*table, {});
    json::array hazard;
    json::array variance;
    for (const std::int32_t day : at) {
        const SurvivalPoint point = survival_on(curve, day);
        hazard.emplace_back(point.hazard);
        variance.emplace_back(point.hazard_variance);
    }
    return json::object{{"H", hazard}, {"var", variance}};
}

CalcResult person_time(CalcArguments& in) {
    const auto table = risk(in);
    if (!table) return fail(table.error());
    const auto days = table->person_days();
    return json::object{{"person_days", days ? json::value(*days) : json::value(nullptr)}, {"events", table->events()}};
}

CalcResult aalen_johansen_of(CalcArguments& in) {
    const auto table = risk(in);
    const std::vector<std::int32_t> at = times(in);
    const Confidence confidence{in.number("conf", kInside)};
    if (in.fault()) return fail(*in.fault());
    if (!table) return fail(table.error());
    json::object causes;
    for (std::size_t cause = 0; cause < table->causes(); ++cause) {
        json::array incidence;
        json::array se;
        json::array lower;
        json::array upper;
        for (const IncidencePoint& point : aalen_johansen(*table, cause, at, confidence)) {
            incidence.emplace_back(point.incidence);
            se.emplace_back(point.se);
            lower.push_back(point.interval ? json::value(point.interval->lower) : json::value(nullptr));
            upper.push_back(point.interval ? json::value(point.interval->upper) : json::value(nullptr));
        }
        causes["cause" + std::to_string(cause + 1)] =
            json::object{{"cif", incidence}, {"se", se}, {"lower", lower}, {"upper", upper}};
    }
    // Without an event of any cause.
    const SurvivalCurve curve = kaplan_meier(*table, confidence);
    json::array survival;
    for (const std::int32_t day : at) survival.emplace_back(survival_on(curve, day).survival);
    causes["surv"] = survival;
    return causes;
}

CalcResult reverse_km_median(CalcArguments& in) {
    const std::optional<DayTable> table = day_table(in);
    if (!table) return fail(*in.fault());
    const auto reversed = risk_table(follow_up_table(*table));
    if (!reversed) return fail(reversed.error());
    return json_of(survival_quantile(kaplan_meier(*reversed, {}), 0.5).day);
}

constexpr auto kFunctions = std::to_array<CalcFunction>({
    {"km_table", "dataset? times conf day entries censored events", km_table},
    {"nelson_aalen", "dataset? times day entries censored events", nelson_aalen},
    {"person_time", "dataset? day entries censored events", person_time},
    {"aalen_johansen", "dataset? times conf day entries censored events", aalen_johansen_of},
    {"reverse_km_median", "dataset? day entries censored events", reverse_km_median},
});

}  // namespace

std::span<const CalcFunction> time_to_event_functions() { return kFunctions; }

}  // namespace cellvigil::tools
