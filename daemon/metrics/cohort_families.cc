#include <limits>

#include "daemon/metrics/state.h"
#include "rules/stats/wilson.h"

namespace cellvigil::metrics {
namespace {

constexpr const char* kWindow = "first_infusion";
constexpr double kNotShown = std::numeric_limits<double>::quiet_NaN();

std::string endpoint_name(std::size_t endpoint) { return name_of(static_cast<Endpoint>(endpoint)); }

Labels rate_labels(const CohortNumbers& cohort, std::size_t endpoint, int grade) {
    return {{"cohort", cohort.cohort},
            {"event", endpoint_name(endpoint)},
            {"min_grade", std::to_string(grade)},
            {"window", kWindow}};
}

// One family with a series per cohort, endpoint and least grade.
template <typename Value>
void add_by_grade(Families& out, const std::vector<CohortNumbers>& cohorts, Value value) {
    for (const CohortNumbers& cohort : cohorts)
        for (std::size_t e = 0; e < kEndpoints; ++e)
            for (int grade = 1; grade <= 5; ++grade)
                out.add(rate_labels(cohort, e, grade), static_cast<double>(value(cohort, cohort.endpoints[e], grade)));
}

void add_rates(Families& out, const std::vector<CohortNumbers>& cohorts, std::uint32_t min_cell) {
    const auto part = [min_cell](const CohortNumbers& cohort, const EndpointNumbers& numbers, int grade, int which) {
        const std::int64_t events = numbers.at_least(grade);
        const auto interval = wilson_95(events, cohort.infused);
        if (!interval || cohort.infused < static_cast<std::int64_t>(min_cell)) return kNotShown;
        if (which < 0) return interval->lower;
        if (which > 0) return interval->upper;
        return static_cast<double>(events) / static_cast<double>(cohort.infused);
    };
    out.gauge("cellvigil_event_rate_ratio",
              "Share of the infused with the event at this grade or above; NaN below the smallest cell.");
    add_by_grade(out, cohorts,
                 [&](const CohortNumbers& c, const EndpointNumbers& n, int g) { return part(c, n, g, 0); });
    out.gauge("cellvigil_event_rate_lower_ratio", "Lower end of the share's 95 % Wilson interval.");
    add_by_grade(out, cohorts,
                 [&](const CohortNumbers& c, const EndpointNumbers& n, int g) { return part(c, n, g, -1); });
    out.gauge("cellvigil_event_rate_upper_ratio", "Upper end of the share's 95 % Wilson interval.");
    add_by_grade(out, cohorts,
                 [&](const CohortNumbers& c, const EndpointNumbers& n, int g) { return part(c, n, g, 1); });
}

// Small cohorts could tell who it is: their counts are not shown, the flag says so.
void add_events(Families& out, const std::vector<CohortNumbers>& cohorts, std::uint32_t min_cell) {
    const auto shown = [min_cell](const CohortNumbers& cohort, std::int64_t count) {
        return cohort.infused < static_cast<std::int64_t>(min_cell) ? kNotShown : static_cast<double>(count);
    };
    out.gauge("cellvigil_cohort_suppressed",
              "1 when a cohort has fewer infused subjects than the smallest cell that is shown.");
    for (const CohortNumbers& cohort : cohorts)
        out.add({{"cohort", cohort.cohort}}, cohort.infused < static_cast<std::int64_t>(min_cell) ? 1.0 : 0.0);
    out.gauge("cellvigil_patients_evaluable", "Infused subjects: the denominator.");
    for (const CohortNumbers& cohort : cohorts)
        for (std::size_t e = 0; e < kEndpoints; ++e)
            out.add({{"cohort", cohort.cohort}, {"event", endpoint_name(e)}, {"window", kWindow}}, cohort.infused);
    out.gauge("cellvigil_patients_with_event", "Subjects whose highest grade is at least this.");
    add_by_grade(out, cohorts,
                 [&](const CohortNumbers& c, const EndpointNumbers& n, int g) { return shown(c, n.at_least(g)); });
    out.gauge("cellvigil_patients_with_possible_event",
              "Subjects whose highest possible grade (grade_upper) is at least this.");
    add_by_grade(out, cohorts, [&](const CohortNumbers& c, const EndpointNumbers& n, int g) {
        return shown(c, n.at_least_upper(g));
    });
    out.gauge("cellvigil_patients_not_gradable", "Infused subjects without any grade.");
    for (const CohortNumbers& cohort : cohorts)
        for (std::size_t e = 0; e < kEndpoints; ++e)
            out.add({{"cohort", cohort.cohort}, {"event", endpoint_name(e)}},
                    shown(cohort, cohort.endpoints[e].not_gradable));
    out.gauge("cellvigil_active_episodes", "Subjects in an episode now, by its grade.");
    for (const CohortNumbers& cohort : cohorts)
        for (std::size_t e = 0; e < kEndpoints; ++e)
            for (std::size_t grade = 1; grade <= 5; ++grade)
                out.add({{"cohort", cohort.cohort}, {"event", endpoint_name(e)}, {"grade", std::to_string(grade)}},
                        shown(cohort, cohort.endpoints[e].active[grade]));
}

void add_infections(Families& out, const std::vector<CohortNumbers>& cohorts, std::uint32_t min_cell) {
    const auto shown = [min_cell](const CohortNumbers& cohort, std::int64_t count) {
        return cohort.infused < static_cast<std::int64_t>(min_cell) ? kNotShown : static_cast<double>(count);
    };
    const auto add_classes = [&](std::array<std::int64_t, kZosterClasses> CohortNumbers::*counts) {
        for (const CohortNumbers& cohort : cohorts)
            for (std::size_t i = 0; i < kZosterClasses; ++i)
                out.add({{"cohort", cohort.cohort}, {"class", name_of(static_cast<ZosterClass>(i))}},
                        shown(cohort, (cohort.*counts)[i]));
    };
    out.gauge("cellvigil_zoster_patients", "Subjects with herpes zoster at any time, by the worst class.");
    add_classes(&CohortNumbers::zoster);
    out.gauge("cellvigil_zoster_past_day_90_patients",
              "Subjects with a herpes zoster that began past day 90, by the worst class.");
    add_classes(&CohortNumbers::zoster_past_day_90);
    out.gauge("cellvigil_delayed_infection_patients", "Subjects with an infection that began past day 90.");
    for (const CohortNumbers& cohort : cohorts)
        out.add({{"cohort", cohort.cohort}}, shown(cohort, cohort.infection_past_day_90));
}

const char* item_name(DisagreementKind kind) {
    switch (kind) {
        case DisagreementKind::differs:
            return "grade_disagreement";
        case DisagreementKind::left_open:
            return "grade_left_open";
        case DisagreementKind::not_computed:
            return "grade_not_computed";
    }
    return "unknown";
}

void add_quality(Families& out, const std::vector<CohortNumbers>& cohorts, std::uint32_t min_cell) {
    out.gauge("cellvigil_data_quality_items",
              "Values not used or marked, and grades of the site that differ from ours, that the data leave open, or "
              "that have "
              "nothing computed beside them, by kind.");
    for (const CohortNumbers& cohort : cohorts) {
        for (std::size_t i = 0; i < kQualityKinds; ++i)
            out.add({{"cohort", cohort.cohort}, {"kind", name_of(static_cast<QualityKind>(i))}}, cohort.quality[i]);
        const bool shown = cohort.infused >= static_cast<std::int64_t>(min_cell);
        for (std::size_t i = 0; i < cohort.grade_items.size(); ++i)
            out.add({{"cohort", cohort.cohort}, {"kind", item_name(static_cast<DisagreementKind>(i))}},
                    shown ? static_cast<double>(cohort.grade_items[i]) : kNotShown);
    }
}

}  // namespace

void add_committed(Families& out, const Committed& committed, std::uint32_t min_cell) {
    out.gauge("cellvigil_patients", "Subjects by state; each is in one.");
    for (const CohortNumbers& cohort : committed.cohorts)
        for (std::size_t i = 0; i < kSubjectStates; ++i)
            out.add({{"cohort", cohort.cohort}, {"state", name_of(static_cast<SubjectState>(i))}}, cohort.subjects[i]);
    add_events(out, committed.cohorts, min_cell);
    add_rates(out, committed.cohorts, min_cell);
    add_infections(out, committed.cohorts, min_cell);
    add_quality(out, committed.cohorts, min_cell);
    out.gauge("cellvigil_quarantine_messages", "Messages in quarantine now.");
    for (std::size_t i = 0; i < kReasons; ++i) {
        const auto reason = static_cast<Reason>(i);
        if (is_rejection(reason)) continue;
        std::int64_t held = 0;
        for (const store::Counts::Held& one : committed.counts.held)
            if (one.reason == name_of(reason)) held = one.count;
        out.add({{"reason", name_of(reason)}}, held);
    }
    out.gauge("cellvigil_alert_active", "1 while at least one alert of the rule is raised in the cohort.");
    for (const store::Counts::Alerts& one : committed.counts.alerts)
        out.add({{"rule", one.rule}, {"cohort", one.cohort}, {"severity", one.severity}}, one.count > 0 ? 1.0 : 0.0);
    out.gauge("cellvigil_alerts_raised", "Alerts raised and not withdrawn.");
    for (const store::Counts::Alerts& one : committed.counts.alerts)
        out.add({{"rule", one.rule}, {"cohort", one.cohort}, {"severity", one.severity}}, one.count);
    out.gauge("cellvigil_state_store_bytes", "Size of the store.");
    out.add({}, committed.store_bytes);
}

}  // namespace cellvigil::metrics
