#include "rules/monitor/look.h"

#include <algorithm>
#include <cmath>

#include "rules/stats/beta_posterior.h"
#include "rules/stats/cusum.h"
#include "rules/stats/evalue.h"
#include "rules/stats/poisson_rate.h"
#include "rules/stats/wilson.h"

namespace cellvigil {
namespace {

constexpr double kMillion = 1e6;
constexpr double kDaysPerYear = 365.25;
constexpr Confidence kConfidence{0.95};

double limit_of(const MonitorSpec& monitor) { return static_cast<double>(monitor.limit_millionths) / kMillion; }

std::string ordinal(std::int64_t n) {
    const bool teen = n % 100 >= 11 && n % 100 <= 13;
    const char* ending = teen ? "th" : n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";
    return std::to_string(n) + ending;
}

struct Totals {
    std::int64_t subjects = 0;
    std::int64_t events = 0;
};
Totals totals_of(const std::vector<InfusionDayCount>& days) {
    Totals totals;
    for (const InfusionDayCount& day : days) {
        totals.subjects += day.patients;
        totals.events += day.known_events;
    }
    return totals;
}

// The last subject number at which `events` is the boundary, from `from` on; 0: none.
std::int64_t last_with(const BinaryBoundary& boundary, std::int64_t events, std::int64_t from) {
    std::int64_t last = 0;
    for (std::size_t n = static_cast<std::size_t>(std::max<std::int64_t>(from, 1)); n <= boundary.at.size(); ++n) {
        if (boundary.at[n - 1] > 0 && boundary.at[n - 1] <= events) last = static_cast<std::int64_t>(n);
    }
    return last;
}

std::string next_alarm(const BinaryBoundary& boundary, const Totals& seen) {
    for (std::int64_t events = seen.events + 1; events <= seen.events + 50; ++events) {
        const std::int64_t last = last_with(boundary, events, seen.subjects);
        if (last > 0)
            return "alarms with the " + ordinal(events) + " event among at most " + std::to_string(last) + " subjects";
    }
    return "no further event can alarm within the plan";
}

void describe(Signal& signal, const MonitorSpec& monitor, const Totals& seen) {
    const double limit = limit_of(monitor);
    signal.subjects = seen.subjects;
    signal.events = seen.events;
    signal.expected = limit * static_cast<double>(seen.subjects);
    if (seen.subjects > 0) {
        signal.estimate = static_cast<double>(seen.events) / static_cast<double>(seen.subjects);
        signal.interval = wilson(seen.events, seen.subjects, kConfidence);
    }
    signal.posterior = posterior_of(monitor, seen.events, seen.subjects, 0);
    signal.log_evalue = log_evalue_binomial(kBinomialEvaluePrior, {seen.events, seen.subjects}, limit);
}

// The prefix that comes nearest to its boundary.
void nearest_prefix(Signal& signal, const std::vector<InfusionDayCount>& days, const BinaryBoundary& boundary) {
    Totals prefix;
    for (const InfusionDayCount& day : days) {
        prefix.subjects += day.patients;
        prefix.events += day.known_events;
        if (prefix.subjects < 1 || prefix.subjects > static_cast<std::int64_t>(boundary.at.size())) continue;
        const std::int32_t needed = boundary.at[static_cast<std::size_t>(prefix.subjects - 1)];
        if (needed == 0) continue;
        const double margin = static_cast<double>(prefix.events) / needed;
        if (margin < signal.margin || (signal.threshold > 0 && margin <= signal.margin)) continue;
        signal.margin = margin;
        signal.statistic = static_cast<double>(prefix.events);
        signal.threshold = needed;
    }
}

Signal look_at_subjects(const MonitorSpec& monitor, const Boundary& boundary, const CalendarTable& table,
                        CalendarDay through) {
    const std::vector<InfusionDayCount> days = infusion_days(table, through);
    const Totals seen = totals_of(days);
    Signal signal;
    describe(signal, monitor, seen);
    signal.cannot_signal = boundary.cannot_signal;
    signal.horizon_passed = seen.subjects > monitor.planned_subjects;
    if (!boundary.can_signal()) return signal;
    nearest_prefix(signal, days, boundary.binary);
    if (const auto alarm = prefix_rule(days, boundary.binary)) {
        signal.crossed =
            Crossing{alarm->events, alarm->patients, 0,
                     static_cast<double>(boundary.binary.at[static_cast<std::size_t>(alarm->patients - 1)])};
    } else {
        signal.next = next_alarm(boundary.binary, seen);
    }
    return signal;
}

void describe(Signal& signal, const MonitorSpec& monitor, const Exposure& seen) {
    const double limit = limit_of(monitor);
    const double years = static_cast<double>(seen.person_days) / kDaysPerYear;
    signal.events = seen.events;
    signal.person_days = seen.person_days;
    signal.expected = limit * years;
    if (years > 0) {
        signal.estimate = static_cast<double>(seen.events) / years;
        const Interval counts = garwood(seen.events, kConfidence);
        signal.interval = Interval{counts.lower / years, counts.upper / years};
        signal.posterior = posterior_of(monitor, seen.events, 0, seen.person_days);
    }
    signal.log_evalue = log_evalue_poisson(kPoissonEvaluePrior, seen.events, signal.expected);
}

std::int64_t person_days_of(double units, const Boundary& boundary) {
    return static_cast<std::int64_t>(std::floor(units / boundary.unit_per_person_day));
}

std::string next_alarm(const Boundary& boundary, const Exposure& seen) {
    const double now = static_cast<double>(seen.person_days) * boundary.unit_per_person_day;
    for (std::size_t n = static_cast<std::size_t>(seen.events); n < boundary.limits.at.size(); ++n) {
        if (boundary.limits.at[n] <= now) continue;
        const double until = std::min(boundary.limits.at[n], boundary.horizon.expected);
        return "alarms with the " + ordinal(static_cast<std::int64_t>(n) + 1) + " event by " +
               std::to_string(person_days_of(until, boundary)) + " person-days";
    }
    return "no further event can alarm within the plan";
}

Signal look_at_person_time(const MonitorSpec& monitor, const Boundary& boundary, const CalendarTable& table,
                           CalendarDay through) {
    const Exposure seen = exposure(table, through);
    Signal signal;
    describe(signal, monitor, seen);
    signal.cannot_signal = boundary.cannot_signal;
    const double now = static_cast<double>(seen.person_days) * boundary.unit_per_person_day;
    signal.horizon_passed = now > boundary.horizon.expected;
    if (!boundary.can_signal()) return signal;
    std::vector<double> arrivals;
    for (const std::int64_t days : seen.arrivals)
        arrivals.push_back(static_cast<double>(days) * boundary.unit_per_person_day);
    const auto alarm = first_alarm(boundary.limits, boundary.horizon, arrivals);
    if (alarm) {
        signal.crossed = Crossing{static_cast<std::int64_t>(alarm->event), 0, seen.arrivals[alarm->event - 1],
                                  static_cast<double>(person_days_of(alarm->limit, boundary))};
    } else {
        signal.next = next_alarm(boundary, seen);
    }
    // How near the latest event came: its limit over the time at which it came.
    if (!arrivals.empty()) {
        const std::size_t last = alarm ? alarm->event - 1 : arrivals.size() - 1;
        const double limit = last < boundary.limits.at.size() ? boundary.limits.at[last] : 0;
        signal.statistic = arrivals[last];
        signal.threshold = std::max(limit, 0.0);
        signal.margin = arrivals[last] > 0 ? signal.threshold / arrivals[last] : 1;
    }
    return signal;
}

// E >= 1 / alpha, in logarithms.
void judge_evalue(Signal& signal, const MonitorSpec& monitor) {
    signal.statistic = signal.log_evalue;
    signal.threshold = std::log(kMillion / static_cast<double>(monitor.alpha_millionths));
    signal.margin = std::max(0.0, signal.statistic / signal.threshold);
    // What crossed within the plan stays crossed; past it the evidence of all subjects is compared.
    if (!signal.crossed && signal.statistic >= signal.threshold)
        signal.crossed = Crossing{signal.events, signal.subjects, signal.person_days, signal.threshold};
}

// A chart alarms at C >= h, anywhere on its path.
void judge_path(Signal& signal, const std::vector<double>& path, double h) {
    signal.threshold = h;
    signal.statistic = path.empty() ? 0 : path.back();
    for (const double value : path) signal.margin = std::max(signal.margin, value / h);
    constexpr double kSlack = 1e-12;
    const auto crossing = std::find_if(path.begin(), path.end(), [&](double value) { return value >= h - kSlack; });
    if (crossing != path.end()) signal.crossed = Crossing{signal.events, signal.subjects, signal.person_days, h};
}

// Subjects in order of infusion; of one day, those with the event last.
Signal bernoulli_path(const MonitorSpec& monitor, const Boundary& boundary, const CalendarTable& table,
                      CalendarDay through) {
    const std::vector<InfusionDayCount> days = infusion_days(table, through);
    Signal signal;
    describe(signal, monitor, totals_of(days));
    std::vector<bool> outcomes;
    for (const InfusionDayCount& day : days) {
        outcomes.insert(outcomes.end(),
                        static_cast<std::size_t>(std::max<std::int64_t>(day.patients - day.known_events, 0)), false);
        outcomes.insert(outcomes.end(), static_cast<std::size_t>(std::max<std::int64_t>(day.known_events, 0)), true);
    }
    const double alternative = static_cast<double>(monitor.alternative_millionths.value_or(0)) / kMillion;
    judge_path(signal, cusum_bernoulli(outcomes, limit_of(monitor), alternative), boundary.constant);
    return signal;
}

Signal poisson_path(const MonitorSpec& monitor, const Boundary& boundary, const CalendarTable& table,
                    CalendarDay through) {
    const Exposure seen = exposure(table, through);
    Signal signal;
    describe(signal, monitor, seen);
    std::vector<ExpectedPoint> points;
    for (const std::int64_t days : seen.arrivals)
        points.push_back({static_cast<double>(days) * boundary.unit_per_person_day, 1});
    const double ratio = static_cast<double>(monitor.alternative_millionths.value_or(0)) / kMillion;
    judge_path(signal, cusum_poisson(points, ratio), boundary.constant);
    return signal;
}

}  // namespace

double posterior_of(const MonitorSpec& monitor, std::int64_t events, std::int64_t subjects, std::int64_t person_days) {
    const double limit = limit_of(monitor);
    const auto prior = [&](double otherwise) {
        return monitor.prior_thousandths ? static_cast<double>(*monitor.prior_thousandths) / 1000.0 : otherwise;
    };
    if (counts_person_time(monitor.method)) {
        const double shape = prior(2);
        return rate_posterior_above({shape, shape / limit}, {events, static_cast<double>(person_days) / kDaysPerYear},
                                    limit);
    }
    const double size = prior(10);
    return posterior_above({size * limit, size * (1 - limit)}, {events, subjects}, limit);
}

Signal look(const MonitorSpec& monitor, const Boundary& boundary, const CalendarTable& table, CalendarDay through) {
    switch (monitor.method) {
        case MonitorMethod::bernoulli_cusum:
            return bernoulli_path(monitor, boundary, table, through);
        case MonitorMethod::poisson_cusum:
            return poisson_path(monitor, boundary, table, through);
        case MonitorMethod::evalue_binomial: {
            Signal signal = look_at_subjects(monitor, boundary, table, through);
            judge_evalue(signal, monitor);
            return signal;
        }
        case MonitorMethod::evalue_poisson: {
            Signal signal = look_at_person_time(monitor, boundary, table, through);
            judge_evalue(signal, monitor);
            return signal;
        }
        case MonitorMethod::beta_binomial:
        case MonitorMethod::pocock:
        case MonitorMethod::obrien_fleming:
        case MonitorMethod::wang_tsiatis:
        case MonitorMethod::chen_chaloner:
        case MonitorMethod::sprt:
        case MonitorMethod::maxsprt_binomial:
            return look_at_subjects(monitor, boundary, table, through);
        case MonitorMethod::gamma_poisson:
        case MonitorMethod::maxsprt_poisson:
        case MonitorMethod::conditional_maxsprt:
            return look_at_person_time(monitor, boundary, table, through);
    }
    return {};
}

}  // namespace cellvigil
