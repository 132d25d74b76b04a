#include "daemon/backtest/share.h"

#include <algorithm>
#include <cmath>

#include "rules/base/ensure.h"

namespace cellvigil::backtest {
namespace {

using simulate::Random;
using simulate::Scenario;
using simulate::SubjectTruth;

constexpr double kMillion = 1e6;
constexpr double kDaysPerYear = 365.25;
constexpr std::int32_t kLastAcuteDay = 30;
constexpr std::int32_t kFirstLateDay = 91;
constexpr std::int32_t kVisitSpanDays = 30;  // a landmark is assessed up to so many days after it
constexpr double kShortenedDays = 60;
// Streams of the simulator's Random that are this component's own.
constexpr std::uint64_t kOutcome = 1000;
constexpr std::uint64_t kReport = 2000;

CalendarDay calendar_day(const SubjectTruth& truth, std::int32_t infusion_day) {
    return static_cast<CalendarDay>(site_date(truth.infused, truth.offset).time_since_epoch().count()) + infusion_day;
}

bool is_zoster(ReportedEndpoint endpoint) {
    return endpoint == ReportedEndpoint::zoster_any || endpoint == ReportedEndpoint::zoster_past_day_90;
}
bool is_infection(ReportedEndpoint endpoint) {
    return endpoint == ReportedEndpoint::infection_past_day_90 || endpoint == ReportedEndpoint::severe_infection;
}
bool is_crs(ReportedEndpoint endpoint) { return endpoint == ReportedEndpoint::crs_3; }
bool is_icans(ReportedEndpoint endpoint) { return endpoint == ReportedEndpoint::icans_3; }

std::optional<std::int32_t> landmark_of(ReportedEndpoint endpoint) {
    if (endpoint == ReportedEndpoint::cytopenia_day_90) return 90;
    if (endpoint == ReportedEndpoint::cytopenia_day_365) return 365;
    if (endpoint == ReportedEndpoint::b_cell_aplasia) return 365;
    return std::nullopt;
}

// What happened, before it was reported.
struct Outcome {
    bool event = false;
    double onset = 0;  // days since the infusion
    bool left_out = false;
    bool serious = true;
};

double next_visit(const SubjectTruth& truth, double day) {
    const auto found = std::upper_bound(truth.visits.begin(), truth.visits.end(), day);
    return found == truth.visits.end() ? day : *found;
}

// The delays of docs/simulator.md, "The message stream".
double reported_after(const SubjectTruth& truth, const simulate::MessageStream& stream, const Outcome& outcome,
                      Random& random) {
    if (truth.in_hospital(outcome.onset)) return outcome.onset + random.lognormal(stream.inpatient_days);
    const bool waits = random.chance(stream.only_at_next_visit);
    const double delay = random.lognormal(stream.outpatient_days);
    const double seen = waits ? next_visit(truth, outcome.onset) : outcome.onset + delay;
    if (outcome.serious) return seen + random.lognormal(stream.serious_days);
    return next_visit(truth, seen) + random.lognormal(stream.other_days);
}

double hazard_ratio(const SubjectTruth& truth, const simulate::Parameters& parameters, std::int32_t day) {
    switch (parameters.scenario) {
        case Scenario::none:
        case Scenario::crs_tripled:
        case Scenario::icans_tripled:
            return 1;
        case Scenario::hazard_doubled:
            return truth.at(day + 0.5) >= parameters.scenario_from ? 2 : 1;
        case Scenario::lot_doubled:
            return truth.lot == "LOT-01" ? 2 : 1;
        case Scenario::site_tripled:
            return truth.site == 0 ? 3 : 1;
        case Scenario::prophylaxis_shortened: {
            // Without prophylaxis on a day on which the usual policy would still give it.
            const double usual = truth.prophylaxis_stop * parameters.zoster.prophylaxis_stop_days.median;
            const bool missing = day >= truth.prophylaxis_stop && day < usual / kShortenedDays;
            return missing ? 1 / parameters.zoster.hazard_ratio_on_prophylaxis : 1;
        }
    }
    return 1;
}

std::optional<CalendarDay> raised_from(const SubjectTruth& truth, const simulate::Parameters& parameters,
                                       std::int32_t first, std::int32_t last) {
    for (std::int32_t day = first; day <= last; ++day)
        if (hazard_ratio(truth, parameters, day) > 1) return calendar_day(truth, day);
    return std::nullopt;
}

std::int32_t first_day_at_risk(ReportedEndpoint endpoint) {
    const bool late =
        endpoint == ReportedEndpoint::zoster_past_day_90 || endpoint == ReportedEndpoint::infection_past_day_90;
    return late ? kFirstLateDay : 1;
}

std::int32_t last_day_seen(const SubjectTruth& truth) { return truth.day_number(truth.exits.observed_until()); }

Outcome person_time_at_limit(const SubjectTruth& truth, const simulate::Parameters& parameters,
                             const MonitorSpec& monitor, Random& random) {
    const double per_day = static_cast<double>(monitor.limit_millionths) / kMillion / kDaysPerYear;
    const bool raised = is_raised(monitor.endpoint, parameters.scenario);
    double left = random.exponential(1);
    const std::int32_t last = last_day_seen(truth);
    for (std::int32_t day = first_day_at_risk(monitor.endpoint); day <= last; ++day) {
        left -= per_day * (raised ? hazard_ratio(truth, parameters, day) : 1);
        if (left < 0) return {true, day + 0.5, false, random.chance(parameters.zoster.serious)};
    }
    return {};
}

Outcome binary_at_limit(const simulate::Parameters& parameters, const MonitorSpec& monitor, Random& random) {
    const double limit = static_cast<double>(monitor.limit_millionths) / kMillion;
    const double probability = limit * (is_raised(monitor.endpoint, parameters.scenario) ? 3 : 1);
    Outcome outcome;
    outcome.event = random.chance(std::min(probability, 1.0));
    const auto landmark = landmark_of(monitor.endpoint);
    if (landmark) {
        outcome.onset = *landmark + random.uniform({0, kVisitSpanDays});
    } else if (is_icans(monitor.endpoint)) {
        outcome.onset = std::min<double>(random.lognormal(parameters.icans.onset_days), kLastAcuteDay);
    } else if (is_crs(monitor.endpoint)) {
        outcome.onset = std::min<double>(random.lognormal(parameters.crs.onset_days), kLastAcuteDay);
    } else {
        outcome.onset = random.uniform({1, kLastAcuteDay});
    }
    return outcome;
}

Outcome first_late(const SubjectTruth& truth, ReportedEndpoint endpoint) {
    const std::int32_t first = first_day_at_risk(endpoint);
    if (is_zoster(endpoint)) {
        for (const auto& zoster : truth.zoster)
            if (truth.day_number(zoster.course.from) >= first) return {true, zoster.course.from, false, zoster.serious};
        return {};
    }
    for (const auto& infection : truth.infections) {
        const bool counted = endpoint != ReportedEndpoint::severe_infection || infection.severe;
        if (infection.reported && counted && truth.day_number(infection.course.from) >= first)
            return {true, infection.course.from, false, infection.severe};
    }
    return {};
}

Outcome acute(const SubjectTruth& truth, int grade, double peak) {
    return {grade >= 3 && truth.day_number(peak) <= kLastAcuteDay, peak, false, true};
}

Outcome death_by(const SubjectTruth& truth, std::int32_t day) {
    const auto& death = truth.exits.death;
    const bool event = death && *death <= truth.exits.observed_until() && truth.day_number(*death) <= day;
    return {event, death.value_or(0), false, true};
}

// Of grade 3 or more at the landmark, among those alive, in contact and before another therapy.
Outcome cytopenia_at(const SubjectTruth& truth, std::int32_t landmark) {
    const double day = landmark;
    const double until = std::min(truth.exits.observed_until(), truth.exits.next_therapy.value_or(1e9));
    const bool low = simulate::neutrophils_at(truth.counts, day, false) < 1.0 ||
                     simulate::platelets_at(truth.counts, day) < 50 || simulate::haemoglobin_at(truth.counts, day) < 80;
    return {low, next_visit(truth, day), until <= day, true};
}

Outcome of_product(const SubjectTruth& truth, ReportedEndpoint endpoint) {
    if (is_zoster(endpoint) || is_infection(endpoint)) return first_late(truth, endpoint);
    if (is_crs(endpoint)) return truth.crs ? acute(truth, truth.crs->grade, truth.crs->peak.from) : Outcome{};
    if (is_icans(endpoint)) return truth.icans ? acute(truth, truth.icans->grade, truth.icans->peak.from) : Outcome{};
    if (endpoint == ReportedEndpoint::death_day_30) return death_by(truth, 30);
    if (endpoint == ReportedEndpoint::death_day_100) return death_by(truth, 100);
    const auto landmark = landmark_of(endpoint);
    ensure(landmark.has_value(), "an endpoint that is simulated and none of the above has a landmark");
    return cytopenia_at(truth, *landmark);
}

}  // namespace

const char* name_of(Base base) { return base == Base::at_limit ? "at-limit" : "product"; }

bool is_simulated(ReportedEndpoint endpoint, Base base) {
    const EndpointKind kind = row_of(endpoint).kind;
    if (base == Base::at_limit)
        return kind == EndpointKind::window || kind == EndpointKind::landmark || kind == EndpointKind::person_time;
    return is_zoster(endpoint) || is_infection(endpoint) || is_crs(endpoint) || is_icans(endpoint) ||
           endpoint == ReportedEndpoint::death_day_30 || endpoint == ReportedEndpoint::death_day_100 ||
           endpoint == ReportedEndpoint::cytopenia_day_90 || endpoint == ReportedEndpoint::cytopenia_day_365;
}

bool is_raised(ReportedEndpoint endpoint, Scenario scenario) {
    switch (scenario) {
        case Scenario::none:
            return false;
        case Scenario::hazard_doubled:
        case Scenario::lot_doubled:
        case Scenario::site_tripled:
        case Scenario::prophylaxis_shortened:
            return is_zoster(endpoint);
        case Scenario::crs_tripled:
            return is_crs(endpoint);
        case Scenario::icans_tripled:
            return is_icans(endpoint);
    }
    return false;
}

Share share_of(const SubjectTruth& truth, const simulate::Parameters& parameters, const MonitorSpec& monitor, Base base,
               std::uint32_t number) {
    ensure(is_simulated(monitor.endpoint, base), "the caller asks for endpoints that are simulated");
    const bool by_time = counts_person_time(monitor.method);
    Random random = Random::stream(parameters.seed, truth.index, kOutcome + number);
    const Outcome outcome = base == Base::product ? of_product(truth, monitor.endpoint)
                            : by_time             ? person_time_at_limit(truth, parameters, monitor, random)
                                                  : binary_at_limit(parameters, monitor, random);
    Share share;
    share.infused = calendar_day(truth, 0);
    share.event = outcome.event;
    share.left_out = outcome.left_out;
    const std::int32_t first = first_day_at_risk(monitor.endpoint);
    const std::int32_t last = outcome.event ? truth.day_number(outcome.onset) : last_day_seen(truth);
    share.first = calendar_day(truth, first);
    share.last = calendar_day(truth, last);
    if (outcome.event) {
        Random reporting = Random::stream(parameters.seed, truth.index, kReport + number);
        const double known = reported_after(truth, parameters.stream, outcome, reporting);
        share.known = calendar_day(truth, std::max(truth.day_number(known), truth.day_number(outcome.onset)));
    }
    if (is_raised(monitor.endpoint, parameters.scenario))
        share.excess_on =
            by_time ? raised_from(truth, parameters, first, last_day_seen(truth)) : std::optional(share.infused);
    return share;
}

}  // namespace cellvigil::backtest
