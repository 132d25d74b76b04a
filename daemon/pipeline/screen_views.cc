#include "daemon/pipeline/screen_views.h"

#include <algorithm>
#include <boost/json.hpp>

namespace cellvigil::pipeline {
namespace {

namespace json = boost::json;

json::object unit_json(const ScreenSpec& spec, const ScreenUnit& unit) {
    json::object one{{"unit", unit.unit},
                     {"cause", unit.cause},
                     {"side", unit.side},
                     {"raised", unit.raised},
                     {"alert_id", screen_alarm_id(spec, unit)},
                     {"p", unit.p ? json::value(*unit.p) : json::value(nullptr)},
                     {"words", unit.words},
                     {"clears", unit.clears}};
    json::object figures;
    for (const ScreenFigure& figure : unit.figures)
        figures[figure.name] = figure.value ? json::value(*figure.value) : json::value(nullptr);
    one["figures"] = std::move(figures);
    return one;
}

}  // namespace

std::string signal_subjects_json(const Looked* looked, const std::function<bool(std::string_view)>& may_see) {
    json::object all{{"through", nullptr}};
    json::array signals;
    if (looked != nullptr) {
        if (looked->live_through) {
            all["through"] = to_rfc3339(start_of(SiteDate(days(*looked->live_through)), UtcOffset(0))).substr(0, 10);
        }
        for (std::size_t i = 0; i < looked->subjects.size(); ++i) {
            const bool formally = i < looked->signals.size() && looked->signals[i].signal.crossed;
            if (!formally && !looked->live[i].signal.crossed) continue;
            const PreparedWatch& watch = looked->prepared->watches[i];
            const std::vector<std::string>& named = looked->subjects[i];
            json::array subjects;
            for (std::size_t n = 0; n < named.size() && n < kMostNamed; ++n) {
                if (may_see(named[n])) subjects.emplace_back(named[n]);
            }
            signals.push_back(json::object{{"alert_id", watch.alarm_id},
                                           {"monitor", watch.watch.monitor.id},
                                           {"cohort", watch.watch.monitor.cohort},
                                           {"endpoint", row_of(watch.watch.monitor.endpoint).name},
                                           {"subjects", std::move(subjects)},
                                           {"more", named.size() > kMostNamed}});
        }
    }
    all["signals"] = std::move(signals);
    return json::serialize(all) + "\n";
}

json::array budgets_json(const Looked* looked) {
    json::array budgets;
    if (looked == nullptr) return budgets;
    for (const BudgetUse& use : looked->prepared->budgets) {
        budgets.push_back(json::object{
            {"id", use.id}, {"alpha", use.alpha}, {"spent", use.spent}, {"spent_actual", use.spent_actual}});
    }
    return budgets;
}

json::array screens_json(const Looked* looked) {
    json::array screens;
    if (looked == nullptr) return screens;
    for (std::size_t i = 0; i < looked->screens.size(); ++i) {
        const ScreenSpec& spec = looked->prepared->plan.screens.screens[i].spec;
        const ScreenLook& look = looked->screens[i];
        json::object one{{"rule", rule_of(spec.method)}, {"screen", spec.id},
                         {"cohort", spec.cohort},        {"method", name_of(spec.method)},
                         {"endpoint", nullptr},          {"alpha", static_cast<double>(spec.alpha_millionths) / 1e6},
                         {"cannot_signal", nullptr},     {"left_out", look.left_out}};
        if (counts_endpoint(spec.method)) one["endpoint"] = row_of(spec.endpoint).name;
        if (!look.cannot_signal.empty()) one["cannot_signal"] = look.cannot_signal;
        json::array units;
        for (const ScreenUnit& unit : look.units) units.push_back(unit_json(spec, unit));
        one["units"] = std::move(units);
        screens.push_back(std::move(one));
    }
    return screens;
}

std::vector<metrics::ScreenGauges> screen_gauges(const Looked& looked) {
    std::vector<metrics::ScreenGauges> screens;
    for (std::size_t i = 0; i < looked.screens.size(); ++i) {
        const ScreenSpec& spec = looked.prepared->plan.screens.screens[i].spec;
        metrics::ScreenGauges one;
        one.rule = rule_of(spec.method);
        one.screen = spec.id;
        one.cohort = spec.cohort;
        one.method = name_of(spec.method);
        one.can_signal = looked.screens[i].cannot_signal.empty();
        one.raised = std::ranges::count_if(looked.screens[i].units, &ScreenUnit::raised);
        screens.push_back(std::move(one));
    }
    return screens;
}

}  // namespace cellvigil::pipeline
