#include "daemon/backtest/tables.h"

#include <fmt/format.h>
#include <boost/json.hpp>

namespace cellvigil::backtest {
namespace {

std::string probability(const std::optional<Estimate>& estimate) {
    return estimate ? fmt::format("{:.3f} ({:.3f})", estimate->value, estimate->error) : "-";
}

std::string in_days(const std::optional<Estimate>& estimate) {
    return estimate ? fmt::format("{:.0f} ({:.0f})", estimate->value, estimate->error) : "-";
}

std::string pair_of_figures(const std::optional<Estimate>& estimate) {
    return estimate ? fmt::format("{:.6g},{:.6g}", estimate->value, estimate->error) : ",";
}

boost::json::value json_of(const std::optional<Estimate>& estimate) {
    if (!estimate) return nullptr;
    return boost::json::object{{"value", estimate->value}, {"standard_error", estimate->error}};
}

boost::json::object json_of(const Characteristics& row) {
    boost::json::object object;
    object["monitor"] = row.monitor;
    object["endpoint"] = row_of(row.endpoint).name;
    object["scenario"] = name_of(row.scenario);
    object["rate_raised"] = row.raised;
    if (!row.cannot_signal.empty()) object["cannot_signal"] = row.cannot_signal;
    object["alpha_actual"] = row.alpha;
    object["runs"] = row.runs;
    object["alarms"] = row.alarms;
    object["alarms_before_excess"] = row.alarms_before_excess;
    object["alarm_probability"] = json_of(row.alarm);
    object["power"] = json_of(row.power);
    object["mean_days_from_first_infusion"] = json_of(row.mean_days);
    object["median_days_from_first_infusion"] = json_of(row.median_days);
    object["mean_delay_days"] = json_of(row.mean_delay);
    object["median_delay_days"] = json_of(row.median_delay);
    object["mean_events"] = row.mean_events;
    object["mean_size"] = row.mean_size;
    object["plan_used_up"] = row.plan_used_up;
    return object;
}

}  // namespace

std::string as_text(const Heading& heading, const std::vector<Characteristics>& rows) {
    std::string text = fmt::format(
        "{}: {} cohorts of {} subjects like {}, rates {}, seed {}; Monte Carlo standard errors in "
        "parentheses\n\n",
        heading.pack, heading.runs, heading.subjects, heading.preset,
        heading.base == Base::at_limit ? "at the monitors' limits" : "of the product", heading.seed);
    text += fmt::format("{:<21} {:<21} {:>6} {:>14} {:>14} {:>13} {:>13} {:>13} {:>13} {:>7} {:>7} {:>6}\n", "monitor",
                        "scenario", "alpha", "alarm", "power", "day, mean", "day, median", "delay, mean",
                        "delay, median", "events", "size", "plan");
    for (const Characteristics& row : rows) {
        text +=
            fmt::format("{:<21} {:<21} {:>6.4f} {:>14} {:>14} {:>13} {:>13} {:>13} {:>13} {:>7.1f} {:>7.1f} {:>6.2f}\n",
                        row.monitor, name_of(row.scenario), row.alpha, probability(row.alarm), probability(row.power),
                        in_days(row.mean_days), in_days(row.median_days), in_days(row.mean_delay),
                        in_days(row.median_delay), row.mean_events, row.mean_size, row.plan_used_up);
        if (!row.cannot_signal.empty()) text += "    cannot signal: " + row.cannot_signal + "\n";
    }
    text +=
        "\nalarm: share of cohorts with an alarm at any time. power: with one from the true excess on. day: from the "
        "first infusion;\ndelay: from the true excess; both of the cohorts that alarm. size: subjects or person-years. "
        "plan: share of cohorts that used\nthe planned subjects or person-time up: only there can the alarm "
        "probability of the null reach alpha.\n";
    return text;
}

std::string as_csv(const Heading& heading, const std::vector<Characteristics>& rows) {
    std::string text =
        "pack,preset,base,seed,subjects,monitor,endpoint,scenario,rate_raised,alpha_actual,runs,alarms,"
        "alarms_before_excess,alarm_probability,alarm_probability_se,power,power_se,mean_days,mean_days_se,median_days,"
        "median_days_se,mean_delay,mean_delay_se,median_delay,median_delay_se,mean_events,mean_size,plan_used_up\n";
    for (const Characteristics& row : rows) {
        text += fmt::format("{},{},{},{},{},{},{},{},{},{:.6g},{},{},{},{},{},{},{},{},{},{:.6g},{:.6g},{:.6g}\n",
                            heading.pack, heading.preset, name_of(heading.base), heading.seed, heading.subjects,
                            row.monitor, row_of(row.endpoint).name, name_of(row.scenario), row.raised ? 1 : 0,
                            row.alpha, row.runs, row.alarms, row.alarms_before_excess, pair_of_figures(row.alarm),
                            pair_of_figures(row.power), pair_of_figures(row.mean_days),
                            pair_of_figures(row.median_days), pair_of_figures(row.mean_delay),
                            pair_of_figures(row.median_delay), row.mean_events, row.mean_size, row.plan_used_up);
    }
    return text;
}

std::string as_json(const Heading& heading, const std::vector<Characteristics>& rows) {
    boost::json::array list;
    for (const Characteristics& row : rows) list.push_back(json_of(row));
    boost::json::object object;
    object["pack"] = heading.pack;
    object["preset"] = heading.preset;
    object["base"] = name_of(heading.base);
    object["runs"] = heading.runs;
    object["subjects"] = heading.subjects;
    object["seed"] = heading.seed;
    object["characteristics"] = std::move(list);
    return boost::json::serialize(object) + "\n";
}

std::string as_markdown(const std::vector<Characteristics>& rows) {
    std::string text =
        "| monitor | scenario | exact alpha | alarm | power | day of alarm, median | delay, mean | delay, median |\n"
        "|---|---|---|---|---|---|---|---|\n";
    for (const Characteristics& row : rows) {
        text += fmt::format("| {} | {} | {:.4f} | {} | {} | {} | {} | {} |\n", row.monitor, name_of(row.scenario),
                            row.alpha, probability(row.alarm), probability(row.power), in_days(row.median_days),
                            in_days(row.mean_delay), in_days(row.median_delay));
    }
    return text;
}

}  // namespace cellvigil::backtest
