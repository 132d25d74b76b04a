#include "rules/monitor/evaluation.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "rules/monitor/calendar_share.h"
#include "rules/monitor/screen_text.h"
#include "rules/stats/multiplicity.h"

namespace cellvigil {
namespace {

constexpr double kMillion = 1e6;
constexpr double kDaysPerYear = 365.25;

bool is_in(const AlphaBudget& budget, const MonitorSpec& monitor) {
    const auto holds = [](const auto& wanted, const auto& one) {
        return wanted.empty() || std::find(wanted.begin(), wanted.end(), one) != wanted.end();
    };
    return holds(budget.cohorts, monitor.cohort) && holds(budget.endpoints, monitor.endpoint);
}

// Everything that decides the boundary: another limit is another monitor, whose alarm is another one.
std::string alarm_id_of(const MonitorSpec& m) {
    std::string text = "cohort\n" + m.cohort + "\n" + m.id + "\n" + row_of(m.endpoint).name + "\n" + name_of(m.method);
    for (const std::int64_t part : {m.limit_millionths, m.alpha_millionths, m.planned_subjects, m.planned_person_days,
                                    m.prior_thousandths.value_or(-1), m.alternative_millionths.value_or(-1),
                                    m.threshold_thousandths.value_or(-1), m.least_events})
        text += "\n" + std::to_string(part);
    if (!m.comparator.empty()) text += "\n" + m.comparator;
    return id_of(text);
}

// e-BH within the cohorts that share an endpoint: their patients overlap, which it allows.
void select_across_cohorts(const Prepared& prepared, std::vector<WatchSignal>& found) {
    std::map<std::pair<ReportedEndpoint, std::int64_t>, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const MonitorSpec& monitor = prepared.watches[i].watch.monitor;
        const bool common = prepared.plan.catalogue.fdr_millionths.has_value();
        groups[{monitor.endpoint, common ? 0 : monitor.alpha_millionths}].push_back(i);
    }
    for (const auto& [key, members] : groups) {
        std::vector<double> evidence;
        for (const std::size_t i : members) evidence.push_back(std::exp(found[i].signal.log_evalue));
        const std::int64_t alpha = prepared.plan.catalogue.fdr_millionths.value_or(key.second);
        const auto selected = e_benjamini_hochberg(evidence, static_cast<double>(alpha) / kMillion);
        for (std::size_t n = 0; n < members.size(); ++n) found[members[n]].selected = selected[n];
    }
}

std::string counted_words(const MonitorSpec& monitor, const Signal& signal) {
    std::string text = std::to_string(signal.events);
    if (counts_person_time(monitor.method)) {
        text += signal.events == 1 ? " event in " : " events in ";
        return text + std::to_string(signal.person_days) + " person-days";
    }
    if (row_of(monitor.endpoint).kind == EndpointKind::share)
        return text + " of " + std::to_string(signal.subjects) + " episodes";
    return text + " of " + std::to_string(signal.subjects) + " subjects (pending ones among them)";
}

std::vector<BudgetUse> budgets_of(const Prepared& prepared) {
    std::vector<BudgetUse> uses;
    for (const AlphaBudget& budget : prepared.plan.catalogue.budgets) {
        BudgetUse use{budget.id, static_cast<double>(budget.alpha_millionths) / kMillion, 0, 0};
        for (const PreparedWatch& one : prepared.watches) {
            const MonitorSpec& monitor = one.watch.monitor;
            if (!is_in(budget, monitor)) continue;
            use.spent += static_cast<double>(monitor.alpha_millionths) / kMillion;
            if (one.boundary.can_signal()) use.spent_actual += one.boundary.alpha_actual;
        }
        uses.push_back(std::move(use));
    }
    return uses;
}

}  // namespace

History history_of(const Catalogue& catalogue, const MonitorSpec& monitor) {
    const Profile* profile = profile_of(catalogue, monitor.comparator);
    const ReferenceRate* rate = profile == nullptr ? nullptr : history_in(*profile, monitor.endpoint);
    if (rate == nullptr) return {};
    return {rate->events_first, static_cast<double>(*rate->person_days) / kDaysPerYear};
}

Prepared prepare(const WatchPlan& plan) {
    Prepared prepared;
    prepared.plan = plan;
    for (const Watch& watch : plan.watches) {
        PreparedWatch one;
        one.watch = watch;
        one.alarm_id = alarm_id_of(watch.monitor);
        if (!is_counted(watch.monitor.endpoint)) {
            one.boundary.cannot_signal = "the endpoint is not counted from subjects' facts";
        } else if ((row_of(watch.monitor.endpoint).kind == EndpointKind::person_time) !=
                   counts_person_time(watch.monitor.method)) {
            one.boundary.cannot_signal = "the method does not fit the endpoint";
        } else if (auto boundary = boundary_of(watch.monitor, history_of(plan.catalogue, watch.monitor))) {
            one.boundary = std::move(*boundary);
            one.power_doubled = power(watch.monitor, one.boundary, 2);
            if (one.boundary.can_signal()) prepared.expected_false_alarms += one.boundary.alpha_actual;
        } else {
            one.boundary.cannot_signal = boundary.error().detail;
        }
        prepared.watches.push_back(std::move(one));
    }
    prepared.budgets = budgets_of(prepared);
    return prepared;
}

std::vector<WatchSignal> evaluate(const Prepared& prepared, const std::vector<CalendarTable>& tables,
                                  CalendarDay through) {
    std::vector<WatchSignal> found;
    for (const PreparedWatch& one : prepared.watches) {
        WatchSignal signal;
        if (one.boundary.can_signal()) {
            signal.signal = look(one.watch.monitor, one.boundary, tables[one.watch.table], through);
            signal.light = light_of(prepared.plan.catalogue.lights,
                                    weekly_scores(one.watch.monitor, tables[one.watch.table], through));
        } else {
            signal.signal.cannot_signal = one.boundary.cannot_signal;
        }
        for (const auto& [day, row] : tables[one.watch.table].rows()) {
            if (day <= through) signal.subjects += row.infused + row.entered;
        }
        if (one.watch.upper) {
            std::int64_t events = 0;
            for (const InfusionDayCount& day : infusion_days(tables[*one.watch.upper], through))
                events += day.known_events;
            signal.events_upper = events;
        }
        found.push_back(std::move(signal));
    }
    select_across_cohorts(prepared, found);
    return found;
}

std::vector<ScreenLook> look_at_screens(const Prepared& prepared, const std::vector<ScreenTable>& tables,
                                        CalendarDay through) {
    std::vector<ScreenLook> looks;
    for (const Screen& screen : prepared.plan.screens.screens) {
        std::vector<const ScreenTable*> read;
        for (const std::size_t place : screen.tables) read.push_back(&tables[place]);
        PairFit fit;
        looks.push_back(look_at(screen.spec, read, through, fit));
    }
    return looks;
}

void mark_low_confidence(const Prepared& prepared, const std::vector<ScreenLook>& screens,
                         std::vector<WatchSignal>& signals) {
    for (std::size_t i = 0; i < screens.size(); ++i) {
        const ScreenSpec& spec = prepared.plan.screens.screens[i].spec;
        const auto& units = screens[i].units;
        const bool incomplete =
            std::any_of(units.begin(), units.end(), [](const ScreenUnit& unit) { return unit.raised; });
        if (spec.method != ScreenMethod::completeness || !incomplete) continue;
        for (std::size_t w = 0; w < signals.size(); ++w) {
            const MonitorSpec& monitor = prepared.watches[w].watch.monitor;
            const bool rests_on_it = monitor.endpoint == ReportedEndpoint::zoster_past_day_90 ||
                                     monitor.endpoint == ReportedEndpoint::zoster_any ||
                                     monitor.endpoint == ReportedEndpoint::zoster_off_prophylaxis;
            if (monitor.cohort == spec.cohort && rests_on_it) signals[w].low_confidence = true;
        }
    }
}

std::string explanation(const PreparedWatch& prepared, const WatchSignal& found, CalendarDay through) {
    const MonitorSpec& monitor = prepared.watch.monitor;
    const Signal& signal = found.signal;
    const double limit = static_cast<double>(monitor.limit_millionths) / kMillion;
    const bool time = counts_person_time(monitor.method);
    std::string text = std::string(row_of(monitor.endpoint).words) + " in " + monitor.cohort + ": " +
                       counted_words(monitor, signal) + ", " + number_text(signal.expected) +
                       " expected at the limit of " +
                       (time ? number_text(100 * limit) + " per 100 person-years" : percent_text(limit));
    if (monitor.placeholder) text += " (a placeholder that nobody has signed)";
    text += ".";
    if (signal.estimate && signal.interval) {
        const auto shown = [&](double value) { return time ? number_text(100 * value) : percent_text(value); };
        text += " Estimate " + shown(*signal.estimate) + (time ? " per 100 person-years" : "") + ", 95 % interval " +
                shown(signal.interval->lower) + " to " + shown(signal.interval->upper) + ".";
    }
    if (signal.posterior)
        text += " Posterior probability of a rate above the limit: " + percent_text(*signal.posterior) + ".";
    if (signal.crossed) {
        const Crossing& at = *signal.crossed;
        text += " Boundary of " + std::string(name_of(monitor.method)) + " (alpha " +
                number_text(prepared.boundary.alpha_actual) + ") crossed by event " + std::to_string(at.events);
        const bool episodes = row_of(monitor.endpoint).kind == EndpointKind::share;
        if (at.subjects > 0)
            text += " among the first " + std::to_string(at.subjects) + (episodes ? " episodes" : " infused");
        if (at.person_days > 0)
            text += " at " + std::to_string(at.person_days) + " person-days, limit " + number_text(at.limit);
        text += ".";
    } else if (!signal.next.empty()) {
        text += " Next: " + signal.next + ".";
    }
    if (!signal.cannot_signal.empty()) text += " Cannot signal: " + signal.cannot_signal + ".";
    if (found.low_confidence)
        text += " Low confidence: prophylaxis or CD4 are known for too little of the time at risk.";
    if (found.events_upper) text += " By the highest possible grade " + std::to_string(*found.events_upper) + ".";
    if (prepared.power_doubled)
        text += " The plan finds a doubling of the limit with a probability of " +
                percent_text(*prepared.power_doubled) + ".";
    const SiteDate day{std::chrono::days(through)};
    return text + " As of " + to_rfc3339(start_of(day, UtcOffset(0))).substr(0, 10) + ".";
}

}  // namespace cellvigil
